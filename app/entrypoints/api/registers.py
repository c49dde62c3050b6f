"""Registers, their reviews, and search."""

import msgspec
from sqlalchemy import Connection

from app.adapters.settings import Settings
from app.entrypoints.api.operations import read_operation
from app.entrypoints.api.parameters import QUERY
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.search_hits import MAX_QUERY_LENGTH, name_present_bodies, plain_text
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.presentation.answers.serializers import instant_or_none
from app.presentation.i18n.localize import record_language
from app.services.removals.packages import withdrawal_of
from app.services.search.register_search import search_register
from app.services.snapshots.review_schedule import ReviewOccurrence, review_occurrences
from domain.errors import Refused
from domain.methodology.methodology import Methodology
from domain.methodology.versions import methodology_of
from domain.values import TranslatedFact, translation_of
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.public_states.queries import public_state
from projections.search.matches import TermPatterns
from projections.search.queries import SearchHit
from projections.search.tokens import terms


@read_operation("/registers", answers=api_models.RegistersShape)
def registers(query: dict[str, str]) -> api_models.RegistersShape:
    """All open registers."""
    with services().views.connect() as db:
        return api_models.RegistersShape([_serialize_register(db, e) for e in catalogue.registers(db) if e.is_open])


@read_operation("/registers/{register}", answers=api_models.RegisterShape)
def register(query: dict[str, str], register: str) -> api_models.RegisterShape:
    """One register."""
    with services().views.connect() as db:
        return _serialize_register(db, find_open_register(db, register))


@read_operation("/registers/{register}/reviews", answers=api_models.ReviewsShape)
def reviews(query: dict[str, str], register: str) -> api_models.ReviewsShape:
    """The reviews that are scheduled, and those that are frozen, each with the digests of its package."""
    with services().views.connect() as db:
        find_open_register(db, register)
        schedules = catalogue.reviews(db, register, last_applied_at(db))
        frozen = [
            _serialize_snapshot(services().settings, p)
            for p in review_occurrences(db, register, services().clock().date())
            if p.preparation.snapshot
        ]
        return api_models.ReviewsShape(register, [_stated_fields(r) for r in schedules.values()], frozen)


@read_operation("/registers/{register}/search", query=(QUERY,), answers=api_models.SearchShape)
def search(query: dict[str, str], register: str) -> api_models.SearchShape:
    """The 20 recommendations that fit best, each with what is about it; then themes, bodies and publications.

    `recommendations` says how many recommendations match.
    """
    with services().views.connect() as db:
        find_open_register(db, register)
        if "q" not in query:
            raise Refused("Say what to find, with the parameter q.")
        if len(words := query["q"]) > MAX_QUERY_LENGTH:
            raise Refused(f"“q” has {len(words)} characters. Send at most {MAX_QUERY_LENGTH}.")
        result = search_register(db, register, words)
        hits = [hit for found in result.page(1) for hit in (found.own, *found.inside) if hit]
        hits += name_present_bodies(db, register, result.others)
        shapes = [_serialize_hit(hit, TermPatterns(terms(words))) for hit in hits]
        return api_models.SearchShape(register, query["q"], shapes, len(result.recommendations), result.suggestion)


@read_operation("/registers/{register}/methodology", answers=Methodology)
def methodology(query: dict[str, str], register: str) -> Methodology:
    """The methodology of a register as data: statuses, rules, reasons, sources, defaults, other scales."""
    with services().views.connect() as db:
        return methodology_of(find_open_register(db, register).settings.methodology)


def _serialize_hit(hit: SearchHit, patterns: TermPatterns) -> api_models.HitShape:
    excerpt = patterns.excerpt((*hit.texts, *hit.titles), ("",))
    return api_models.HitShape(
        kind=hit.kind,
        id=hit.id.rpartition("/")[2],
        recommendation=hit.recommendation or None,
        title=hit.title,
        excerpt=plain_text(excerpt.pieces) if excerpt else "",
        language=excerpt.language or record_language() if excerpt else None,
    )


def _stated_fields(fact: msgspec.Struct) -> dict[str, object]:
    """The filled fields of a fact. Korean texts have fields of their own too, as in earlier answers."""
    fields = {name: getattr(fact, name) for name in fact.__struct_fields__ if getattr(fact, name) not in ("", None, {})}
    korean = fact.translations.get("ko", {}) if isinstance(fact, TranslatedFact) else {}
    return fields | {f"{name}_ko": text for name, text in korean.items()}


def _serialize_register(db: Connection, entry: RegisterEntry) -> api_models.RegisterShape:
    s = entry.settings
    return api_models.RegisterShape(
        id=s.id,
        title=s.title,
        title_ko=translation_of(s, "title", "ko"),
        summary=s.summary,
        summary_ko=translation_of(s, "summary", "ko"),
        time_zone=s.time_zone,
        methodology=s.methodology,
        peer_review=s.peer_review.value,
        evidence_to=s.evidence_to or None,
        opened_at=instant_or_none(entry.opened_at),
        log_position=public_state(db, s.id).position,
        kept_by=s.kept_by,
        contact=s.contact,
        report_errors=s.report_errors or s.contact,
        licence=s.licence,
        funded_by=s.funded_by,
        languages=list(s.languages),
        fictional=s.fictional,
        translations=s.translations,
        ror=s.ror,
        authors=[api_models.NamedAuthorShape(a.name, a.orcid, a.affiliation) for a in s.authors],
        colour=s.colour,
        doi=s.doi,
        cite_as=s.cite_as,
    )


def _serialize_snapshot(settings: Settings, plan: ReviewOccurrence) -> dict[str, object]:
    stamp, snapshot = plan.preparation.timestamp, plan.preparation.snapshot
    assert snapshot is not None
    fields = {"review": plan.schedule.id, "as_of": plan.as_of} | _stated_fields(snapshot)
    if withdrawal := withdrawal_of(settings, plan.preparation):
        fields |= {"package_withdrawn": {"at": instant_or_none(withdrawal.at), "because": withdrawal.reason}}
    return fields | ({"timestamp": stamp} if stamp else {})
