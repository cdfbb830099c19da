"""Lines of healthy runs that look bad. Each is known in public and says nothing about the run that printed it."""

import re
from collections.abc import Sequence

from diagnose.evidence.logs import LogLine

NOISE = (
    # The shell of the job image; seen as the first line of real runs of 2023 and 2026.
    r"libtinfo\.so\.\d+: no version information available",
    # pip prints this at error level and installs all the same.
    r"pip's dependency resolver does not currently take into account",
    # TensorFlow registers its plugins twice, and looks for a GPU where there is none.
    r"Unable to register cu\w+ (?:plugin )?factory|Attempting to register factory for plugin cu",
    r"failed call to cuInit|CUDA_ERROR_NO_DEVICE|Could not load dynamic library 'lib(?:cu|nv)|Cannot dlopen some \w+ libraries",
    r"TF-TRT Warning|Could not find TensorRT|NUMA node read from SysFS had negative value",
    # Experiment trackers look for a repository in a folder that is a snapshot.
    r"fatal: not a git repository|Failed to import Git|GitPython|git executable",
    # The logging module could not format a message; it prints this and the program goes on.
    r"^--- Logging error ---",
    # Collected at exit, after the work.
    r"Exception ignored (?:in|on)",
    # torch's rendezvous tries IPv6 first, or before its peer listens.
    r"The (?:client|server) socket (?:has failed|cannot be initialized)|\(errno: 9[79]\b",
    # The container has no display, no sound and no bus.
    r"libGL error|cannot connect to X server|XDG_RUNTIME_DIR|Failed to connect to (?:the )?bus|ALSA lib|jack server",
    # Results of tests, and an installer that goes on to its other way.
    r"\b(?:PASSED|XFAIL|XPASS|SKIPPED)\b|Failed building wheel for|Command errored out with exit status|did not run successfully",
    # Spark loses executors and starts others, and tidies up at exit.
    r"Lost executor|ShutdownHookManager|\bTransport(?:Client|ResponseHandler|RequestHandler|ChannelHandler)\b",
    # A task that fails is started again; one that fails too often ends its job, and that is told by its scheduler.
    r"\bERROR Executor: Exception in task [\d.]+ in stage",
    # The loader was asked to load a library first, and does without it.
    r"^ERROR: ld\.so: object .* cannot be preloaded",
    # A search over settings of which some do not go together; where none fits, it raises.
    r"^\d+ fits failed (?:with the following error|out of a total of)",
    # Hugging Face counts tokens where it can; solvers say when they stop early.
    r"Could not estimate the number of tokens|failed to converge|cuda_executor\.cc",
    # Telemetry of libraries, not of the run.
    r"opentelemetry\.exporter|applicationinsights|Failed to send telemetry|posthog|Failed to export (?:batch|traces|metrics)",
    # azureml-core tries a batch of metrics again and prints the answer in full; the metrics tell whether any were lost.
    r"^Metrics Client: _execute_with_workspace_run_arguments failed|^\s*InnerException\b|^ {8}\"statusCode\": \d{3}$",
    # Old runtimes, whole lists in facts about real runs: every one of these stands in Completed runs.
    r"failed to inject span context|Was not able to read from token file|Failed to get distributed config from env",
    # The v1 driver prints its own command line, in which the name of an exception stands.
    r"^\[context_manager_injector\.py\]",
    # v1 driver: harmless in Completed runs.
    r"Failed to Parse Bool on commons\.IsDedicatedCompute|Error opening env file|bash: cannot set terminal process group",
    # NumPy 2 shows where a module built for NumPy 1 was imported, and goes on.
    r"A module that was compiled using NumPy 1|some modules will need time to support NumPy 2|Failed to initialize NumPy",
    r"bash: no job control in this shell|Intel MKL WARNING|OpenBLAS WARNING|oneDNN custom operations are on",
)
"""Expressions for `re.search` on one line of text."""

_ANY = re.compile("|".join(f"(?:{expression})" for expression in NOISE))


_COMPLAINT = re.compile(
    r"^--- Logging error ---|Exception ignored (?:in|on)|^\d+ fits failed with the following error|\bERROR Executor: Exception in task|some modules will need time to support NumPy 2|ShutdownHookManager"
    r"|opentelemetry\.exporter|applicationinsights|Failed to send telemetry|posthog|Failed to export (?:batch|traces|metrics)"
)


def heads_noise(text: str) -> bool:
    """Whether a traceback right below the line is noise too. A shell's or a library's grumble excuses nothing."""
    return bool(_COMPLAINT.search(text))


def is_noise(text: str) -> bool:
    """Whether the line is one that healthy runs print too."""
    return bool(_ANY.search(text))


_WARNS = re.compile(r"^\S[^:]{0,400}:\d{1,6}: [A-Za-z_.]*Warning: ")
"""Python's `warnings`: the place, the kind and the words; the line below it shows the source, indented by two."""


def spoken(lines: Sequence[LogLine]) -> list[LogLine]:
    """The lines that the script itself said: neither noise nor what the interpreter warns of."""
    warned = {line.number for line in lines if _WARNS.match(line.text)}
    shown = {line.number for line in lines if line.number - 1 in warned and line.text.startswith("  ")}
    return [line for line in lines if line.number not in warned | shown and not is_noise(line.text)]
