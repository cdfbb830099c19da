"""What the lab is told about one sample run: a program, its surroundings, and the truth about it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from .network import Trouble


@dataclass(frozen=True, slots=True)
class NamedOutput:
    """An output that the job declares; the script finds its folder in AZURE_ML_OUTPUT_<name>."""

    name: str
    mode: str = "mount"  # or upload
    type: str = "uri_folder"


@dataclass(frozen=True, slots=True)
class Label:
    """The truth by construction: what the program does, in the words of the verdict."""

    outcome: str
    cause: str
    mechanism: str | None
    why: str
    acceptable: tuple[str, ...] = ()


HEALTHY = ("completed", "none", None)
COMMAND = "python {script}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One run to be made. Lab times are seconds after the user's process started."""

    name: str
    program: str
    label: Label
    started: str
    scale: float
    watch_s: float  # when the capture is taken, if the run is still open then
    later_s: float | None = None  # how long after its end a closed run is captured; None: some hours
    script: str = "train.py"
    command: str = COMMAND
    more_files: tuple[str, ...] = ()  # names in programs/, or NAME=as it is called beside the script
    inputs: Mapping[str, str] = field(default_factory=dict)
    outputs: tuple[NamedOutput, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    needs: tuple[str, ...] = ()
    client: str = ""  # azureml-core or mlflow: the real one, against a workspace of its own (workspace.py)
    runtime: str = "2026"  # 2022, 2023, 2026 (v2) or v1
    origin: str = "azureml"  # or local: processes are seen, and detached ones live on
    unbuffered: bool = True
    stdin: str = "null"  # or silent: open, and nobody ever types
    full: tuple[str, ...] = ()  # files on the local disk (LOCAL_DISK) that take no byte: ENOSPC
    experiment: str = "nightly-training"
    display_name: str | None = None
    compute: str = "cpu-cluster"
    size: str = "STANDARD_DS3_V2"
    priority: str = "dedicated"
    region: str = "westeurope"
    environment_name: str = "azureml:sklearn-1.5:33"
    tags: Mapping[str, str] = field(default_factory=dict)
    cancel_at_s: float | None = None
    denied: Mapping[str, str] = field(default_factory=dict)  # part -> reason
    stays: str = ""  # the status that the service never leaves, though the process ended
    taken: int | None = None  # files of an upload output that were there when its upload stood still
    unheard_s: float = 0.0  # how long before the capture the node was last heard of: NotResponding
    service_error: Mapping[str, str] = field(default_factory=dict)  # the service's own: it ended or failed it
    service_logs: Mapping[str, str] = field(
        default_factory=dict
    )  # of an unstarted run: path -> name in programs/
    special: str = ""  # queued, unstarted, pipeline or sweep
    steps: tuple[str, ...] = ()  # the programs of a pipeline or of a sweep's trials; parents.py says how
    never_begun: str = ""  # the name of a last step that waits for a node and is not executed
    closed_after_s: float | None = None  # when the service closes a pipeline without its last step
    ranks: int = 0  # processes of a distributed run, each with a log of its own
    earlier: tuple["Sample", ...] = ()  # executed before it, and at hand


def weeks_before(sample: Sample, weeks: int, **changes) -> Sample:
    """The same program, executed well some weeks earlier."""
    started = datetime.fromisoformat(sample.started) - timedelta(weeks=weeks)
    return replace(
        sample,
        name=f"{sample.name}__{weeks}_weeks_before",
        started=started.strftime("%Y-%m-%dT%H:%M:%SZ"),
        label=Label(*HEALTHY, "An ordinary week."),
        earlier=(),
        **changes,
    )


def pair(broken: Sample, why: str, program: str | None = None, **changes) -> tuple[Sample, Sample]:
    """A broken sample and its mended twin, which completes with nothing wrong."""
    stem = broken.program.removesuffix(".py")
    twin = replace(
        broken,
        name=f"{broken.name}__mended",
        program=program or f"{stem}__mended.py",
        label=Label(*HEALTHY, why),
        **changes,
    )
    return broken, twin
