"""The README's words hold: its commands, its exit codes, its names."""

import re
import tomllib
from pathlib import Path

from diagnose.rule import Cause

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


def test_the_two_commands_stand_alone_on_their_lines():
    lines = [line for line in README.splitlines() if line.startswith("python3 -m venv")]
    assert len(lines) == 2
    assert lines[0].endswith("diagnose demo")
    assert lines[1].endswith("pytest")


def test_every_cause_is_explained():
    assert all(cause.value in README for cause in Cause)


def test_every_path_that_is_linked_exists():
    linked = re.findall(r"\]\((?!https?:)([^)#]+)\)", README)
    assert linked
    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_every_dependency_says_why_it_is_there():
    text = (ROOT / "pyproject.toml").read_text()
    project = tomllib.loads(text)["project"]
    wanted = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    lines = text.splitlines()
    for name in wanted:
        line = next(line for line in lines if f'"{name}"' in line)
        assert "#" in line.split('"')[-1], name


def test_the_lock_file_names_no_host_and_holds_a_hash_for_every_package():
    lock = (ROOT / "requirements.lock").read_text()
    assert "://" not in lock
    packages = re.findall(r"^[a-z0-9._-]+==", lock, flags=re.MULTILINE)
    blocks = re.split(r"^(?=[a-z0-9._-]+==)", lock, flags=re.MULTILINE)[1:]
    assert len(packages) > 10
    assert all("--hash=sha256:" in block for block in blocks)
