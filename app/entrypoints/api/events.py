"""The public log: the history of a recommendation, the events of a register, and what changed."""

from typing import Any

from app.entrypoints.api.operations import operation
from app.entrypoints.api.parameters import AFTER, CURSOR, LIMIT, whole_number
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.presentation.answers.serializers import event_shape
from domain.errors import NotFound
from domain.times import written
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange, latest
from projections.engine.batches import END_OF_TIME
from projections.timeline import queries as timeline


@operation("/registers/{register}/recommendations/{recommendation}/history", answers=api_models.EventsShape)
def history(given: dict[str, str], register: str, recommendation: str) -> Any:
    """Every public event of a recommendation, oldest first."""
    with services().views.connect() as db:
        find_open_register(db, register)
        if catalogue.recommendation(db, register, recommendation, END_OF_TIME) is None:
            raise NotFound(f"There is no recommendation “{recommendation}” in this register.")
        found = timeline.of_recommendation(db, register, recommendation)
        return api_models.EventsShape(register, [event_shape(e) for e in found], None)


@operation("/registers/{register}/events", query=(AFTER, LIMIT), answers=api_models.EventsShape)
def events(given: dict[str, str], register: str) -> Any:
    """The public events of a register in the order of the log."""
    after = whole_number(given, "after", 0, 10**15)
    limit = whole_number(given, "limit", 1000, 1000)
    with services().views.connect() as db:
        find_open_register(db, register)
        found = timeline.of_register(db, register, after=after, limit=limit + 1)
    more = len(found) > limit
    found = found[:limit]
    return api_models.EventsShape(register, [event_shape(e) for e in found], found[-1].position if more else None)


@operation("/registers/{register}/changes", query=(LIMIT, CURSOR), answers=api_models.ChangesShape)
def changes(given: dict[str, str], register: str) -> Any:
    """What changed in a register, newest first."""
    limit = whole_number(given, "limit", 1000, 1000)
    before = whole_number(given, "cursor", 0, 10**15) or None
    with services().views.connect() as db:
        find_open_register(db, register)
        found = latest(db, register, before=before, limit=limit + 1)
    following = str(found[limit - 1].position) if len(found) > limit else None
    return api_models.ChangesShape(register, [_change(c) for c in found[:limit]], following)


def _change(c: PublicChange) -> api_models.PublicChangeShape:
    return api_models.PublicChangeShape(
        position=c.position,
        at=written(c.at),
        kind=c.kind,
        recommendation=c.recommendation or None,
        element=c.element or None,
        assessment=c.assessment or None,
        status=c.status,
        effective_on=c.effective_on or None,
        reason=c.reason,
        why=c.why,
        why_ko=c.why_ko,
        replaced_by=c.replaced_by or None,
        legacy=c.legacy,
        correction=c.correction,
    )
