"""The form of a response, and rows of many responses copied from a spreadsheet."""

from sqlalchemy import Connection

from app.entrypoints.staff.evidence.source_form import (
    FILTER_FIELDS,
    SEARCH_FIELDS,
    SOURCE_FIELDS,
    search_defaults,
    source_classes,
)
from app.entrypoints.staff.evidence.sources import offered_sources
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.name_picker import NamePicker, picker_fields
from app.entrypoints.staff.pasted_names import PastedNames, with_ids
from app.entrypoints.staff.pasted_rows import read_rows, refuse_unknown_codes
from app.presentation.i18n.labels import POSITION, STATUS, choices, day_text
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.search.names import BODY, NameSearch
from domain import commands as c
from domain.codes import Position
from domain.errors import NotFound, Refused, refusal
from domain.values import Assessment, ResponseFacts
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

FIELD_NAMES = (
    *picker_fields("body"),
    *("position", "given_on", "summary", "element", "assessment", "version", "action"),
    *SOURCE_FIELDS,
    *SEARCH_FIELDS,
    *FILTER_FIELDS,
)
FIND = "find_body"
"""The button that lists the bodies with the typed words in their names."""
COLUMNS = ("recommendation", "element", "body", "position", "given_on", "summary", "evidence", "assessment")
REQUIRED_COLUMNS = ("recommendation", "body", "position", "given_on", "summary", "evidence")


def read_response(services: Services, register: str, recommendation: str, form: Form) -> ResponseFacts | None:
    """Returns the typed response; None, with errors in the form, if its body or position is not chosen or its day is no
    date."""
    try:
        with services.views.connect() as db:
            body = body_picker(db, register, recommendation, form).read()
        if body is None:
            form.add("body", _("Choose a body."))
    except Refused as refused:
        form.refuse(refused)
    position = next((p for p in Position if p.value == form["position"]), None)
    if position is None:
        form.add("position", _("Choose a position."))
    try:
        given_on = form.day("given_on")
    except Refused as refused:
        form.refuse(refused)
    if form.errors:
        return None
    assert body and position
    return ResponseFacts(
        id="",
        element=form["element"],
        body=body.fact.id,
        position=position,
        given_on=given_on,
        summary=form["summary"],
        translations=form.translations(*ResponseFacts.TRANSLATED),
        evidence=tuple(form.lists.get("evidence", ())),
        assessment=form["assessment"],
    )


def body_picker(db: Connection, register: str, recommendation: str, form: Form) -> NamePicker:
    """The field for the body; those that were asked can be chosen without a search."""
    search = NameSearch(db, register, last_applied_at(db))
    entry = catalogue.recommendation(db, register, recommendation, search.known_at)
    return NamePicker(form, "body", search, search.by_id(BODY, entry.facts.addressees) if entry else ())


def form_values(
    services: Services, person: Person, register: str, recommendation: str, form: Form
) -> dict[str, object]:
    """Returns the template values of the form. Raises `NotFound`."""
    form.values = search_defaults(services, person) | {name: text for name, text in form.values.items() if text}
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        entry = catalogue.recommendation(db, register, recommendation, known_at)
        if entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        elements = [e.element for e in catalogue.elements(db, register, known_at, recommendation)]
        register_entry = catalogue.register(db, register)
        assert register_entry is not None
        published = assessments.of_recommendation(db, register, recommendation)
        offered = offered_sources(services, db, register, recommendation, form)
        bodies = body_picker(db, register, recommendation, form).options()
    return {
        "form": form,
        "facts": entry.facts,
        "languages": register_entry.settings.languages,
        "bodies": bodies,
        "positions": choices(POSITION),
        "elements": [(e.id, localized_text(e, "title")) for e in elements],
        "assessments": [
            (p.assessment.id, _assessment_label(p.assessment)) for p in reversed(published) if not p.withdrawal
        ],
        "offered": offered,
        "may_fetch": services.settings.capture,
        "classes": source_classes(),
    }


def _assessment_label(assessment: Assessment) -> str:
    status, day = str(STATUS[assessment.status]), day_text(assessment.effective_on)
    return _("%(status)s, %(day)s", status=status, day=day)


def read_responses(services: Services, register: str, text: str) -> dict[int, c.ProposeResponse]:
    """Reads rows copied from a spreadsheet, a response by row. Raises `Refused` with every problem."""
    rows = read_rows(text, COLUMNS, REQUIRED_COLUMNS)
    refuse_unknown_codes(rows, "position", Position)
    with services.views.connect() as db:
        names = PastedNames(services, db, register)
        readers = {
            "recommendation": names.recommendation,
            "element": names.part,
            "body": names.body,
            "evidence": names.sources,
            "assessment": names.assessment,
        }
        rows = with_ids(rows, readers)
    return {number: _command(register, cells) for number, cells in rows}


def _command(register: str, cells: dict[str, str]) -> c.ProposeResponse:
    facts = ResponseFacts(
        id="",
        element=cells.get("element", ""),
        body=cells["body"],
        position=Position(cells["position"]),
        given_on=cells["given_on"],
        summary=cells["summary"],
        evidence=tuple(cells["evidence"].split(";")),
        assessment=cells.get("assessment", ""),
    )
    return c.ProposeResponse(register, recommendation=cells["recommendation"], facts=facts)
