"""Counts some standings, as the tables count a whole scorecard."""

from collections.abc import Iterable

from domain.codes import Bucket, Freshness, Status
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1 as METHOD
from projections.scorecards.results import Counts, Standing


def tally(standings: Iterable[Standing]) -> Counts:
    """The numbers of a part of a scorecard, such as one theme's."""
    totals = dict.fromkeys(Status, 0)
    buckets = dict.fromkeys(Bucket, 0)
    ever_done = stale = legacy = 0
    for s in standings:
        totals[s.status] += 1
        buckets[METHOD.bucket(s.status)] += 1
        ever_done += s.peak is not None and s.peak.status in METHOD.done
        stale += s.freshness is Freshness.STALE
        legacy += s.legacy
    return Counts(
        totals=totals,
        buckets=buckets,
        rated=sum(buckets.values()) - buckets[Bucket.NOT_RATED],
        ever_done=ever_done,
        still_done=sum(totals[s] for s in METHOD.done),
        stale=stale,
        legacy=legacy,
    )


def replace_standing(counts: Counts, before: Standing, after: Standing) -> Counts:
    """The numbers of a scorecard once a recommendation stands as after, and no longer as before."""
    less, more = tally([before]), tally([after])
    plain = ("rated", "ever_done", "still_done", "stale", "legacy")
    return Counts(
        totals={s: n - less.totals[s] + more.totals[s] for s, n in counts.totals.items()},
        buckets={b: n - less.buckets[b] + more.buckets[b] for b, n in counts.buckets.items()},
        **{name: getattr(counts, name) - getattr(less, name) + getattr(more, name) for name in plain},
    )
