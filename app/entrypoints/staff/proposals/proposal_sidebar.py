"""The sidebar of a proposal's form: rule checks, preview, and what is public now."""

from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.proposals.proposal_form import missing_fields, typed_assessment
from app.entrypoints.staff.proposals.publication_preview import preview_publication
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.presentation.i18n.localize import localized
from app.presentation.i18n.translation import _, ngettext
from app.services.container import Services
from domain.times import day_in
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair

UNKNOWN_PUBLISHER = "-"
"""The placeholder for the person who will publish; the public sees their role."""


def sidebar_values(services: Services, rule_check: RuleCheck, form: Form, without: str = "") -> dict[str, object]:
    """Returns the values of `staff/proposal_sidebar.html`, for the whole page or the sidebar alone."""
    register, recommendation = rule_check.register, rule_check.recommendation.facts.id
    missing = missing_fields(form)
    needed, unreadable = [e for e in missing if not form[e.field]], [e for e in missing if form[e.field]]
    assessment = None if missing else typed_assessment(form, form["revise"])
    objections = rule_check.objections(assessment, without) if assessment else []
    with services.views.connect() as db:
        entry, known_at = catalogue.register(db, register), last_applied_at(db)
        assert entry is not None
        pair = TimePair(day_in(entry.settings.time_zone, rule_check.context.at), known_at)
        standing = standings(db, register, pair, recommendation).get(recommendation)
        item_standing = next((e for e in standing.elements if e.id == form["element"]), standing) if standing else None
        ids = [item_standing.assessment] if item_standing and item_standing.assessment else []
        in_force = next(iter(assessments.by_id(db, register, ids).values()), None)
        parts = catalogue.elements(db, register, known_at, recommendation)
        cards = catalogue.success_criteria(db, register, known_at, recommendation)
        preview = (
            preview_publication(services, db, entry, rule_check, assessment, UNKNOWN_PUBLISHER, without)
            if assessment
            else None
        )
    return {
        "entry": entry,
        "recommendation": recommendation,
        "element": form["element"],
        "titles": {e.element.id: localized(e.element, "title") for e in parts},
        "standing": standing,
        "in_force": in_force,
        "card": next((k.card for k in cards if k.card.element == form["element"]), None),
        "needed": needed,
        "unreadable": unreadable,
        "objections": objections,
        "passed": rule_check.passed(objections) if assessment else [],
        "second": rule_check.needs_second_person(assessment) if assessment else False,
        "preview": preview,
        "verdict": _verdict(len(needed), len(unreadable) + len(objections)),
    }


def _verdict(needed: int, faults: int) -> str:
    """One sentence, which screen readers announce when it changes. A field that is empty is not called a problem."""
    if faults:
        return ngettext("There is %(num)d problem", "There are %(num)d problems", faults)
    if needed:
        return ngettext("%(num)d answer is still needed.", "%(num)d answers are still needed.", needed)
    return _("There are no problems.")
