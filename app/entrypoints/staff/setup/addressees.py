"""Who was asked, for staff: the addressees of a recommendation with their days, and bodies that are merged."""

import re

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import localized_text
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.container import Services
from domain.codes import AddresseeRole
from domain.commands import AmendAddressees, MergeBodies
from domain.errors import Conflict, NotFound, Refused, refusal
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.values import Addressee, BodyMerge
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

_SEPARATOR = re.compile(r"[\t;,]")
COLUMNS = ("body", "role", "from_on", "to_on", "element")


@staff.route("/<register:register>/recommendations/<ident:recommendation>/addressees/", methods=["GET", "POST"])
@allowed("settings")
def addressees(register: str, recommendation: str) -> tuple[str, int] | Response:
    """One line for each addressee, so that rows of a spreadsheet can be pasted."""
    form = Form().read("addressees", "why", "version")
    if request.method == "POST":
        try:
            rows = read_lines(form["addressees"])
            command = AmendAddressees(
                register,
                recommendation=recommendation,
                addressees=rows,
                why=form["why"],
                expected_version=form.expected_version or 0,
            )
            services().execute_for(current_person(), command)
            return redirect(url_for("staff.recommendation", register=register, recommendation=recommendation))
        except Refused as refused:
            if isinstance(refused, Conflict):
                del form.values["version"]  # the page shows the new one
            form.refuse(refused)
    return _addressees_page(services(), register, recommendation, form)


@staff.route("/<register:register>/bodies/merge/", methods=["GET", "POST"])
@allowed("settings")
def merge_bodies(register: str) -> tuple[str, int] | Response:
    form = Form().read("body", "into", "on", "why")
    if request.method == "POST":
        try:
            merge = BodyMerge(body=form["body"], into=form["into"], on=form["on"], why=form["why"])
            services().execute_for(current_person(), MergeBodies(register, merge=merge))
            return redirect(url_for("staff.facts", register=register, kind="bodies"))
        except Refused as refused:
            form.refuse(refused)
    entry = register_entry(services(), register)
    with services().views.connect() as db:
        tree = catalogue.body_tree(db, register, last_applied_at(db))
    choices = [(b.id, localized_text(b, "name")) for b in tree.bodies.values() if b.id not in tree.merged_into]
    return render_template("staff/merge_bodies.html", entry=entry, choices=choices, form=form), form.status


def read_lines(text: str) -> tuple[Addressee, ...]:
    """Rows of body, role, first day, last day and element, of which only the body is needed. Raises `Refused`."""
    rows: list[Addressee] = []
    problems: list[BundleProblem] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in _SEPARATOR.split(line)]
        if not any(cells):
            continue
        values = dict(zip(COLUMNS, cells, strict=False))
        role = values.pop("role", "") or AddresseeRole.LEAD.value
        if len(cells) > len(COLUMNS) or not values["body"] or role not in set(AddresseeRole):
            reason = refusal("write a body; lead or joint; the first day; the last day; an element.")
            problems.append(BundleProblem("", number, "", reason, line.strip()))
        else:
            rows.append(Addressee(role=AddresseeRole(role), **values))
    if problems:
        raise BundleRefused(problems)
    return tuple(rows)


def _addressees_page(services: Services, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        found = catalogue.recommendation(db, register, recommendation, known_at)
        if found is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        of = asked(db, register, known_at, [recommendation]).get(recommendation, NOT_ASKED)
        bodies = catalogue.bodies(db, register, known_at)
        elements = catalogue.elements(db, register, known_at, recommendation)
    aggregate = services.tracker.load(Recommendation, recommendation_id(register, recommendation))
    form.values.setdefault("version", str(aggregate.version))
    form.values.setdefault("addressees", "\n".join(_line(row) for row in of.rows or of.of()))
    page = render_template(
        "staff/addressees.html",
        entry=entry,
        facts=found.facts,
        bodies=bodies.values(),
        elements=[e.element for e in elements],
        form=form,
    )
    return page, form.status


def _line(row: Addressee) -> str:
    cells = [row.body, row.role.value, row.from_on, row.to_on, row.element]
    while not cells[-1]:
        cells.pop()
    return "; ".join(cells)
