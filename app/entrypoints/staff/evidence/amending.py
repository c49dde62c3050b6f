"""Amends a source: its title, address, publisher, class, dates, language and summary."""

import secrets

from flask import redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.evidence.source import find_source
from app.entrypoints.staff.evidence.source_form import source_refusals
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import SOURCE_CLASS, choices
from domain import commands as c
from domain.codes import SourceClass
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.values import EvidenceText
from projections.catalogue.entries import EvidenceEntry

FIELDS = {
    "src_title": "title",
    "src_publisher": "publisher",
    "src_url": "url",
    "src_class": "source_class",
    "src_published_on": "published_on",
    "accessed_on": "accessed_on",
    "src_language": "language",
    "src_summary": "summary",
    "summary_ko": "summary_ko",
}
"""The fields of the form, with those of the source."""


@staff.route("/<register:register>/evidence/<ident:evidence>/amend/", methods=["GET", "POST"])
@allowed("publish")
def amend_source(register: str, evidence: str) -> tuple[str, int] | Response:
    entry, (stored, public) = register_entry(services(), register), find_source(services(), register, evidence)
    form = Form(**{field: str(getattr(stored, name)) for field, name in FIELDS.items()})
    if request.method == "POST":
        form.read(*FIELDS, "why")
        try:
            services().execute_for(current_person(), _command(register, stored, form))
            return redirect(url_for("staff.source", register=register, evidence=evidence))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/amend_source.html",
        entry=entry,
        source=stored,
        public=public,
        form=form,
        classes=choices(SOURCE_CLASS),
    )
    return page, form.status


def _command(register: str, stored: EvidenceEntry, form: Form) -> c.Command:
    """Raises `Refused` by field."""
    if all(form[field] == str(getattr(stored, name)) for field, name in FIELDS.items()):
        raise Refused(refusal("You have not changed anything."))
    if problems := list(source_refusals(form, stored.source_class)):
        raise Refused(*problems)
    facts = services().tracker.load(Evidence, evidence_id(register, stored.id)).facts
    changed = replace(
        facts,
        publisher=form["src_publisher"],
        source_class=SourceClass(form["src_class"]),
        published_on=form["src_published_on"],
        accessed_on=form["accessed_on"],
        language=form["src_language"],
    )
    text = EvidenceText(
        title=form["src_title"], url=form["src_url"], summary=form["src_summary"], summary_ko=form["summary_ko"]
    )
    key, salt = secrets.token_hex(16), secrets.token_hex(16)
    return c.AmendEvidence(register, facts=changed, text=text, key=key, salt=salt, why=form["why"])
