"""Amends a source: its title, address, publisher, class, dates, language and summary."""

import secrets
from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed
from app.entrypoints.staff.evidence.source import find_source, source_version
from app.entrypoints.staff.evidence.source_form import source_refusals
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.field_labels import LABELS
from app.presentation.i18n.labels import SOURCE_CLASS, choices
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _
from app.services.container import Services
from domain import commands as c
from domain.codes import SourceClass
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.text import in_one_line, is_one_line
from domain.values import EvidenceText, arrange_translations
from projections.catalogue.entries import EvidenceEntry

SOURCE_FORM_FIELDS = {
    "src_title": "title",
    "src_publisher": "publisher",
    "src_url": "url",
    "src_archived_url": "archived_url",
    "src_class": "source_class",
    "src_published_on": "published_on",
    "accessed_on": "accessed_on",
    "src_language": "language",
    "src_summary": "summary",
}
"""The fields of the form, with those of the source."""


@staff.route("/<register:register>/evidence/<ident:evidence>/amend/", methods=["GET", "POST"])
@allowed("publish")
def amend_source(register: str, evidence: str) -> tuple[str, int] | Response:
    entry, (stored, public) = register_entry(services(), register), find_source(services(), register, evidence)
    translated = [(f"{field}_{code}", code) for code in entry.settings.languages[1:] for field in ("title", "summary")]
    values = source_values(stored, translated)
    form, version = Form(**values), source_version(services(), register, evidence)
    form.show_version(version)
    if request.method == "POST":
        form.read(*values, "why", "version")
        try:
            command = amend_command(services(), register, stored, form, translated)
            asked = _amendment(form) if public else None
            execute_confirmed(services(), current_person(), [command], asked, entry=entry)
            announce(_("The source is changed."))
            return redirect(url_for("staff.source", register=register, evidence=evidence))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    page = render_template(
        "staff/amend_source.html",
        entry=entry,
        source=stored,
        public=public,
        form=form,
        classes=choices(SOURCE_CLASS),
        translated=[(name, code, in_language(str(LABELS[name.partition("_")[0]]), code)) for name, code in translated],
    )
    return page, form.status


def _amendment(form: Form) -> Confirmation:
    return Confirmation(
        title=_("Change “%(title)s”?", title=form["src_title"]),
        about=_("Reason: %(reason)s", reason=form["why"]),
        happens=(
            _("Everyone sees the source as you typed it, with your reason, wherever it is cited."),
            _("Pages as known before keep the earlier version. The page of corrections names the change."),
        ),
        button=_("Change the source"),
    )


def source_values(stored: EvidenceEntry, translated: Sequence[tuple[str, str]]) -> dict[str, str]:
    values = {field: str(getattr(stored, name)) for field, name in SOURCE_FORM_FIELDS.items()}
    values |= {n: stored.translations.get(code, {}).get(n.partition("_")[0], "") for n, code in translated}
    return {n: in_one_line(text) if is_one_line(n.removeprefix("src_")) else text for n, text in values.items()}


def amend_command(
    services: Services, register: str, stored: EvidenceEntry, form: Form, translated: Sequence[tuple[str, str]]
) -> c.Command:
    """Raises `Refused` by field."""
    if all(form[name] == value for name, value in source_values(stored, translated).items()):
        raise Refused(refusal("You have not changed anything."))
    if problems := list(source_refusals(form, stored.source_class)):
        raise Refused(*problems)
    facts = services.tracker.load(Evidence, evidence_id(register, stored.id)).facts
    changed = replace(
        facts,
        publisher=form["src_publisher"],
        source_class=SourceClass(form["src_class"]),
        published_on=form.day("src_published_on"),
        accessed_on=form.day("accessed_on"),
        language=form["src_language"],
    )
    text = EvidenceText(
        title=form["src_title"],
        url=form["src_url"],
        archived_url=form["src_archived_url"],
        summary=form["src_summary"],
        translations=arrange_translations((code, name.partition("_")[0], form[name]) for name, code in translated),
    )
    key, salt = secrets.token_hex(16), secrets.token_hex(16)
    return c.AmendEvidence(
        register,
        facts=changed,
        text=text,
        key=key,
        salt=salt,
        why=form["why"],
        expected_version=form.expected_version or 0,
    )
