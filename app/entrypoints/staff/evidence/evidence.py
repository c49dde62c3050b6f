"""The list of a register's sources for staff; adds a source, or a search that found nothing."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source_form import (
    SEARCH_FIELDS,
    SOURCE_FIELDS,
    add_search,
    add_source,
    search_defaults,
    source_classes,
)
from app.entrypoints.staff.evidence.sources import matches_words, sources
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.services.accounts.people import Person
from app.services.container import Services
from app.services.locker import link_checks
from app.services.locker.copies import files_of
from domain.errors import Refused
from projections.catalogue.entries import EvidenceEntry

PROBLEM_RESULTS = (link_checks.LinkResult.DEAD, link_checks.LinkResult.MOVED, link_checks.LinkResult.DIFFERS)


@staff.get("/<register:register>/evidence/")
@allowed("read")
def evidence(register: str) -> str:
    """Lists all sources, or those that match: first those with link problems, then those that are not public."""
    entry, find = register_entry(services(), register), read_parameters("q").get("q", "")
    with services().views.connect() as db:
        public, internal = sources(services(), db, register)
    every = {i: e for i, e in (internal | public).items() if matches_words(e, find)}
    with services().accounts.work() as accounts:
        checks = link_checks.checks_of(accounts, register, every)
        with_copies = {f.evidence for f in files_of(accounts, register, every)}

    def trouble(e: EvidenceEntry) -> bool:
        return e.id in checks and checks[e.id].result in PROBLEM_RESULTS

    return render_template(
        "staff/evidence.html",
        entry=entry,
        sources=sorted(every.values(), key=lambda e: (not trouble(e), e.id in public)),
        public=public,
        find=find,
        checks=checks,
        with_copies=with_copies,
    )


@staff.route("/<register:register>/new-source/", methods=["GET", "POST"])
@allowed("propose")
def new_source(register: str) -> tuple[str, int] | Response:
    return _new(services(), current_person(), register, "staff/new_source.html", SOURCE_FIELDS, Form())


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
        add = add_source if fields is SOURCE_FIELDS else add_search
        try:
            source_id = add(services, person, register, form.read(*fields))
            return redirect(url_for("staff.source", register=register, evidence=source_id))
        except Refused as refused:
            form.refuse(refused)
    return render_template(template, entry=entry, form=form, classes=source_classes()), form.status
