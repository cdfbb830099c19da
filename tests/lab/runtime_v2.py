"""The v2 runtime's own logs, in its line formats, and only as far as things really went.

The wording is that of two public log sets of 2023-08 and 2026-02, shortened: telemetry set-up and
other lines that say nothing of a run's course are left out, and the dictionaries at the end of the
Python lines hold a few of their keys.
"""

from .runtime_capabilities import Capabilities
from .runtime_core import Core
from .runtime_lines import Line
from .seen import Evidence


def logs(seen: Evidence) -> dict[str, tuple[str, float]]:
    """Path -> (text, lab time of the last line). Data capability logs only where there is data."""
    runtime = _Runtime(seen)
    made = {
        "system_logs/lifecycler/lifecycler.log": runtime.lifecycler(),
        "system_logs/lifecycler/execution-wrapper.log": runtime.wrapper(),
        "system_logs/hosttools_capability/hosttools-capability.log": runtime.hosttools(),
        "system_logs/metrics_capability/metrics-capability.log": runtime.metrics(),
        "system_logs/cs_capability/cs-capability.log": runtime.control(),
    }
    if seen.sample.runtime == "2022":
        del made["system_logs/metrics_capability/metrics-capability.log"]
    if runtime.has_data:
        made["system_logs/data_capability/data-capability.log"] = runtime.data()
        made |= runtime.rslex()
    return {path: _text(lines) for path, lines in made.items() if lines}


class _Runtime(Core, Capabilities):
    """All logs of one run."""


def _text(lines: list[Line]) -> tuple[str, float]:
    return "".join(text + "\n" for _, text in lines), lines[-1][0]
