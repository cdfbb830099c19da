"""Two whole log sets of real runs come out right. They lie beside the repository and are skipped where they are not."""

from pathlib import Path

import pytest
from samples import AT

from diagnose import diagnose_path

LOGS = Path(__file__).parents[2] / "shared" / "azure" / "logs"
HEALTHY = LOGS / "v2_2023-08_command_completed_computeinstance"
FAILED = LOGS / "v2_2026-02_pipelinestep_failed_exit1"

pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason="the real log sets are not beside this checkout")


def test_a_healthy_run_without_a_status_is_not_accused_and_not_declared_well():
    record = diagnose_path(HEALTHY, AT)
    assert (record["outcome"], record["cause"], record["certainty"]) == ("unknown", "inconclusive", "none")
    assert record["hypotheses"][0]["cause"] == "none"
    assert record["rules"]["broke"] == []


def test_a_run_that_failed_after_its_outputs_failed_in_the_open():
    record = diagnose_path(FAILED, AT)
    assert (record["outcome"], record["cause"], record["certainty"]) == (
        "failed",
        "loud-failure",
        "established",
    )
    assert "MlflowException" in record["headline"]
    assert record["run"]["id"] == "ebeb8029-b651-4f17-bb10-adb4e9042a86"


def test_the_quoted_line_is_the_line_of_the_file():
    record = diagnose_path(FAILED, AT)
    for piece in record["evidence"]:
        source = piece["source"]
        if source and source["line"] and (FAILED / source["path"]).exists():
            lines = (FAILED / source["path"]).read_bytes().decode(errors="replace").split("\n")
            assert source["text"].strip("… ")[:60] in lines[source["line"] - 1]
