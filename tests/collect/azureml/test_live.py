import errno
import logging
import tempfile

import pytest
from answering import Signed

from diagnose.collect.azureml import live
from diagnose.collect.azureml.gaps import CollectError
from diagnose.collect.azureml.sign_in import SignInError, Tokens
from diagnose.settings import Setting, Where

WHERE = Where(*(Setting(value, "a test") for value in ("sub", "group", "space", "AzureCloud")))
MANAGEMENT = {
    "location": "westeurope",
    "properties": {"mlFlowTrackingUri": "azureml://westeurope.api.azureml.ms/m"},
}


def connected(environ=None, where=WHERE, **how):
    return live.connect(where, environ or {}, live.How(**how), Tokens(Signed()))


def test_connecting_asks_for_nothing(world):
    service = connected()
    assert (service.host, world.asked, list(service.wire.calls)) == (None, [], [])


def test_the_clients_own_logs_are_silent_and_ours_are_not(world):
    logging.getLogger("azure").setLevel(logging.DEBUG)
    connected()
    for name in (
        "azure.core.pipeline.policies.http_logging_policy",
        "urllib3.connectionpool",
        "msal.token_cache",
    ):
        assert not logging.getLogger(name).isEnabledFor(logging.ERROR), name
    assert logging.getLogger("diagnose.collect").isEnabledFor(logging.ERROR)


def test_keys_are_not_read_unless_that_was_said(world):
    assert len(connected().wire._posts) == 1
    assert len(connected(use_secrets=True).wire._posts) == 2


OWN = {
    "AZUREML_ARM_SUBSCRIPTION": "sub",
    "AZUREML_ARM_RESOURCEGROUP": "group",
    "AZUREML_ARM_WORKSPACE_NAME": "space",
    "AZUREML_SERVICE_ENDPOINT": "https://eu.api.azureml.ms",
}
"""What a job in the workspace finds set."""


def test_a_jobs_own_end_point_serves_its_own_workspace(world):
    assert connected(OWN).host == "eu.api.azureml.ms"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AZUREML_ARM_SUBSCRIPTION", "another"),
        ("AZUREML_ARM_RESOURCEGROUP", "another"),
        ("AZUREML_ARM_WORKSPACE_NAME", "another"),
        ("AZUREML_SERVICE_ENDPOINT", ""),
        ("AZUREML_SERVICE_ENDPOINT", "https://eu.api.azureml.ms.evil.org"),
        ("AZUREML_SERVICE_ENDPOINT", "https://evil.org/https://eu.api.azureml.ms"),
    ],
)
def test_it_serves_no_other_and_is_no_strangers(name, value, world):
    assert connected(OWN | {name: value}).host is None


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_run_that_is_not_there_leaves_nothing(world, temporary):
    world.says("/workspaces/space", MANAGEMENT)
    with pytest.raises(CollectError, match="no run r-1"), live.captured(connected(), "r-1", live.How()):
        pass
    assert list(temporary.iterdir()) == []


def test_a_sign_in_that_fails_leaves_nothing(world, temporary):
    service = live.connect(WHERE, {}, live.How(), Tokens(Signed(fails=ValueError("no"))))
    with pytest.raises(SignInError), live.captured(service, "r-1", live.How()):
        pass
    assert list(temporary.iterdir()) == []


def test_a_disk_without_room_is_one_sentence(world, temporary, monkeypatch):
    def full(**_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(tempfile, "mkdtemp", full)
    said = r"No space left on device \([0-9,]+ MiB are free\); make room"
    with pytest.raises(CollectError, match=said), live.captured(connected(), "r-1", live.How()):
        pass


def test_a_disk_without_room_for_anything_at_all_is_one_sentence_too(world, monkeypatch, tmp_path):
    """Python looks for a folder for temporary files by writing one."""
    monkeypatch.setattr("tempfile.tempdir", None)

    def none_at_all():
        raise FileNotFoundError(errno.ENOENT, "No usable temporary directory found in ['/tmp']")

    monkeypatch.setattr(tempfile, "_get_default_tempdir", none_at_all)
    with pytest.raises(CollectError, match="TMPDIR"), live.captured(connected(), "r-1", live.How()):
        pass


def test_no_attempt_is_made_when_it_is_over(world, temporary):
    service = connected()
    with pytest.raises(CollectError), live.captured(service, "r-1", live.How()):
        pass
    assert service.patience._stopped.is_set()
