"""Registers, their reviews, and search."""

from typing import Any

from sqlalchemy import Connection

from app.entrypoints.api.operations import operation
from app.entrypoints.api.parameters import QUERY
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.services.snapshots.review_schedule import ReviewOccurrence, review_occurrences
from domain.errors import Refused
from domain.methodology.methodology import Methodology
from domain.methodology.versions import methodology_of
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at, position_of
from projections.search.queries import find


@operation("/registers", answers=api_models.RegistersShape)
def registers(given: dict[str, str]) -> Any:
    """All open registers."""
    with services().views.connect() as db:
        return api_models.RegistersShape([_register(db, e) for e in catalogue.registers(db) if e.is_open])


@operation("/registers/{register}", answers=api_models.RegisterShape)
def register(given: dict[str, str], register: str) -> Any:
    """One register."""
    with services().views.connect() as db:
        return _register(db, find_open_register(db, register))


@operation("/registers/{register}/reviews", answers=api_models.ReviewsShape)
def reviews(given: dict[str, str], register: str) -> Any:
    """The reviews that are scheduled, and those that are frozen, each with the digests of its package."""
    with services().views.connect() as db:
        find_open_register(db, register)
        found = catalogue.reviews(db, register, last_applied_at(db))
        frozen = [
            _snapshot(p) for p in review_occurrences(db, register, services().clock().date()) if p.preparation.snapshot
        ]
        return api_models.ReviewsShape(register, [_given(r) for r in found.values()], frozen)


@operation("/registers/{register}/search", query=(QUERY,), answers=api_models.SearchShape)
def search(given: dict[str, str], register: str) -> Any:
    """What holds all the words, best first."""
    with services().views.connect() as db:
        find_open_register(db, register)
        if "q" not in given:
            raise Refused("Say what to find, with the parameter q.")
        hits = [
            api_models.HitShape(h.kind, h.id, h.recommendation or None, h.title, "".join(t for t, _ in h.excerpt))
            for h in find(db, register, given["q"][:200])
        ]
        return api_models.SearchShape(register, given["q"], hits)


@operation("/registers/{register}/methodology", answers=Methodology)
def methodology(given: dict[str, str], register: str) -> Any:
    """The methodology of a register as data: statuses, rules, reasons, sources, defaults, other scales."""
    with services().views.connect() as db:
        return methodology_of(find_open_register(db, register).settings.methodology)


def _given(fact: Any) -> dict[str, Any]:
    return {name: getattr(fact, name) for name in fact.__struct_fields__ if getattr(fact, name) not in ("", None)}


def _register(db: Connection, entry: RegisterEntry) -> api_models.RegisterShape:
    s = entry.settings
    return api_models.RegisterShape(
        id=s.id,
        title=s.title,
        title_ko=s.title_ko,
        summary=s.summary,
        summary_ko=s.summary_ko,
        time_zone=s.time_zone,
        methodology=s.methodology,
        peer_review=s.peer_review.value,
        evidence_to=s.evidence_to or None,
        opened_at=api_models.instant_or_none(entry.opened_at),
        log_position=position_of(db).count,
    )


def _snapshot(plan: ReviewOccurrence) -> dict[str, Any]:
    stamp = plan.preparation.timestamp
    given = {"review": plan.schedule.id, "as_of": plan.as_of} | _given(plan.preparation.snapshot)
    return given | ({"timestamp": stamp} if stamp else {})
