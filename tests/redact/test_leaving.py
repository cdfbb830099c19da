"""What leaves: the same token for the same secret, also encoded; JSON stays JSON; the last gate; the options."""

import base64
import json
import random
import sys
import urllib.parse
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner

from diagnose.cli import diagnose
from diagnose.redact import gate, policy
from diagnose.redact.gate import SecretFoundError
from diagnose.redact.redactor import Redactor
from diagnose.redact.saying import said

sys.path.insert(0, str(Path(__file__).parent))
from secretcorpus import ALNUM, SHAPED, draw


@pytest.fixture(autouse=True)
def as_usual():
    policy.choose(policy.Policy())
    yield
    policy.choose(policy.Policy())


def value_of(seed="x", kind="github"):
    return SHAPED[kind](random.Random(seed))


def test_the_same_secret_is_the_same_token_and_no_other_bundle_has_its_number_by_design():
    redactor, value, other = Redactor(), value_of(1), value_of(2)
    said_first = redactor.text("a", f"x {value} y {other}")
    assert redactor.text("b", f"again {value}") == "again ⟦secret:github-token:1⟧"
    assert said_first == "x ⟦secret:github-token:1⟧ y ⟦secret:github-token:2⟧"


ENCODED = [
    lambda v: v,
    lambda v: json.dumps(json.dumps(v)),
    lambda v: urllib.parse.quote(v, safe=""),
    lambda v: base64.b64encode(f"a{v}b".encode()).decode(),
    lambda v: base64.b64encode(f"ab{v}b".encode()).decode(),
    lambda v: base64.b64encode(f"abc{v}b".encode()).decode(),
]


@pytest.mark.parametrize("how", range(len(ENCODED)))
def test_a_value_that_was_found_once_goes_wherever_else_it_stands(how):
    redactor, value = Redactor(), "q" + draw(random.Random(how), ALNUM, 17) + "7/+"
    redactor.text("a", f"password={value}")
    coded = ENCODED[how](value)
    after = redactor.text("b", f"seen {coded} there")
    core = value if how < 3 else base64.b64encode(value.encode()).decode()[4:-4]
    assert "⟦secret:password:1⟧" in after
    assert core not in after


def test_an_answer_of_the_service_stays_json_and_keeps_what_a_diagnosis_needs():
    signature = draw(random.Random(3), ALNUM, 40)
    url = f"https://acct.blob.core.windows.net/c/a%20b.txt?sv=2021-08-06&st=2026-11-20T08%3A00Z&se=2026-11-20T16%3A00Z&sr=b&sp=r&sig={signature}%3D"
    row = {
        "logFiles": {"user_logs/std_log.txt": url},
        "password": "Aa1xyz987",
        "n": 3,
        "args": ["--token", "abcDEF123456"],
    }
    made = Redactor().value("run.json", row)
    kept = urllib.parse.parse_qs(urllib.parse.urlparse(made["logFiles"]["user_logs/std_log.txt"]).query)
    assert kept["se"] == ["2026-11-20T16:00Z"] and kept["sig"] == ["⟦secret:sas-signature:1⟧"]  # noqa: PT018
    assert (  # noqa: PT018
        made["password"] == "⟦secret:password:1⟧"
        and made["n"] == 3
        and made["args"][1].startswith("⟦secret:")
    )
    assert signature not in json.dumps(made)


def test_the_ends_of_an_output_keep_their_size():
    data = f"id,text\n1,{value_of(4)}\n".encode()
    row = {"path": "a.csv", "size": len(data), "head": base64.b64encode(data).decode()}
    after = base64.b64decode(Redactor().value("outputs.jsonl", row)["head"])
    assert len(after) == len(data) and value_of(4).encode() not in after and after.startswith(b"id,text\n1,")  # noqa: PT018


@pytest.mark.parametrize("kind", SHAPED)
def test_the_last_gate_finds_every_shape(kind):
    with pytest.raises(SecretFoundError) as raised:
        gate.check(f"<p>all is well</p><b>{value_of(5, kind)}</b>", "report.html")
    assert raised.value.exit_code == 6
    assert value_of(5, kind) not in str(raised.value)


def run_with(tmp_path, text, *options):
    log = tmp_path / "logs" / "std_log.txt"
    log.parent.mkdir(exist_ok=True)
    log.write_text(text)
    return CliRunner().invoke(diagnose, ["run", str(log.parent), *options])


CRASH = 'step 1\nTraceback (most recent call last):\n  File "train.py", line 3, in <module>\nRuntimeError: cannot connect with {}\n'


@pytest.mark.parametrize("form", ["html", "json", "markdown", "text", "junit"])
def test_no_view_of_a_folder_of_logs_holds_a_secret(tmp_path, form):
    value = value_of(6)
    said_out = run_with(
        tmp_path,
        CRASH.format(f"password=Aa1zzz987 {value}"),
        "-f",
        form,
        "-vv",
        "-o",
        str(tmp_path / f"out.{form}"),
    )
    everything = (tmp_path / f"out.{form}").read_text() + said_out.output
    assert value not in everything and "Aa1zzz987" not in everything  # noqa: PT018
    if form == "json":
        assert json.loads((tmp_path / "out.json").read_text())["redaction"]["kinds"] == {
            "github-token": 1,
            "password": 1,
        }


def test_a_kept_bundle_holds_no_secret_and_says_so(tmp_path):
    value = value_of(7)
    run_with(tmp_path, CRASH.format(value), "-f", "json", "--keep-bundle", str(tmp_path / "kept.zip"))
    with zipfile.ZipFile(tmp_path / "kept.zip") as archive:
        texts = {name: archive.read(name).decode() for name in archive.namelist()}
    assert not any(value in text for text in texts.values())
    assert json.loads(texts["bundle.json"])["redaction"]["kinds"] == {"github-token": 1}


def test_who_insists_gets_everything_and_is_warned(tmp_path):
    value = value_of(8)
    result = run_with(
        tmp_path, CRASH.format(value), "--no-redact", "-f", "json", "--keep-bundle", str(tmp_path / "kept")
    )
    assert json.loads((tmp_path / "kept" / "bundle.json").read_text())["redaction"]["state"] == "off"
    assert (  # noqa: PT018
        "secrets stay" in result.output and value in (tmp_path / "kept" / "logs" / "std_log.txt").read_text()
    )


def test_personal_data_goes_when_that_is_asked_for(tmp_path):
    text = CRASH.format("user=jdoe jane.doe@example.com from 10.20.30.40 in /home/jdoe/x")
    assert "jane.doe@example.com" in run_with(tmp_path, text, "-f", "json").output
    out = run_with(tmp_path, text, "-f", "json", "--redact-personal").output
    assert not any(each in out for each in ("jane.doe@example.com", "10.20.30.40", "jdoe"))


def test_a_hit_at_the_gate_writes_nothing_and_exits_6(tmp_path, monkeypatch):
    from diagnose.report import html  # noqa: PLC0415

    value = value_of(9)
    monkeypatch.setattr(html, "render", lambda _: f"<p>{value}</p>")
    result = run_with(tmp_path, CRASH.format("x"), "-f", "html", "-o", str(tmp_path / "out.html"))
    assert isinstance(result.exception, SecretFoundError)
    assert not (tmp_path / "out.html").exists()


def test_our_own_messages_hold_none():
    value = value_of(10)
    assert value not in said(f"could not read https://x/{value}?sig=abcdefghijklmnop")
    assert said("reading logs/user_logs/std_log.txt") == "reading logs/user_logs/std_log.txt"
