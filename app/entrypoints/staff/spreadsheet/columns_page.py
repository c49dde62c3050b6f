"""The third step: what each column of the sheet means."""

from collections.abc import Sequence

from flask import redirect, render_template, request
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.spreadsheet.edition_view import replayed_sentence
from app.entrypoints.staff.spreadsheet.missing_things import missing_name
from app.entrypoints.staff.spreadsheet.row_reading import SheetRowView, view_row
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
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.languages import own_name
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.bundles.typed_dates import read_date
from app.services.container import Services
from app.services.mapping.fields import FIELDS
from app.services.mapping.guesses import ColumnGuess, Guess
from app.services.mapping.guessing import guess_values
from app.services.mapping.saved import find_last_file
from app.services.mapping.types import LEAVE_OUT, NOTE, UNDECIDED, MappedColumn, SheetMapping

MAX_SEPARATOR_LENGTH = 5
SHOW = "show"
"""The action of the button that saves the answers and reads a row with them."""


class ColumnQuestion(Struct, frozen=True):
    """A column of the person, with the answer that the form shows."""

    column: str
    heading: str
    guess: ColumnGuess | None
    why: str
    field: str
    must_choose: bool
    is_public_text: bool
    day: str
    """The day of its statuses or texts in words, if the column is for one."""
    has_more: bool
    """Whether one of the folded answers is filled in."""


@staff.route("/spreadsheet/<number:number>/columns/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def spreadsheet_columns(number: int) -> tuple[str, int] | Response:
    """Asks for the field of each column, with our guess chosen where there is one."""
    opened = open_import(services(), current_person(), number)
    if not opened.reaches("columns"):
        return redirect(step_address(number, opened.step))
    form = Form(**_values(opened.mapping.columns))
    if request.method == "POST":
        form.read(*_names(opened.mapping.columns), "action")
        if check_unchanged(opened, form) and _save_columns(services(), current_person(), opened, form):
            row = request.args.get("row", "")
            here = step_address(number, "columns") + (f"?row={row}" if row.isdigit() else "")
            return redirect(here if form["action"] == SHOW else after_step(opened, form["action"], "values"))
    stored = stored_bundle(services(), opened.stored_register)
    guess = guess_values(opened.workbook, opened.mapping, stored)
    shown = view_row(opened.workbook, opened.mapping, request.args.get("row", ""))
    return _page(opened, form, guess, shown, _replayed(services(), opened, guess))


def _names(columns: Sequence[MappedColumn]) -> list[str]:
    return [f"{name}-{c.column}" for c in columns for name in ("field", "separator", "language", "on")]


def _values(columns: Sequence[MappedColumn]) -> dict[str, str]:
    return {
        f"{name}-{c.column}": getattr(c, name) for c in columns for name in ("field", "separator", "language", "on")
    }


def _save_columns(services: Services, person: Person, opened: OpenImport, form: Form) -> bool:
    """Saves the answers; returns whether the form is complete."""
    columns = tuple(_typed_column(opened, column, form) for column in opened.mapping.columns)
    mapping = replace(opened.mapping, columns=columns)
    goes_on = form["action"] not in (SHOW, "leave")
    if goes_on:
        _require_answers(mapping, form)
    if form.errors:
        return False
    if mapping != opened.mapping:
        stored = stored_bundle(services, opened.stored_register)
        mapping = guess_values(opened.workbook, mapping, stored).mapping
    save(services, person, opened, mapping, reached="values" if goes_on else "")
    return True


def _typed_column(opened: OpenImport, column: MappedColumn, form: Form) -> MappedColumn:
    """A column with the typed answers; adds to the form what is wrong with them."""
    letters = column.column
    field, on = form[f"field-{letters}"], form[f"on-{letters}"]
    separator, language = form[f"separator-{letters}"], form[f"language-{letters}"]
    if field not in (*FIELDS, NOTE, LEAVE_OUT, UNDECIDED):
        form.add(f"field-{letters}", _("Choose one of the fields."))
        field = UNDECIDED
    if len(separator) > MAX_SEPARATOR_LENGTH:
        form.add(f"separator-{letters}", _("A separator has at most %(n)s characters.", n=MAX_SEPARATOR_LENGTH))
    if language and language not in opened.languages:
        form.add(f"language-{letters}", _("Choose a language of the register."))
    if on and not (on := read_date(on)):
        form.add(f"on-{letters}", _("Type a day such as 30 September 2024, or 2024-09, or a year."))
    return replace(column, field=field, separator=separator, language=language, on=on)


def _require_answers(mapping: SheetMapping, form: Form) -> None:
    for column in mapping.columns:
        if column.field == UNDECIDED:
            form.add(
                f"field-{column.column}",
                _("Choose what column %(letters)s, “%(heading)s”, is. You can also keep it as a note or leave it out.",
                  letters=column.column, heading=column.heading),
            )  # fmt: skip
    if not any(column.field == "title" for column in mapping.columns) and not form.errors:
        form.add("", _("No column is the title. Choose “Title” for the column with the text of the recommendations."))


def _replayed(services: Services, opened: OpenImport, guess: Guess) -> str:
    """That the answers of the last file are used again; empty for the first file of a register."""
    with services.accounts.work() as db:
        last = find_last_file(db, opened.register) if opened.entry else None
    return replayed_sentence(last, guess) if last else ""


def _page(opened: OpenImport, form: Form, guess: Guess, row: SheetRowView | None, replayed: str) -> tuple[str, int]:
    choices = [_choice(column, form, guess) for column in opened.mapping.columns]
    page = render_template(
        "staff/spreadsheet/columns.html",
        opened=opened,
        form=form,
        steps=step_links(opened, "columns"),
        choices=choices,
        open_choices=sum(choice.must_choose for choice in choices),
        public_texts=[choice for choice in choices if choice.is_public_text],
        fields=[(key, str(field.label)) for key, field in FIELDS.items()],
        languages=[("" if n == 0 else code, own_name(code)) for n, code in enumerate(opened.languages)],
        missing=[(missing_name(thing.what), thing) for thing in guess.missing],
        row=row,
        replayed=replayed,
    )
    return page, form.status


def _choice(column: MappedColumn, form: Form, guess: Guess) -> ColumnQuestion:
    letters = column.column
    field, found = form[f"field-{letters}"], guess.columns.get(letters)
    return ColumnQuestion(
        column=letters,
        heading=column.heading,
        guess=found,
        why=refusal_text(found.why) if found else "",
        field=field,
        must_choose=field == UNDECIDED,
        is_public_text=field in FIELDS and FIELDS[field].is_free_text,
        day=day_text(column.on) if column.on else "",
        has_more=any(form[f"{name}-{letters}"] for name in ("separator", "language")),
    )
