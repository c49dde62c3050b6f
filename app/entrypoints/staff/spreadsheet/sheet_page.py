"""The second step: which sheet, the row with the headings, and the shape of the table."""

from flask import redirect, render_template, request
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.adapters.spreadsheets.cells import column_letters
from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.spreadsheet.sheet_shape import (
    EACH,
    YEAR,
    YEAR_ANSWERS,
    YearColumns,
    answer_years,
    find_shape,
    first_rows,
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
from app.presentation.i18n.labels import month_day
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.mapping.guessing import guess_mapping, guess_values
from app.services.mapping.table import find_sheet
from app.services.mapping.types import LEAVE_OUT, NOTE, RowCorrections, SheetMapping
from domain.errors import Refused, refusal

MAX_SHOWN_COLUMNS = 40
HEADING_ANSWERS, SUB_ROW_ANSWERS = ("theme", NOTE, LEAVE_OUT), ("part", "recommendation", LEAVE_OUT)
_FIELDS = ("sheet", "head", "two", "years", "day", "heading_rows", "sub_rows", "action")


@staff.route("/spreadsheet/<number:number>/sheet/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def spreadsheet_sheet(number: int) -> tuple[str, int] | Response:
    """Asks for the sheet, its headings and its shape, with our guess chosen."""
    opened = open_import(services(), current_person(), number)
    if not opened.reaches("sheet"):
        return redirect(step_address(number, opened.step))
    form = Form(**_values(opened)).read(*_FIELDS)
    if request.method == "POST" and check_unchanged(opened, form):
        try:
            opened, is_shown_first = _save_sheet(services(), current_person(), opened, form)
            if not is_shown_first:
                return redirect(after_step(opened, form["action"], "columns"))
            return redirect(step_address(number, "sheet"))
        except Refused as refused:
            form.refuse(refused)
    return _page(opened, form)


def _save_sheet(services: Services, person: Person, opened: OpenImport, form: Form) -> tuple[OpenImport, bool]:
    """Saves the answers; the second value says whether the rows of another sheet have to be looked at first."""
    mapping, workbook = opened.mapping, opened.workbook
    header = parse_number(form["head"])
    if header is None:
        raise Refused(refusal("Choose the row with the headings.", field="head"))
    headers = (header - 1, header) if form["two"] and header > 1 else (header,)
    stored = stored_bundle(services, opened.stored_register)
    if form["sheet"] != _sheet_name(opened):
        guess = guess_mapping(workbook, stored=stored, saved=mapping, sheet=form["sheet"])
        changed = replace(guess.mapping, register=mapping.register)
        return save(services, person, opened, changed, RowCorrections(), back_to="sheet"), True
    is_new = headers != mapping.header_rows
    if is_new:
        guess = guess_mapping(workbook, stored=stored, saved=mapping, sheet=form["sheet"], header_rows=headers)
        mapping = replace(guess.mapping, register=mapping.register)
        if _asks_more(opened, mapping, form):
            return save(services, person, opened, mapping, back_to="sheet"), True
    _require_offered(opened, mapping, form)
    shaped = _shaped(mapping, form)
    if shaped != opened.mapping:
        shaped = guess_values(workbook, shaped, stored).mapping
    return save(services, person, opened, shaped, back_to="columns" if is_new else "", reached="columns"), False


def _asks_more(opened: OpenImport, mapping: SheetMapping, form: Form) -> bool:
    """Whether other headings bring a question about the shape that the form did not ask."""
    years = find_shape(opened.workbook, mapping).years
    asked = ((mapping.heading_rows, "heading_rows"), (mapping.sub_rows, "sub_rows"), (years, "years"))
    return any(question and not form[name] for question, name in asked)


def _require_offered(opened: OpenImport, mapping: SheetMapping, form: Form) -> None:
    """Raises `Refused` for an answer that the page does not offer."""
    years = find_shape(opened.workbook, mapping).years
    offered = {
        "heading_rows": HEADING_ANSWERS if mapping.heading_rows else (),
        "sub_rows": SUB_ROW_ANSWERS if mapping.sub_rows else (),
        "years": YEAR_ANSWERS if years else (),
        "day": years.days if years else (),
    }
    for name, answers in offered.items():
        if answers and form[name] and form[name] not in answers:
            raise Refused(refusal("Choose one of the answers.", field=name))


def _shaped(mapping: SheetMapping, form: Form) -> SheetMapping:
    columns = answer_years(mapping.columns, form["years"], form["day"]) if form["years"] else mapping.columns
    return replace(
        mapping,
        columns=columns,
        heading_rows=form["heading_rows"] if mapping.heading_rows else "",
        sub_rows=form["sub_rows"] if mapping.sub_rows else "",
    )


def _sheet_name(opened: OpenImport) -> str:
    return find_sheet(opened.workbook, opened.mapping.sheet).name


def _values(opened: OpenImport) -> dict[str, str]:
    mapping = opened.mapping
    shape = find_shape(opened.workbook, mapping)
    return {
        "sheet": _sheet_name(opened),
        "head": str(max(mapping.header_rows, default=1)),
        "two": "yes" if len(mapping.header_rows) > 1 else "",
        "years": shape.years.answer if shape.years else EACH,
        "day": _day_of(opened, shape.years),
        "heading_rows": mapping.heading_rows,
        "sub_rows": mapping.sub_rows,
    }


def _day_of(opened: OpenImport, years: YearColumns | None) -> str:
    """The day that was chosen; before that, the one that a line above the headings says."""
    if years is None:
        return ""
    return years.stated_day or years.day if opened.step == "sheet" else years.day


def _page(opened: OpenImport, form: Form) -> tuple[str, int]:
    sheet, mapping = find_sheet(opened.workbook, opened.mapping.sheet), opened.mapping
    shape = find_shape(opened.workbook, mapping)
    rows, width = first_rows(sheet, mapping.header_rows), min(sheet.width, MAX_SHOWN_COLUMNS)
    page = render_template(
        "staff/spreadsheet/sheet.html",
        opened=opened,
        form=form,
        steps=step_links(opened, "sheet"),
        sheets=opened.workbook.sheets,
        sheet=sheet,
        rows=rows,
        letters=[column_letters(n) for n in range(width)],
        last_letters=column_letters(sheet.width - 1) if sheet.width > width else "",
        shape=shape,
        dividers={row.number for row in shape.headings},
        days=[(day, _day_words(day)) for day in shape.years.days] if shape.years else [],
    )
    return page, form.status


def _day_words(day: str) -> str:
    return _("The year, without a day") if day == YEAR else _("%(day)s of the year", day=month_day(day))
