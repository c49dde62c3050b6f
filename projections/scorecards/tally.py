"""Counts some standings, as the tables count a whole scorecard."""

from collections.abc import Iterable

from domain.codes import Freshness
from projections.scorecards.results import Counts, Standing, no_counts


def tally(standings: Iterable[Standing]) -> Counts:
    """The numbers of a part of a scorecard, such as one theme's."""
    by_bucket = no_counts()
    ever_done = stale = legacy = 0
    for s in standings:
        by_bucket[s.bucket][s.status] += 1
        ever_done += s.peak is not None and s.peak.is_done
        stale += s.freshness is Freshness.STALE
        legacy += s.legacy
    return Counts(by_bucket=by_bucket, ever_done=ever_done, stale=stale, legacy=legacy)


def replace_standing(counts: Counts, before: Standing, after: Standing) -> Counts:
    """The numbers of a scorecard once one recommendation has the standing `after` instead of `before`."""
    less, more = tally([before]), tally([after])
    return Counts(
        by_bucket={
            bucket: {s: n - less.by_bucket[bucket][s] + more.by_bucket[bucket][s] for s, n in part.items()}
            for bucket, part in counts.by_bucket.items()
        },
        ever_done=counts.ever_done - less.ever_done + more.ever_done,
        stale=counts.stale - less.stale + more.stale,
        legacy=counts.legacy - less.legacy + more.legacy,
    )
