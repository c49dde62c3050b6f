"""The real projections' answers in the shapes of the slow model, so that the two can be compared."""

from datetime import date, datetime

from sqlalchemy import Connection

from projections.scorecards import comparison, queries, results
from tests.support import model as m
from tests.support.logs import REGISTER


def scorecard(db: Connection, as_of: date, known_at: datetime) -> m.Scorecard:
    found = queries.standings(db, REGISTER, results.TimePair(as_of, known_at))
    return {name: _standing(s) for name, s in found.items()}


def totals(db: Connection, as_of: date, known_at: datetime) -> m.Totals:
    c = queries.counts(db, REGISTER, results.TimePair(as_of, known_at))
    return m.Totals(
        totals=c.totals,
        buckets=c.buckets,
        rated=c.rated,
        ever_done=c.ever_done,
        still_done=c.still_done,
        stale=c.stale,
        legacy=c.legacy,
    )


def compare(db: Connection, e1: date, k1: datetime, e2: date, k2: datetime) -> dict[str, m.Change]:
    return _changes(comparison.compare(db, REGISTER, results.TimePair(e1, k1), results.TimePair(e2, k2)))


def compare_since_recommended(db: Connection, k1: datetime, e2: date, k2: datetime) -> dict[str, m.Change]:
    return _changes(comparison.compare(db, REGISTER, comparison.WhenRecommended(k1), results.TimePair(e2, k2)))


def _changes(found: comparison.Comparison) -> dict[str, m.Change]:
    return {
        row.id: m.Change(
            a=row.a,
            b=row.b,
            c=row.c,
            learned=row.learned,
            changed=row.changed,
            direction=row.direction,
            causes=frozenset(a.id for a in row.assessments),
        )
        for row in found.rows
    }


def _standing(s: results.Standing) -> m.Standing:
    return m.Standing(
        status=s.status,
        since=s.since,
        motion=s.motion,
        confidence=s.confidence,
        freshness=s.freshness,
        peak=(s.peak.status, s.peak.on) if s.peak else None,
        assessment=s.assessment,
        legacy=s.legacy,
        elements={e.id: m.ElementStanding(e.status, e.since) for e in s.elements},
    )
