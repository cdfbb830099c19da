"""`python -m tests.loopback [SAMPLE …]` serves sample runs until Ctrl-C; `python -m tests.loopback install`."""

import argparse
import sys
import threading
from pathlib import Path

from . import KINDS, UNSET, Loopback, available
from .azurite import install

SAMPLES = Path(__file__).resolve().parents[2] / "sample_runs"


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.loopback", description=__doc__)
    parser.add_argument(
        "samples", nargs="*", metavar="SAMPLE", help="a sample run's name, or a bundle's path"
    )
    parser.add_argument("--latency", type=float, default=0.0, metavar="SECONDS", help="before each answer")
    parser.add_argument(
        "--fault",
        action="append",
        default=[],
        metavar="RESOURCE=KIND",
        help=f"what goes wrong, as in children=forbidden; kinds: {', '.join(KINDS)}",
    )
    asked = parser.parse_args()
    if asked.samples == ["install"]:
        install()
        return 0
    if not (found := available()):
        parser.error(found.reason)
    with Loopback() as world:
        world.latency = asked.latency
        for text in asked.fault:
            _add_fault(parser, world, text)
        served = [world.serve(path) for path in _paths(parser, asked.samples)]
        try:
            _show(world, served)
            threading.Event().wait()
        except KeyboardInterrupt:
            _tell(f"\n{len(world.requests)} requests; refused: {world.proxy.refused or 'none'}")
    return 0


def _paths(parser, names):
    known = sorted(path.parent for path in SAMPLES.glob("*/bundle.json"))
    paths = [Path(name) if Path(name).exists() else SAMPLES / name for name in names]
    for path in paths:
        if not path.exists():
            parser.error(f"no such sample: {path.name}")
    return paths or known


def _add_fault(parser, world, text):
    resource, _, kind = text.partition("=")
    if kind not in KINDS:
        parser.error(f"no such fault: {text}; there are {', '.join(KINDS)}")
    try:
        world.faults.add(resource, KINDS[kind]())
    except ValueError as error:
        parser.error(str(error))


def _show(world, served):
    _tell(f"unset {' '.join(UNSET)}")
    for name, value in world.environment().items():
        _tell(f"export {name}='{value}'")
    _tell("")
    for run in served:
        place = f"--subscription {run.subscription_id} -g {run.resource_group} -w {run.workspace}"
        _tell(f"diagnose {run.run_id} {place}")


def _tell(line):
    print(line, flush=True)  # noqa: T201


if __name__ == "__main__":
    sys.exit(main())
