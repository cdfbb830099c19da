"""Filters and orders of queries, in the terms that the service's own clients know; anything else is refused."""

import operator
import re
from datetime import datetime

from . import times

_TOKEN = re.compile(r"\s*(?:(?P<mark>[()])|'(?P<quoted>(?:[^']|'')*)'|(?P<word>[^\s()']+))")
_COMPARES = {"eq": operator.eq, "ne": operator.ne}
_ORDERS = {"lt": operator.lt, "le": operator.le, "gt": operator.gt, "ge": operator.ge}
_FIELDS = {
    name.lower(): name
    for name in (
        *("runId", "rootRunId", "parentRunId", "status", "runType", "target"),
        *("createdUtc", "startTimeUtc", "endTimeUtc"),
    )
}
_TIMES = ("createdUtc", "startTimeUtc", "endTimeUtc")
_MAPS = ("properties", "tags")


class UnreadableQueryError(ValueError):
    """A query that the service would answer with 400."""


def passing(records, text):
    """The records that a filter lets through: `eq ne lt le gt ge`, `and` binding closer than `or`, and brackets."""
    if not text:
        return list(records)
    tokens = _tokens(text)
    passes = _either(tokens)
    if tokens:
        raise UnreadableQueryError(f"{tokens[0]!r} was not expected")
    return [record for record in records if passes(record)]


def ordered(records, text):
    """The records in the order of one of their fields, such as `CreatedUtc desc`; those without it come last."""
    if not text:
        return list(records)
    name, _, way = text.strip().partition(" ")
    if name.lower() not in _FIELDS or way.strip().lower() not in ("", "asc", "desc"):
        raise UnreadableQueryError(f"{text!r} is no order")
    field = _FIELDS[name.lower()]
    known = [record for record in records if record[field] is not None]
    known.sort(key=operator.itemgetter(field), reverse=way.strip().lower() == "desc")
    return known + [record for record in records if record[field] is None]


def _tokens(text):
    tokens, at = [], 0
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if found is None:
            raise UnreadableQueryError(f"{text[at:]!r} cannot be read")
        tokens.append(found["mark"] or found["word"] or found["quoted"])
        at = found.end()
    return tokens


def _either(tokens):
    parts = [_both(tokens)]
    while _next_is(tokens, "or"):
        parts.append(_both(tokens))
    return lambda record: any(part(record) for part in parts)


def _both(tokens):
    parts = [_term(tokens)]
    while _next_is(tokens, "and"):
        parts.append(_term(tokens))
    return lambda record: all(part(record) for part in parts)


def _next_is(tokens, word):
    is_next = bool(tokens) and tokens[0].lower() == word
    if is_next:
        tokens.pop(0)
    return is_next


def _term(tokens):
    if _next_is(tokens, "("):
        inner = _either(tokens)
        if not _next_is(tokens, ")"):
            raise UnreadableQueryError("a bracket is not closed")
        return inner
    if len(tokens) < 3:
        raise UnreadableQueryError("a comparison is not whole")
    name, sign, value = (tokens.pop(0) for _ in range(3))
    compare = (_COMPARES | _ORDERS).get(sign.lower())
    if compare is None:
        raise UnreadableQueryError(f"{sign!r} compares nothing")
    return _comparison(name, compare, None if value == "null" else value, is_order=sign.lower() in _ORDERS)


def _comparison(name, compare, value, *, is_order):
    top, _, key = name.partition("/")
    if top.lower() in _MAPS and key:
        return lambda record: compare(record[top.lower()].get(key), value)
    field = _FIELDS.get(name.lower())
    if field is None or (is_order and field not in _TIMES):
        raise UnreadableQueryError(f"{name!r} cannot be compared so")
    if field in _TIMES and value is not None:
        return _timely(field, compare, value)
    return lambda record: compare(record[field], value)


def _timely(field, compare, value):
    try:
        bound = datetime.fromisoformat(value)
    except ValueError as error:
        raise UnreadableQueryError(f"{value!r} is no time") from error
    return lambda record: record[field] is not None and compare(times.parsed(record[field]), bound)
