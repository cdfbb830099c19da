import threading
import time
from types import SimpleNamespace

import pytest
from answering import ARM, CLOUD, Answer, Signed, service_of
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError
from azure.identity import CredentialUnavailableError

from diagnose.collect.azureml import sign_in
from diagnose.collect.azureml.gaps import CollectError
from diagnose.collect.azureml.sign_in import SignInError, Tokens, default_credential
from diagnose.collect.azureml.threads import each
from diagnose.collect.azureml.wire import TimeOuts

ONE, OTHER = "https://management.azure.com/.default", "https://storage.azure.com/.default"
JWT = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9.eyJhdWQiOiJodHRwczovL20ifQ.c2lnbmF0dXJl"


@pytest.fixture(autouse=True)
def at_once(monkeypatch):
    """No pause between two attempts."""
    monkeypatch.setattr(sign_in, "_PAUSE_S", 0.0)


class Slow(Signed):
    """A credential that starts a process."""

    def get_token_info(self, *scopes, options=None):
        time.sleep(0.02)
        return super().get_token_info(*scopes, options=options)


def test_one_token_serves_every_thread():
    credential = Slow()
    tokens = Tokens(credential)
    together = threading.Barrier(8, timeout=5)

    def ask(_):
        together.wait()
        return tokens.get_token_info(ONE).token

    assert each(ask, range(8), 8) == ["token-1"] * 8
    assert tokens.fetched == len(credential.asked) == 1


def test_each_scope_has_a_token_of_its_own():
    tokens = Tokens(Signed())
    given = [tokens.get_token_info(scope).token for scope in (ONE, OTHER, ONE, OTHER)]
    assert given == ["token-1", "token-2", "token-1", "token-2"]


def test_one_scope_is_not_held_up_by_another():
    held = threading.Event()

    class Waits(Signed):
        def get_token_info(self, *scopes, options=None):
            assert scopes == (ONE,) or held.set() is None
            assert held.wait(5)
            return super().get_token_info(*scopes, options=options)

    tokens = Tokens(Waits())
    given = each(lambda scope: tokens.get_token_info(scope).token, [ONE, OTHER], 2)
    assert sorted(given) == ["token-1", "token-2"]


@pytest.mark.parametrize("life_s", [-10, 0, 60])
def test_a_token_that_ends_soon_is_fetched_anew(life_s):
    tokens = Tokens(Signed(life_s))
    assert [tokens.get_token_info(ONE).token for _ in range(2)] == ["token-1", "token-2"]


def test_a_challenge_is_met_by_a_new_token_and_that_one_is_kept():
    credential = Signed()
    tokens = Tokens(credential)
    tokens.get_token_info(ONE)
    assert tokens.get_token_info(ONE, options={"claims": "more"}).token == "token-2"
    assert tokens.get_token_info(ONE).token == "token-2"
    assert credential.asked == [(ONE, None), (ONE, "more")]


def test_a_token_that_was_forgotten_is_fetched_anew():
    tokens = Tokens(Signed())
    tokens.get_token_info(ONE)
    tokens.forget()
    assert tokens.get_token_info(ONE).token == "token-2"


def test_older_clients_share_the_token():
    credential = Signed()
    tokens = Tokens(credential)
    token = tokens.get_token(ONE)
    assert isinstance(token, AccessToken)
    assert (token.token, tokens.get_token_info(ONE).token) == ("token-1", "token-1")
    tokens.get_token(ONE, claims="more", tenant_id="ignored")
    assert credential.asked[-1] == (ONE, "more")


def test_a_credential_of_the_older_protocol_will_do():
    old = SimpleNamespace(get_token=lambda *scopes, **_: AccessToken(f"for {scopes[0]}", 4102444800))
    assert Tokens(old).get_token_info(ONE).token == f"for {ONE}"


def test_a_claims_challenge_of_a_service_is_met(world):
    challenge = 'Bearer authorization_uri="https://login", error="insufficient_claims", claims="eyJhIjogMX0="'
    world.says("/space", Answer(401, b"{}", {"WWW-Authenticate": challenge}), {"fine": True})
    credential = Signed()
    assert service_of(credential).arm("the workspace") == {"fine": True}
    assert len(credential.asked) == 2
    assert [request.headers["Authorization"] for request in world.requests] == [
        "Bearer token-1",
        "Bearer token-2",
    ]


def test_a_token_goes_to_who_was_asked_and_is_kept_from_the_log(world, caplog):
    caplog.set_level("DEBUG")
    world.says("/space", {"fine": True})
    service_of().arm("the workspace")
    assert world.asked[0][1] == ARM
    assert "token-1" not in caplog.text


# --- nobody is signed in -----------------------------------------------------------------------------------------

CHAIN = """DefaultAzureCredential failed to retrieve a token from the included credentials.
Attempted credentials:
\tEnvironmentCredential: EnvironmentCredential authentication unavailable. Environment variables are not set.
\tManagedIdentityCredential: ManagedIdentityCredential authentication unavailable, no response from IMDS.
\t{}
To mitigate this issue, please refer to the troubleshooting guidelines here"""
EXPIRED = f"Authentication failed: AADSTS70043: The refresh token has expired. Trace ID: 1\n{JWT}"
FAILURES = [
    CredentialUnavailableError(CHAIN.format("AzureCliCredential: Azure CLI not found on path")),
    ClientAuthenticationError(CHAIN.format("AzureCliCredential: Please run 'az login'")),
    ClientAuthenticationError(EXPIRED),
    ClientAuthenticationError(f"Unexpected content 'access_token={JWT}'"),
    ClientAuthenticationError(CHAIN.format(f"AzureCliCredential: Unexpected output {{'token': '{JWT}'}}")),
    ValueError(f"Incorrect padding in {JWT}"),
    ValueError(""),
]


def sentence(failure):
    with pytest.raises(SignInError) as caught:
        Tokens(Signed(fails=failure)).get_token_info(ONE)
    return str(caught.value)


@pytest.mark.parametrize("failure", FAILURES, ids=range(len(FAILURES)))
def test_every_failure_is_one_sentence_that_says_what_to_do(failure):
    told = sentence(failure)
    assert "az login" in told
    assert "\n" not in told
    assert len(told) < 600


@pytest.mark.parametrize("failure", FAILURES, ids=range(len(FAILURES)))
def test_no_sentence_holds_a_token(failure):
    assert "eyJ" not in sentence(failure)
    assert JWT[-20:] not in sentence(failure)


def test_who_is_refused_is_told_the_code_of_it():
    assert sentence(ClientAuthenticationError(EXPIRED)).startswith(
        "Signing in to Azure was refused (AADSTS70043: The refresh token has expired);"
    )


def test_who_is_not_signed_in_is_told_so():
    assert sentence(FAILURES[0]).startswith("Nobody is signed in to Azure;")


def test_who_has_to_sign_in_first_is_told_so():
    assert sentence(FAILURES[1]).startswith("Nobody is signed in to Azure; try az login")


def test_a_network_that_is_away_is_no_missing_sign_in():
    text = CHAIN.format("ClientSecretCredential: Failed to resolve 'login.microsoftonline.com'")
    told = sentence(ClientAuthenticationError(text))
    assert told == (
        "Azure's sign-in service could not be reached (ClientSecretCredential); check the network and HTTPS_PROXY."
    )


def test_a_setting_that_makes_no_sense_is_told(monkeypatch):
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "NoSuchCredential")
    with pytest.raises(SignInError, match=r"(?i)NoSuchCredential"):
        default_credential(CLOUD, TimeOuts())


def test_no_sign_in_is_for_the_user_to_mend():
    assert issubclass(SignInError, CollectError)


@pytest.mark.parametrize("text", ["Connection aborted.", "Invalid JSON", "status 503", "Read timed out."])
def test_trouble_on_the_way_to_the_sign_in_is_tried_again(text):
    credential = Signed(fails=ClientAuthenticationError(text))
    with pytest.raises(SignInError):
        Tokens(credential).get_token_info(ONE)
    assert len(credential.asked) == 3


@pytest.mark.parametrize("failure", FAILURES[:3], ids=range(3))
def test_a_refusal_is_not_tried_again(failure):
    credential = Signed(fails=failure)
    with pytest.raises(SignInError):
        Tokens(credential).get_token_info(ONE)
    assert len(credential.asked) == 1


def test_a_failure_is_not_kept():
    credential = Signed(fails=ValueError("not yet"))
    tokens = Tokens(credential)
    with pytest.raises(SignInError):
        tokens.get_token_info(ONE)
    credential.fails = None
    assert tokens.get_token_info(ONE).token == "token-2"
