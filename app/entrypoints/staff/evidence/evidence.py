"""The list of a register's sources for staff; adds a source, or a search that found nothing."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source_form import (
    FILL,
    FILTER_FIELDS,
    SEARCH_FIELDS,
    SOURCE_FIELDS,
    USE,
    add_search,
    add_source,
    fill_from_page,
    refuse_same_source,
    search_defaults,
    source_classes,
)
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.locker import link_checks
from app.services.locker.copies import files_of
from app.services.sources import sources_by_id
from domain.errors import Refused
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.sources.queries import search_sources

CARRIED_FIELDS = ("url", "title", "publisher", "published_on", "language")
MAX_CARRIED = 1000
"""What a bookmark of the browser can fill in, and how long each text can be."""
SOURCES_PER_LIST = 50
MAX_PROBLEMS = 50
"""How many sources whose link needs checking come first."""


@staff.get("/<register:register>/evidence/")
@allowed("read")
def evidence(register: str) -> str:
    """A page of the sources, or of those that match, newest first; the first page begins with link problems."""
    entry, parameters = register_entry(services(), register), read_parameters("q", "skip")
    find, skip = parameters.get("q", ""), parse_number(parameters.get("skip", "")) or 0
    with services().accounts.work() as accounts:
        troubled = [] if find or skip else link_checks.problems_of(accounts, register, MAX_PROBLEMS)
    with services().views.connect() as db:
        page = search_sources(db, register, find, skip=skip, limit=SOURCES_PER_LIST, without=troubled)
        ids = [*troubled, *page.ids]
        entries = sources_by_id(services(), db, register, ids)
        public = catalogue.evidence(db, register, services().clock(), ids)
    with services().accounts.work() as accounts:
        checks = link_checks.checks_of(accounts, register, ids)
        with_copies = {f.evidence for f in files_of(accounts, register, ids)}
    following = skip + SOURCES_PER_LIST
    return render_template(
        "staff/evidence.html",
        entry=entry,
        sources=[entries[i] for i in ids if i in entries],
        public=public,
        find=find,
        checks=checks,
        with_copies=with_copies,
        total=page.total + len(troubled),
        following=following if following < page.total else None,
    )


@staff.route("/<register:register>/new-source/", methods=["GET", "POST"])
@allowed("propose")
def new_source(register: str) -> tuple[str, int] | Response:
    carried = {f"src_{name}": request.args.get(name, "")[:MAX_CARRIED] for name in CARRIED_FIELDS}
    form = Form(**{name: text for name, text in carried.items() if text})
    return _new(services(), current_person(), register, "staff/new_source.html", SOURCE_FIELDS, form)


@staff.route("/<register:register>/new-search/", methods=["GET", "POST"])
@allowed("propose")
def new_search(register: str) -> tuple[str, int] | Response:
    return _new(
        services(),
        current_person(),
        register,
        "staff/new_search.html",
        SEARCH_FIELDS,
        Form(**search_defaults(services(), current_person())),
    )


def _new(
    services: Services, person: Person, register: str, template: str, fields: tuple[str, ...], form: Form
) -> tuple[str, int] | Response:
    entry = register_entry(services, register)
    if request.method == "POST":
        form.read(*fields, *FILTER_FIELDS, "action")
        try:
            if form["action"] == USE and form["src_same"]:
                return redirect(url_for("staff.source", register=register, evidence=form["src_same"]))
            if form["action"] == FILL:
                fill_from_page(services, register, form)
                return _new_page(services, entry, template, form)
            if fields is SOURCE_FIELDS:
                refuse_same_source(services, register, form)
            source_id = (add_source if fields is SOURCE_FIELDS else add_search)(services, person, register, form)
            announce(_("Added as a source."), _("Only staff see it until a published assessment cites it."))
            return redirect(url_for("staff.source", register=register, evidence=source_id))
        except Refused as refused:
            form.refuse(refused)
    return _new_page(services, entry, template, form)


def _new_page(services: Services, entry: RegisterEntry, template: str, form: Form) -> tuple[str, int]:
    may_fetch = services.settings.capture
    return render_template(template, entry=entry, form=form, classes=source_classes(), may_fetch=may_fetch), form.status
