"""The fifth step: the register page as it will look, what is wrong by cause, what is missing, and the import."""

import re

from flask import make_response, redirect, render_template, request
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.spreadsheet.background import Progress, find_or_start_preview, store_rows
from app.entrypoints.staff.spreadsheet.edition_view import is_edition_answer, read_edition_answers
from app.entrypoints.staff.spreadsheet.preview import MAX_SHOWN_STANDINGS, Preview
from app.entrypoints.staff.spreadsheet.questions import (
    answer_values,
    ask,
    ask_publications,
    with_answers,
)
from app.entrypoints.staff.spreadsheet.steps import (
    OpenImport,
    after_step,
    check_unchanged,
    open_import,
    save,
    step_address,
    step_links,
    stored_bundle,
)
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.translation import _
from app.presentation.narrative.headlines import scorecard_headline
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.mapping.guessing import guess_values
from app.services.mapping.types import RowCorrections
from domain.errors import Refused

IMPORT = "import"
_CELL = re.compile(r"cell-([A-Z]{1,3}[1-9][0-9]{0,8})")
_DROP = re.compile(r"drop-([1-9][0-9]{0,8})")
REFRESH_SECONDS = "3"


@staff.route("/spreadsheet/<number:number>/preview/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def spreadsheet_preview(number: int) -> tuple[str, int] | Response:
    """Shows what an import would do; saves corrections and answers; imports if that button was pressed."""
    person = current_person()
    opened = open_import(services(), person, number)
    if not opened.reaches("preview"):
        return redirect(step_address(number, opened.step))
    form = Form(**answer_values(opened.mapping), what="valid", why=opened.corrections.why)
    preview: Preview | Progress | None = None
    try:
        preview = find_or_start_preview(services(), person, opened)
        if isinstance(preview, Progress):
            return _waiting(opened, preview)
        if request.method == "POST":
            form.read(*form.values, "action", "plan", *filter(_is_own_field, request.form))
            if check_unchanged(opened, form):
                return _after_post(services(), person, opened, form, preview)
    except Refused as refused:
        form.refuse(refused)
    return _page(opened, form, preview if isinstance(preview, Preview) else None)


def _after_post(
    services: Services, person: Person, opened: OpenImport, form: Form, preview: Preview
) -> tuple[str, int] | Response:
    mapping = with_answers(opened.mapping, form, ask(opened, preview))
    if preview.edition and preview.edition.is_of_another_register:
        mapping = replace(mapping, choices=replace(mapping.choices, unmatched=form["unmatched"] and "new"))
    corrections = _typed_corrections(opened.corrections, form, preview)
    if form.errors:
        return _page(opened, form, preview)
    changed = mapping != opened.mapping or replace(corrections, why=opened.corrections.why) != opened.corrections
    if changed or corrections != opened.corrections:
        stored = stored_bundle(services, opened.stored_register)
        mapping = guess_values(opened.workbook, mapping, stored).mapping
        opened = save(services, person, opened, mapping, corrections)
    if form["action"] != IMPORT:
        return redirect(after_step(opened, form["action"], "preview"))
    if changed:
        form.add("", _("Your answers are saved. They change what is imported, so look at it again before you import."))
        return _page(opened, form, _preview_again(services, person, opened, preview))
    if preview.edition and preview.edition.needs_reason and not corrections.why.strip():
        form.add("why", _("Enter why it changes. The reason is public."))
        return _page(opened, form, preview)
    store_rows(services, person, opened, form["plan"], valid_rows=form["what"] != "all")
    return redirect(step_address(opened.number, "rest"))


def _preview_again(services: Services, person: Person, opened: OpenImport, before: Preview) -> Preview:
    made = find_or_start_preview(services, person, opened)
    return made if isinstance(made, Preview) else before


def _is_own_field(name: str) -> bool:
    """Whether a field is about one cell, one row or one difference, so that its name is not known before."""
    return bool(_CELL.fullmatch(name) or _DROP.fullmatch(name)) or is_edition_answer(name)


def _typed_corrections(corrections: RowCorrections, form: Form, preview: Preview) -> RowCorrections:
    """The corrections with the cells that were typed, and with the rows to leave out."""
    shown = {fix.cell: fix.value for cause in preview.causes for fix in cause.fixes}
    cells, left_out = dict(corrections.cells), set(corrections.left_out)
    for name, text in form.values.items():
        if (cell := _CELL.fullmatch(name)) and text != shown.get(cell[1]):
            cells[cell[1]] = text
        elif (row := _DROP.fullmatch(name)) and text:
            left_out.add(int(row[1]))
    sections = preview.edition.sections if preview.edition else ()
    as_shown = {field.input: field.counts for section in sections for row in section.rows for field in row.fields}
    answers = {name: text for name, text in form.values.items() if as_shown.get(name) != text}
    counts, matches = read_edition_answers(corrections, answers)
    why = form["why"] if preview.edition and preview.edition.needs_reason else corrections.why
    left = frozenset(left_out)
    return replace(corrections, cells=cells, left_out=left, counts=counts, matches=matches, why=why)


def _waiting(opened: OpenImport, progress: Progress) -> Response:
    page = render_template(
        "staff/spreadsheet/checking.html", opened=opened, steps=step_links(opened, "preview"), progress=progress
    )
    answer = make_response(page)
    answer.headers["Refresh"] = REFRESH_SECONDS
    return answer


def _page(opened: OpenImport, form: Form, preview: Preview | None) -> tuple[str, int]:
    look = preview.look if preview else None
    page = render_template(
        "staff/spreadsheet/preview.html",
        opened=opened,
        form=form,
        steps=step_links(opened, "preview"),
        preview=preview,
        questions=ask(opened, preview) if preview else [],
        publications=ask_publications(opened.mapping),
        headline=scorecard_headline(look.counts) if look and look.counts.on_scorecard else None,
        counts=look.counts if look else None,
        blocks=build_blocks(look.counts) if look else [],
        most=MAX_SHOWN_STANDINGS,
    )
    return page, form.status
