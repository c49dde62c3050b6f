"""A second version of the methodology, which differs from the first in what a version may change."""

from msgspec.structs import replace

from domain.codes import Bucket, Status
from domain.methodology.methodology import Methodology, StatusMeaning
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1


def _second(meaning: StatusMeaning) -> StatusMeaning:
    if meaning.code is Status.PARTLY:
        return replace(meaning, bucket=Bucket.NOT_DONE, rank=2)
    if meaning.code is Status.IN_PROGRESS:
        return replace(meaning, bucket=Bucket.DONE, rank=4)
    return meaning


SECOND: Methodology = replace(
    UPTAKE_2026_1,
    version="second",
    statuses=tuple(_second(meaning) for meaning in UPTAKE_2026_1.statuses),
    rules=tuple(rule for rule in UPTAKE_2026_1.rules if rule.number != 6),
    review_days={Status.PARTLY: 30},
    default_review_days=100,
    due_days=50,
)
"""“Partly implemented” counts as not done, “in progress” as done. There is no rule 6, and reviews are due sooner."""
