"""What one execution leaves behind: its names, and all that was seen of it."""

import hashlib
import random
from dataclasses import dataclass, field

from .clock import LabClock
from .outputs import Blob
from .processes import Process
from .sample import Sample

WORDS = (
    "amber",
    "basil",
    "calm",
    "drum",
    "engine",
    "frost",
    "garage",
    "island",
    "jewel",
    "lime",
    "mango",
    "needle",
)


@dataclass(slots=True)
class Names:
    """The identifiers of a run, made from the sample's name so that a new making changes none of them."""

    run_id: str
    job: str
    execution: str
    environment: str
    workspace: str = "ml-lab"
    resource_group: str = "rg-lab"
    subscription: str = "00000000-0000-0000-0000-000000000000"

    @classmethod
    def of(cls, sample: Sample) -> "Names":
        digest = hashlib.sha256(sample.name.encode()).hexdigest()
        first, second = (WORDS[int(digest[at : at + 2], 16) % len(WORDS)] for at in (0, 2))
        run_id = f"{first}_{second}_{_base36(digest)[:10]}"
        if sample.runtime == "v1":
            run_id = f"{sample.experiment}_16{int(digest[:8], 16) % 10**8:08d}_{digest[8:16]}"
        uuid = f"{digest[:8]}-{digest[8:12]}-4{digest[13:16]}-a{digest[17:20]}-{digest[20:32]}"
        return cls(run_id, digest[10:42], uuid, digest[30:62])


@dataclass(slots=True)
class Evidence:
    """What was seen of one execution. Times are lab seconds; None where it did not happen."""

    sample: Sample
    names: Names
    clock: LabClock
    pid: int
    log: bytes = b""
    log_modified: float = 0.0
    rank_logs: dict[str, tuple[bytes, float]] = field(default_factory=dict)  # name -> text, last written
    sdk_logs: dict[str, bytes] = field(default_factory=dict)
    main_exit: float | None = None
    exit_code: int | None = None
    holders_after_main: bool = False
    tree_end: float | None = None
    driver_finalizing: float | None = None
    cancel_requested: float | None = None
    ended: float | None = None
    captured: float = 0.0
    blobs: list[Blob] = field(default_factory=list)
    metrics: list[dict] = field(default_factory=list)
    tags: dict[str, object] = field(default_factory=dict)
    processes: list[Process] = field(default_factory=list)
    stopped: set[int] = field(default_factory=set)  # processes that stood still before the lab stopped them
    running: set[int] = field(default_factory=set)  # and those that computed
    code: dict[str, bytes] = field(default_factory=dict)
    rewrite: list[tuple[str, str]] = field(default_factory=list)
    opened: dict[str, float] = field(default_factory=dict)  # path in a mount -> when it appeared

    def node_path(self, text: str) -> str:
        """The text with the lab's own paths and addresses written as the service's."""
        for ours, theirs in self.rewrite:
            text = text.replace(ours, theirs)
        return text


def chance_of(sample: Sample) -> random.Random:
    """Chance that is the sample's own: a new making rolls the same numbers."""
    return random.Random(hashlib.sha256(sample.name.encode()).hexdigest())


def _base36(digest: str) -> str:
    number, letters = int(digest[4:40], 16), ""
    while number:
        number, rest = divmod(number, 36)
        letters += "0123456789abcdefghijklmnopqrstuvwxyz"[rest]
    return letters
