"""The bucket bar: one block per recommendation, in status order."""

from msgspec import Struct

from app.presentation.charts.flow import STATUS_ORDER
from domain.codes import Bucket
from projections.scorecards.results import Counts

MAX_BLOCKS = 120
"""Above this many, each status is one rectangle."""
GAP_PERCENT, MAX_BLOCK_PERCENT = 1.2, 4.0
"""The gap between buckets and the widest block, in percent of the width."""


class Block(Struct, frozen=True):
    status: str
    x: float
    width: float


def build_blocks(counts: Counts) -> list[Block]:
    """The blocks of a scorecard, each with its position and width in percent."""
    return [block for _bucket, block in _placed(counts)]


def bucket_starts(counts: Counts) -> list[tuple[Bucket, float]]:
    """Where the blocks of each bucket begin, for the buckets that have any."""
    return list({bucket: block.x for bucket, block in reversed(_placed(counts))}.items())[::-1]


def _placed(counts: Counts) -> list[tuple[Bucket, Block]]:
    total = counts.on_scorecard
    parts = [(bucket, s, n) for bucket in Bucket for s in STATUS_ORDER if (n := counts.by_bucket[bucket][s])]
    gaps = len({bucket for bucket, _, _ in parts}) - 1
    width = min(MAX_BLOCK_PERCENT, (100 - GAP_PERCENT * max(gaps, 0)) / total) if total else 0.0
    x, blocks, previous_bucket = 0.0, list[tuple[Bucket, Block]](), None
    for bucket, status, n in parts:
        if previous_bucket not in (None, bucket):
            x += GAP_PERCENT
        previous_bucket = bucket
        for count in [n] if total > MAX_BLOCKS else [1] * n:
            blocks.append((bucket, Block(status.value, round(x, 2), round(width * count * 0.9, 3))))
            x += width * count
    return blocks
