"""What would change the verdict: found by really judging again without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

from diagnose.hypotheses import Claim, Hypothesis
from diagnose.rule import Cause, Certainty, Evidence
from diagnose.unseen import Unseen, judge


@dataclass(frozen=True, slots=True)
class Flip:
    """The smallest evidence without which the verdict changes, and the cause that it changes to."""

    evidence: tuple[Evidence, ...]
    to: Cause


FLIP_SIZE = 2
"""Sets of up to this many pieces are tried one by one; beyond that a large one is thinned until none can be spared."""
FLIP_POOL = 15


def flip_of(claims: Sequence[Claim], unseen: Sequence[Unseen], best: Hypothesis) -> Flip | None:
    """The smallest set of the best hypothesis's evidence that decides; `None` when none of it does."""
    pool = best.supporting[:FLIP_POOL]
    for count in range(1, min(FLIP_SIZE, len(pool)) + 1):
        for gone in combinations(pool, count):
            to = _cause_without(claims, unseen, gone)
            if to is not best.cause:
                return Flip(gone, to)
    return _thinned(claims, unseen, best)


def _thinned(claims: Sequence[Claim], unseen: Sequence[Unseen], best: Hypothesis) -> Flip | None:
    """All of the cause's evidence, less every piece that makes no difference."""
    gone = best.supporting
    if _cause_without(claims, unseen, gone) is best.cause:
        return None
    for piece in best.supporting[:FLIP_POOL]:
        fewer = tuple(other for other in gone if other != piece)
        if _cause_without(claims, unseen, fewer) is not best.cause:
            gone = fewer
    return Flip(gone, _cause_without(claims, unseen, gone))


def _cause_without(claims: Sequence[Claim], unseen: Sequence[Unseen], gone: Sequence[Evidence]) -> Cause:
    hypotheses = judge([claim.without(frozenset(gone)) for claim in claims], unseen)
    return (
        hypotheses[0].cause if hypotheses and hypotheses[0].certainty > Certainty.NONE else Cause.INCONCLUSIVE
    )
