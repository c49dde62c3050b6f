"""The scorecard and the comparison as others get them: one shape for the API, the command line and snapshots."""

from collections import defaultdict

import msgspec
from sqlalchemy import Connection

from app.presentation.answers import api_models
from app.presentation.answers.as_of import AsOf
from domain.methodology.methodology import Scale
from domain.times import written
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import position_of
from projections.scorecards.comparison import compare
from projections.scorecards.queries import counts, standings
from projections.timeline.queries import TimelineEntry


def scorecard_answer(
    db: Connection, register: RegisterEntry, times: AsOf, scale: Scale | None = None
) -> api_models.ScorecardShape:
    """A whole scorecard at a pair of times; with a scale, each row also says its word."""
    pair, name = times.pair, register.id
    numbers = counts(db, name, pair)
    titles = {r: e.facts.title for r, e in catalogue.recommendations(db, name, pair.known_at).items()}
    parts: dict[str, dict[str, str]] = defaultdict(dict)
    for element in catalogue.elements(db, name, pair.known_at):
        parts[element.recommendation][element.element.id] = element.element.title
    return api_models.ScorecardShape(
        register=name,
        as_of=times.as_of.isoformat(),
        known_at=written(times.known_at),
        log_position=position_of(db).count,
        methodology=register.settings.methodology,
        reconstructed=times.reconstructed,
        totals=numbers.totals,
        buckets=numbers.buckets,
        rated=numbers.rated,
        ever_done=numbers.ever_done,
        still_done=numbers.still_done,
        stale=numbers.stale,
        legacy=numbers.legacy,
        recommendations=[
            api_models.standing(s, titles[s.id], parts[s.id], scale.words[s.status] if scale else None)
            for s in standings(db, name, pair).values()
        ],
        scale=scale.code if scale else None,
    )


def compare_answer(db: Connection, register: str, first: AsOf, second: AsOf) -> api_models.CompareShape:
    """What changed between two pairs of times."""
    comparison = compare(db, register, first.pair, second.pair)
    return api_models.CompareShape(
        register=register,
        from_=api_models.times(first),
        to=api_models.times(second),
        rows=[
            api_models.ChangeRowShape(
                r.id,
                r.a,
                r.b,
                r.c,
                r.direction,
                r.learned,
                r.changed,
                [api_models.CauseShape(a.id, a.reason) for a in r.assessments],  # type: ignore[arg-type]
            )
            for r in comparison.rows
        ],
        counts=comparison.counts,
    )


def event_shape(entry: TimelineEntry) -> api_models.EventShape:
    """An event as it is stored, with its place."""
    return api_models.EventShape(
        position=entry.position,
        recorded_at=written(entry.recorded_at),
        at=written(entry.happened_at),
        topic=entry.topic,
        event=msgspec.json.decode(entry.state),
    )
