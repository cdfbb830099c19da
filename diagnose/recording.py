"""The verdict as one record: what `--format json` prints, and all that any view is drawn from.

Its fields are `spec/verdict.md`, version 1; `run`, `evidence`, `next_steps` and the record itself carry more, which a
reader of version 1 ignores: `timeline`, `rules` (what every rule answered) and `bundle` (where the evidence is from).
"""

import hashlib
import importlib.resources
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import datetime
from functools import cache
from typing import Any, TypeAlias

from diagnose import measured
from diagnose.chronology import timeline
from diagnose.engine import Broke, Clear, Found, NotChecked
from diagnose.evidence.afterwork import AfterWork
from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.cadence import Cadence
from diagnose.evidence.instants import format_instant
from diagnose.evidence.logs import LogKind, Logs
from diagnose.evidence.processes import Processes
from diagnose.evidence.run import RunRecord
from diagnose.hypotheses import Hypothesis
from diagnose.pieces import plural, some
from diagnose.rule import Evidence
from diagnose.verdict import RunOutcome, Verdict
from diagnose.version import __version__

Record: TypeAlias = dict[str, Any]

EVIDENCE_LIMIT = 60
"""Pieces of evidence in a record: those of the leading hypotheses come first."""


def record_of(verdict: Verdict, bundle: Bundle, at: datetime) -> Record:
    """The record of one run. `at` is when it was made; nothing else in it comes from a clock."""
    ids = _ids(verdict)
    marks = [(ids[p], p.source.path if p.source else None, p.at) for p in ids if p.at]
    return {
        "schema": "run-verdict",
        "version": 1,
        "run": _run(bundle),
        "outcome": verdict.outcome.value,
        "cause": verdict.cause.value,
        "mechanism": verdict.mechanism,
        "certainty": verdict.certainty.word,
        "headline": verdict.headline,
        "explanation": verdict.explanation,
        "hypotheses": [_hypothesis(h, ids) for h in verdict.hypotheses],
        "evidence": list(_evidence(verdict, ids)),
        "next_steps": [asdict(step) for step in verdict.next_steps],
        "flip": None
        if verdict.flip is None
        else {"evidence": [ids[p] for p in verdict.flip.evidence if p in ids], "to": verdict.flip.to.value},
        "measured": _measured(verdict),
        "last_sign_of_life": _last_signs(bundle),
        "idle_tail_s": _idle(verdict, bundle),
        "not_examined": list(_not_examined(bundle)),
        "generated": {
            "by": f"diagnose {__version__}",
            "at": format_instant(at),
            "ruleset": ruleset_of(verdict),
        },
        "bundle": _bundle(bundle),
        "rules": _rules(verdict),
        "timeline": timeline(bundle, marks),
    }


def _measured(verdict: Verdict) -> Record | None:
    """Of a verdict that somebody's own rule led nothing was measured."""
    lead = verdict.hypotheses[0].lead if verdict.hypotheses else None
    own = lead is None or lead.rule.origin is not None
    return None if own else measured.of_verdict(verdict.cause, verdict.certainty)


@cache
def ruleset() -> str:
    """The version with a digest of the rules' and the judgement's own source: another digest may judge otherwise."""
    digest = hashlib.sha256()
    for source in sorted(_sources(), key=str):
        digest.update(source.read_bytes())
    return f"{__version__}+{digest.hexdigest()[:8]}"


def ruleset_of(verdict: Verdict) -> str:
    """The same, with a digest of the rules that are not the project's own, where there are any."""
    others = sorted({o.rule.origin.digest for o in verdict.outcomes if o.rule.origin})
    return f"{ruleset()}.{hashlib.sha256(' '.join(others).encode()).hexdigest()[:8]}" if others else ruleset()


JUDGING = ("engine", "hypotheses", "unseen", "verdict", "pieces", "earlier", "rule")
"""Modules outside the rooms of evidence and rules that a verdict depends on."""


def _sources() -> Iterator[Any]:
    package = importlib.resources.files("diagnose")
    yield from (package / f"{name}.py" for name in JUDGING)
    for room in ("evidence", "rules"):
        yield from _modules(package / room)


def _modules(folder: Any) -> Iterator[Any]:
    for entry in folder.iterdir():
        if entry.is_dir() and entry.name != "__pycache__":
            yield from _modules(entry)
        elif entry.name.endswith(".py"):
            yield entry


def _ids(verdict: Verdict) -> dict[Evidence, str]:
    pieces = [p for h in verdict.hypotheses for p in (*h.supporting, *h.against)]
    return {
        piece: f"E{number}" for number, piece in enumerate(list(dict.fromkeys(pieces))[:EVIDENCE_LIMIT], 1)
    }


def _hypothesis(hypothesis: Hypothesis, ids: Mapping[Evidence, str]) -> Record:
    return {
        "cause": hypothesis.cause.value,
        "certainty": hypothesis.certainty.word,
        "for": [ids[p] for p in hypothesis.supporting if p in ids],
        "against": [ids[p] for p in hypothesis.against if p in ids],
        "missing": list(hypothesis.missing),
    }


def _evidence(verdict: Verdict, ids: Mapping[Evidence, str]) -> Iterator[Record]:
    origin = _origins(verdict)
    top = verdict.hypotheses[0] if verdict.hypotheses else None
    for piece, name in ids.items():
        stance = "neutral"
        if top:
            stance = "for" if piece in top.supporting else "against" if piece in top.against else "neutral"
        source = piece.source
        yield {
            "id": name,
            "rule": origin.get(piece, ""),
            "kind": piece.kind.value,
            "summary": piece.summary,
            "at": format_instant(piece.at),
            "source": {"path": source.path, "line": source.line, "text": source.text} if source else None,
            "context": {"before": list(source.before), "after": list(source.after)} if source else None,
            "direct": piece.direct,
            "stance": stance,
        }


def _origins(verdict: Verdict) -> dict[Evidence, str]:
    """The rule that each piece is from. Of several that cite the same piece, one that leads a hypothesis."""
    leads = [(h.lead.rule.name, h.lead.finding) for h in verdict.hypotheses if h.lead]
    found = [
        (o.rule.name, finding) for o in verdict.outcomes if isinstance(o, Found) for finding in o.findings
    ]
    origins: dict[Evidence, str] = {}
    for name, finding in (*leads, *found):
        for piece in (*finding.evidence, *finding.against):
            origins.setdefault(piece, name)
    return origins


def _run(bundle: Bundle) -> Record:
    run, origin = bundle.get(RunRecord), bundle.manifest.origin
    if isinstance(run, Missing):
        names = (
            "id",
            "display_name",
            "experiment",
            "status",
            "created_at",
            "started_at",
            "ended_at",
            "duration_s",
        )
        return {**dict.fromkeys(names), "portal_url": origin.portal_url, "compute": None, "sdk": origin.sdk}
    return {
        "id": run.run_id,
        "display_name": run.display_name,
        "experiment": run.experiment,
        "status": run.status,
        "created_at": format_instant(run.created_at),
        "started_at": format_instant(run.started_at),
        "ended_at": format_instant(run.ended_at),
        "duration_s": _duration(run, bundle.manifest.captured_at),
        "portal_url": origin.portal_url,
        "compute": _compute(run),
        "sdk": origin.sdk,
        "type": run.type,
        "command": run.command,
        "exit_code": run.exit_code,
        "error": asdict(run.error) if run.error else None,
        "environment": run.environment,
        "parent_id": run.parent_id,
        "tags": dict(list(run.tags.items())[:50]),
        "user": None,
    }


def _duration(run: RunRecord, captured: datetime | None) -> float | None:
    """From the start to the end, or to the capture while it is open; an end before the start is unknown."""
    end = run.ended_at or (None if run.is_final else captured)
    if run.started_at is None or end is None or end < run.started_at:
        return None
    return (end - run.started_at).total_seconds()


def _compute(run: RunRecord) -> str | None:
    more = [
        run.compute_size,
        f"{run.nodes} node{'' if run.nodes == 1 else 's'}" if run.nodes else None,
        run.priority,
    ]
    told = ", ".join(word for word in more if word)
    return (
        f"{run.compute_target} ({told})"
        if run.compute_target and told
        else run.compute_target or told or None
    )


def _last_signs(bundle: Bundle) -> Record:
    cadence, run = bundle.get(Cadence), bundle.get(RunRecord)
    signs = {} if isinstance(cadence, Missing) else {c.name: c.last_at for c in cadence.channels}
    changes = () if isinstance(run, Missing) else run.status_history
    changed = max((change.at for change in changes if change.at), default=None)
    return {
        **{name: format_instant(signs.get(name)) for name in ("log", "metric", "output")},
        "status": format_instant(changed),
    }


def _idle(verdict: Verdict, bundle: Bundle) -> float | None:
    """From the end of the work to the capture or the end: by what says that it ended, else from the last sign of it."""
    cadence, after = bundle.get(Cadence), bundle.get(AfterWork)
    if isinstance(cadence, Missing) or verdict.outcome in (RunOutcome.IN_PROGRESS, RunOutcome.NEVER_STARTED):
        return None
    if not isinstance(after, Missing) and after.signs and after.idle_s is not None:
        return after.idle_s
    return cadence.silence_s


def _not_examined(bundle: Bundle) -> Iterator[Record]:
    for name in ("run", "children", "metrics", "outputs", "logs", "code"):
        part = bundle.part(name)
        if not part.is_complete:
            yield {"part": name, "why": part.reason or part.state.value.replace("-", " ")}
    processes, logs = bundle.get(Processes), bundle.get(Logs)
    if isinstance(processes, Missing):
        yield {"part": "processes", "why": processes.reason}
    cut = [] if isinstance(logs, Missing) else [file for file in logs.files if not file.is_whole]
    for file in cut:
        if file.kind is LogKind.USER:
            left_out = f", {file.omitted_bytes:,} bytes left out" if file.omitted_bytes else ""
            yield {"part": file.path, "why": f"captured: {file.captured}{left_out}"}
    runtime = [file for file in cut if file.kind is LogKind.RUNTIME]
    if runtime:
        yield {
            "part": "logs of the runtime",
            "why": f"{plural(len(runtime), 'file')} not captured whole: {some(f.path for f in runtime)}",
        }


def _bundle(bundle: Bundle) -> Record:
    manifest = bundle.manifest
    parts = ("run", "children", "metrics", "outputs", "logs", "code")
    return {
        "captured_at": format_instant(manifest.captured_at),
        "captured_by": manifest.captured_by,
        "origin_kind": manifest.origin.kind,
        "workspace": manifest.origin.workspace,
        "region": manifest.origin.region,
        "clock_skew_s": manifest.clock_skew_s,
        "parts": {
            name: {**asdict(bundle.part(name)), "state": bundle.part(name).state.value} for name in parts
        },
    }


def _rules(verdict: Verdict) -> Record:
    answers: dict[str, list[Record]] = {"found": [], "ruled_out": [], "not_checked": [], "broke": []}
    for outcome in verdict.outcomes:
        named = {"rule": outcome.rule.name, "title": outcome.rule.title}
        if outcome.rule.origin:
            named["origin"] = outcome.rule.origin.name
        match outcome:
            case Found():
                answers["found"].append(named)
            case Clear():
                answers["ruled_out"].append(named)
            case NotChecked(_, missing):
                answers["not_checked"].append({**named, "why": _reasons(missing)})
            case Broke(_, error):
                answers["broke"].append({**named, "error": error})
    return answers


def _reasons(missing: Iterable[Missing]) -> str:
    return "; ".join(f"{m.name}: {m.reason}" for m in missing)
