import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from diagnose import __version__
from diagnose.cli import diagnose as command_line

PIPELINES = Path(__file__).parents[1] / "pipelines"
AZUREML = PIPELINES / "azureml"
NIGHTLY = AZUREML / "src" / "nightly.sh"
FILES = [path for path in sorted(PIPELINES.rglob("*")) if path.suffix == ".yml"]

HOSTILE = "x\"; touch pwned; echo '$(touch pwned)`touch pwned`' ${IFS} ${{ x }} #"


def loaded(*names):
    return yaml.safe_load(PIPELINES.joinpath(*names).read_text(encoding="utf-8"))


def azure_step():
    return next(step for step in loaded("azure-pipelines.yml")["steps"] if step["task"] == "AzureCLI@2")


def github_step():
    return next(step for step in loaded("github", "action.yml")["runs"]["steps"] if step.get("id") == "scan")


def scripts():
    return {
        "azure-pipelines.yml": azure_step()["inputs"]["inlineScript"],
        "github": github_step()["run"],
        "nightly.sh": NIGHTLY.read_text(encoding="utf-8"),
    }


def words_of_scan():
    """Every command line of a scan in the files, as words."""
    texts = [
        *scripts().values(),
        loaded("azureml", "component.yml")["command"].replace("bash nightly.sh", "diagnose scan"),
    ]
    lines = [
        line
        for text in texts
        for line in text.replace("\\\n", " ").splitlines()
        if 'diagnose" scan' in line or "diagnose scan" in line
    ]
    return [shlex.split(re.sub(r"\$\{\w+:\+(.*?)\}", r"\1", line), comments=True) for line in lines]


def program(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/usr/bin/env bash\n{text}", encoding="utf-8")
    path.chmod(0o755)
    return path


def fake_diagnose(path, code=0):
    """A diagnose that notes its arguments, a line each, and leaves a folder as a scan does."""
    return program(
        path,
        'printf "%s\\n" "$@" >"$NOTES"; env >>"$NOTES.env"\n'
        'folder=$3; mkdir -p "$folder/runs"; ls "$folder/.." >"$NOTES.beside"; ls "$folder/../2026-10-31"* >"$NOTES.copied" 2>&-\n'
        'echo "{}" >"$folder/results.jsonl"; echo "# Summary" >"$folder/summary.md"; echo x >"$folder/runs/a.html"\n'
        f"exit {code}\n",
    )


def run(script, folder, **environment):
    return subprocess.run(
        ["bash", "-c", script],
        cwd=folder,
        env={"PATH": f"{folder / 'bin'}:{os.environ['PATH']}", "NOTES": str(folder / "notes"), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def noted(folder):
    return (folder / "notes").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_file_is_yaml_and_short(path):
    assert isinstance(yaml.safe_load(path.read_text(encoding="utf-8")), dict)
    assert len(path.read_text(encoding="utf-8").splitlines()) < 80


@pytest.mark.parametrize("name", ["azure-pipelines.yml", "github", "nightly.sh"])
def test_every_script_is_sound(name, tmp_path):
    script = program(tmp_path / "script.sh", scripts()[name])
    subprocess.run(["bash", "-n", script], check=True)
    checker = shutil.which("shellcheck", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if checker:
        done = subprocess.run([checker, "-s", "bash", script], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (0, "")


def test_every_option_is_one_of_the_command():
    known = {name for option in command_line.commands["scan"].params for name in option.opts}
    used = [{word for word in words if word.startswith("-")} for words in words_of_scan()]
    assert [options - known for options in used] == [set()] * 4


def test_no_value_is_written_into_a_script():
    """A pipeline pastes values into the text of a script before a shell reads it; so they come by the environment."""
    assert not [name for name in ("azure-pipelines.yml", "github") if "${{" in scripts()[name]]
    assert "$(" not in scripts()["azure-pipelines.yml"]
    for step, values in ((azure_step(), "parameters"), (github_step(), "inputs")):
        assert {name for name, value in step["env"].items() if f"{{{{ {values}." in value}


@pytest.mark.parametrize(("fail_on", "code"), [("any", 10), ("", 0), (HOSTILE, 3)])
def test_azure_pipelines_scans_and_says_where_the_summary_is(fail_on, code, tmp_path):
    fake_diagnose(tmp_path / "bin" / "diagnose", code)
    program(tmp_path / "bin" / "python", 'printf "%s\\n" "$@" >pip\n')
    values = dict.fromkeys(azure_step()["env"], HOSTILE)
    folder = str(tmp_path / "a folder")
    done = run(
        scripts()["azure-pipelines.yml"],
        tmp_path,
        **values | {"SCAN_FOLDER": folder, "SCAN_FAIL_ON": fail_on},
    )
    assert done.returncode == code, done.stderr
    assert done.stdout == f"##vso[task.uploadsummary]{folder}/summary.md\n"
    assert noted(tmp_path) == [
        "scan", "-o", folder, "--subscription", HOSTILE, "-g", HOSTILE, "-w", HOSTILE, "--since", HOSTILE,
        "-f", "markdown", "-f", "junit", *(["--fail-on", fail_on] if fail_on else []),
    ]  # fmt: skip
    assert (tmp_path / "pip").read_text().splitlines()[-1] == HOSTILE
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize(("fail_on", "code"), [("any", 10), ("", 0), (HOSTILE, 3)])
def test_the_github_action_scans_and_adds_the_summary(fail_on, code, tmp_path):
    fake_diagnose(tmp_path / "fake", code)
    python = program(
        tmp_path / "python",
        'mkdir -p "$3/bin"; cp fake "$3/bin/diagnose"; echo >"$3/bin/python"; chmod +x "$3/bin/python"\n',
    )
    values = dict.fromkeys(github_step()["env"], HOSTILE) | {
        "SCAN_PYTHON": str(python),
        "SCAN_FAIL_ON": fail_on,
        "RUNNER_TEMP": str(tmp_path),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary"),
        "GITHUB_ACTION_PATH": str(tmp_path / "action"),
    }
    done = run(scripts()["github"], tmp_path, **values)
    assert done.returncode == code, done.stderr
    folder = (tmp_path / "output").read_text().strip().removeprefix("folder=")
    assert noted(tmp_path) == [
        "scan", "-o", folder, "--subscription", HOSTILE, "-g", HOSTILE, "-w", HOSTILE, "--since", HOSTILE,
        "-f", "markdown", "-f", "junit", *(["--fail-on", fail_on] if fail_on else []),
    ]  # fmt: skip
    assert (tmp_path / "summary").read_text() == "# Summary\n"
    assert not (tmp_path / "pwned").exists()


def test_the_github_action_installs_the_version_that_it_is_part_of():
    assert (PIPELINES / "github" / ".." / ".." / "pyproject.toml").exists()
    assert '"$GITHUB_ACTION_PATH/../.."' in scripts()["github"]


def nightly(tmp_path, **environment):
    scans = tmp_path / "scans"
    return run(f"bash {NIGHTLY} '{scans}' --since 7d -f markdown", tmp_path, **environment)


@pytest.mark.parametrize(("code", "left"), [(0, 0), (4, 0), (3, 3), (130, 130)])
def test_a_night_adds_a_whole_folder_and_fails_only_when_there_was_no_scan(code, left, tmp_path):
    (tmp_path / "scans").mkdir()
    fake_diagnose(tmp_path / "bin" / "diagnose", code)
    done = nightly(tmp_path)
    assert (done.returncode, done.stderr) == (left, "")
    [made] = (tmp_path / "scans").iterdir()
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ", made.name)
    assert sorted(path.name for path in made.iterdir()) == ["results.jsonl", "runs", "summary.md"]
    assert noted(tmp_path)[3:] == ["--since", "7d", "-f", "markdown"]
    assert not noted(tmp_path)[2].startswith(str(tmp_path / "scans"))


def test_a_night_is_compared_with_the_last_thirty_and_changes_none(tmp_path):
    for day in range(1, 33):
        folder = tmp_path / "scans" / f"2026-10-{day:02}T03-30-00Z"
        (folder / "runs").mkdir(parents=True)
        (folder / "results.jsonl").write_text("{}")
        if day % 2:
            (folder / "scan.json").write_text("{}")
    fake_diagnose(tmp_path / "bin" / "diagnose")
    assert nightly(tmp_path).returncode == 0
    beside = (tmp_path / "notes.beside").read_text().split()
    assert (len(beside), beside[0]) == (31, "2026-10-03T03-30-00Z")
    assert (tmp_path / "notes.copied").read_text().split() == ["results.jsonl", "scan.json"]
    assert len(list((tmp_path / "scans").iterdir())) == 33


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ({"DEFAULT_IDENTITY_CLIENT_ID": "default"}, "AZURE_CLIENT_ID=default"),
        ({"DEFAULT_IDENTITY_CLIENT_ID": "default", "AZURE_CLIENT_ID": "mine"}, "AZURE_CLIENT_ID=mine"),
        ({}, None),
    ],
)
def test_a_night_signs_in_as_the_identity_of_the_job(given, used, tmp_path):
    (tmp_path / "scans").mkdir()
    fake_diagnose(tmp_path / "bin" / "diagnose")
    nightly(tmp_path, **given)
    seen = [
        line
        for line in (tmp_path / "notes.env").read_text().splitlines()
        if line.startswith("AZURE_CLIENT_ID")
    ]
    assert seen == ([used] if used else [])


def test_the_environment_names_this_version():
    assert loaded("azureml", "conda.yml")["dependencies"][-1] == {"pip": [f"azureml-diagnose=={__version__}"]}
    assert str(loaded("azureml", "component.yml")["version"]) == __version__


def test_azure_ml_loads_the_environment_the_component_and_the_cluster():
    from azure.ai.ml import load_component, load_compute, load_environment  # noqa: PLC0415  (1.5 s)

    environment = load_environment(AZUREML / "environment.yml")
    assert (environment.name, environment.conda_file["name"]) == ("diagnose", "diagnose")
    component = load_component(AZUREML / "component.yml")
    checked = component._validate()
    assert (checked.passed, checked.error_messages) == (True, {})
    assert (component.name, set(component.inputs), set(component.outputs)) == (
        "diagnose_scan",
        {"since", "silent_for"},
        {"scans"},
    )
    assert Path(component.base_path, component.code, "nightly.sh").resolve() == NIGHTLY
    cluster = load_compute(AZUREML / "compute.yml")
    assert (cluster.identity.type, cluster.min_instances, cluster.max_instances) == ("system_assigned", 0, 1)


def test_azure_ml_loads_the_schedule_with_its_job():
    # Not among the public names of this version.
    from azure.ai.ml.entities._load_functions import load_schedule  # noqa: PLC0415

    schedule = load_schedule(AZUREML / "schedule.yml")
    assert (schedule.trigger.expression, schedule.trigger.time_zone) == ("30 3 * * *", "UTC")
    job = schedule.create_job
    checked = job._validate()
    assert (checked.passed, checked.error_messages) == (True, {})
    sent = json.loads(json.dumps(job._to_rest_object().as_dict()))["properties"]
    assert sent["jobs"]["scan"]["identity"] == {"identity_type": "Managed"}
    assert sent["outputs"]["scans"] == {
        "jobOutputType": "uri_folder",
        "mode": "ReadWriteMount",
        "uri": "azureml://datastores/workspaceblobstore/paths/diagnose/scans",
    }
