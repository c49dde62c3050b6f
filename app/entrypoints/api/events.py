"""The public log: the history of a recommendation, the events of a register, and what changed."""

from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import AFTER, CURSOR, LIMIT, read_whole_number
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.presentation.answers.serializers import serialize_event
from app.presentation.answers.status_effects import serialize_effect
from app.presentation.narrative.status_news import read_status_news
from domain.errors import NotFound
from domain.times import written
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange, latest
from projections.engine.batches import END_OF_TIME
from projections.timeline import queries as timeline


@read_operation("/registers/{register}/recommendations/{recommendation}/history", answers=api_models.EventsShape)
def history(query: dict[str, str], register: str, recommendation: str) -> api_models.EventsShape:
    """Every public event of a recommendation, oldest first."""
    with services().views.connect() as db:
        find_open_register(db, register)
        if catalogue.recommendation(db, register, recommendation, END_OF_TIME) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        rows = timeline.of_recommendation(db, register, recommendation)
        return api_models.EventsShape(register, [serialize_event(e) for e in rows], None)


@read_operation("/registers/{register}/events", query=(AFTER, LIMIT), answers=api_models.EventsShape)
def events(query: dict[str, str], register: str) -> api_models.EventsShape:
    """The public events of a register in the order of the log."""
    after = read_whole_number(query, "after", 0, 10**15)
    limit = read_whole_number(query, "limit", 1000, 1000)
    with services().views.connect() as db:
        find_open_register(db, register)
        rows = timeline.of_register(db, register, after=after, limit=limit + 1)
    more = len(rows) > limit
    rows = rows[:limit]
    return api_models.EventsShape(register, [serialize_event(e) for e in rows], rows[-1].position if more else None)


@read_operation("/registers/{register}/changes", query=(LIMIT, CURSOR), answers=api_models.ChangesShape)
def changes(query: dict[str, str], register: str) -> api_models.ChangesShape:
    """What changed in a register, newest first."""
    limit = read_whole_number(query, "limit", 1000, 1000)
    before = read_whole_number(query, "cursor", 0, 10**15) or None
    with services().views.connect() as db:
        find_open_register(db, register)
        rows = latest(db, register, before=before, limit=limit + 1)
        shown = rows[:limit]
        news = read_status_news(db, register, shown)
        facts = catalogue.recommendations_of(db, register, END_OF_TIME, {c.recommendation for c in shown})
    following = str(shown[-1].position) if len(rows) > limit else None
    effects = [serialize_effect(news, facts, change) for change in shown]
    return api_models.ChangesShape(register, list(map(_serialize_change, shown, effects)), following)


def _serialize_change(
    change: PublicChange, effect: api_models.StatusEffectShape | None
) -> api_models.PublicChangeShape:
    return api_models.PublicChangeShape(
        position=change.position,
        at=written(change.at),
        kind=change.kind,
        recommendation=change.recommendation or None,
        element=change.element or None,
        assessment=change.assessment or None,
        status=change.status,
        effective_on=change.effective_on or None,
        reason=change.reason,
        why=change.why,
        why_ko=change.translations.get("ko", {}).get("why", ""),
        replaced_by=change.replaced_by or None,
        legacy=change.legacy,
        correction=change.correction,
        response=change.response or None,
        body=change.body or None,
        stance=change.stance,
        subject=change.subject or None,
        effect=effect,
    )
