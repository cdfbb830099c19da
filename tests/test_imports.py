import subprocess
import sys

import pytest

from diagnose import samples

HEAVY = {"azure", "pandas", "numpy", "pyarrow", "msal", "requests", "urllib3"}
LIST_THEM = "print(); print(*sorted({name.split('.')[0] for name in sys.modules}))"


def imported(*typed, cwd):
    """The packages that are loaded when the command is done."""
    program = (
        "import sys, contextlib\nfrom diagnose.cli import main\n"
        f"with contextlib.suppress(SystemExit): main({list(typed)!r})\n{LIST_THEM}"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, cwd=cwd)
    return set(done.stdout.decode().splitlines()[-1].split())


@pytest.mark.parametrize(
    "how", [["--help"], ["run", "--help"], ["attach", "--help"], ["demo", "--help"], ["--version"]]
)
def test_help_loads_nothing_but_the_command_line(how, tmp_path):
    assert (
        imported(*how, cwd=tmp_path) & (HEAVY | {"jinja2", "hyperscan", "markupsafe", "logging", "json"})
        == set()
    )


@pytest.mark.parametrize("how", [[], ["-f", "json"]])
def test_a_verdict_from_a_bundle_loads_neither_azure_nor_pandas(how, tmp_path):
    assert imported(str(samples.path_of(None)), *how, cwd=tmp_path) & HEAVY == set()


def test_only_the_html_report_pays_for_the_template_engine(tmp_path):
    assert "jinja2" not in imported(str(samples.path_of(None)), "-f", "json", cwd=tmp_path)


def test_a_ticket_that_is_a_folder_loads_no_client_of_any_service(tmp_path):
    assert (
        imported("attach", "file:out", str(samples.path_of(None)), cwd=tmp_path)
        & (HEAVY | {"apprise", "smtplib"})
        == set()
    )
