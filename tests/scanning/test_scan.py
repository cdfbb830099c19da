"""The scan itself, over folders of bundles and with workers that fail in every way."""

import json
import shutil
from collections import Counter
from concurrent.futures import Executor, Future
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from samples import FOLDER, record_of

from diagnose.errors import UsageError
from diagnose.redact.gate import SecretFoundError
from diagnose.report import record
from diagnose.report.fleet.scans import read_scans
from diagnose.roster import row_of
from diagnose.scanning import api, worker
from diagnose.scanning import scan as scanning
from diagnose.scanning.asked import ScanAsked
from diagnose.scanning.errand import Fate, Outcome
from diagnose.scanning.journal import Journal
from diagnose.scanning.plan import Plan
from diagnose.scanning.scan import Scan

SAMPLES = (
    "executor_task_blocks_exit",
    "executor_task_blocks_exit__mended",
    "monitor_thread_outlives_training",
)


@pytest.fixture
def bundles(tmp_path):
    """A folder of evidence: three runs, one as an archive, and something that is none."""
    folder = tmp_path / "evidence"
    folder.mkdir()
    for name in SAMPLES[:2]:
        shutil.copytree(FOLDER / name, folder / name)
    shutil.make_archive(str(folder / SAMPLES[2]), "zip", FOLDER / SAMPLES[2])
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    (folder / "notes.txt").write_text("not evidence")
    return folder


def scanned(plan, sleep=None):
    with Journal(plan.folder, fresh=plan.fresh) as journal:
        return Scan(plan, journal, sleep or pytest.fail).run()


def rows_in(folder):
    return [row_of(json.loads(line)) for line in (folder / "results.jsonl").read_text().splitlines()]


def test_every_bundle_of_a_folder_is_diagnosed_as_it_is_alone(bundles, tmp_path):
    scanned(Plan(tmp_path / "scan", bundles=bundles))
    made = {row.run_id: (row.outcome, row.cause, row.certainty) for row in rows_in(tmp_path / "scan")}
    alone = {name: record_of(name) for name in SAMPLES}
    named = {SAMPLES[2]: f"{SAMPLES[2]}.zip"}
    assert made == {named.get(n, n): (r["outcome"], r["cause"], r["certainty"]) for n, r in alone.items()}


def test_evidence_that_cannot_be_read_is_a_row_with_its_reason_and_stops_nothing(bundles, tmp_path):
    done = scanned(Plan(tmp_path / "scan", bundles=bundles))
    [row] = [json.loads(line) for line in (tmp_path / "scan/unread.jsonl").read_text().splitlines()]
    assert (row["run_id"], len(done.keys), done.unread) == ("broken.zip", 3, {("", "broken.zip")})
    assert "broken.zip" in row["why"]


def test_nothing_is_done_twice_unless_it_changed(bundles, tmp_path):
    plan = Plan(tmp_path / "scan", bundles=bundles)
    scanned(plan)
    again = scanned(plan)
    assert (len(rows_in(plan.folder)), len(again.keys)) == (3, 3)
    (bundles / SAMPLES[0] / "bundle.json").touch()
    scanned(plan)
    assert Counter(row.run_id for row in rows_in(plan.folder))[SAMPLES[0]] == 2


def test_a_limit_is_kept(bundles, tmp_path):
    assert len(scanned(Plan(tmp_path / "scan", ScanAsked(limit=2), bundles=bundles)).facts["workspaces"]) == 1
    assert (
        len(rows_in(tmp_path / "scan")) + len((tmp_path / "scan/unread.jsonl").read_text().splitlines()) == 2
    )


def test_the_facts_say_that_a_scan_has_ended(bundles, tmp_path):
    plan = Plan(tmp_path / "scan", bundles=bundles)
    scanned(plan)
    facts = json.loads((plan.folder / "scan.json").read_text())
    [place] = facts["workspaces"]
    assert facts["ended_at"]
    assert (place["way"], place["candidates"], place["diagnosed"], place["unread"]) == ("bundles", 4, 3, 1)


def test_a_folder_that_is_a_bundle_itself_is_not_taken_for_a_folder_of_them():
    with pytest.raises(UsageError, match="is one bundle"):
        api.scan(bundles=FOLDER / SAMPLES[0])


def test_a_scan_from_python_gives_the_rows_of_this_time(bundles, tmp_path):
    found = api.scan(bundles=bundles, output=tmp_path / "scan")
    assert {row.run_id for row in found} == {*SAMPLES[:2], f"{SAMPLES[2]}.zip"}
    shutil.rmtree(bundles / SAMPLES[0])
    assert len(api.scan(bundles=bundles, output=tmp_path / "scan")) == 2


def test_a_later_scan_knows_the_runs_of_an_earlier_one_by_the_names_that_it_gave_them(bundles, tmp_path):
    found = api.scan(bundles=bundles, output=tmp_path / "scans" / "a")
    (tmp_path / "scans/a/history.json").unlink()  # read from its records, and not from what it saved
    [earlier] = read_scans(tmp_path / "scans", but=tmp_path / "scans" / "b")
    assert set(earlier.troubled) == {row.key for row in found if row.is_trouble}


# --- workers that fail -------------------------------------------------------------------------------------------


class AtOnce(Executor):
    """Does each errand when it is handed over."""

    def submit(self, work, *given):
        future = Future()
        try:
            future.set_result(work(*given))
        except Exception as error:  # noqa: BLE001
            future.set_exception(error)
        return future


@pytest.fixture
def fleet(tmp_path, monkeypatch):
    """Twenty bundles, and a worker that does as the test says; `asked` counts how often each was tried."""
    folder = tmp_path / "evidence"
    for number in range(20):
        (folder / f"run-{number:02}").mkdir(parents=True)
    made = record_of(SAMPLES[0])
    asked = Counter()

    def does(answer):
        def work(errand):
            asked[errand.run_id] += 1
            return answer(errand) or done(errand)

        def done(errand):
            scan = {"workspace_id": "", "name": errand.run_id, "mark": errand.mark, "report": errand.report}
            return Outcome(
                Fate.DIAGNOSED, line=record.render(made | {"scan": scan}), html="x", is_trouble=True
            )

        monkeypatch.setattr(worker, "run_errand", work)
        monkeypatch.setattr("diagnose.scanning.crew.Threads", AtOnce)
        return Plan(tmp_path / "scan", bundles=folder, workers=4, pauses=(1.0, 2.0))

    does.asked = asked
    return does


AWAY = Outcome(Fate.AWAY, "run history did not answer")


def test_one_run_that_is_never_answered_for_is_tried_three_times_and_the_rest_are_done(fleet):
    plan = fleet(lambda errand: AWAY if errand.run_id == "run-07" else None)
    done = scanned(plan)
    assert (len(done.keys), done.unread, done.stopped) == (19, {("", "run-07")}, None)
    assert fleet.asked["run-07"] == scanning.ATTEMPTS


def test_a_service_that_goes_away_is_waited_for_and_nothing_is_lost(fleet):
    slept, is_away = [], [False]
    plan = fleet(lambda errand: AWAY if is_away[0] else None)

    def answer(errand):
        is_away[0] = sum(fleet.asked.values()) > 5 and not slept
        return AWAY if is_away[0] else None

    plan = fleet(answer)
    done = scanned(plan, slept.append)
    assert (slept, len(done.keys), done.unread, done.stopped) == ([1.0], 20, set(), None)


def test_a_service_that_does_not_come_back_ends_the_scan_with_what_there_is(fleet):
    slept = []
    plan = fleet(lambda errand: AWAY if errand.run_id > "run-09" else None)
    done = scanned(plan, slept.append)
    assert slept == [1.0, 2.0]
    assert len(done.keys) == 10
    assert "did not come back" in done.stopped
    assert json.loads((plan.folder / "scan.json").read_text())["ended_at"] is None


def test_a_scan_that_was_stopped_goes_on_where_it_was(fleet):
    slept = []
    plan = fleet(lambda errand: AWAY if errand.run_id > "run-09" else None)
    scanned(plan, slept.append)
    fleet.asked.clear()
    done = scanned(fleet(lambda errand: None))
    assert (len(done.keys), done.stopped) == (20, None)
    assert set(fleet.asked) == {f"run-{number}" for number in range(10, 20)}


def test_a_worker_that_is_lost_takes_one_run_with_it(fleet):
    def dies(errand):
        if errand.run_id == "run-03":
            raise MemoryError

    done = scanned(fleet(dies))
    assert (len(done.keys), done.unread) == (19, {("", "run-03")})


def test_an_interruption_keeps_what_there_is(fleet):
    def stops(errand):
        if errand.run_id == "run-11":
            raise KeyboardInterrupt

    plan = fleet(stops)
    with Journal(plan.folder) as journal:
        work = Scan(plan, journal)
        with pytest.raises(KeyboardInterrupt):
            work.run()
        assert work.scanned().stopped
    kept = {row.run_id for row in rows_in(plan.folder)}
    assert len(kept) >= 7
    done = scanned(fleet(lambda errand: None))
    assert len(done.keys) == 20
    assert all(count == 1 for run, count in Counter(row.run_id for row in rows_in(plan.folder)).items())


def test_a_verdict_that_the_last_look_objects_to_is_not_written_and_stops_nothing(fleet, monkeypatch):
    def keep(journal, line, html):
        if "run-05" in line:
            raise SecretFoundError("The line of run-05 was not written.")
        return kept(journal, line, html)

    kept = Journal.keep
    monkeypatch.setattr(Journal, "keep", keep)
    done = scanned(fleet(lambda errand: None))
    assert (len(done.keys), done.unread) == (19, {("", "run-05")})


# --- what still holds --------------------------------------------------------------------------------------------


def test_an_open_run_is_looked_at_again_by_a_later_scan_though_its_record_is_the_same(fleet, monkeypatch):
    """A run that hangs changes nothing: that its record is the same does not make an old verdict true."""
    plan = fleet(lambda errand: None)
    with Journal(plan.folder) as journal:
        scan = Scan(plan, journal)
        [errand, *_] = scan_errands(plan)
        line = worker.run_errand(errand).line
        journal.keep(line, "x")
        kept = journal.kept(("", errand.run_id))
        live = replace(errand, path=None, now=datetime.now(UTC))
        fresh, old = datetime.now(UTC), datetime.now(UTC) - timedelta(hours=3)
        assert scan._stands(replace(kept, made_at=fresh, is_final=False), live)
        assert not scan._stands(replace(kept, made_at=old, is_final=False), live)
        assert scan._stands(replace(kept, made_at=old, is_final=True), live)
        assert not scan._stands(replace(kept, made_at=fresh, mark="another", is_final=True), live)


def scan_errands(plan):
    from diagnose.scanning.candidates import Candidates  # noqa: PLC0415

    with Candidates(plan) as found:
        found.gather()
        return list(found)
