"""The fixed words in which kernels, schedulers, launchers and libraries say that something was ended, and for what."""

import re

from diagnose.evidence.logs import LogKind, LogPattern

ANYWHERE = frozenset({LogKind.USER, LogKind.RUNTIME})
OUT_OF_MEMORY = LogPattern(
    "out of memory",
    r"Out of memory: Kill(?:ed)? process|oom-kill(?:er)?:|invoked oom-killer|Memory cgroup out of memory"
    r"|(?:CUDA|HIP|MPS backend) out of memory|CUDA error: out of memory|cudaErrorMemoryAllocation"
    r"|(?:^|[^A-Za-z+-])[A-Za-z.]*OutOfMemoryError(?:[ :.\"']|$)|CUDA_ERROR_OUT_OF_MEMORY"
    r"|RESOURCE_EXHAUSTED: .{0,20}(?:Out of memory|OOM)|Out of memory (?:while trying to allocate|allocating) [0-9]|OOM when allocating tensor"
    r"|^MemoryError\b|std::bad_alloc|Cannot allocate memory|java\.lang\.OutOfMemoryError|_ArrayMemoryError\b",
    ANYWHERE,
    after=6,
)
"""Raised by an allocator, or written by the kernel."""
KILLED_FOR_MEMORY = LogPattern(
    "killed for memory by a scheduler",
    r"Detected [1-9][0-9]* oom[-_]kill event(?:s|\(s\))? in |: tasks? [0-9,-]+: Out Of Memory|[Kk]illed by YARN for exceeding .{0,20}memory limit"
    r"|running beyond '?(?:physical|virtual|PHYSICAL|VIRTUAL)'? memory limit|node was low on resource: memory|node had condition: \[MemoryPressure"
    r"|[Rr]eason: +OOMKilled|TERM_MEMLIMIT: job killed|PBS: job killed: v?mem |killed due to memory pressure \(OOM\)",
    ANYWHERE,
    after=3,
)
"""Slurm, YARN, Kubernetes, LSF, PBS and Ray on what they ended themselves, or saw the kernel end."""
OVER_BUDGET = LogPattern(
    "worker over its memory budget",
    r"[Ww]orker .{0,80}exceeded [0-9]{2,3}% memory budget",
)
"""Dask's nanny, each time that it ends a worker and starts another."""
SIGNAL_NINE = LogPattern(
    "worker killed by signal 9",
    r"DataLoader worker \(pid\(?s?\)? ?[0-9, ]+\)(?: is)? killed by signal: Killed|died with <Signals\.SIGKILL: 9>"
    r"|The exit codes of the workers are \{[^}]*SIGKILL\(-9\)|was sent SIGKILL! Perhaps out of memory"
    r"|: line [0-9]+: +[0-9]+ Killed  |^Killed$|exitcode *: -9\)? (?:\(pid|local_rank)|Signal 9 \(SIGKILL\) received by PID"
    r"|process [0-9]+ terminated with signal SIGKILL|exited on signal 9 \(Killed\)|: tasks? [0-9,-]+: Killed"
    r"|exits with return code = -9|Worker process [0-9]+ was killed by signal 9|^Command terminated by signal 9",
    after=2,
)
"""PyTorch, Python, joblib, gunicorn, bash, the launchers of ranks, Slurm, mpirun, DeepSpeed, Dask and GNU time."""
CANCELLED = LogPattern(
    "ended by its scheduler",
    r"\*\*\* (?:JOB|STEP) [0-9][^ ]* ON [^ ]+ CANCELLED AT [0-9T:-]+(?: DUE TO (?P<why>[A-Z ]+))?"
    r"|TERM_(?P<lsf>RUNLIMIT|PREEMPT): job killed|PBS: job killed: (?P<pbs>walltime) "
    r"|[Rr]eason: +(?P<pod>Evicted)\b|node was low on resource: (?P<short>[a-z-]+)|(?P<deadline>DeadlineExceeded)\b.{0,60}active longer than specified deadline",
    ANYWHERE,
    before=2,
    after=3,
)
"""Slurm, LSF, PBS and Kubernetes."""
DEVICE = re.compile(
    r"CUDA|HIP out|MPS backend|cudaError|RESOURCE_EXHAUSTED|\bcupy\b|torch\.OutOfMemoryError|device:(?:GPU|TPU)|\bXLA\b"
)
NO_EVENT = re.compile(r"oom-kill\w*: *0\b")
KILLED_CODES = (137, -9, 9)
"""Exit codes of a process that signal 9 ended."""


def is_of_a_device(text: str) -> bool:
    """Whether it was the memory of an accelerator that ran out, and not the node's."""
    return bool(DEVICE.search(text)) and "device:CPU" not in text


def mechanism_of(text: str) -> str:
    """How the verdict calls it."""
    return "device-out-of-memory" if is_of_a_device(text) else "host-out-of-memory"
