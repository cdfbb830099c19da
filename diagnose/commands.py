"""What each command does, once it is known what was asked for; each returns the exit code of `spec/verdict.md`."""

import difflib
import logging
import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from diagnose import samples
from diagnose.collect.beside import EarlierRun, earlier_run, with_siblings
from diagnose.collect.imported import open_evidence
from diagnose.custom.rulebook import Rulebook, rulebook
from diagnose.deliver.outlet import Outlet
from diagnose.deliver.stdout import put_out
from diagnose.deliver.wanted import Wanted
from diagnose.errors import DiagnoseError, Interruption, UsageError
from diagnose.evidence.bundle import Bundle, check_target, write_bundle
from diagnose.messages import NOTICE, say
from diagnose.pipeline import judge
from diagnose.recording import Record
from diagnose.redact.gate import SecretFoundError, check_members
from diagnose.remote import Remote, is_elsewhere
from diagnose.rule import Cause, Rule
from diagnose.settings import RulesAsked

log = logging.getLogger(__name__)

EXAMPLES_FAILED = 3
SOME_UNREAD = 4
FAIL_ON = 10
UNDISTURBED = (Cause.NONE, Cause.STILL_WORKING)
"""What `--fail-on any` lets pass. Not `inconclusive`: who asks for a guard does not want the unknown through."""


def run(  # noqa: PLR0913, PLR0917  (what was asked for, each in its place)
    runs: Sequence[str],
    wanted: Wanted,
    fail_on: str | None,
    keep: str | None,
    remote: Remote | None = None,
    asked: RulesAsked | None = None,
) -> int:
    """Diagnose each run and hand its verdict over at once; one that cannot be read never stops the rest.

    Raises `DiagnoseError` where it is the only one.
    """
    causes = causes_of(fail_on)
    wanted.check(len(runs))
    if keep == "":
        raise UsageError("--keep-bundle was given an empty name; give a folder, or a name that ends in .zip.")
    if keep and len(runs) > 1:
        raise UsageError("--keep-bundle takes one run; name a single RUN with it.")
    remote, catalogue = remote or Remote(), _catalogue(asked)
    if len(runs) == 1:
        record = _diagnosed(runs[0], remote, catalogue, keep)
        return _alone(record, wanted, causes, _name(record, runs[0]))
    return _batch(runs, remote, catalogue, wanted, causes)


def verdict_on(name: str, remote: Remote, asked: RulesAsked | None = None) -> Record:
    """The verdict on one run, for those who hand it over themselves."""
    return _diagnosed(name, remote, _catalogue(asked))


def capture(name: str, target: str, remote: Remote) -> int:
    """Save the evidence of a run, without a verdict."""
    if not target:
        raise UsageError("-o was given an empty name; give a folder, or a name that ends in .zip.")
    check_target(Path(target))  # before an hour of somebody's run is read for nothing
    try:
        with _evidence(name, remote) as bundle:
            _keep(bundle, Path(target))
            parts = ", ".join(
                f"{part} {known.state}" for part, known in sorted(bundle.manifest.parts.items())
            )
    except KeyboardInterrupt as error:
        raise Interruption(f"Interrupted; nothing was written to {target}.") from error
    say(f"kept the evidence of {name} in {target}: {parts}", NOTICE)
    return 0


def doctor(remote: Remote) -> int:
    """Check sign-in, workspace and permissions, and say where each setting came from."""
    from diagnose.doctor import examine, told  # noqa: PLC0415  (Azure's clients, for this command only)

    found = examine(remote)
    put_out(told(found))
    return 0 if found.passed else DiagnoseError.exit_code


def demo(name: str | None, wanted: Wanted, fail_on: str | None, asked: RulesAsked | None = None) -> int:
    """Diagnose a sample run."""
    causes = causes_of(fail_on)
    wanted.check(1)
    path = samples.path_of(name)
    return _alone(_judged(open_evidence(path), _catalogue(asked)), wanted, causes, path.name)


def list_samples() -> int:
    """The sample runs, one a line."""
    put_out("".join(f"{name}\n" for name in samples.names()))
    return 0


def rules(name: str | None, asked: RulesAsked | None = None) -> int:
    """The catalogue, or one rule's page."""
    from diagnose import catalogue  # noqa: PLC0415  (only here)

    found = _catalogue(asked)
    put_out((catalogue.listing(found) if name is None else catalogue.page(name, found)) + "\n")
    return 0


def test_rules(asked: RulesAsked) -> int:
    """The examples of the signatures, and whether the rules of installed packages load; 3 when one fails."""
    from diagnose.custom.testing import shown, tested  # noqa: PLC0415  (only here)

    rows = tested(_rulebook(asked))
    if not rows:
        raise UsageError("There is no rule of your own to test; name a rule file: diagnose rules test PATH.")
    put_out(shown(rows))
    return EXAMPLES_FAILED if any(row.troubles for row in rows) else 0


def _rulebook(asked: RulesAsked) -> Rulebook:
    for trouble in asked.passed_over:
        log.log(NOTICE, "%s; what it may say of rules is not used.", trouble)
    return rulebook(asked)


def _catalogue(asked: RulesAsked | None) -> tuple[Rule, ...] | None:
    """The rules that were asked for, what did not load being told; None for the project's own."""
    if asked is None:
        return None
    book = _rulebook(asked)
    for warning in book.warnings:
        say(warning, logging.WARNING)
    return book.rules


def causes_of(typed: str | None) -> frozenset[str]:
    """The causes that `--fail-on` names; raises `UsageError` for one that is none."""
    known = [cause.value for cause in Cause]
    named = {word.strip() for word in typed.split(",")} if typed is not None else set()
    for word in sorted(named - {*known, "any"}):
        close = difflib.get_close_matches(word, known, n=1)
        hint = (
            f"Did you mean {close[0]}?"
            if close
            else f"The causes are {', '.join(known)}; any is all bad ones."
        )
        raise UsageError(f"--fail-on {word!r} is no cause. {hint}")
    if "any" in named:
        named |= {cause.value for cause in Cause if cause not in UNDISTURBED}
    return frozenset(named)


def _alone(record: Record, wanted: Wanted, causes: frozenset[str], named: str) -> int:
    outlet = Outlet(wanted)
    outlet.give(record, named)
    outlet.close()
    return FAIL_ON if record["cause"] in causes else 0


def _batch(
    runs: Sequence[str],
    remote: Remote,
    catalogue: Sequence[Rule] | None,
    wanted: Wanted,
    causes: frozenset[str],
) -> int:
    outlet, seen, troubles = Outlet(wanted), set[str](), list[DiagnoseError]()
    try:
        beside = _at_hand(runs)
        for name in runs:
            try:
                record = _diagnosed(name, remote, catalogue, beside=beside)
                outlet.give(record, _name(record, name))
                seen.add(record["cause"])
            except DiagnoseError as error:
                troubles.append(error)
                say(str(error))
    finally:
        # Also when interrupted, or when we are broken: what was done so far is kept.
        outlet.close()
    if any(isinstance(trouble, SecretFoundError) for trouble in troubles):
        return SecretFoundError.exit_code
    if seen & causes:
        return FAIL_ON
    if troubles:
        return SOME_UNREAD if seen else troubles[0].exit_code
    return 0


def _at_hand(runs: Sequence[str]) -> list[EarlierRun]:
    """The runs that lie on disk: of the same experiment they tell of one another what such a run leaves."""
    found = []
    for name in runs:
        if name.strip() and os.path.lexists(name):
            with suppress(DiagnoseError):  # said where it is diagnosed itself
                found.append(earlier_run(open_evidence(Path(name))))
    return [run for run in found if run]


def _diagnosed(
    name: str,
    remote: Remote,
    catalogue: Sequence[Rule] | None,
    keep: str | None = None,
    beside: Sequence[EarlierRun] = (),
) -> Record:
    log.info("reading %s", name)
    if keep:
        check_target(Path(keep))
    with _evidence(name, remote) as bundle:
        if keep:
            _keep(bundle, Path(keep))
            log.info("kept the evidence in %s", keep)
        return _judged(with_siblings(bundle, beside), catalogue)


def _keep(bundle: Bundle, target: Path) -> None:
    """The evidence at `target`, unless the last check finds a secret in it."""
    if bundle.redaction:
        bundle.redaction.settle(bundle.store)
    check_members(bundle.store)
    write_bundle(bundle, target)


def _judged(bundle: Bundle, catalogue: Sequence[Rule] | None) -> Record:
    record = judge(bundle, datetime.now(UTC).replace(microsecond=0), catalogue)
    for name, part in bundle.manifest.parts.items():
        log.debug("part %s: %s, %s", name, bundle.part(name).state, part.reason)
    for outcome, rules_of_it in record["rules"].items():
        for rule in rules_of_it:
            log.debug("rule %s: %s", rule["rule"], outcome.replace("_", " "))
    log.info("%s: %s, %s, %s", bundle.store.where, record["outcome"], record["cause"], record["certainty"])
    return record


def _name(record: Record, typed: str) -> str:
    """What files about the run are called: after its id, or after what was typed when it tells none."""
    return record["run"]["id"] or Path(typed).stem


@contextmanager
def _evidence(name: str, remote: Remote) -> Iterator[Bundle]:
    """What exists on disk is read from disk; everything else is asked of Azure."""
    if not name.strip():
        raise UsageError("An empty name is no run; give a run id, a bundle, a folder or a file.")
    if name == "-" and not os.path.lexists(name):
        raise UsageError(
            "A run is not read from standard input; give a run id, a bundle, a folder or a file."
        )
    if os.path.lexists(name) or not is_elsewhere(name):
        yield open_evidence(Path(name))
        return
    with remote.bundle(name) as bundle:
        yield bundle
