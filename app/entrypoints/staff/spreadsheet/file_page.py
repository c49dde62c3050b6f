"""The first step: what was read in the file, how a text file is written, and the register to make."""

from flask import redirect, render_template, request
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.adapters.spreadsheets.reading import read_file
from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.spreadsheet.beginning import read_upload, replace_file
from app.entrypoints.staff.spreadsheet.file_facts import (
    TAB,
    encoding_name,
    file_facts,
    separator_name,
    separator_value,
)
from app.entrypoints.staff.spreadsheet.steps import (
    OpenImport,
    check_unchanged,
    open_import,
    save,
    step_address,
    step_links,
)
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.bundles.ids import id_of
from app.services.bundles.problems import BundleProblem
from app.services.bundles.settings import read_settings
from app.services.container import Services
from app.services.mapping import drafts
from app.services.mapping.assumptions import file_title
from app.services.mapping.types import NewRegister, SheetMapping
from domain.errors import Refused, refusal
from domain.methodology.versions import NEWEST
from projections.catalogue import queries as catalogue

REGISTER_FIELDS = ("title", "id", "time_zone", "languages")


@staff.route("/spreadsheet/<number:number>/file/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def spreadsheet_file(number: int) -> tuple[str, int] | Response:
    """Shows what was read; asks how a text file is written, and the names of a new register."""
    opened = open_import(services(), current_person(), number)
    form = Form(**_register_values(opened)).read(*REGISTER_FIELDS, "encoding", "separator")
    if request.method == "POST" and check_unchanged(opened, form):
        try:
            if _is_read_otherwise(opened, form):
                _read_again(services(), current_person(), opened, form)
                return redirect(step_address(number, "file"))
            _use_file(services(), current_person(), opened, form)
            if not form.errors:
                return redirect(step_address(number, "sheet"))
        except Refused as refused:
            form.refuse(refused)
    return _page(services(), opened, form)


@staff.post("/spreadsheet/<number:number>/another/")
@allowed(SIGNED_IN)
def change_spreadsheet(number: int) -> tuple[str, int] | Response:
    """Another file for an import that was begun; what was answered and fits stays."""
    opened, form = open_import(services(), current_person(), number), Form().read("pasted", "file")
    form.values = _register_values(opened) | form.values
    try:
        workbook, content = read_upload()
        replace_file(services(), current_person(), opened, workbook, content)
        return redirect(step_address(number, "file"))
    except Refused as refused:
        form.refuse(refused)
    return _page(services(), opened, form)


@staff.post("/spreadsheet/<number:number>/discard/")
@allowed(SIGNED_IN)
def discard_spreadsheet(number: int) -> Response:
    """Deletes an import that was begun; what it stored stays."""
    with services().accounts.work() as db:
        found = drafts.find_import(db, current_person().id, number, services().clock())
        if found is not None:
            db.delete(found)
    return redirect("/staff/")


def _page(services: Services, opened: OpenImport, form: Form) -> tuple[str, int]:
    book = opened.workbook
    form.defaults |= _register_values(opened)
    form.defaults |= {"encoding": book.encoding, "separator": separator_value(book.separator)}
    form.values["encoding"] = form["encoding"] or book.encoding
    form.values["separator"] = form["separator"] or separator_value(book.separator)
    page = render_template(
        "staff/spreadsheet/file.html",
        opened=opened,
        form=form,
        steps=step_links(opened, "file"),
        facts=file_facts(book, file_size(services, opened.number)),
        encodings=[(e, encoding_name(e.name)) for e in book.encodings],
        separators=[(s, separator_value(s.separator), separator_name(s.separator)) for s in book.separators],
        own_separator=separator_name(book.separator) if book.separator_is_stated else "",
    )
    return page, form.status


def file_size(services: Services, number: int) -> int:
    with services.accounts.work() as db:
        return drafts.file_size(db, number)


def _register_values(opened: OpenImport) -> dict[str, str]:
    new = opened.mapping.register
    if new is None:
        return {}
    return {
        "title": new.title,
        "id": opened.register,
        "time_zone": new.time_zone,
        "languages": "; ".join(new.languages),
    }


def _is_read_otherwise(opened: OpenImport, form: Form) -> bool:
    """Whether other letters or another separator were chosen."""
    book = opened.workbook
    chosen = form["encoding"], form["separator"]
    return book.kind == "text" and chosen not in ((book.encoding, separator_value(book.separator)), ("", ""))


def _read_again(services: Services, person: Person, opened: OpenImport, form: Form) -> None:
    with services.accounts.work() as db:
        found = drafts.find_import(db, person.id, opened.number, services.clock())
        content = found.content if found else b""
    separator = "\t" if form["separator"] == TAB else form["separator"]
    workbook = read_file(opened.file_name, content, encoding=form["encoding"], separator=separator)
    replace_file(services, person, opened, workbook, content)


def _use_file(services: Services, person: Person, opened: OpenImport, form: Form) -> None:
    """Saves the names of a new register and goes on to the sheet."""
    mapping = opened.mapping
    if opened.entry is None:
        ident = _check_register(services, form)
        if form.errors:
            return
        languages = tuple(code.strip() for code in form["languages"].split(";") if code.strip())
        new = NewRegister(title=form["title"], time_zone=form["time_zone"], languages=languages)
        mapping = replace(_without_file_title(opened, new.title), register=new)
        with services.accounts.work() as db:
            found = drafts.find_import(db, person.id, opened.number, services.clock())
            assert found is not None
            found.register = ident
    save(services, person, opened, mapping, reached="sheet")


def _without_file_title(opened: OpenImport, title: str) -> SheetMapping:
    """The mapping whose publication is called as the register, if it was called as the file."""
    mapping = opened.mapping
    if mapping.publication is None or mapping.publication.title != file_title(opened.workbook):
        return mapping
    return replace(mapping, publication=replace(mapping.publication, title=title))


def _check_register(services: Services, form: Form) -> str:
    """The id of the new register; adds to the form what is wrong with its names."""
    ident = form["id"] or id_of(form["title"])
    values = {
        "id": ident,
        "title": form["title"],
        "time_zone": form["time_zone"],
        "languages": [code.strip() for code in form["languages"].split(";") if code.strip()],
        "methodology": NEWEST,
    }
    problems: list[BundleProblem] = []
    read_settings(values, lambda path: ("", 0, path.split("[", 1)[0]), problems)
    for problem in problems:
        form.add(problem.column if problem.column in REGISTER_FIELDS else "", str(refusal_text(problem.reason)))
    with services.views.connect() as db:
        if not problems and catalogue.register(db, ident):
            raise Refused(
                refusal(
                    "There is a register “{register}” already. Choose another id, or begin again for that register.",
                    register=ident,
                    field="id",
                )
            )
    if not form["title"]:
        form.errors = [e for e in form.errors if e.field not in ("title", "id")]
        form.add("title", _("Name the register, as readers will see it."))
    return ident
