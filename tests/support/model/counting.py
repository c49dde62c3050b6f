"""Section 7: totals and buckets of one scorecard."""

from typing import TypedDict

from domain.codes import Bucket, Freshness, Status
from tests.support.model.scale import bucket, rank
from tests.support.model.scorecard import Scorecard


class Totals(TypedDict):
    """Numbers of recommendations; `rated` is the denominator of every percentage."""

    totals: dict[Status, int]
    buckets: dict[Bucket, int]
    rated: int
    ever_done: int
    still_done: int
    stale: int
    legacy: int


def totals(card: Scorecard) -> Totals:
    rows = list(card.values())
    return {
        "totals": {status: sum(row.status == status for row in rows) for status in Status},
        "buckets": {name: sum(bucket(row.status) == name for row in rows) for name in Bucket},
        "rated": sum(bucket(row.status) != Bucket.NOT_RATED for row in rows),
        "ever_done": sum(row.peak is not None and rank(row.peak[0]) == 4 for row in rows),
        "still_done": sum(bucket(row.status) == Bucket.DONE for row in rows),
        "stale": sum(row.freshness == Freshness.STALE for row in rows),
        "legacy": sum(row.legacy for row in rows),
    }
