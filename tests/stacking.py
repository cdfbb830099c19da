"""Stack dumps as `faulthandler` writes them, of frames given as (file, function)."""

LIBRARY = "/azureml-envs/e/lib/python3.11"
WORKING = "/mnt/azureml/cr/j/1/exe/wd"
WAIT = ("threading.py", "wait")
OUTSIDE = (("threading.py", "run"), ("threading.py", "_bootstrap_inner"), ("threading.py", "_bootstrap"))
FORKED = (
    ("multiprocessing/process.py", "run"),
    ("multiprocessing/process.py", "_bootstrap"),
    ("multiprocessing/popen_fork.py", "_launch"),
    ("kiln.py", "<module>"),
)
MAIN = (("kiln.py", "main"), ("kiln.py", "<module>"))


def stack(number, *frames, line=30):
    """One thread's stack; `kiln.py` is the run's own file."""
    lines = [
        f'  File "{WORKING if path == "kiln.py" else LIBRARY}/{path}", line {n} in {function}'
        for n, (path, function) in enumerate(frames, line)
    ]
    return f"Thread 0x00007f57a713{number:04x} (most recent call first):\n" + "\n".join(lines) + "\n"


def dump(*stacks):
    """The stacks of one moment, under the heading of a timer."""
    return "Timeout (0:30:00)!\n" + "\n".join(stacks)
