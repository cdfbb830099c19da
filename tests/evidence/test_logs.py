import io
import json
from datetime import UTC, datetime

import pytest

from diagnose.evidence.bundle import Bundle, Missing
from diagnose.evidence.logs import LogKind, LogPattern, Logs, kind_of
from diagnose.evidence.manifest import Manifest, Origin, Part, PartState
from diagnose.evidence.store import OverlayStore

ERROR = LogPattern("an error", r"ERROR (?P<code>[0-9]+)", before=1, after=1)
ANYWHERE = LogPattern("an error anywhere", "ERROR", kinds=frozenset(LogKind))
CAPTURED = datetime(2026, 11, 20, 14, tzinfo=UTC)
USER_LOG = "user_logs/std_log.txt"


def row(path, **fields):
    return {"path": path, "captured": "whole", **fields}


def bundle_of(logs, rows=None, state=PartState.COMPLETE, run=None, watched=(ERROR, ANYWHERE)):
    members = {f"logs/{path}": data for path, data in logs.items()}
    if rows is not None:
        members["logs.jsonl"] = "".join(json.dumps(r) + "\n" for r in rows).encode()
    if run is not None:
        members["run.json"] = json.dumps(run).encode()
    manifest = Manifest(
        version=1, captured_at=CAPTURED, captured_by=None, origin=Origin(), parts={"logs": Part(state)}
    )
    bundle = Bundle(OverlayStore(None, members, {}, "test"), manifest)
    bundle.watch(watched)
    return bundle


def logs_of(*args, **options):
    logs = Logs.read(bundle_of(*args, **options))
    assert isinstance(logs, Logs)
    return logs


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("user_logs/std_log.txt", LogKind.USER),
        ("azureml-logs/70_driver_log.txt", LogKind.USER),
        ("azureml-logs/70_driver_log_0.txt", LogKind.USER),
        ("logs/training.log", LogKind.USER),
        ("anything.txt", LogKind.USER),
        ("system_logs/lifecycler/lifecycler.log", LogKind.RUNTIME),
        ("logs/azureml/123_azureml.log", LogKind.RUNTIME),
        ("azureml-logs/75_job_post-tvmps_0_d.txt", LogKind.RUNTIME),
    ],
)
def test_whose_log_it_is_shows_in_its_path(path, kind):
    assert kind_of(path) is kind


def test_a_match_quotes_its_line_and_what_stands_around_it():
    text = b"2026-11-20 08:00:00 start\nERROR 17 here\nend\n"
    [match] = logs_of({USER_LOG: text}, [row(USER_LOG)]).matches(ERROR)
    assert (match.path, match.line, match.text) == (USER_LOG, 2, "ERROR 17 here")
    assert (match.at, match.at_is_own) == (datetime(2026, 11, 20, 8, tzinfo=UTC), False)
    assert match.groups == {"code": "17"}
    assert [(line.number, line.text, line.at) for line in match.before] == [
        (1, "2026-11-20 08:00:00 start", match.at)
    ]
    assert [(line.number, line.text, line.at) for line in match.after] == [(3, "end", None)]


def test_a_pattern_is_looked_for_in_its_kind_of_logs_only():
    runtime = "system_logs/lifecycler/lifecycler.log"
    logs = logs_of({runtime: b"ERROR 1\n", USER_LOG: b"ERROR 2\n"}, [row(runtime), row(USER_LOG)])
    assert [match.path for match in logs.matches(ERROR)] == [USER_LOG]
    assert [match.path for match in logs.matches(ANYWHERE)] == [runtime, USER_LOG]
    assert [file.path for file in logs.user_files] == [USER_LOG]


def test_asking_for_a_pattern_that_nobody_declared_is_a_mistake():
    with pytest.raises(KeyError, match="undeclared"):
        logs_of({USER_LOG: b""}).matches(LogPattern("undeclared", "x"))


def test_a_pattern_without_a_match_counts_none():
    found = logs_of({USER_LOG: b"fine\n"}).matches(ERROR)
    assert not found
    assert (found.count, found.kept, found.at_least) == (0, (), False)


def test_the_first_and_last_matches_are_those_over_all_logs():
    logs = {f"user_logs/{name}.txt": b"ERROR 1\n" * 60 for name in "cab"}
    found = logs_of(logs, [row(path) for path in logs]).matches(ERROR)
    assert found.count == 180
    assert [(m.path, m.line) for m in found.kept] == [
        *(("user_logs/c.txt", n) for n in range(1, 51)),
        *(("user_logs/b.txt", n) for n in range(11, 61)),
    ]


def test_the_outline_of_a_log():
    text = b"2026-11-20 08:00:00 a\n\n2026-11-20 08:00:02 b\n2026-11-20 08:01:02 c\nunfinished"
    file = logs_of({USER_LOG: text}, [row(USER_LOG, size=90, modified_at="2026-11-20T08:01:03Z")]).file(
        USER_LOG
    )
    assert (file.size, file.lines, file.stamped_lines, file.ends_with_newline) == (90, 5, 3, False)
    assert (file.first_at, file.last_at) == (
        datetime(2026, 11, 20, 8, tzinfo=UTC),
        datetime(2026, 11, 20, 8, 1, 2, tzinfo=UTC),
    )
    assert file.modified_at == datetime(2026, 11, 20, 8, 1, 3, tzinfo=UTC)
    assert [line.number for line in file.head] == [1, 3, 4, 5]
    assert file.tail == file.head
    assert (file.gap.longest_s, file.gap.longest_from, file.gap.count) == (60, file.head[1].at, 2)
    assert (file.density.start, sum(file.density.counts), file.density.bin_s) == (file.first_at, 3, 1)


def test_a_week_of_lines_still_makes_a_small_picture():
    lines = b"".join(b"2026-11-%02d %02d:00:00 x\n" % (1 + n // 24, n % 24) for n in range(168))
    density = logs_of({USER_LOG: lines}).files[0].density
    assert len(density.counts) <= 240
    assert sum(density.counts) == 168


@pytest.mark.parametrize("captured", ["whole", "head", "tail", "ends", "none"])
def test_a_log_says_how_much_of_it_is_here(captured):
    file = logs_of({USER_LOG: b"ERROR 1\n"}, [row(USER_LOG, captured=captured, omitted_bytes=9)]).files[0]
    assert (file.captured, file.omitted_bytes) == (captured, 9)
    assert file.is_whole is (captured == "whole")
    assert file.covers_end is (captured in ("whole", "tail", "ends"))
    assert bool(file.lines) is (captured != "none")


def test_the_line_that_stands_for_omitted_bytes_is_no_line_of_the_log():
    text = "2026-11-20 08:00:00 a\n⟪… 5 bytes omitted …⟫\nERROR 1\n".encode()
    watched = (ERROR, LogPattern("omitted", "omitted"))
    logs = logs_of({USER_LOG: text}, [row(USER_LOG, captured="ends")], watched=watched)
    assert not logs.matches(watched[1])
    assert logs.matches(ERROR).kept[0].before == ()
    assert all("omitted" not in line.text for line in (*logs.files[0].head, *logs.files[0].tail))


def test_a_listed_log_that_is_not_there_breaks_the_promise_of_completeness():
    logs = logs_of({}, [row(USER_LOG, size=10)])
    assert logs.files[0].captured == "none"
    assert logs.part.state is PartState.FAILED
    assert USER_LOG in logs.part.reason
    assert USER_LOG in logs.notes[0]


def test_a_log_that_was_empty_in_the_run_may_be_left_out():
    logs = logs_of({}, [row(USER_LOG, size=0)])
    assert (logs.files[0].captured, logs.part.is_complete) == ("whole", True)


def test_a_log_that_lost_its_content_is_not_whole():
    assert logs_of({USER_LOG: b""}, [row(USER_LOG, size=10)]).files[0].captured == "none"


def test_a_log_that_breaks_off_while_it_is_read_gives_what_was_read():
    class Breaks(io.BytesIO):
        def read(self, size=-1):
            data = super().read(size)
            if not data:
                raise OSError("the disk is gone")
            return data

    bundle = bundle_of({USER_LOG: b"ERROR 1\nhalf a li"}, [row(USER_LOG)])
    bundle.store.open = lambda name, real=bundle.store.open: Breaks(real(name).read())
    logs = Logs.read(bundle)
    assert logs.files[0].captured == "head"
    assert logs.matches(ERROR).count == 1
    assert "the disk is gone" in logs.part.reason


def test_logs_that_the_list_does_not_name_are_read_after_those_it_names():
    logs = logs_of({"a.txt": b"ERROR 1\n", USER_LOG: b"ERROR 2\n"}, [row(USER_LOG)])
    assert [(file.path, file.captured) for file in logs.files] == [(USER_LOG, "whole"), ("a.txt", "whole")]


@pytest.mark.parametrize(
    "state", [PartState.DENIED, PartState.NOT_COLLECTED, PartState.GONE, PartState.FAILED]
)
def test_no_logs_at_all_are_missing_and_not_empty(state):
    missing = Logs.read(bundle_of({}, state=state))
    assert isinstance(missing, Missing)
    assert missing.reason


def test_a_run_without_logs_is_a_fact():
    assert logs_of({}, []).files == ()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"path": None},
        {"path": 3},
        {"path": ""},
        {"path": USER_LOG, "captured": 7, "size": -1, "modified_at": "soon"},
        {"path": "../../etc/passwd"},
        {"path": USER_LOG, "size": True, "omitted_bytes": "x"},
    ],
)
def test_an_odd_row_is_survived(odd):
    logs = logs_of({USER_LOG: b"ERROR 1\n"}, [odd, odd])
    assert logs.matches(ERROR).count == 1


def test_the_run_says_which_day_a_clock_means():
    run = {"created_at": "2026-11-20T07:00:00Z"}
    [match] = logs_of({USER_LOG: b"08:10:21 ERROR 1\n"}, run=run).matches(ERROR)
    assert match.at == datetime(2026, 11, 20, 8, 10, 21, tzinfo=UTC)
    assert logs_of({USER_LOG: b"08:10:21 ERROR 1\n"}).matches(ERROR).kept[0].at is None


def test_the_logs_of_a_reused_result_may_be_older_than_the_run():
    old = {USER_LOG: b"2026-10-01 08:00:00 x\n"}
    run = {"created_at": "2026-11-20T07:00:00Z", "properties": {}}
    assert logs_of(old, run=run).files[0].first_at is None
    run["properties"] = {"azureml.isreused": "true"}
    assert logs_of(old, run=run).files[0].first_at == datetime(2026, 10, 1, 8, tzinfo=UTC)


def test_both_engines_read_the_same_logs():
    text = b"\x1b[31m2026-11-20 08:00:00 ERROR 1\x1b[0m\r50%\rERROR 2\r\nERROR\n" * 200
    [hyperscan, plain] = [
        Logs.read_with(bundle_of({USER_LOG: text}), engine) for engine in ("hyperscan", "re")
    ]
    assert hyperscan == plain
    assert hyperscan.matches(ERROR).count == 400
