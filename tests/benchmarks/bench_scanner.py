"""How fast logs are scanned, as ratios to floors measured in the same run.

    python tests/benchmarks/bench_scanner.py [MB]

Floors: counting newlines in the same bytes, and grep (and rg, where it is installed) with the same patterns.
CPU seconds, median of three.
"""

import io
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from diagnose.evidence.engines import engine_for
from diagnose.evidence.logscan.hits import Keeper
from diagnose.evidence.logscan.loglines import LogPattern
from diagnose.evidence.logscan.scanner import FileScan, Scanner
from diagnose.evidence.logscan.times import LineClock

REGEXES = [
    r"CUDA out of memory",
    r"^Traceback \(most recent call last\)",
    r"ERROR trainer",
    r"exit code [0-9]+",
    r"MemoryError|OSError: \[Errno [0-9]+\]",
    *(rf"worker group {n} (?:lost|stuck) after [0-9]+ tries" for n in range(95)),
]


def log(megabytes, matching):
    """A training log: dated lines and progress bars, of which `matching` in a thousand dated lines match."""
    lines, second = [], 0
    for n in range(20_000):
        second += n % 3 == 0
        at = f"2026-11-20 {8 + second // 3600:02}:{second // 60 % 60:02}:{second % 60:02},{n % 1000:03}"
        if n % 1000 < matching:
            lines.append(f"{at} ERROR trainer: exit code {n % 90}: CUDA out of memory\n")
        else:
            lines.append(
                f"{at} INFO trainer.loop: step {n} loss={n / 7e4:.4f} lr=3e-4 {n / 9:.1f} samples/s\n"
            )
        if n % 100 == 99:
            lines += [
                f"\r {k}%|{'#' * (k // 4):25}| {k}/100 [00:{k % 60:02}<00:05, 1.0it/s]" for k in range(100)
            ]
            lines.append("\n")
    block = "".join(lines).encode()
    return block * max(1, megabytes * 1_000_000 // len(block))


def scanned(data, engine):
    patterns = [LogPattern(regex, regex) for regex in REGEXES]
    scanner = Scanner(engine_for(REGEXES, engine), [Keeper(pattern) for pattern in patterns])
    FileScan(scanner, LineClock(), len(data)).read(io.BytesIO(data))


def searched(program, options, path):
    regexes = [regex.replace("(?:", "(") for regex in REGEXES]  # which grep does not know
    command = [program, *options, *(part for regex in regexes for part in ("-e", regex)), str(path)]
    # Not into /dev/null: there grep stops at the first hit.
    subprocess.run(command, stdout=subprocess.PIPE, check=False, env={"LC_ALL": "C"})


def cpu_seconds(work):
    def used():
        return sum(
            sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
        )

    times = []
    for _ in range(3):
        before = used()
        work()
        times.append(used() - before)
    return statistics.median(times)


def main():
    megabytes = int(sys.argv[1]) if len(sys.argv) > 1 else 128
    for title, matching in (("1 line in 1000 matches", 1), ("5 % match", 50), ("every line matches", 1000)):
        data = log(megabytes, matching)
        floors = {"newlines counted": cpu_seconds(lambda data=data: data.count(b"\n"))}
        with tempfile.NamedTemporaryFile() as file:
            file.write(data)
            file.flush()
            for program, options in (
                ("grep", ["-E", "-a", "-n", "-b", "-o"]),
                ("rg", ["-j1", "-a", "-nbo", "--no-unicode"]),
            ):
                if path := shutil.which(program):
                    floors[program] = cpu_seconds(
                        lambda p=path, o=options, f=file: searched(p, o, Path(f.name))
                    )
        for engine in ("hyperscan", "re"):
            took = cpu_seconds(lambda data=data, engine=engine: scanned(data, engine))
            ratios = "  ".join(f"{took / floor:7.2f} x {name}" for name, floor in floors.items())
            print(f"{title:24} {engine:10} {len(data) / 1e6 / took:7.0f} MB/s  {ratios}")  # noqa: T201


if __name__ == "__main__":
    start = time.perf_counter()
    main()
    print(f"{time.perf_counter() - start:.0f} s")  # noqa: T201
