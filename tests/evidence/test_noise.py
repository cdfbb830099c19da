import pytest
from building import STD_LOG

from diagnose.evidence.logs import LogLine
from diagnose.evidence.noise import is_noise, spoken


@pytest.mark.parametrize(
    "text",
    [
        "/bin/bash: /azureml-envs/x/lib/libtinfo.so.6: no version information available (required by /bin/bash)",
        "ERROR: pip's dependency resolver does not currently take into account all the packages",
        "2026-11-20 08:00:00 E external/xla: Unable to register cuDNN factory: Attempting to register factory",
        "failed call to cuInit: CUDA_ERROR_NO_DEVICE: no CUDA-capable device is detected",
        "A module that was compiled using NumPy 1.x cannot be run in",
        "fatal: not a git repository (or any of the parent directories): .git",
        "--- Logging error ---",
        "Exception ignored in: <function Pool.__del__ at 0x7f>",
        "[W socket.cpp:601] The client socket has failed to connect to [::]:29500 (errno: 97 - Address family)",
        "WARN grpc_utils::span: failed to inject span context to grpc request",
        "Failed to Parse Bool on commons.IsDedicatedCompute",
        "bash: cannot set terminal process group (-1): Inappropriate ioctl for device",
    ],
)
def test_lines_of_healthy_runs_are_noise(text):
    assert is_noise(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "ERROR could not save the model",
        "CUDA out of memory. Tried to allocate 2.50 GiB",
        "CUDA error: no kernel image is available for execution on the device",
        "torch.distributed: socket timed out",
        "ERROR: Could not find a version that satisfies the requirement foo",
        "fatal: repository 'https://x/' not found",
        "OSError: [Errno 28] No space left on device",
    ],
)
def test_real_failures_are_not_noise(text):
    assert not is_noise(text)


def test_what_the_interpreter_warns_of_is_not_said_by_the_script():
    texts = [
        "12 of 40 sheets",
        "/e/lib/python3.11/site-packages/dask/x.py:66: FutureWarning: this will change",
        "  return frame.mean(axis=0)",
        "kiln.py:31: UserWarning: few values",
        "  mean = middle(values)",
    ]
    lines = [LogLine(STD_LOG, number, text, None) for number, text in enumerate(texts, 1)]
    assert [line.text for line in spoken(lines)] == texts[:1]


def test_words_of_the_script_that_speak_of_a_warning_are_its_own():
    texts = ["Warning: 3 sheets are empty", "12 sheets", "  of them 3 empty"]
    lines = [LogLine(STD_LOG, number, text, None) for number, text in enumerate(texts, 1)]
    assert len(spoken(lines)) == 3
