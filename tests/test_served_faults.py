"""Whatever the service does, a capture ends, says what it could not read, and never takes that for an absence."""

import os

import pytest
from loopback import (
    CaptivePortal,
    Conflict,
    DeletedBlob,
    Drip,
    EmptyPages,
    EndlessBody,
    Forbidden,
    GrowingBlob,
    Hang,
    Latency,
    Loopback,
    MalformedDocument,
    NotFound,
    RangeIgnored,
    RepeatedToken,
    ResetBefore,
    ResetMidBody,
    ServerError,
    ShortRange,
    TooManyRequests,
    TruncatedDocument,
    Unauthorized,
    available,
)
from samples import AT, FOLDER
from served import facts

from diagnose.collect.azureml import live
from diagnose.collect.azureml.gaps import CollectError
from diagnose.collect.azureml.patience import Patience
from diagnose.collect.azureml.wire import TimeOuts
from diagnose.pipeline import judge
from diagnose.settings import Setting, Where

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))

COMMAND, PIPELINE = "executor_task_blocks_exit", "pipeline_waits_for_a_step"
WITH_EARLIER = "orders_left_out_unlike_before__mended"
RESOURCES = {
    "token": COMMAND,
    "workspace": COMMAND,
    "job": COMMAND,
    "datastores": COMMAND,
    "code": COMMAND,
    "run": COMMAND,
    "details": COMMAND,
    "spans": COMMAND,
    "metric-names": COMMAND,
    "metric-history": COMMAND,
    "blob-list": COMMAND,
    "blob-read": COMMAND,
    "block-list": COMMAND,
    "children": PIPELINE,
    "runs-query": WITH_EARLIER,
}
FAULTS = {
    "latency": lambda: Latency(0.05),
    "401": lambda: Unauthorized(challenge=True),
    "401 without a challenge": lambda: Unauthorized(challenge=False),
    "403": Forbidden,
    "403 firewall": lambda: Forbidden("network"),
    "404": NotFound,
    "409": Conflict,
    "429 for an hour": lambda: TooManyRequests(3600),
    "429 garbage": lambda: TooManyRequests("soon"),
    "429 without": lambda: TooManyRequests(None),
    "500": lambda: ServerError(500),
    "503": lambda: ServerError(503),
    "reset": ResetBefore,
    "reset in the middle": ResetMidBody,
    "hang": Hang,
    "drip": lambda: Drip(0.2),
    "truncated": TruncatedDocument,
    "malformed": MalformedDocument,
    "captive portal": CaptivePortal,
}
OF_PAGES = {"repeated token": RepeatedToken, "empty pages": EmptyPages}
PAGED = ("datastores", "spans", "metric-names", "metric-history", "blob-list", "children", "runs-query")
OF_BLOBS = {
    "deleted": DeletedBlob,
    "range ignored": RangeIgnored,
    "endless": EndlessBody,
    "short": ShortRange,
}
TABLE = [
    *((resource, fault) for resource in RESOURCES for fault in FAULTS),
    *((resource, fault) for resource in PAGED for fault in OF_PAGES),
    *(("blob-read", fault) for fault in OF_BLOBS),
]
PASSING = {
    "429 once": lambda: TooManyRequests(0),
    "503 twice": lambda: ServerError(503),
    "401 once": Unauthorized,
}
ENDS = {"token", "workspace", "run", "details"}
"""Resources without which there may be no run to speak of."""


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture
def capture(world, monkeypatch):
    """Captures a sample while a fault strikes; the facts and the judgement of what was got."""
    world.clear()
    world.apply(monkeypatch)

    def take(sample, resource=None, fault=None, times=None):
        run = world.serve(FOLDER / sample)
        world.seed()
        if fault:
            world.faults.add(resource, fault, times=times)
        values = (run.subscription_id, run.resource_group, run.workspace, "AzureCloud")
        where = Where(*(Setting(value, "a test") for value in values))
        how = live.How(
            # Short ones only where a fault runs into them: the machine may be busy.
            time_outs=TimeOuts(silence_s=0.5, answer_s=0.8)
            if isinstance(fault, (Hang, Drip))
            else TimeOuts(),
            patience=lambda: Patience(run_s=40, resource_s=20, pause_s=0.01),
        )
        service = live.connect(where, os.environ, how)
        with live.captured(service, run.run_id, how) as bundle:
            return facts(bundle), judge(bundle, AT), bundle.manifest

    yield take
    world.clear()


@pytest.fixture(scope="module")
def whole(world):
    return {}


def undisturbed(capture, whole, sample):
    if sample not in whole:
        whole[sample] = capture(sample)
    return whole[sample]


@pytest.mark.parametrize(
    ("resource", "fault"), TABLE, ids=[f"{fault} on {resource}" for resource, fault in TABLE]
)
def test_a_fault_is_said_and_nothing_unseen_counts_as_absent(resource, fault, capture, whole):
    sample = RESOURCES[resource]
    expected, verdict, _ = undisturbed(capture, whole, sample)
    make = (FAULTS | OF_PAGES | OF_BLOBS)[fault]
    if (got := ended(lambda: capture(sample, resource, make()))) is None:
        assert resource in ENDS
        return
    found, judged, manifest = got
    for part, (state, _) in found["parts"].items():
        if state == "complete":
            assert of_part(found, part) == of_part(expected, part), part
        else:
            assert manifest.parts[part].reason
    assert judged["cause"] in (verdict["cause"], "inconclusive")
    if of_part(found, "everything") != of_part(expected, "everything"):
        assert manifest.gaps


@pytest.mark.parametrize("resource", [name for name in RESOURCES if name != "token"])
@pytest.mark.parametrize("fault", PASSING)
def test_a_fault_that_passes_costs_nothing(resource, fault, capture, whole):
    sample = RESOURCES[resource]
    expected, _, _ = undisturbed(capture, whole, sample)
    found, _, manifest = capture(sample, resource, PASSING[fault](), times=2 if "twice" in fault else 1)
    assert found == expected
    assert manifest.gaps == ()


def test_a_log_that_grows_is_kept_to_the_size_that_it_had(capture, whole):
    expected, verdict, _ = undisturbed(capture, whole, COMMAND)
    found, judged, _ = capture(COMMAND, "blob-read", GrowingBlob())
    for name in (name for name in expected if name.startswith("logs/")):
        assert found[name].startswith(expected[name])
    assert {row["path"]: row["size"] for row in found["logs"]} == {
        name.removeprefix("logs/"): len(data) for name, data in found.items() if name.startswith("logs/")
    }
    assert judged["cause"] == verdict["cause"]


def ended(take):
    """What a capture gave; None where it ended in one sentence."""
    try:
        return take()
    except CollectError as error:
        return None if str(error).endswith(".") and "\n" not in str(error) else pytest.fail(str(error))


def of_part(facts, part):
    """What belongs to one part of a bundle; logs that grow while they are read are no part of it."""
    if part == "everything":
        return {name: value for name, value in facts.items() if name != "parts"}
    names = {"run": ("run.json",), "code": (), "logs": ("logs",)}.get(part, (part,))
    found = {name: facts.get(name) for name in names}
    if part == "run":  # the statuses over time are asked for on trial, and missing ones are not known
        found["run.json"] = {
            k: v for k, v in found["run.json"].items() if k not in ("status_history", "heartbeat_at")
        }
    return found | {name: value for name, value in facts.items() if name.startswith(f"{part}/")}
