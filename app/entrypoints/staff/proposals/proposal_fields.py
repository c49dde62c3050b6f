"""The choices in the form of a proposal."""

from msgspec import Struct

from app.entrypoints.staff.evidence.source_form import search_defaults, source_classes
from app.entrypoints.staff.evidence.sources import offered_sources
from app.entrypoints.staff.forms import Form
from app.presentation.i18n.labels import CAUSE, CONFIDENCE, MOTION, REASON, choices
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from domain.codes import Kind, Status
from domain.methodology.rules import against_kind
from domain.methodology.versions import methodology_of
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

OFFERED_STATUSES = [s for s in Status if s is not Status.NOT_ASSESSED]


class StatusChoice(Struct, frozen=True):
    """A status with its meaning, the kinds of item that cannot have it, and why."""

    status: Status
    not_for: list[Kind]
    why_not: str
    meaning: str


def proposal_fields(
    services: Services, person: Person, register: str, recommendation: str, form: Form
) -> dict[str, object]:
    """Returns the template values of every page with these fields."""
    form.values = search_defaults(services, person) | {name: text for name, text in form.values.items() if text}
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation_entry = catalogue.recommendation(db, register, recommendation, known_at)
        register_entry = catalogue.register(db, register)
        assert recommendation_entry is not None and register_entry is not None
        languages = register_entry.settings.languages
        elements = [e.element for e in catalogue.elements(db, register, known_at, recommendation)]
        offered = offered_sources(services, db, register, recommendation, form)
    meanings = methodology_of(register_entry.settings.methodology).meanings
    kind = next((e.kind for e in elements if e.id == form["element"]), recommendation_entry.facts.kind)
    return {
        "form": form,
        "languages": languages,
        "facts": recommendation_entry.facts,
        "elements": elements,
        "offered": offered,
        "may_fetch": services.settings.capture,
        "kind": kind,
        "picks": [StatusChoice(s, _not_for(s), _why_not(s), meanings[s].meaning) for s in OFFERED_STATUSES],
        "reasons": choices(REASON),
        "causes": choices(CAUSE),
        "motions": choices(MOTION),
        "confidences": choices(CONFIDENCE),
        "classes": source_classes(),
    }


def _not_for(status: Status) -> list[Kind]:
    """Returns the kinds of item that cannot have a status (rule 1)."""
    return [kind for kind in Kind if any(against_kind(status, kind))]


def _why_not(status: Status) -> str:
    if status is Status.IMPLEMENTED:
        return _("Only for things done once and for outcomes.")
    return _("Only for things kept up and for restraint.") if status is Status.IN_EFFECT else ""
