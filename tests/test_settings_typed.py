from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnose.errors import UsageError
from diagnose.settings import Asked, asked

GUID = "01234567-89ab-cdef-0123-456789abcdef"
ID = "brave_fig_1"
SHORT = f"/subscriptions/{GUID}/resourcegroups/rg/workspaces/ws"
LONG = f"/subscriptions/{GUID}/resourceGroups/rg/providers/Microsoft.MachineLearningServices/workspaces/ws"
STUDIO, ARM, AZUREML = "the studio URL", "the ARM resource id", "the azureml:// address"
PUBLIC = "AzureCloud"

IDS = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,254}", fullmatch=True)
NAMES = st.from_regex(r"[A-Za-z0-9][A-Za-z0-9_-]{1,32}", fullmatch=True)


def refused(text):
    with pytest.raises(UsageError) as caught:
        asked(text)
    said = str(caught.value)
    assert said.isprintable()
    assert len(said) < 600
    assert "copy the address" in said or "correct it there" in said
    return said


@pytest.mark.parametrize(
    "url",
    [
        f"https://ml.azure.com/runs/{ID}?wsid={SHORT}&tid={GUID}",
        f"https://ml.azure.com/runs/{ID}?tid={GUID}&wsid={LONG}",
        f"https://ml.azure.com/runs/{ID}?wsid={quote(LONG, safe='')}&flight=x%zz",
        f"https://ml.azure.com/runs/{ID}/outputs?wsid={SHORT.upper().replace('RG', 'rg').replace('WS', 'ws')}",
        f"https://ml.azure.com/experiments/hello%20world/runs/{ID}?wsid={SHORT}",
        f"https://ml.azure.com/experiments/runs/runs/{ID}/?wsid={SHORT}#tab",
        f"https://ml.azure.com/experiments/id/{GUID}/runs/{ID}?wsid={SHORT}",
        f"https://ml.azure.com/jobs/{ID}?wsid={SHORT}",
        f"https://ml.azure.com/experiments/jobs/Runs/{ID}?wsid={SHORT}",
        f"https://ml.azure.com/pipelines/runs/{ID}?wsid={SHORT}",
        f"  <HTTPS://ML.Azure.com/runs/{ID}?WSID={SHORT}>\n",
        f"ml.azure.com/runs/{ID}?wsid={SHORT}&from=https://x",
    ],
)
def test_a_studio_url_tells_the_run_and_its_workspace(url):
    found = asked(url)
    assert found.subscription.lower() == GUID
    assert found == Asked(ID, found.subscription, "rg", "ws", PUBLIC, STUDIO)


@pytest.mark.parametrize(
    ("host", "cloud"),
    [
        ("ml.azure.com", PUBLIC),
        ("ai.azure.com", PUBLIC),
        ("ml.azure.us", "AzureUSGovernment"),
        ("ml.azure.cn", "AzureChinaCloud"),
        ("studio.ml.azure.cn:443", "AzureChinaCloud"),
    ],
)
def test_the_host_of_the_studio_tells_the_cloud(host, cloud):
    assert asked(f"https://{host}/runs/{ID}") == Asked(ID, cloud=cloud, source=STUDIO)


@pytest.mark.parametrize(
    "text", [f"{LONG}/jobs/{ID}", f"{LONG}/JOBS/{ID}/".lstrip("/"), f"{SHORT}/runs/{ID}?api=1"]
)
def test_an_arm_id_tells_the_run_and_its_workspace(text):
    assert asked(text) == Asked(ID, GUID, "rg", "ws", None, ARM)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"azureml://jobs/{ID}/outputs/model/paths/x", Asked(ID, source=AZUREML)),
        (f"azureml:/{SHORT}/jobs/{ID}", Asked(ID, GUID, "rg", "ws", None, AZUREML)),
        (
            f"azureml://usgov.api.ml.azure.us/mlflow/v1.0{LONG}/runs/{ID}",
            Asked(ID, GUID, "rg", "ws", "AzureUSGovernment", AZUREML),
        ),
    ],
)
def test_an_azureml_address_tells_what_it_knows(text, found):
    assert asked(text) == found


@pytest.mark.parametrize(
    "hid", ["a/b", "..", "%2e%2e", "a%2Fb", "a%00", "a%0Ab", "a%E2%80%AEb", "-x", "a" * 256]
)
def test_an_id_that_is_none_is_refused_wherever_it_stands(hid):
    for text in (hid, f"https://ml.azure.com/jobs/x/runs/{hid.replace('a/b', '_')}?wsid={SHORT}"):
        refused(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "An empty name is no run; "),
        (" \n", "An empty name is no run; "),
        ("a\x1b]0;x", "'a\\x1b]0;x' holds unprintable characters; "),
        ("https://ml.azure.com/runs/a\nb", "holds unprintable"),
        ("x" * 9000, "is too long for a run; "),
        ("hello world", "'hello world' is no run id, studio URL or ARM resource id; "),
        ("runs:/x", "is no run id"),
        (f"https://ml.azure.com@evil.example/runs/{ID}", "is no address of Azure ML studio; "),
        (f"https://evil-ml.azure.com.example/runs/{ID}", "is no address of Azure ML studio; "),
        (f"https://notml.azure.com/runs/{ID}", "is no address of Azure ML studio; "),
        (f"ftp://ml.azure.com/runs/{ID}", "is no address of Azure ML studio; "),
        ("https://[::1/runs/a", "is no address; "),
        (f"https://ml.azure.com/experiments/id/{GUID}?wsid={SHORT}", "names no run"),
        ("https://ml.azure.com/runs?wsid=", "names no run"),
        (LONG, "names no run"),
        ("azureml://", "names no run"),
        ("azureml://datastores/d/paths/x", "names no run"),
        (f"https://ml.azure.com/runs/{ID}?wsid=ws", "does not say which Azure ML workspace"),
        (
            f"{LONG.replace('MachineLearning', 'Cognitive')}/jobs/{ID}",
            "does not say which Azure ML workspace",
        ),
        (
            f"/subscriptions/prod/resourceGroups/rg/workspaces/w/jobs/{ID}",
            "The subscription 'prod' from the ARM",
        ),
        (f"https://ml.azure.com/runs/{ID}?wsid={SHORT}%3F", "The workspace 'ws?' from the studio URL"),
        (f"https://ml.azure.com/runs/{ID}?wsid=" + SHORT.replace("rg", ".."), "The resource group '..'"),
        (f"{LONG.replace('/rg/', '/a%2Fb/')}/jobs/{ID}", "The resource group 'a/b'"),
    ],
)
def test_what_names_no_run_is_refused_with_what_is_wrong(text, says):
    assert says in refused(text)


@given(run_id=IDS, group=NAMES, workspace=NAMES, experiment=st.text(max_size=20))
def test_what_goes_into_an_address_comes_back(run_id, group, workspace, experiment):
    place = f"/subscriptions/{GUID}/resourceGroups/{group}/workspaces/{workspace}"
    ids = (run_id, GUID, group, workspace)
    assert asked(run_id) == Asked(run_id)
    assert asked(f"{place}/jobs/{run_id}") == Asked(*ids, None, ARM)
    for path in (f"runs/{run_id}", f"experiments/{quote(experiment, safe='')}/runs/{run_id}"):
        url = f"https://ml.azure.com/{path}?wsid={quote(place, safe='')}"
        assert asked(url) == Asked(*ids, PUBLIC, STUDIO)


PIECES = st.sampled_from(
    [
        "https://",
        "ml.azure.com",
        "/",
        "runs",
        "jobs",
        "?wsid=",
        SHORT,
        LONG,
        "azureml://",
        "%2F",
        "%",
        "[",
        "@",
        ID,
        "#",
    ]
)


@given(st.lists(PIECES | st.text(max_size=5), max_size=12).map("".join) | st.text())
def test_whatever_is_typed_is_a_run_or_a_usage_error(text):
    try:
        found = asked(text)
    except UsageError as error:
        said = str(error)
    else:
        said = f"{found.run_id}{found.subscription}{found.resource_group}{found.workspace}"
        assert asked(found.run_id) == Asked(found.run_id)
        assert "/" not in said
    assert said.isprintable()
