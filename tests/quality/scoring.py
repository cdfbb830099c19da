"""Figures from answers and truths: precision, recall, F1, and how far each may be off."""

import math
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass

Z95 = 1.959963984540054
RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said of one run, beside what is true of it."""

    run: str
    truth: str
    acceptable: tuple[str, ...]
    said: str
    true_outcome: str
    said_outcome: str
    certainty: str = "none"
    rule: str | None = None
    """The rule that led the verdict."""

    @property
    def is_right(self) -> bool:
        """The cause, or another with which a reader of the evidence would not be wrong."""
        return self.said == self.truth or self.said in self.acceptable

    @property
    def credited(self) -> str:
        """What was said; where it is acceptable, the truth."""
        return self.truth if self.is_right else self.said

    @property
    def is_outcome_right(self) -> bool:
        """The outcome; one that only follows from an acceptable cause is no mistake of its own."""
        return self.said_outcome == self.true_outcome or (self.is_right and self.said != self.truth)


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many, with the 95 % interval of Wilson."""

    right: int
    n: int

    @property
    def value(self) -> float | None:
        """The share itself; `None` of nothing."""
        return self.right / self.n if self.n else None

    @property
    def ci95(self) -> tuple[float, float]:
        """Wilson's interval: it stays within 0 and 1, and says much less of a few than of many."""
        if not self.n:
            return 0.0, 1.0
        share, square = self.right / self.n, Z95 * Z95
        middle = (share + square / (2 * self.n)) / (1 + square / self.n)
        spread = math.sqrt(share * (1 - share) / self.n + square / (4 * self.n**2)) / (1 + square / self.n)
        half = Z95 * spread
        return max(0.0, middle - half), min(1.0, middle + half)


def share_of(answers: Sequence[Answer], is_so: Callable[[Answer], bool]) -> Share:
    """How many of the answers are so."""
    return Share(sum(map(is_so, answers)), len(answers))


def f1_by_cause(answers: Sequence[Answer]) -> dict[str, float]:
    """F1 of each cause that is the truth of some run; an acceptable answer counts as the truth."""
    return {cause: _f1(answers, cause) for cause in sorted({answer.truth for answer in answers})}


def _f1(answers: Sequence[Answer], cause: str) -> float:
    hit = sum(a.truth == cause == a.credited for a in answers)
    said = sum(a.credited == cause for a in answers)
    true = sum(a.truth == cause for a in answers)
    return 2 * hit / (said + true) if said + true else 0.0


def macro_f1(answers: Sequence[Answer]) -> float:
    """The mean of F1 over the causes that occur: a rare one weighs as much as a common one."""
    scores = f1_by_cause(answers)
    return sum(scores.values()) / len(scores) if scores else 0.0


def resampled(answers: Sequence[Answer], figure: Callable[[Sequence[Answer]], float]) -> tuple[float, float]:
    """The middle 95 % of a figure over samples drawn again from the same answers, always the same ones."""
    draw = random.Random(0)
    figures = sorted(figure(draw.choices(answers, k=len(answers))) for _ in range(RESAMPLES))
    return figures[int(0.025 * RESAMPLES)], figures[int(0.975 * RESAMPLES)]
