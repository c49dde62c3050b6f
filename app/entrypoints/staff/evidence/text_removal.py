"""Removes the texts of a source permanently, for administrators, after a page that says what happens."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, goes_back, require_confirmation
from app.entrypoints.staff.evidence.source import find_source, source_version
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import choices
from app.presentation.i18n.source_titles import REMOVAL_REASON, plain_source_title
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.removals.evidence_texts import RemovalResult, remove_evidence_text
from domain import commands as c
from domain.codes import RemovalReason
from domain.errors import Refused, refusal
from projections.catalogue.entries import EvidenceEntry, RegisterEntry


@staff.route("/<register:register>/evidence/<ident:evidence>/remove-text/", methods=["GET", "POST"])
@allowed("settings", fresh=True)
def remove_source_text(register: str, evidence: str) -> tuple[str, int] | Response:
    entry, (source, is_public) = register_entry(services(), register), find_source(services(), register, evidence)
    form, version = Form().read("reason", "version"), source_version(services(), register, evidence)
    form.show_version(version)
    if request.method == "POST":
        try:
            _announce(_remove(services(), current_person(), entry, source, form, is_public=is_public))
            return redirect(url_for("staff.source", register=register, evidence=evidence))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    values = {"entry": entry, "source": source, "form": form, "reasons": choices(REMOVAL_REASON)}
    return render_template("staff/remove_text.html", **values), form.status


def _remove(
    services: Services, person: Person, entry: RegisterEntry, source: EvidenceEntry, form: Form, *, is_public: bool
) -> RemovalResult:
    """Asks, and removes the texts once the person confirmed. Raises `Refused` and `ConfirmationNeeded`."""
    if form["reason"] not in list(RemovalReason):
        raise Refused(refusal("Choose a reason.", field="reason"))
    reason, version = RemovalReason(form["reason"]), form.expected_version or 0
    command = c.RemoveEvidenceText(entry.id, evidence=source.id, reason=reason, expected_version=version)
    if not goes_back():
        services.check_for(person, [command])
    require_confirmation(_confirmation(source, reason, is_public=is_public), entry=entry)
    return remove_evidence_text(services, person, command)


def _confirmation(source: EvidenceEntry, reason: RemovalReason, *, is_public: bool) -> Confirmation:
    return Confirmation(
        title=_("Remove the text of “%(title)s” permanently?", title=plain_source_title(source)),
        about=_("Reason: %(reason)s", reason=REMOVAL_REASON[reason]),
        happens=(
            _("Title, address, summary and notes are deleted in every version and every language, with all copies."),
            _("Drafts, forms and uploaded files of this register that hold these texts are deleted too."),
            _("Everyone sees the day and the reason in place of the text, wherever the source is cited.")
            if is_public
            else _("Colleagues see that the text was removed. Everyone sees it once something published cites it."),
            _("Publisher, class, dates and language stay, and no status and no count changes."),
            _("You cannot undo this."),
        ),
        notes=(
            _("Packages and backups that were made before, and copies that others saved, still hold the text."),
            _("Check comments, statements and reasons for the same facts in other words."),
        ),
        button=_("Remove the text permanently"),
    )


def _announce(result: RemovalResult) -> None:
    details = []
    if result.forms:
        deleted = ngettext(
            "%(num)d draft, form or file that held it is deleted.",
            "%(num)d drafts, forms and files that held it are deleted.",
            result.forms,
        )
        details.append(deleted)
    if result.not_overwritten:
        details.append(
            _("Old bytes may be left in the files of this site. Ask the operator to run “uptake removals overwrite”.")
        )
    announce(_("The text is removed permanently."), *details)
