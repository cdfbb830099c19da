"""How much longer `diagnose --help` takes than an empty click program: `python tests/benchmarks/bench_startup.py`."""

import subprocess
import sys
import time

EMPTY = "import click\n@click.group()\ndef main():\n  'Nothing.'\nmain(['--help'])"
OURS = "from diagnose.cli import main\nmain(['--help'])"
ROUNDS = 25


def seconds(program: str) -> float:
    """The wall time of one process."""
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - begun


def main() -> None:
    """Print both times, each the best of many taken in turn, and their ratio."""
    pairs = [(seconds(EMPTY), seconds(OURS)) for _ in range(ROUNDS)]
    empty, ours = (min(times) for times in zip(*pairs, strict=True))
    print(  # noqa: T201  (this is its result)
        f"empty click program {empty * 1000:.1f} ms, diagnose --help {ours * 1000:.1f} ms: {ours / empty:.2f} times"
    )


if __name__ == "__main__":
    main()
