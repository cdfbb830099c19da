"""Files that the source writes for every value of a row, beside those of them that are there."""

import re
from dataclasses import dataclass
from typing import ClassVar, Self

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.source.writtennames import WrittenNames, written_names


@dataclass(frozen=True, slots=True)
class ShortRow:
    """A row of which some are there and some are not."""

    written: WrittenNames
    there: tuple[str, ...]
    absent: tuple[str, ...]

    @property
    def breaks_off(self) -> bool:
        """Whether those that are not there are the last of the row."""
        return self.written.names[len(self.there) :] == self.absent

    @property
    def has_a_gap(self) -> bool:
        """Whether a few are not there and the last of the row is: the turn of the others has passed.

        Not where numbers tell the names apart: what is missing in those is seen without the source, too.
        """
        few = self.written.names[-1] in self.there and len(self.absent) <= SHARE_MISSING * len(self.there)
        return few and not any(re.search(r"\d", name.rpartition(".")[0]) for name in self.absent)


SHARE_MISSING = 0.25


@dataclass(frozen=True, slots=True)
class SourceNames:
    """The rows of files that are not all there."""

    derived_from: ClassVar[tuple[type, ...]] = (Code, Outputs)

    short: tuple[ShortRow, ...]

    @classmethod
    def read(cls, bundle: Bundle) -> Self | Missing:
        code, outputs = bundle.get(Code), bundle.get(Outputs)
        for fact in (code, outputs):
            if isinstance(fact, Missing):
                return Missing("the files that the source writes", fact.reason, fact.remedy)
        assert not isinstance(code, Missing) and not isinstance(outputs, Missing)  # noqa: S101, PT018  (told to mypy)
        if not outputs.is_complete:
            return Missing("the files that the source writes", "the listing of the outputs is not complete")
        names = {blob.name for blob in outputs.all}
        rows = (
            ShortRow(
                written,
                tuple(name for name in written.names if name in names),
                tuple(name for name in written.names if name not in names),
            )
            for written in written_names(code.modules)
        )
        return cls(tuple(row for row in rows if row.there and row.absent))
