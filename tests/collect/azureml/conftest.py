import logging

import pytest
from answering import World, service_of
from requests.adapters import HTTPAdapter

from diagnose.collect.azureml.spool import Spool
from diagnose.collect.azureml.storage import Storage
from diagnose.collect.redact import KeepsAll


@pytest.fixture
def world(monkeypatch):
    there = World()
    monkeypatch.setattr(HTTPAdapter, "send", lambda _, request, *__, **___: there.send(request))
    monkeypatch.setattr(logging.getLogger("azure"), "level", logging.CRITICAL)
    return there


@pytest.fixture
def service(world):
    return service_of()


@pytest.fixture
def storage(service):
    return Storage(service)


@pytest.fixture
def spool(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    made = Spool(KeepsAll())
    yield made
    made.remove()
