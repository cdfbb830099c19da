import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel of this checkout, built without network and unpacked: what an installation has."""
    pytest.importorskip("hatchling")
    built = tmp_path_factory.mktemp("built")
    program = f"from hatchling.build import build_wheel; print(build_wheel({str(built)!r}))"
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, check=True, text=True
    )
    unpacked = tmp_path_factory.mktemp("unpacked")
    with zipfile.ZipFile(built / done.stdout.splitlines()[-1]) as archive:
        archive.extractall(unpacked)
    return unpacked


def demo(package: Path, folder: Path) -> tuple[str, str]:
    """Where the package, its templates and its samples were found, and the report of the demo."""
    program = (
        "import diagnose, sys; from diagnose.report.html import templates; from diagnose import samples\n"
        "print(diagnose.__file__, templates(), samples.folder(), sep='\\n', file=sys.stderr)\n"
        "from diagnose.cli import main; main(['demo', '-o', 'report.html'])"
    )
    environment = os.environ | {"PYTHONPATH": str(package), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
        text=True,
    )
    return done.stderr, (folder / "report.html").read_text(encoding="utf-8")


def test_the_wheel_renders_a_report_with_what_lies_inside_it(wheel, tmp_path):
    found, report = demo(wheel, tmp_path)
    assert found.split() == [
        str(wheel / "diagnose" / name) for name in ("__init__.py", "templates", "sample_runs")
    ]
    assert "Lingering child process" in report


def test_a_checkout_renders_the_same_report_with_what_lies_beside_it(wheel, tmp_path):
    found, report = demo(ROOT, tmp_path)
    assert found.split()[1:] == [str(ROOT / "templates"), str(ROOT / "sample_runs")]
    assert len(report) == len(demo(wheel, tmp_path)[1])


def test_the_wheel_holds_no_tests_and_no_litter(wheel):
    tops = {path.name.partition("-")[0] for path in wheel.iterdir()}
    assert tops == {"diagnose", "azureml_diagnose"}
    names = [path.name for path in wheel.rglob("*")]
    assert not [
        name for name in names if name in {"tests", "__pycache__", ".DS_Store"} or name.endswith(".pyc")
    ]
    assert "py.typed" in names


def test_the_wheel_installs_the_command(wheel):
    [entry] = wheel.glob("*.dist-info/entry_points.txt")
    assert "diagnose = diagnose.cli:main" in entry.read_text(encoding="utf-8")
