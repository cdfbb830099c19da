import json
import os
import sys

import pytest

from diagnose.errors import UsageError
from diagnose.settings import Asked, Options, Setting, places, where

GUID = "01234567-89ab-cdef-0123-456789abcdef"
OTHER = "fedcba98-7654-3210-fedc-ba9876543210"
RUN = Asked("brave_fig_1")
FIELDS = ("subscription", "resource_group", "workspace")


@pytest.fixture
def desk(tmp_path, monkeypatch):
    upward = places._upward  # what lies above, in /tmp or the real home, is none of ours
    ours = lambda cwd: [folder for folder in upward(cwd) if folder.is_relative_to(tmp_path)]  # noqa: E731
    monkeypatch.setattr(places, "_upward", ours)
    return Desk(tmp_path)


class Desk:
    """A home, and a folder in it to work in."""

    def __init__(self, root):
        self.home = root / "home"
        self.cwd = self.home / "a" / "b"
        self.cwd.mkdir(parents=True)

    def put(self, path, content):
        """A file below home; JSON unless it is text or bytes."""
        path = self.home / path
        path.parent.mkdir(parents=True, exist_ok=True)
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    def where(self, asked=RUN, environ=None, **options):
        return where(asked, Options(**options), environ or {}, self.cwd, self.home)

    def trouble(self, *args, **kwargs):
        with pytest.raises(UsageError) as caught:
            self.where(*args, **kwargs)
        assert str(caught.value).isprintable()
        return str(caught.value)


def config(workspace, group="rg", subscription=GUID):
    return {"subscription_id": subscription, "resource_group": group, "workspace_name": workspace}


def toml(workspace, group="rg", subscription=GUID):
    return f'subscription = "{subscription}"\nresource-group = "{group}"\nworkspace-name = "{workspace}"\n'


def profile(subscription=GUID, cloud="AzureCloud", **more):
    entry = {"id": subscription, "isDefault": True, "environmentName": cloud, "tenantId": "t", **more}
    return b"\xef\xbb\xbf" + json.dumps({"subscriptions": [entry]}).encode()


def names(found):
    return tuple(getattr(found, field).value for field in FIELDS)


# Each source, in the order of the contract; every one of them says all three, with a workspace of its own.


def say_url(desk):
    return {"asked": Asked("r", GUID, "rg", "w-url", None, "the studio URL")}


def say_options(desk):
    return {"subscription": GUID, "resource_group": "rg", "workspace_name": "w-option"}


def say_ours(desk):
    names = ("DIAGNOSE_SUBSCRIPTION", "DIAGNOSE_RESOURCE_GROUP", "DIAGNOSE_WORKSPACE_NAME")
    return {"environ": dict(zip(names, (GUID, "rg", "w-ours"), strict=True))}


def say_job(desk):
    names = ("AZUREML_ARM_SUBSCRIPTION", "AZUREML_ARM_RESOURCEGROUP", "AZUREML_ARM_WORKSPACE_NAME")
    return {"environ": dict(zip(names, (GUID, "rg", "w-job"), strict=True))}


def say_toml(desk):
    desk.put("a/diagnose.toml", toml("w-toml"))
    return {}


def say_config(desk):
    desk.put(".azureml/config.json", config("w-config"))
    return {}


def say_az_variables(desk):
    desk.put(".azure/azureProfile.json", profile())
    return {"environ": {"AZURE_DEFAULTS_GROUP": "rg", "AZURE_DEFAULTS_WORKSPACE": "w-az-variable"}}


def say_az(desk):
    desk.put(".azure/azureProfile.json", profile())
    desk.put(".azure/config", "[defaults]\ngroup = rg\nworkspace = w-az\n")
    return {}


SAY = {
    say_url: "the studio URL",
    say_options: "--workspace-name",
    say_ours: "DIAGNOSE_WORKSPACE_NAME",
    say_job: "AZUREML_ARM_WORKSPACE_NAME",
    say_toml: "{home}/a/diagnose.toml",
    say_config: "{home}/.azureml/config.json",
    say_az_variables: "AZURE_DEFAULTS_WORKSPACE",
    say_az: "az defaults in ~/.azure/config",
}
SOURCES = list(SAY)
PAIRS = [(first, later) for at, first in enumerate(SOURCES) for later in SOURCES[at + 1 :]]


@pytest.mark.parametrize("say", SOURCES)
def test_each_source_says_the_workspace_and_is_named(say, desk):
    found = desk.where(**say(desk))
    assert found.workspace.source == SAY[say].format(home=desk.home)
    assert names(found)[:2] == (GUID, "rg")
    assert found.mixed == found.passed_over == ()


@pytest.mark.parametrize(("first", "later"), PAIRS)
def test_of_two_sources_the_first_wins(first, later, desk):
    said, also = first(desk), later(desk)
    environ = {**also.get("environ", {}), **said.get("environ", {})}
    found = desk.where(**{**also, **said, "environ": environ})
    assert found.workspace.source == SAY[first].format(home=desk.home)


def test_each_field_is_looked_for_on_its_own(desk):
    desk.put("a/diagnose.toml", 'workspace = "w"')
    found = desk.where(environ={"AZUREML_ARM_RESOURCEGROUP": "g\n"}, subscription=f" {OTHER}")
    assert found.subscription == Setting(OTHER, "--subscription")
    assert found.resource_group == Setting("g", "AZUREML_ARM_RESOURCEGROUP")
    assert found.workspace == Setting("w", f"{desk.home}/a/diagnose.toml")
    assert found.mixed == ()


def test_fields_from_several_files_are_mixed_and_say_so(desk):
    desk.put("diagnose.toml", 'workspace = "w"')
    desk.put("config.json", config("other"))
    assert desk.where().mixed == (f"{desk.home}/config.json", f"{desk.home}/diagnose.toml")


def test_what_is_known_is_not_read_again(desk):
    desk.put("a/b/diagnose.toml", b"\xff")
    desk.put("a/b/config.json", "{")
    desk.put(".azure/config", "x")
    environ = {"AZUREML_CURRENT_CLOUD": "AzureCloud"}
    assert desk.where(environ=environ, **say_options(desk)).passed_over == ()


def test_without_a_run_the_settings_alone_tell(desk):
    say_config(desk)
    assert desk.where(None).workspace.value == "w-config"


# diagnose.toml and pyproject.toml


@pytest.mark.parametrize(
    "text",
    [
        f'subscription-id = "{GUID}"\nresource_group = "rg"\nworkspace_name = "w"',
        f'subscription_id = "{GUID}"\nresource-group = "rg"\nworkspace = "w"\nunknown = 1',
    ],
)
def test_keys_may_be_spelled_in_other_ways(text, desk):
    desk.put("diagnose.toml", text)
    assert names(desk.where()) == (GUID, "rg", "w")


def test_the_nearest_settings_count_and_a_project_without_any_is_passed_by(desk):
    desk.put("a/b/pyproject.toml", "[tool.ruff]")
    desk.put("a/pyproject.toml", f"[tool.diagnose]\n{toml('near')}")
    desk.put("diagnose.toml", toml("far"))
    expected = Setting("near", f"[tool.diagnose] in {desk.home}/a/pyproject.toml")
    assert desk.where().workspace == expected


def test_beside_each_other_diagnose_toml_comes_first(desk):
    desk.put("a/pyproject.toml", f"[tool.diagnose]\n{toml('project')}")
    assert desk.where(**say_toml(desk)).workspace.value == "w-toml"


def test_a_broken_project_file_that_is_none_of_ours_is_nobodys_trouble(desk):
    desk.put("a/pyproject.toml", "[")
    assert desk.where(**say_config(desk)).passed_over == ()


def test_a_broken_settings_file_is_not_replaced_by_a_farther_one(desk):
    near = desk.put("a/b/diagnose.toml", "subscription =\n= 2")
    desk.put("diagnose.toml", toml("far"))
    assert f"; {near} is not TOML (line 1)." in desk.trouble()


# config.json

CONFIG_FILES = [
    f"{inner}{name}" for inner in (".azureml/", "aml_config/", "") for name in ("config", "project")
]


@pytest.mark.parametrize("at", range(5))
def test_a_config_json_far_above_beats_those_that_come_later_in_the_order(at, desk):
    desk.put(f"{CONFIG_FILES[at]}.json", config("above"))
    for name in CONFIG_FILES[at + 1 :]:
        desk.put(f"a/b/{name}.json", config("here"))
    assert desk.where().workspace.value == "above"


@pytest.mark.parametrize("levels", [20, 21])
def test_the_search_goes_up_twenty_folders(levels, desk):
    say_config(desk)
    desk.cwd = desk.home.joinpath(*"x" * levels)
    desk.cwd.mkdir(parents=True)
    if levels == 20:
        assert desk.where().workspace.value == "w-config"
    else:
        assert "Nothing says which subscription, resource group and workspace" in desk.trouble()


LAYOUTS = [
    {"a/b/config.json": config("here"), ".azureml/config.json": config("above")},
    {"a/b/project.json": config("here"), "config.json": config("above")},
    {"a/b/aml_config/project.json": config("here"), "aml_config/config.json": config("above")},
    {"a/config.json": b"\xef\xbb\xbf" + json.dumps(config("bom")).encode()},
    {"config.json": {"Scope": f"/subscriptions/{GUID}/resourceGroups/rg/providers/M/workspaces/scope"}},
    {"config.json": config("name") | {"Scope": f"/s/{GUID}/r/rg/p/M/workspaces/scope/projects/p"}},
    {"config.json": config("name") | {"Scope": ""}},
    {"a/b/config.json/inside": "", "config.json": config("above")},
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_workspace_is_the_one_that_the_client_of_azure_would_take(layout, desk, monkeypatch):
    azure = pytest.importorskip("azure.ai.ml", reason="azure-ai-ml is not installed to compare with")
    for path, content in layout.items():
        desk.put(path, content)
    monkeypatch.chdir(desk.cwd)
    client = azure.MLClient.from_config(object())
    theirs = (client.subscription_id, client.resource_group_name, client.workspace_name)
    assert names(desk.where()) == theirs


def test_the_config_json_of_something_else_is_told_of_only_when_it_matters(desk):
    path = desk.put("a/b/config.json", {"model_type": "bert", "workspace_name": ""})
    lacks = f"{path} has no subscription_id and no resource_group and no workspace_name"
    assert lacks in desk.trouble()
    assert desk.where(**say_az(desk)).passed_over == (lacks,)


# az


def test_az_keeps_its_files_where_its_variable_says(desk):
    desk.put("elsewhere/config", "[defaults]\ngroup = rg\nworkspace = w")
    desk.put("elsewhere/azureProfile.json", profile())
    for folder in (str(desk.home / "elsewhere"), "~/elsewhere", "../../elsewhere"):
        assert desk.where(environ={"AZURE_CONFIG_DIR": folder}).workspace.value == "w"


def test_a_tenant_without_subscriptions_is_no_subscription(desk):
    say_az(desk)
    desk.put(".azure/azureProfile.json", profile(tenantId=GUID))
    assert desk.trouble().startswith("Nothing says which subscription the run brave_fig_1 is in: ")


def test_the_subscription_is_the_default_one(desk):
    say_az(desk)
    entries = [{"id": OTHER, "isDefault": False}, "odd", {"id": GUID, "isDefault": True}]
    desk.put(".azure/azureProfile.json", {"subscriptions": entries})
    assert desk.where().subscription == Setting(GUID, "az login in ~/.azure/azureProfile.json")


# Cloud

US, CHINA = "AzureUSGovernment", "AzureChinaCloud"


def test_the_cloud_is_the_public_one_if_nobody_says_another(desk):
    assert desk.where(**say_options(desk)).cloud == Setting("AzureCloud", "the default")


def test_the_cloud_is_said_by_the_first_that_knows(desk):
    asked = Asked("r", cloud=CHINA, source="the studio URL")
    say = say_options(desk)
    desk.put(".azure/config", "[cloud]\nname = AzureChinaCloud")
    assert desk.where(**say).cloud == Setting(CHINA, "az defaults in ~/.azure/config")
    desk.put(".azure/azureProfile.json", profile(cloud=US))
    assert desk.where(**say).cloud == Setting(US, "az login in ~/.azure/azureProfile.json")
    desk.put("diagnose.toml", 'cloud = "azurecloud"')
    assert desk.where(**say).cloud == Setting("AzureCloud", f"{desk.home}/diagnose.toml")
    environ = {"AZUREML_CURRENT_CLOUD": US}
    assert desk.where(None, environ, **say).cloud == Setting(US, "AZUREML_CURRENT_CLOUD")
    assert desk.where(asked, environ, **say).cloud == Setting(CHINA, "the studio URL")


def test_a_subscription_that_az_knows_tells_its_own_cloud(desk):
    entries = [
        {"id": OTHER, "isDefault": True, "environmentName": US},
        {"id": GUID.upper(), "environmentName": CHINA},
    ]
    desk.put(".azure/azureProfile.json", {"subscriptions": entries})
    assert desk.where(**say_options(desk)).cloud.value == CHINA


def test_an_unknown_cloud_is_refused_with_those_there_are(desk):
    said = desk.trouble(environ={"AZUREML_CURRENT_CLOUD": "AzureMoon"}, **say_options(desk))
    assert said == (
        "The cloud 'AzureMoon' from AZUREML_CURRENT_CLOUD is not one of AzureCloud, AzureUSGovernment, "
        "AzureChinaCloud; correct it there."
    )


# What is missing, wrong or broken


def test_what_is_missing_is_named_with_the_ways_to_give_it(desk):
    assert desk.trouble(resource_group="rg") == (
        "Nothing says which subscription and workspace the run brave_fig_1 is in: type the run's studio URL, "
        "or give --subscription and --workspace-name, or put the workspace's config.json (the studio's Download "
        "config file) into this folder."
    )
    assert "which workspace is meant: set the DIAGNOSE_" in desk.trouble(
        None, subscription=GUID, resource_group="rg"
    )


@pytest.mark.parametrize(
    "value", ["a/b", "..", "a b", "a\u202eb", "a\0", "-a", "a?b", "a%2Fb", "é", "a" * 256]
)
def test_a_workspace_can_never_change_the_path_of_a_url(value, desk):
    assert "from DIAGNOSE_WORKSPACE_NAME is not letters" in desk.trouble(
        environ={**say_ours(desk)["environ"], "DIAGNOSE_WORKSPACE_NAME": value}
    )


@pytest.mark.parametrize("value", ["a/b", ".", "..", "a.", "a" * 91, "a#b", "a\nb", 7, ["rg"], {"a": 1}])
def test_a_resource_group_can_never_change_the_path_of_a_url(value, desk):
    path = desk.put("config.json", config("w", group=value))
    assert f"from {path} is not up to 90 letters" in desk.trouble()


@pytest.mark.parametrize("value", ["Café_(1).x-y", "rg", "データ"])
def test_a_resource_group_may_have_the_letters_of_any_language(value, desk):
    assert desk.where(**say_options(desk) | {"resource_group": value}).resource_group.value == value


@pytest.mark.parametrize("value", ["prod", GUID + "0", "{" + GUID + "}", GUID.replace("-", "")])
def test_a_subscription_is_a_guid(value, desk):
    assert desk.trouble(subscription=value) == (
        f"The subscription {value!r} from --subscription is not a GUID; correct it there."
    )


def test_an_empty_variable_is_not_set_but_an_empty_option_is_a_mistake(desk):
    say_config(desk)
    assert desk.where(environ={"DIAGNOSE_WORKSPACE_NAME": " "}).workspace.value == "w-config"
    assert desk.trouble(workspace_name="").startswith(
        "--workspace-name was given an empty name; give the workspace"
    )


BROKEN = {
    "is not UTF-8": lambda path: path.write_bytes(b'{"\xff": 1}'),
    "is larger than 1 MiB": lambda path: path.write_bytes(b" " * ((1 << 20) + 1)),
    "is a folder": lambda path: path.mkdir(),
    "is not a plain file": lambda path: os.mkfifo(path),  # noqa: PLW0108  (Windows has none to name here)
    "cannot be read (Too many levels of symbolic links)": lambda path: path.symlink_to(path),
}
FILES = ["a/b/diagnose.toml", "a/b/pyproject.toml", ".azure/config", "a/b/config.json"]
# What is no file at all is passed by in the search for a config.json, as the client of Azure does.
CASES = [(name, trouble) for name in FILES for trouble in list(BROKEN)[: 3 if name == FILES[-1] else None]]


@pytest.mark.skipif(sys.platform == "win32", reason="pipes and links are others on Windows")
@pytest.mark.parametrize(("name", "trouble"), CASES)
def test_a_broken_file_is_named_only_when_something_is_missing(name, trouble, desk):
    path = desk.home / name
    path.parent.mkdir(exist_ok=True)
    BROKEN[trouble](path)
    assert f"; {path} {trouble}." in desk.trouble()
    assert desk.where(**say_options(desk)).workspace.value == "w-option"


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ('{"a": 1,\n}', "is not JSON (line 2)"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "is no JSON object"),
        ('{"a": ' + "9" * 5000 + "}", "is not JSON"),
        ('{"Scope": "/subscriptions/x"}', "has no workspace in its Scope"),
        ('{"Scope": ["x"]}', "has no workspace in its Scope"),
    ],
)
def test_a_config_json_that_says_nothing_is_told_of(text, trouble, desk):
    path = desk.put("config.json", text)
    environ = {"DIAGNOSE_SUBSCRIPTION": GUID}
    assert f"; {path} {trouble}." in desk.trouble(environ=environ)


def test_broken_files_of_az_are_told_of(desk):
    desk.put(".azure/config", "no section\n")
    desk.put(".azure/azureProfile.json", "{")
    said = desk.trouble()
    assert f"; {desk.home}/.azure/azureProfile.json is not JSON (line 1); " in said
    assert f"; {desk.home}/.azure/config is not an INI file (line 1)." in said


def test_a_strange_name_of_a_folder_is_spelled_out(desk):
    desk.cwd = desk.cwd / "x\u202ey"
    desk.put("a/b/x\u202ey/config.json", config("w"))
    assert "\\u202ey/config.json'" in desk.where().workspace.source
