"""Rows, facts and unread runs of a scan that never was, for tests of what is made of them."""

from datetime import UTC, datetime, timedelta

from diagnose.roster import Row

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
SPACE = "/subscriptions/0/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/"
PORTAL = "https://ml.azure.com/runs/{}?wsid=/subscriptions/0/resourcegroups/rg/workspaces/lab"


def iso(at):
    return at.isoformat().replace("+00:00", "Z")


def row(name="fig_1", **given):
    """A run that hangs since four hours on two nodes."""
    known = {
        "workspace": "lab",
        "workspace_id": f"{SPACE}lab",
        "run_id": name,
        "display_name": f"train-{name}",
        "experiment": "churn",
        "owner": "Maria Visser",
        "status": "Running",
        "type": "command",
        "compute": "gpu-cluster",
        "size": "STANDARD_NC6S_V3",
        "nodes": 2,
        "priority": "dedicated",
        "outcome": "stuck",
        "cause": "lingering-child-process",
        "mechanism": "non-daemon-thread",
        "certainty": "supported",
        "headline": f"The work of {name} ended, and a thread holds it open.",
        "created_at": NOW - timedelta(hours=11),
        "started_at": NOW - timedelta(hours=10),
        "ended_at": None,
        "seen_at": NOW,
        "duration_s": 36_000.0,
        "idle_s": 4 * 3600.0,
        "portal_url": PORTAL.format(name),
        "report": f"runs/{name}.html",
        "shape": "non-daemon-thread | thread # outlives",
    }
    return Row(**known | given)


def well(name="pear_1", **given):
    """A run with which nothing is wrong."""
    ended = {
        "status": "Completed",
        "outcome": "completed",
        "ended_at": NOW - timedelta(hours=1),
        "idle_s": 3.0,
    }
    return row(name, **{"cause": "none", "mechanism": None, "shape": "none"} | ended | given)


def lying(name="plum_1", **given):
    """A run that says Completed and is not done."""
    ended = {
        "status": "Completed",
        "outcome": "false-completion",
        "ended_at": NOW - timedelta(hours=2),
        "idle_s": 30.0,
    }
    how = {"cause": "silent-error", "mechanism": "error-in-thread", "shape": "error-in-thread | x"}
    return row(name, **how | ended | given)


def unread(name="sad_fig", **given):
    """A run that could not be diagnosed."""
    return {
        "workspace_id": f"{SPACE}lab",
        "workspace": "lab",
        "run_id": name,
        "display_name": f"nightly-{name}",
        "experiment": "etl",
        "owner": "Jan de Boer",
        "status": "Running",
        "why": "the logs were denied: 403 on the datastore",
        "at": iso(NOW),
        **given,
    }


def facts(*names, at=NOW, **given):
    """The facts of a scan that ended at `at` and saw everything; of workspace `lab` when none is named."""
    spaces = [
        {
            "workspace_id": f"{SPACE}{name}",
            "name": name,
            "way": "runs:query",
            "why": "run history answers a status filter",
            "listed": 1840,
            "candidates": 120,
            "passed": {"alive": 30, "left no outputs": 12},
            "diagnosed": 60,
            "unread": 1,
            "trouble": None,
            "calls": {"arm": 3, "data": 200, "storage": 400, "sign-in": 1},
            "waited_s": 1.2,
        }
        for name in names or ("lab",)
    ]
    return {
        "format": "run-scan",
        "version": 1,
        "by": "diagnose 0.9",
        "started_at": iso(at - timedelta(minutes=10)),
        "ended_at": iso(at),
        "now": iso(at),
        "asked": {
            "statuses": None,
            "since": iso(at - timedelta(days=7)),
            "silent_for_s": 1800,
            "limit": None,
        },
        "workspaces": spaces,
        "prices": None,
        "ruleset": "6f1c9a2e",
        "stopped": None,
        **given,
    }


def prices(currency="EUR", **per_node_hour):
    """Prices as they lie in the facts."""
    return {"currency": currency, "per_node_hour": per_node_hour or {"Standard_NC6s_v3": 3.0}}


def line(made):
    """A row as the line of `results.jsonl` that it is read from."""
    return {
        "schema": "run-verdict",
        "version": 1,
        "run": {
            "id": made.run_id,
            "display_name": made.display_name,
            "status": made.status,
            "started_at": iso(made.started_at) if made.started_at else None,
            "ended_at": iso(made.ended_at) if made.ended_at else None,
        },
        "outcome": made.outcome,
        "cause": made.cause,
        "certainty": made.certainty,
        "headline": made.headline,
        "scan": {
            "workspace_id": made.workspace_id,
            "workspace": made.workspace,
            "seen_at": iso(made.seen_at),
        },
    }
