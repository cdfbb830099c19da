"""One loopback workspace for all its tests, clean for each."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from loopback import Loopback, Served, available

RECORDINGS = Path(__file__).parents[3] / "shared" / "azure" / "service"


@pytest.fixture(scope="session")
def _started():
    if not (found := available()):
        pytest.skip(found.reason)
    pytest.importorskip("requests")
    with Loopback() as world:
        yield world


@pytest.fixture
def world(_started, monkeypatch):
    _started.clear()
    _started.apply(monkeypatch)
    yield _started
    assert _started.errors == []


@pytest.fixture
def recorded():
    """What the real service once answered."""
    if not RECORDINGS.is_dir():
        pytest.skip("the recorded answers are not beside this checkout")
    return lambda name: json.loads((RECORDINGS / f"{name}.json").read_text())["response"]["body"]


@dataclass
class Client:
    """Asks as a program would, over the proxy."""

    session: Any
    served: Served
    token: str = ""

    def sign_in(self, scope="https://management.azure.com/.default"):
        answer = self.session.post(
            "https://login.microsoftonline.com/t/oauth2/v2.0/token",
            data={
                "grant_type": "client_credentials",
                "client_secret": "only-good-on-the-loopback",
                "scope": scope,
            },
        )
        self.token = answer.json()["access_token"]
        return self

    def ask(self, method, url, **more):
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.session.request(method, url, headers=headers, timeout=5, **more)

    def arm(self, below="", **more):
        return self.ask("GET", f"https://management.azure.com{self.served.scope}{below}", **more)

    def data(self, family, below, method="GET", **more):
        url = f"https://{self.served.host}/{family}{self.served.scope}{below}"
        return self.ask(method, url, **more)

    def history(self, below="", **more):
        return self.data("history/v1.0", f"/runs/{self.served.run_id}{below}", **more)

    def log(self, path="user_logs/std_log.txt"):
        return self.history("/details").json()["logFiles"][path]


@pytest.fixture
def client_of():
    """A signed-in client of a served run."""
    import requests  # noqa: PLC0415

    with requests.Session() as session:
        yield lambda served: Client(session, served).sign_in()
