"""Run history's own question, put to each experiment: the rows are whole, and the rest of 100,000 runs costs nothing."""

import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from urllib.parse import quote

from diagnose.collect.azureml.finding.found import WHAT, Book
from diagnose.collect.azureml.finding.paged import Listing, posted
from diagnose.collect.azureml.finding.sought import FINAL, Sought
from diagnose.collect.azureml.gaps import Gap, GapError
from diagnose.collect.azureml.history import HISTORY
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.workspace import Json, Service
from diagnose.evidence.instants import format_instant

PAGE = 500
AT_ONCE = 4
"""Experiments that are asked at the same time; so many first pages are in memory together."""

_Page = tuple[Json, ...]


def by_query(service: Service, sought: Sought, experiments: Sequence[str], book: Book) -> Iterator[Json]:
    """The rows of one experiment after the other; raises GapError where the service does not answer this question."""
    question = _Question(service, sought)
    waiting, answered = iter(experiments if question.filters else ()), False
    while some := list(islice(waiting, AT_ONCE)):
        begun = each(question.begun, some, AT_ONCE)
        gaps = [found for found in begun if isinstance(found, Gap)]
        if len(gaps) == len(begun) and not answered:
            raise GapError(gaps[0])
        answered = True
        for gap in gaps:
            book.broke(gap)
        for pages in begun:
            if not isinstance(pages, Gap):
                yield from _rows(pages, book)


class _Question:
    """What every experiment is asked. `filters`: not yet found not to be understood, the widest first."""

    def __init__(self, service: Service, sought: Sought) -> None:
        self._service, self.filters = service, filters_of(sought)

    def begun(self, experiment: str) -> Iterator[_Page] | Gap:
        """The pages of an experiment, of which the first has come; or why it has not."""
        filters = list(self.filters)
        for tried, text in enumerate(filters):
            pages = self._pages(experiment, text)
            try:
                first = next(pages)
            except GapError as error:
                if error.gap.status != 400 or text == filters[-1]:
                    return error.gap
                continue
            self.filters = filters[tried:]
            return chain([first], pages)
        return iter(())

    def _pages(self, experiment: str, text: str) -> Iterator[_Page]:
        below = f"/experimentids/{quote(experiment, safe='')}/runs:query"
        body: Json = {"filter": text, "orderBy": "CreatedUtc desc", "top": PAGE}
        return posted(self._service, Listing(WHAT, HISTORY, below), body)


def filters_of(sought: Sought) -> list[str]:
    """In the order in which they are tried: the first also lets statuses through that nobody has heard of."""
    open_words = " or ".join(f"(Status eq {word})" for word in sought.open_words if _is_word(word))
    final_words = " or ".join(f"(Status eq {word})" for word in sought.final_words)
    not_final = " and ".join(f"(Status ne {word})" for word in FINAL.values())
    ended = f"(({final_words}) and (EndTimeUtc ge {format_instant(sought.since)}))" if final_words else ""
    plain = f"({open_words})" if open_words else ""
    # No client of the service's own writes `ne`: where it should mean something else, the known words are asked for all the same.
    wide = f"({not_final}) or {plain}" if sought.any_open else plain
    made = [" or ".join(filter(None, parts)) for parts in ((wide, ended), (plain, ended))]
    return list(dict.fromkeys(filter(None, made)))


def _is_word(word: str) -> bool:
    return re.fullmatch("[A-Za-z]{2,40}", word) is not None


def _rows(pages: Iterator[_Page], book: Book) -> Iterator[Json]:
    """What came before a page that cannot be had stays, and the other experiments are asked all the same."""
    try:
        for rows in pages:
            book.listed += len(rows)
            yield from rows
    except GapError as error:
        book.broke(error.gap)
