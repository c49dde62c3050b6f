"""How far second opinions agree: Krippendorff's alpha over statuses, with an interval.

Krippendorff, K.: Content Analysis, 4th edition, 2019, chapter 12 (nominal data). The interval is the middle 95 % of
alpha over samples of the pairs, drawn with replacement (percentile bootstrap), with a fixed seed.
"""

import random
from functools import lru_cache

from msgspec import Struct
from sqlalchemy.orm import Session

from app.services.opinions.requests import questions_in

MIN_PAIRS = 10
"""Below this number of pairs nothing is computed."""
SAMPLES, SEED = 1000, 20260226
Pairs = tuple[tuple[str, str], ...]


class Agreement(Struct, frozen=True):
    """`alpha` is 1 for full agreement and 0 for chance agreement, or None if it cannot be computed."""

    pairs: int
    alpha: float | None = None
    low: float | None = None
    high: float | None = None


def agreement(db: Session, register: str) -> Agreement:
    """The agreement over all answered questions of a register."""
    answered = [q for q in reversed(questions_in(db, register)) if q.is_answered]
    return compute_agreement(tuple((q.answers[0].status, q.answers[1].status) for q in answered))


@lru_cache(maxsize=64)
def compute_agreement(pairs: Pairs) -> Agreement:
    """Alpha of pairs of codes; undefined if all codes are the same."""
    alpha = _alpha(pairs)
    if len(pairs) < MIN_PAIRS or alpha is None:
        return Agreement(len(pairs))
    generator = random.Random(SEED)  # noqa: S311 a sample, no secret
    resampled = (_alpha(tuple(generator.choices(pairs, k=len(pairs)))) for _ in range(SAMPLES))
    alphas = sorted(a for a in resampled if a is not None)
    if len(alphas) < SAMPLES - SAMPLES // 20:  # so little varies that an interval over the rest would mislead
        return Agreement(len(pairs))
    low, high = alphas[int(0.025 * len(alphas))], alphas[min(int(0.975 * len(alphas)), len(alphas) - 1)]
    return Agreement(len(pairs), round(alpha, 3), round(low, 3), round(high, 3))


def _alpha(pairs: Pairs) -> float | None:
    from nltk.metrics.agreement import AnnotationTask  # slow to load, and seldom needed

    if len({code for pair in pairs for code in pair}) < 2:
        return None
    ratings = [(who, item, code) for item, pair in enumerate(pairs) for who, code in enumerate(pair)]
    return float(AnnotationTask(ratings).alpha())
