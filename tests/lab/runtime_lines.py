"""How the v2 runtime writes a line, and the moments that its logs go by."""

from collections.abc import Iterator
from datetime import UTC, datetime

from .seen import Evidence

BUILD = {
    "2022": "branch=b6f5b4e2c11 ci_number=20220819.3",
    "2023": "branch=5c8e7e5d0a2 ci_number=20230726.1",
    "2026": "branch=7991b2aac96 ci_number=20260116.2",
}
ALIVE_S, HEALTH_EVERY, HEARTBEAT_S = 40.0, 4, 150.0
STEP = "run_lifecycler:run_service_and_step_through_lifecycle:step_through_lifecycle"
CAPABILITIES = (
    "CS_CAPABILITY",
    "DATA_CAPABILITY",
    "HOSTTOOLS_CAPABILITY",
    "METRICS_CAPABILITY",
    "SNAPSHOT_CAPABILITY",
)


Line = tuple[float, str]


def _stamp(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Lines:
    """What all logs of one run share. A line is (lab time, text)."""

    def __init__(self, seen: Evidence) -> None:
        self.seen, self.sample = seen, seen.sample
        self.t0 = seen.clock.t0
        self.root = f"/mnt/azureml/cr/j/{seen.names.job}"
        self.until = seen.tree_end if seen.tree_end is not None else seen.captured
        # Of a canceled run no ending is known: its logs stop where the processes were killed.
        ends = seen.tree_end is not None and seen.cancel_requested is None
        self.end = seen.tree_end + 0.0012 if ends else None
        self.has_data = bool(self.sample.inputs or self.sample.outputs)
        self.capabilities = [name for name in CAPABILITIES if self.has_data or name != "DATA_CAPABILITY"]
        self.user = self.sample.command.split()[0]

    def rust(self, at: float, text: str, level: str = "INFO") -> Line:
        return at, f"{_stamp(at)} {level:>5} {text}"

    def _every(self, seconds: float, offset: float) -> Iterator[tuple[int, float]]:
        turn, at = 0, self.t0 - 2.3 + offset
        while at < self.until:
            yield turn, at
            turn, at = turn + 1, at + seconds

    def _go(self, at: float, text: str) -> Line:
        inner = datetime.fromtimestamp(at, UTC).strftime("%Y/%m/%d %H:%M:%S") + " " + text
        target = "hosttools_capability::hosttools" if self.sample.runtime == "2022" else "grpc_utils::utils"
        return self.rust(at, f'{target}: stderr: {inner} command="/usr/local/bin/hosttools" line="{inner}"')

    def python(self, at: float, place: str, pid: int, text: str) -> Line:
        stamp = datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S,%f")[:-3]
        names = self.seen.names
        context = {
            "subscription_id": names.subscription,
            "resource_group": names.resource_group,
            "workspace_name": names.workspace,
            "run_id": names.run_id,
            "os": "linux",
        }
        return at, f"INFO {stamp} {place} [{pid}] - {text} {context}"
