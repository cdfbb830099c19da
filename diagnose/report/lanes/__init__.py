"""The lanes of the timeline: phases, logs, metrics, outputs, children, processes, last signs of life.

Positions down are counted from the top of the lane's own track.
"""

from collections.abc import Iterator, Mapping

from diagnose.report import fields
from diagnose.report.axis import Axis
from diagnose.report.fields import Node
from diagnose.report.lanes import bars, curve, density, signs, writes
from diagnose.report.shapes import Lane

LOGS = 6
METRICS = 4


def lanes(record: Node, anchors: Mapping[str, str], axis: Axis) -> Iterator[Lane]:
    """All lanes with something to show, from top to bottom. `anchors`: evidence id -> place in the page."""
    line = fields.node(record, "timeline")
    yield from bars.phases(line, axis)
    yield from (density.lane(row, anchors, axis) for row in fields.nodes(line, "logs")[:LOGS])
    yield from (curve.lane(row, axis) for row in fields.nodes(line, "metrics")[:METRICS])
    yield from writes.lanes(line, axis)
    yield from bars.things(
        "Child runs", fields.nodes(line, "children"), fields.whole(line, "children_total"), axis
    )
    yield from bars.things("Processes", fields.nodes(line, "processes"), None, axis)
    yield from signs.lanes(fields.node(record, "last_sign_of_life"), axis)
