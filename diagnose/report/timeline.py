"""The timeline picture: lanes over one axis, the finding in words, and the same data as a table."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from diagnose.report import fields, units, words
from diagnose.report.axis import Axis, Piece, axis
from diagnose.report.busy import busy
from diagnose.report.fields import Node
from diagnose.report.lanes import lanes, writes
from diagnose.report.shapes import Lane, Mark, Word, beside, percent
from diagnose.report.table import Row, table
from diagnose.report.units import Shown

NO_FINDING = "What happened when"
"""What a timeline is called that shows neither an end of the work nor a silence."""

_LABEL = 18
_GAP = 14


@dataclass(frozen=True, slots=True)
class Moment:
    """A line through all lanes, which spares their names, and its words above them."""

    x: str
    path: str
    role: str
    word: Word


@dataclass(frozen=True, slots=True)
class Shade:
    """The silence, from `x` over `width`."""

    x: str
    width: str
    title: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """A drawing `height` pixels high and as wide as there is room; see `shapes` for the measures."""

    title: str
    description: str
    caption: str
    height: int
    top: int
    bottom: int
    lanes: tuple[Lane, ...]
    moments: tuple[Moment, ...]
    shade: Shade | None
    ticks: tuple[Word, ...]
    cuts: tuple[Mark, ...]
    legend: tuple[Mark, ...]
    rows: Shown[Row]
    axis: Axis


def timeline(record: Node, anchors: Mapping[str, str]) -> Timeline | None:
    """The timeline of `record`; None when no time is known that could be drawn.

    `anchors`: evidence id -> its place in the page.
    """
    line = fields.node(record, "timeline")
    signs = fields.node(record, "last_sign_of_life")
    scale = _scale(line, signs)
    if scale is None:
        return None
    told = _told(line, scale)
    top = len(told) * 16 + 6
    drawn = tuple(_stacked(lanes(record, anchors, scale), top))
    bottom = drawn[-1].y + drawn[-1].height + 8 if drawn else top + 8
    return Timeline(
        title=_title(line),
        description=_description(line, scale),
        caption=_caption(line, scale),
        height=bottom + 24,
        top=top,
        bottom=bottom,
        lanes=drawn,
        moments=tuple(_moment(place, each, drawn, scale) for place, each in enumerate(told)),
        shade=_shade(line, scale),
        ticks=tuple(_tick(tick.x, bottom + 16, tick.label) for tick in scale.ticks()),
        cuts=tuple(_cut(piece, bottom) for piece in scale.cuts),
        legend=tuple(_legend(drawn)),
        rows=table(line, signs),
        axis=scale,
    )


def _scale(line: Node, signs: Node) -> Axis | None:
    happened = sorted(busy(line, signs))
    start, end = fields.seconds(line, "from"), fields.seconds(line, "to")
    if start is None or end is None or end < start:
        bounds = (start, end, fields.seconds(line, "captured_at"))
        known = [*happened, *(bound for bound in bounds if bound is not None)]
        if not known:
            return None
        start, end = min(known), max(known)
    return axis(start, _stretched(line, signs, end), happened)


def _stretched(line: Node, signs: Node, end: float) -> float:
    """`end`, or the last that was heard after it: a run that is closed may write on, till it is captured."""
    captured = fields.seconds(line, "captured_at")
    heard = (fields.seconds(line, "work_ended_at"), *(fields.seconds(signs, key) for key in words.CHANNELS))
    return max(end, *(at for at in (*heard, end) if at is not None and (captured is None or at <= captured)))


def _told(line: Node, scale: Axis) -> list[tuple[str, str, float]]:
    """Words, role and time of the moments on the axis, in an order in which no line strikes out words."""
    said = (
        ("work_ended_at", "work ended", "bad"),
        ("ended_at", "run ended", "ink"),
        ("captured_at", "captured", "wait"),
    )
    told = [
        (f"{name} {units.clock(at)}", role, at.timestamp())
        for key, name, role in said
        if (at := fields.when(line, key)) and scale.start <= at.timestamp() <= scale.end
    ]
    # Words stand to the right of what lies on the left half, and to the left of what lies on the right half.
    places = {each: scale.x(each[2]) for each in told}
    return sorted(told, key=lambda each: (places[each] > 50, places[each] * (-1 if places[each] > 50 else 1)))


def _moment(place: int, told: tuple[str, str, float], drawn: tuple[Lane, ...], scale: Axis) -> Moment:
    text, role, at = told
    x, y = scale.x(at), place * 16
    first = drawn[0].y if drawn else y + 24
    tracks = "".join(f"M0 {lane.y - 1}V{lane.y + lane.height + 3}" for lane in drawn)
    return Moment(percent(x), f"M0 {y + 3}V{first - _LABEL - 2}{tracks}", role, beside(x, y + 12, text, 6))


def _stacked(drawn: Iterable[Lane], top: int) -> Iterator[Lane]:
    y = top
    for lane in drawn:
        yield replace(lane, y=y + _LABEL)
        y += _LABEL + lane.height + _GAP


def _shade(line: Node, scale: Axis) -> Shade | None:
    start, end = (
        fields.seconds(fields.node(line, "silence"), "from"),
        fields.seconds(fields.node(line, "silence"), "to"),
    )
    if start is None or end is None or end <= start:
        return None
    left, right = scale.x(start), scale.x(end)
    return Shade(percent(left), percent(right - left), f"Silent for {units.duration(end - start)}")


def _tick(x: float, y: float, label: str) -> Word:
    anchor = "start" if x < 4 else "end" if x > 96 else "middle"
    return Word(percent(x), y, label, anchor)


def _cut(piece: Piece, y: int) -> Mark:
    title = f"The axis is cut here: {units.duration(piece.end - piece.start)} in which nothing happened"
    return Mark(percent((piece.left + piece.right) / 2), y, "cut", "muted", title)


def _legend(drawn: tuple[Lane, ...]) -> Iterator[Mark]:
    """One mark of each kind that the picture holds, its title in plain words."""
    names = {
        "evidence": "evidence",
        "open-end": "no end recorded",
        "no-number": "not a number",
        **{state: f"output {said}" for state, said in words.WRITES.items()},
    }
    used = {mark.shape: mark for lane in drawn for mark in lane.marks}
    return (replace(used[shape], title=name, href=None) for shape, name in names.items() if shape in used)


def _title(line: Node) -> str:
    ended, silence = fields.when(line, "work_ended_at"), fields.node(line, "silence")
    since, until = fields.seconds(silence, "from"), fields.seconds(silence, "to")
    said = [f"The work ended at {units.clock(ended)} UTC"] if ended else []
    if since is not None and until is not None and until > since:
        length = units.duration(until - since)
        said.append(f"silence followed for {length}" if ended else f"Silent for {length}")
    return ", and ".join(said) if said else NO_FINDING


def _caption(line: Node, scale: Axis) -> str:
    shaded = " The silence is shaded." if _shade(line, scale) else ""
    finding = "" if _title(line) == NO_FINDING else f"{_title(line)}. "
    return f"{finding}{_description(line, scale)}{shaded}"


def _description(line: Node, scale: Axis) -> str:
    start, end = datetime.fromtimestamp(scale.start, UTC), datetime.fromtimestamp(scale.end, UTC)
    said = [f"{units.span(start, end)}."]
    if scale.cuts:
        lengths = " and ".join(units.duration(piece.end - piece.start) for piece in scale.cuts)
        said.append(f"The axis is cut where nothing happened: {lengths}.")
    wrong = sum(writes.state_of(row) in writes.WRONG for row in fields.nodes(line, "outputs")[:200])
    if wrong:
        said.append(f"{units.plural(wrong, 'output')} not whole.")
    return " ".join(said)
