"""What the form of a proposal offers, and what stands beside it."""

from typing import Any

from app.staff.forms import Form
from app.staff.sources import offered, search_begun, source_classes
from app.web.asking import applied
from app.web.services import services
from app.web.texts import _
from app.web.words import CAUSE, CONFIDENCE, MOTION, REASON, answers
from domain.methodology import FOR_ONE_TIME
from domain.times import day_in
from domain.words import Status
from projections.catalogue import queries as catalogue
from projections.scorecards.answers import Pair
from projections.scorecards.queries import standings

OFFERED = [s for s in Status if s is not Status.NOT_ASSESSED]


def proposal_fields(register: str, recommendation: str, form: Form) -> dict[str, Any]:
    """Everything that the pages with these fields show, by the names of their templates."""
    of = services()
    form.values = search_begun() | {name: text for name, text in form.values.items() if text}
    with of.views.connect() as db:
        known = applied(db)
        entry = catalogue.register(db, register)
        found = catalogue.recommendation(db, register, recommendation, known)
        assert entry is not None
        assert found is not None
        today = day_in(entry.settings.time_zone, of.clock())
        elements = [e.element for e in catalogue.elements(db, register, known, recommendation)]
        near, others = offered(db, register, recommendation, form.many.get("evidence", ()))
        cards = catalogue.cards(db, register, known, recommendation)
        standing = standings(db, register, Pair(today, known), recommendation).get(recommendation)
    kind = next((e.kind for e in elements if e.id == form["element"]), found.facts.kind)
    return {
        "form": form,
        "entry": entry,
        "facts": found.facts,
        "elements": elements,
        "cards": cards,
        "standing": standing,
        "near": near,
        "others": others,
        "kind": kind,
        "statuses": [(s, _why_not(s, kind)) for s in OFFERED],
        "reasons": answers(REASON),
        "causes": answers(CAUSE),
        "motions": answers(MOTION),
        "confidences": answers(CONFIDENCE),
        "classes": source_classes(),
    }


def _why_not(status: Status, kind: Any) -> str:
    """Why a status cannot be chosen for this kind (rule 1), empty where it can."""
    if status is Status.IMPLEMENTED and kind not in FOR_ONE_TIME:
        return _("Only for things done once and for outcomes (rule 1).")
    if status is Status.IN_EFFECT and kind in FOR_ONE_TIME:
        return _("Only for things kept up and for restraint (rule 1).")
    return ""
