"""Makes sample runs: `python -m tests.lab` all of them, `python -m tests.lab NAME …` some, `--list` none."""

import argparse
import importlib.util
import os
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

from diagnose.collect.beside import MEMBER, earlier_run, with_siblings
from diagnose.evidence.bundle import open_bundle

from . import bundle, catalogue, special
from .execution import execute
from .sample import Sample

ROOT = Path(__file__).resolve().parents[2] / "sample_runs"
AT_A_TIME = 5  # they mostly wait


def make(sample: Sample, root: Path) -> None:
    """Executes one sample and writes its bundle."""
    if sample.special:
        special.make(sample, root / sample.name)
    else:
        bundle.write(execute(sample), root / sample.name)
    if sample.earlier:
        _put_beside(sample, root / sample.name)


def _put_beside(sample: Sample, folder: Path) -> None:
    """Executes the earlier runs and adds what the tool keeps of runs that lie beside this one."""
    with tempfile.TemporaryDirectory() as scratch:
        # Each under a name of its own: twins are made side by side, and processes are found by the name.
        places = [Path(scratch) / f"{sample.name}__{number}" for number in range(len(sample.earlier))]
        for before, place in zip(sample.earlier, places, strict=True):
            bundle.write(execute(replace(before, name=place.name)), place)
        others = [run for place in places if (run := earlier_run(open_bundle(place)))]
        with with_siblings(open_bundle(folder), others).store.open(MEMBER) as known:
            (folder / MEMBER).write_bytes(known.read())


def missing_packages(sample: Sample) -> list[str]:
    """Packages that the sample's program imports and this Python does not have."""
    return [name for name in sample.needs if importlib.util.find_spec(name) is None]


def make_apart(sample: Sample, root: Path) -> str:
    """Makes a sample in a process of its own; returns what to tell."""
    if packages := missing_packages(sample):
        return f"{sample.name}: left as it is, needs {', '.join(packages)}"
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.lab", "--here", "--into", str(root), sample.name]
    done = subprocess.run(command, cwd=ROOT.parent, capture_output=True, text=True, check=False)
    if done.returncode:
        return f"{sample.name}: FAILED\n{done.stderr}"
    return f"{sample.name}: made in {time.monotonic() - began:.1f} s"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.lab", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument(
        "--list", action="store_true", help="name the samples and what really happens in each"
    )
    parser.add_argument(
        "--apart", action="store_true", help="those that are set apart for measuring; use --into with it"
    )
    parser.add_argument("--into", type=Path, default=ROOT, help="another folder than sample_runs/")
    parser.add_argument("--here", action="store_true", help="in this process, one after the other")
    asked = parser.parse_args()
    known = {sample.name: sample for sample in (*catalogue.SAMPLES, *catalogue.APART)}
    if unknown := [name for name in asked.names if name not in known]:
        parser.error(f"no such sample: {', '.join(unknown)}; --list names them")
    samples = [known[name] for name in asked.names] or list(
        catalogue.APART if asked.apart else catalogue.SAMPLES
    )
    if asked.list:
        for sample in samples:
            print(f"{sample.name}: {sample.label.outcome}, {sample.label.cause}")  # noqa: T201
        return 0
    if asked.here:
        for sample in samples:
            make(sample, asked.into)
        return 0
    with ThreadPoolExecutor(min(AT_A_TIME, 2 * (os.cpu_count() or 2) + 1)) as pool:
        told = list(pool.map(lambda sample: _tell(make_apart(sample, asked.into)), samples))
    return 1 if any(": FAILED" in line for line in told) else 0


def _tell(line: str) -> str:
    print(line, file=sys.stderr, flush=True)  # noqa: T201
    return line


if __name__ == "__main__":
    sys.exit(main())
