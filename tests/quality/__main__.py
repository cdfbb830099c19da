"""Measures: `python -m tests.quality` writes the figures, `--check` says whether they still hold.

python -m tests.quality                  measure the set-aside runs; write diagnose/measured.json and the README's table
python -m tests.quality --check          measure, write nothing, exit code 1 where the figures differ
python -m tests.quality --development    the runs that rules are made on; writes nothing
python -m tests.quality --development --wrong    and names those of them whose cause or outcome was not right
"""

import argparse
import json
import re
from pathlib import Path

from .baselines import BASELINES
from .corpus import LabelledRun, development, name_of, set_aside
from .figures import carried, readme
from .measuring import answers_of, simply_answered
from .scoring import Answer

ROOT = Path(__file__).parents[2]
CARRIED = ROOT / "diagnose" / "measured.json"
README = ROOT / "README.md"
TABLE = re.compile(r"(?s)(<!-- figures: python -m tests.quality -->\n).*?(<!-- end of figures -->)")


def measured(runs: list[LabelledRun]) -> tuple[dict, str, list[Answer]]:
    """What the package carries, the README's table, and the answers."""
    answers = answers_of(runs)
    others = {name: [simply_answered(run, way) for run in runs] for name, way in BASELINES.items()}
    return carried(name_of(runs), answers), readme(answers, others), answers


def main() -> int:
    """Measure and write, or compare."""
    parser = argparse.ArgumentParser(prog="python -m tests.quality", description=__doc__)
    for flag in ("--check", "--development", "--wrong"):
        parser.add_argument(flag, action="store_true")
    asked = parser.parse_args()
    if asked.wrong and not asked.development:
        parser.error(
            "--wrong goes with --development: who reads what is wrong among the others would mend it"
        )
    figures, table, answers = measured(development() if asked.development else set_aside())
    print(table)  # noqa: T201
    if asked.wrong:
        _name_the_wrong(answers)
    if asked.development:
        return 0
    text = json.dumps(figures, indent=1) + "\n"
    page = TABLE.sub(lambda found: f"{found[1]}{table}{found[2]}", README.read_text())
    if asked.check:
        return int(CARRIED.read_text() != text or README.read_text() != page)
    CARRIED.write_text(text)
    README.write_text(page)
    return 0


def _name_the_wrong(answers: list[Answer]) -> None:
    for answer in answers:
        if not answer.is_right or not answer.is_outcome_right:
            print(  # noqa: T201
                f"{answer.run}: {answer.true_outcome}, {answer.truth} {list(answer.acceptable) or ''}; "
                f"said {answer.said_outcome}, {answer.said} ({answer.certainty}, {answer.rule})"
            )


if __name__ == "__main__":
    raise SystemExit(main())
