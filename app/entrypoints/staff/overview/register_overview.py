"""The overview of a register for staff: search, filters, saved views, and the selection for bulk actions."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.outcomes import Undo, announce
from app.entrypoints.staff.overview.overview_page import read_page
from app.entrypoints.staff.overview.selection import LIST_FIELDS, MAX_SELECTED, list_address, list_filter
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.overview.agenda import DAYS_PER_PAGE, Agenda
from app.services.overview.filters import FILTER_NAMES, read_filter
from app.services.overview.items import OverviewItems
from app.services.overview.saved_views import delete_view, save_view
from domain.errors import Refused

PAGE, MATCHING = "page", "matching"
"""What `select` can name: the rows of the page, or everything that matches."""


@staff.get("/<register:register>/")
@allowed("read")
def desk(register: str) -> str:
    parameters = read_parameters(*FILTER_NAMES, "page", "select")
    return _page(services(), current_person(), register, parameters, set(), parameters.get("select", ""))


@staff.post("/<register:register>/selection/")
@allowed("read")
def show_selection(register: str) -> str:
    """The same list with what is selected counted. Changes nothing."""
    form = Form().read(*LIST_FIELDS, many=["pick"])
    return _page(services(), current_person(), register, list_filter(form).parameters, set(form.lists["pick"]), "")


def _page(
    services: Services, person: Person, register: str, parameters: dict[str, str], picked: set[str], select: str
) -> str:
    entry, wanted, form = register_entry(services, register), read_filter(parameters), Form()
    with services.views.connect() as db:
        items = OverviewItems(services, db, entry, person)
        page = read_page(items, wanted, parse_number(parameters.get("page", "")) or 1)
    picked = picked or set(form.lists.get("pick", []))
    if select in (PAGE, MATCHING):
        picked = {row.facts.id for row in page.rows}
    everything = select == MATCHING and page.total > len(page.rows)
    return render_template(
        "staff/register_overview.html",
        entry=entry,
        page=page,
        picked=picked,
        everything=everything,
        most=MAX_SELECTED,
        view_name=form["name"],
    )


@staff.get("/<register:register>/due/")
@allowed("read")
def due(register: str) -> str:
    """All that is due from today on, by month."""
    entry, number = register_entry(services(), register), parse_number(read_parameters("page").get("page", "")) or 1
    with services().views.connect() as db:
        agenda = Agenda(OverviewItems(services(), db, entry, current_person()))
        total = sum(agenda.totals().values())
        pages = max(1, -(-total // DAYS_PER_PAGE))
        number = min(number, pages)
        months = agenda.months(skip=(number - 1) * DAYS_PER_PAGE)
    return render_template("staff/due.html", entry=entry, months=months, number=number, pages=pages, total=total)


@staff.post("/<register:register>/views/")
@allowed("read")
def save_overview(register: str) -> Response:
    form, person = Form().read("name", "list"), current_person()
    try:
        with services().accounts.work() as db:
            save_view(db, person.id, register, form["name"], list_filter(form))
        announce(
            _("“%(name)s” is saved.", name=form["name"]),
            _("Only you see it, on this page."),
            undo=Undo(
                url_for("staff.delete_overview", register=register),
                _("Undo"),
                {"view": form["name"], "list": form["list"]},
            ),
        )
    except Refused as refused:
        announce(_("The view is not saved."), *(refusal_text(r) for r in refused.refusals), icon="stop")
    return redirect(list_address(register, form))


@staff.post("/<register:register>/views/delete/")
@allowed("read")
def delete_overview(register: str) -> Response:
    form = Form().read("view", "list")
    with services().accounts.work() as db:
        view = delete_view(db, current_person().id, register, form["view"])
    if view:
        again = {"name": view.name, "list": view.wanted.query}
        announce(
            _("“%(name)s” is deleted.", name=view.name),
            undo=Undo(url_for("staff.save_overview", register=register), _("Undo"), again),
        )
    return redirect(list_address(register, form))
