from xml.etree import ElementTree as ET

import pytest
from junitparser import JUnitXml

from diagnose.report import junit


def cases(said):
    return [case for suite in JUnitXml.fromstring(said.encode()) for case in suite]


def test_a_stuck_run_is_a_failed_test(record):
    [case] = cases(junit.render([record]))
    [failure] = case.result
    assert (case.name, case.classname, case.time) == ("brave_pear_7xq2", "churn", 21716.0)
    assert failure.type == "lingering-child-process"
    assert failure.message == f"Stuck: {record['headline']}"
    assert "user_logs/std_log.txt, line 812" in failure.text


@pytest.mark.parametrize("cause", ["none", "still-working"])
def test_a_run_with_nothing_wrong_passes(record, cause):
    [case] = cases(junit.render([record | {"cause": cause}]))
    assert case.result == []


def test_an_inconclusive_run_does_not_pass_for_a_healthy_one(record):
    [case] = cases(junit.render([record | {"cause": "inconclusive"}]))
    assert len(case.result) == 1


def test_runs_and_failures_are_counted(record):
    suites = JUnitXml.fromstring(junit.render([record, record | {"cause": "none"}]).encode())
    assert (suites.tests, suites.failures, suites.errors) == (2, 1, 0)


def test_no_run_at_all_is_an_empty_suite():
    assert cases(junit.render([])) == []


def test_whatever_the_record_holds_it_is_valid_xml(hostile, senseless, nothing):
    root = ET.fromstring(junit.render([hostile, senseless, nothing, {}]).encode())
    assert len(root.findall(".//testcase")) == 4
    assert {each.tag for each in root.iter()} <= {"testsuites", "testsuite", "testcase", "failure"}


def test_no_pipeline_finds_a_command(hostile):
    assert "##vso[" not in junit.render([hostile])
