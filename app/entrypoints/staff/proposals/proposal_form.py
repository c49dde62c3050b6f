"""Converts the form of a proposal to an assessment, and back."""

from enum import StrEnum
from typing import TypeVar

from app.entrypoints.staff.evidence.source_form import FILTER_FIELDS, SEARCH_FIELDS, SOURCE_FIELDS
from app.entrypoints.staff.forms import FieldError, Form
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from domain.codes import Cause, Confidence, Motion, Reason, Status
from domain.errors import Refused
from domain.values import Assessment, translations_by_name

CodeT = TypeVar("CodeT", bound=StrEnum)

TEXTS = ("statement", "rationale")
DAYS = ("effective_on", "window_from", "window_to", "review_by")
CODES: dict[str, type[StrEnum]] = {
    "status": Status,
    "reason": Reason,
    "cause": Cause,
    "motion": Motion,
    "confidence": Confidence,
}
FIELD_NAMES = (
    *("element", "status", "cause", "effective_on"),
    "evidence",
    *FILTER_FIELDS,
    *SOURCE_FIELDS,
    *SEARCH_FIELDS,
    *("rationale", "statement", "reason", "motion", "confidence", "window_from", "window_to", "review_by"),
    "back",
    "version",
    "revise",
    "take",
    "action",
)


def read_assessment(form: Form, ident: str = "") -> Assessment | None:
    """Returns the typed assessment; None, with errors in the form, if something is missing."""
    form.errors += missing_fields(form)
    if not form["rationale"]:
        form.add("rationale", _("Give the reasons in two or three sentences that a reader can check."))
    return None if form.errors else typed_assessment(form, ident)


def missing_fields(form: Form) -> list[FieldError]:
    """Returns errors for the fields that the rules need, in the order of the page."""
    missing = [FieldError("status", _("Choose a status."))] if not _code(form, "status", Status) else []
    if not form["effective_on"]:
        missing.append(FieldError("effective_on", _("Enter the day from which this applies. The year is enough.")))
    for name in DAYS:
        try:
            form.day(name)
        except Refused as refused:
            missing += [FieldError(name, refusal_text(r)) for r in refused.refusals]
    if not _code(form, "reason", Reason):
        missing.append(FieldError("reason", _("Choose a reason.")))
    offered = _("Choose one of the options.")
    return missing + [
        FieldError(n, offered) for n in ("cause", "motion", "confidence") if form[n] and not _code(form, n, CODES[n])
    ]


def typed_assessment(form: Form, ident: str = "") -> Assessment:
    """Returns the assessment typed so far. Precondition: `missing_fields` is empty."""
    status, reason = _code(form, "status", Status), _code(form, "reason", Reason)
    assert status is not None and reason is not None
    return Assessment(
        id=ident,
        element=form["element"],
        effective_on=form.day("effective_on"),
        evidence=tuple(form.lists.get("evidence", ())),
        status=status,
        reason=reason,
        cause=_code(form, "cause", Cause),
        motion=_code(form, "motion", Motion),
        confidence=_code(form, "confidence", Confidence),
        statement=form["statement"],
        rationale=form["rationale"],
        translations=form.translations(*Assessment.TRANSLATED),
        window_from=form.day("window_from"),
        window_to=form.day("window_to"),
        review_by=form.day("review_by"),
    )


def form_from_assessment(assessment: Assessment, **overrides: str) -> Form:
    """Returns a form filled from an assessment; a saved draft takes precedence."""
    values = {name: str(getattr(assessment, name) or "") for name in (*CODES, *TEXTS, *DAYS, "element")}
    values |= translations_by_name(assessment)
    form = Form(**(values | {"revise": assessment.id} | overrides))
    form.lists.setdefault("evidence", list(assessment.evidence))
    return form


def _code(form: Form, name: str, codes: type[CodeT]) -> CodeT | None:
    return next((code for code in codes if code.value == form[name]), None)
