"""Sample runs, served as live ones: what is captured of each is the sample, and so is the verdict.

Every third of the broken ones, and every twelfth of the mended twins, which differ from theirs in little that is served.
"""

import os

import pytest
from loopback import Loopback, available
from samples import AT, BROKEN, FOLDER, MENDED, judgement
from served import facts

from diagnose.evidence.bundle import open_bundle
from diagnose.pipeline import judge
from diagnose.remote import Remote
from diagnose.settings import Options

SERVED = [*BROKEN[::3], *MENDED[::12]]

pytestmark = pytest.mark.skipif(not available(), reason=str(available().reason))


@pytest.fixture(scope="module")
def world():
    with Loopback() as world:
        yield world


@pytest.fixture
def served(world, monkeypatch):
    """Captures a sample through the service, as `diagnose RUN` does, and hands the bundle to `look`."""
    world.clear()
    world.apply(monkeypatch)
    for name in [name for name in os.environ if name.startswith(("DIAGNOSE_", "AZUREML_"))]:
        monkeypatch.delenv(name)

    def see(name, look):
        run = world.serve(FOLDER / name)
        remote = Remote(Options(run.subscription_id, run.resource_group, run.workspace))
        with remote.bundle(run.run_id) as bundle:
            return look(bundle)

    yield see
    assert world.errors == []
    assert world.proxy.refused == []
    assert "secrets" not in {asked.resource for asked in world.requests}


@pytest.mark.parametrize("name", SERVED)
def test_a_served_sample_is_captured_as_it_is_and_judged_the_same(name, served):
    original = open_bundle(FOLDER / name)
    expected, accepted = facts(original), judgement(judge(original, AT))
    found, verdict = served(name, lambda bundle: (facts(bundle), judgement(judge(bundle, AT))))
    assert found == expected
    # A headline counts the minutes, and blob storage keeps whole seconds.
    assert verdict | {"headline": ""} == accepted | {"headline": ""}
