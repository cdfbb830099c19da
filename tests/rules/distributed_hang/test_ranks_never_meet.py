import pytest
from building import line, run_row
from judging import answer, completed, finding, record, verdict

from diagnose.rule import Certainty
from diagnose.rules.distributed_hang.ranks_never_meet import ranks_never_meet

CODE = """
import os, torch
import torch.distributed as dist
def grupa():
    print("rečnik učitan, reči: %d" % len(reci))
    torch.manual_seed(3)
    dist.init_process_group("gloo", rank=int(os.environ["RANK"]), world_size=3)
    print("grupa je spremna")
print("početak rada")
grupa()
for korak in range(40):
    dist.all_reduce(gradijent)
    print(f"korak {korak} gotov")
"""
SAID = line(1, "početak rada") + line(2, "rečnik učitan, reči: 4000")
RUN = run_row(distribution={"kind": "pytorch", "processes": 2})


def logs(*texts):
    return {f"user_logs/std_log_process_{rank}.txt": text for rank, text in enumerate(texts)}


def source(text=CODE):
    return {"train.py": text}


def test_ranks_that_all_stand_before_the_call_that_forms_their_group():
    told = record(RUN, logs=logs(SAID, SAID), code=source())
    assert (told["outcome"], told["cause"], told["mechanism"], told["certainty"]) == (
        "stuck",
        "distributed-hang",
        "rank-never-joined",
        "supported",
    )
    assert "waits for 3 of them, and the job has 2" in told["explanation"]


def test_one_log_alone_is_a_suspicion():
    told = finding(ranks_never_meet, RUN, logs=SAID, code=source())
    assert told.certainty is Certainty.SUSPECTED


@pytest.mark.parametrize(
    "call",
    [
        "deepspeed.init_distributed(dist_backend='nccl')",
        "jax.distributed.initialize('10.0.0.4:1234', 3, 0)",
        "hvd.init()",
    ],
)
def test_other_libraries_form_groups_too(call):
    code = CODE.replace("import os, torch", "import os, torch, deepspeed, jax\nimport horovod.torch as hvd")
    code = code.replace('dist.init_process_group("gloo", rank=int(os.environ["RANK"]), world_size=3)', call)
    assert answer(ranks_never_meet, RUN, logs=logs(SAID, SAID), code=source(code)) == "found"


def test_an_operation_for_which_ranks_are_missing_is_a_suspicion():
    run = run_row(distribution={"kind": "pytorch", "processes": 4})
    code = source(CODE.replace('spremna")', 'spremna")\n    dist.barrier()\n    print("svi su tu")'))
    told = logs(*[SAID + line(3, "grupa je spremna")] * 3)
    assert finding(ranks_never_meet, run, logs=told, code=code).certainty is Certainty.SUSPECTED
    assert answer(ranks_never_meet, RUN, logs=told, code=code) == "clear"
    assert answer(ranks_never_meet, run, logs=told, code=code, parts={"logs": "partial"}) == "clear"


@pytest.mark.parametrize(
    ("what", "told", "code"),
    [
        ("a rank that came further", (SAID, SAID + line(3, "grupa je spremna")), CODE),
        ("work before it", (SAID, SAID), CODE.replace("torch.manual_seed(3)", "model = izgradi()")),
        ("silence after it", (SAID, SAID), CODE.replace('    print("grupa je spremna")\n', "    obuka()\n")),
        ("one that speaks", (SAID, SAID), CODE.replace('    print("grupa', '    if prvi(): print("grupa')),
        ("no source", (SAID, SAID), "import os\n"),
        (
            "a failure",
            (
                SAID,
                SAID + "Traceback (most recent call last):\n  File \"t.py\", line 3, in f\nKeyError: 'a'\n",
            ),
            CODE,
        ),
        ("a run that moves", (SAID, SAID + line(358, "rečnik učitan, reči: 4000")), CODE),
    ],
)
def test_what_may_have_met_or_may_be_at_work_is_none(what, told, code):
    assert answer(ranks_never_meet, RUN, logs=logs(*told), code=source(code)) == "clear", what


def test_a_run_that_has_ended_waits_for_nobody():
    assert answer(ranks_never_meet, completed(), logs=logs(SAID, SAID), code=source()) == "clear"


def test_stacks_of_the_ranks_say_it_better():
    assert verdict(RUN, logs=logs(SAID, SAID), code=source())[2] != "established"
