"""The log says that a file was written, and the complete listing does not hold it.

What a program prints is what it meant to do. A file that was written to another folder, that a background writer never
came to, or whose failure nobody looked at is told like all the others.

Signs: a line of the user's log says that a file was written below an output, or the statement that prints it names other
files that are there; and the complete listing holds no such name under any output, nor one that begins with it.
Near misses: paths outside the outputs (`/tmp`, caches, the working folder); files that were removed, renamed or packed
later, as checkpoints of which the best are kept; names of what was read or looked for; a listing that is not complete.
Safety constraint: what is said is no proof of what was done; where the source removes, renames or packs files, or cannot
be seen to do none of it, this is no more than a suspicion, and less where a later output of its kind may be the same.
"""

import ast
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from diagnose.evidence.announced import Announced, Announcement
from diagnose.evidence.bundle import Missing
from diagnose.evidence.code import Code
from diagnose.evidence.outputs import Outputs
from diagnose.evidence.run import Phase, RunRecord
from diagnose.evidence.series import RETAINED
from diagnose.evidence.source.module import Module
from diagnose.pieces import loose_writers, plural, some
from diagnose.rule import Cause, Certainty, Evidence, EvidenceKind, Finding, Step, quote, rule

ELSEWHERE = re.compile(
    r"(?i)^~|^/(?:tmp|var|dev|root|home|opt|usr)/|(?:^|/)(?:\.?cache|te?mp|scratch)(?:/|$)"
)
PACKED = (".zip", ".tar", ".gz", ".tgz", ".zst", ".7z")
REMOVERS = frozenset(
    {
        "os.remove",
        "os.unlink",
        "os.rename",
        "os.replace",
        "shutil.move",
        "shutil.rmtree",
        "shutil.make_archive",
        "zipfile.ZipFile",
        "tarfile.open",
    }
)
REMOVING_METHODS = frozenset({"unlink", "rename"})
V1_OUTPUTS = re.compile(r"/mounts/[^/]+/azureml/[^/]+/outputs/")
ENOUGH = 2
"""Files of the same statement that are there."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A file that is not there, with what says that it should be."""

    said: Announcement
    twins: int
    """Files of the same statement that are there."""


@rule(
    title="The log says that a file was written which is not there",
    cause=Cause.UNFLUSHED_OUTPUT,
    remedy=Step(
        "Say that a file was written only after looking at it, and build its path from the output's own",
        "",
        "path = (Path(args.out) / name).resolve()\nwrite(path)\nassert path.stat().st_size\nprint('wrote', path)",
    ),
)
def said_but_not_there(
    run: RunRecord, outputs: Outputs, announced: Announced, code: Code | Missing
) -> Iterator[Finding]:
    """Names that the log claims and the listing lacks."""
    if run.phase is not Phase.COMPLETED or not outputs.is_complete:
        return
    absent = list(_absent(run, outputs, announced))
    if not absent:
        return
    names = some(each.said.name for each in absent)
    twins = max(each.twins for each in absent)
    one = len(absent) == 1
    yield Finding(
        headline=f"The log says that {names} {'was' if one else 'were'} written, and the complete listing of the outputs does not hold {'it' if one else 'them'}; write {'it' if one else 'them'} again and check the path.",
        story=f"The program said of {plural(len(absent), 'file')} that {'it was' if one else 'they were'} written. The run was closed as "
        "Completed, and no output holds such a name: what was written went to another place, or was never written.",
        evidence=(
            *(
                quote(each.said.match, f"The log says that {each.said.name} was written.")
                for each in absent[:3]
            ),
            Evidence(
                EvidenceKind.ABSENCE,
                f"The complete listing of {plural(len(outputs.all), 'blob')} holds no {names} under any output.",
                channel="listing",
            ),
            *_twins(twins),
            *loose_writers(code),
        ),
        mechanism="said-but-not-there",
        began_at=absent[0].said.match.at,
        subjects=frozenset(each.said.name for each in absent),
        at_most=_at_most(absent, outputs, announced, code),
    )


def _twins(count: int) -> Iterator[Evidence]:
    if count:
        yield Evidence(
            EvidenceKind.OUTPUT, f"{plural(count, 'other file')} that the same statement names are there."
        )


def _absent(run: RunRecord, outputs: Outputs, announced: Announced) -> Iterator[Absent]:
    """Each file once, by its name, that was due and is not there."""
    there = _names(outputs)
    removed = {_plain(each.name) for each in announced.all if each.says_removed}
    by_shape: defaultdict[str, set[str]] = defaultdict(set)
    for each in announced.all:
        by_shape[each.shape].add(each.name)
    seen: set[str] = set()
    for each in announced.all:
        name = _plain(each.name)
        if name in seen or name in removed or _is_there(name, there) or _is_thinned(each):
            continue
        siblings = by_shape[each.shape]
        twins = sum(_is_there(_plain(other), there) for other in siblings)
        if _is_selected(each, twins, len(siblings)) or _is_bettered(each, outputs):
            continue
        if _is_due(each, run, outputs, twins) or _is_among_twins(each, siblings, twins, there):
            seen.add(name)
            yield Absent(each, twins)


def _is_thinned(said: Announcement) -> bool:
    """Whether it is one of a numbered row of which the best or the last few are kept."""
    return any(RETAINED.search(part) and re.search(r"\d", part) for part in said.path.split("/"))


def _is_selected(said: Announcement, twins: int, count: int) -> bool:
    """Whether it is one of several models or checkpoints that the line calls so, of which the few best were kept."""
    return 0 < twins <= count - twins and bool(RETAINED.search(said.around) and re.search(r"\d", said.name))


BETTER = re.compile(r"\b(?:improved|reached) (?:from )?-?(?:inf|\d)")
"""The words of Keras and Lightning for a checkpoint that is kept until a better one comes."""


def _is_bettered(said: Announcement, outputs: Outputs) -> bool:
    """Whether a library saved it for being the best so far, and a file of its kind, as the better one, is there."""
    kind = said.name.lower().rpartition(".")[2]
    return bool(BETTER.search(said.around)) and any(
        b.name.lower().endswith(f".{kind}") for b in outputs.results
    )


def _names(outputs: Outputs) -> set[str]:
    """Every name that is there: of folders and files, without each further suffix, and what archives may hold."""
    found: set[str] = set()
    for blob in outputs.all:
        for part in _plain(blob.path).split("/"):
            pieces = part.split(".")
            found |= {".".join(pieces[:count]) for count in range(2, len(pieces) + 1)}
            if len(pieces) == 1 or part.endswith(PACKED):
                found.add(pieces[0])
    return found


def _is_there(name: str, there: set[str]) -> bool:
    """Under its own name or one that begins with it (`a.csv.gz`), or as a folder or an archive called like it."""
    return name in there or name.split(".", maxsplit=1)[0] in there


def _is_due(said: Announcement, run: RunRecord, outputs: Outputs, twins: int) -> bool:
    """Whether its path lies below an output, and the line says that it was written, or says the same of one that is there."""
    path = said.path.removeprefix("./")
    if ELSEWHERE.search(path) or said.takes_back or not (said.says_written or twins):
        return False
    declared = {o.name for o in run.expected_outputs} | {blob.output for blob in outputs.all}
    collected = path.startswith("outputs/") or "/wd/outputs/" in path or V1_OUTPUTS.search(path) is not None
    return collected or any(f"/wd/{name}/" in path for name in declared)


def _is_among_twins(said: Announcement, siblings: set[str], twins: int, there: set[str]) -> bool:
    """Whether most that its statement names are there, and it is not one of the oldest, which are thinned out."""
    if ELSEWHERE.search(said.path) or said.takes_back or twins < ENOUGH or twins <= len(siblings) - twins:
        return False
    number = _number(said.name)
    numbers = [_number(other) for other in siblings if _is_there(_plain(other), there)]
    return number is None or any(other is not None and other < number for other in numbers)


def _number(name: str) -> int | None:
    digits = re.findall(r"\d{1,18}", name)
    return int(digits[-1]) if digits else None


def _at_most(absent: list[Absent], outputs: Outputs, announced: Announced, code: Code | Missing) -> Certainty:
    """How much it may weigh: it may have been removed, renamed, merged or packed on purpose."""
    twins = max(each.twins for each in absent)
    seen = not isinstance(code, Missing) and not code.unread and bool(code.modules)
    removes = (
        seen
        and not isinstance(code, Missing)
        and any(_removes(module, call) for module in code.modules for call in module.calls)
    )
    packed = any(blob.name.lower().endswith(PACKED) for blob in outputs.results)
    if not twins and (removes or (not seen and _may_be_renamed(absent, outputs, announced))):
        return Certainty.NONE
    return Certainty.SUSPECTED if packed or removes or (not seen and twins < ENOUGH) else Certainty.SUPPORTED


def _may_be_renamed(absent: list[Absent], outputs: Outputs, announced: Announced) -> bool:
    """Whether a later output of the same kind is there of which no line says that it was written: a new name, or a merger."""
    written = {_plain(each.name) for each in announced.all if each.says_written}
    first = min((each.said.match.at for each in absent if each.said.match.at), default=None)
    kinds = {kind for each in absent for kind in each.said.name.lower().split(".")[1:]}
    return any(
        kinds & set(blob.name.lower().split(".")[1:])
        and _plain(blob.name) not in written
        and not (first and blob.modified_at and blob.modified_at < first)
        for blob in outputs.results
    )


def _plain(name: str) -> str:
    """A name as it compares: in lower case, its accents composed."""
    return unicodedata.normalize("NFC", name).lower()


def _removes(module: Module, call: ast.Call) -> bool:
    if module.origin(call.func) in REMOVERS:
        return True
    return isinstance(call.func, ast.Attribute) and call.func.attr in REMOVING_METHODS
