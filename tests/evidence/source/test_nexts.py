import pytest

from diagnose.evidence.source.module import parse
from diagnose.evidence.source.nexts import Nexts
from diagnose.evidence.source.printing import is_print


def after(text, number=0, **more):
    """What comes after the n-th printing call of a file."""
    module = parse("train.py", text.encode())
    others = [parse(f"{name}.py", other.encode()) for name, other in more.items()]
    prints = [call for call in module.calls if is_print(module, call)]
    return [step.call for step in Nexts([module, *others]).after(module, prints[number])]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("print('a')\nt.join()", ["t.join()"]),
        ("print('a')\nt.join()\nprint('b')\nu.join()", ["t.join()"]),
        ("print('a')\nn = len(x)\nname = ', '.join(x)\nd.get('k')\nq.get()", ["q.get()"]),
        ("print('a')\nsave(load())", ["load()", "save(load())"]),
        ("print('a')\na(); b(); c(); d()", ["a()", "b()", "c()"]),
        ("def end():\n    t.join()\nprint('a')\nend()", ["t.join()"]),
        ("def main():\n    print('a')\nmain()\nt.join()", ["t.join()"]),
        ("def main():\n    if x:\n        print('a')\n    else:\n        p()\n    q()\nmain()", ["q()"]),
        ("for n in range(3):\n    print('a')\nt.join()", ["for n in range(3):"]),
        ("with ThreadPoolExecutor(2) as pool:\n    print('a')\nx()", ["ThreadPoolExecutor(2)"]),
        ("with open(p) as f:\n    print('a')\nx()", ["x()"]),
        ("def log(x):\n    print(x)\nlog('a')\nt.join()", ["t.join()"]),
        ("print('a')", []),
        ("print('a')\nf = lambda: t.join()", []),
    ],
)
def test_what_comes_next(text, calls):
    assert after(text) == calls


def test_what_hangs_on_a_condition_is_not_sure():
    module = parse("train.py", b"print('a')\nif x:\n    t.join()")
    [step] = Nexts([module]).after(module, module.calls[0])
    assert (step.is_sure, step.line, step.name) == (False, 3, "join")


def test_what_a_thread_runs_is_not_the_main_flow():
    text = b"def save():\n    say('a')\ndef say(x):\n    print(x)\nThread(target=save).start()\nprint('b')"
    module = parse("train.py", text)
    inner, outer = (c for c in module.calls if is_print(module, c))
    nexts = Nexts([module])
    assert not nexts.is_main(module, inner)
    assert nexts.is_main(module, outer)


def test_a_file_that_the_command_does_not_name_and_nobody_imports_is_another_program():
    train, watch = parse("train.py", b"print('a')"), parse("watch.py", b"print('b')")
    nexts = Nexts([train, watch], "python train.py --epochs 3")
    assert nexts.is_main(train, train.calls[0])
    assert not nexts.is_main(watch, watch.calls[0])


def test_functions_that_call_one_another_come_to_an_end():
    assert after("def a():\n    b()\ndef b():\n    a()\nprint('x')\na()") == []
