"""The logo of the institution that keeps a register: chosen, described, replaced or removed."""

from base64 import b64encode

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed, in_public
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.shown_versions import shown_version
from domain.commands import SetLogo
from domain.errors import Refused, refusal, refuse
from domain.ids import register_id
from domain.register.logo_rules import MAX_BYTES, MAX_SIDE_PX, logo_refusals
from domain.values import Logo, translations_by_name
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME


@staff.route("/<register:register>/logo/", methods=["GET", "POST"])
@allowed("settings")
def logo(register: str) -> tuple[str, int] | Response:
    entry = register_entry(services(), register)
    with services().views.connect() as db:
        current = catalogue.logo(db, register, END_OF_TIME)
        version = shown_version(services(), db, register_id(register))
    form = Form(alt=current.alt, **translations_by_name(current)).read("version")
    form.show_version(version)
    if request.method == "POST":
        try:
            form.read("action", "png", "alt").read_translations(*Logo.TRANSLATED)
            removes = form["action"] == "remove"
            command = SetLogo(
                register,
                logo=Logo() if removes else _chosen_logo(form, current),
                expected_version=form.expected_version or 0,
            )
            asked = in_public(entry, _removal()) if removes else None
            execute_confirmed(services(), current_person(), [command], asked, entry=entry)
            announce(_("The logo is removed.") if removes else _("The logo is saved."))
            return redirect(url_for("staff.logo", register=register))
        except Refused as refused:
            form.refuse(refused)
            form.show_version(version, refused)
    page = render_template(
        "staff/logo.html",
        entry=entry,
        form=form,
        current=current,
        picture=b64encode(current.png).decode(),
        limits={"size": MAX_BYTES // 1000, "side": MAX_SIDE_PX},
    )
    return page, form.status


def _chosen_logo(form: Form, current: Logo) -> Logo:
    """The chosen file with the typed words; without a file the picture stays. Raises `Refused`."""
    file = request.files.get("png")
    png = file.stream.read(MAX_BYTES + 1) if file and file.filename else current.png
    if not png:
        empty = file is not None and bool(file.filename)
        why = (
            refusal("The file is empty. Choose another.", field="png")
            if empty
            else refusal("Choose a file first.", field="png")
        )
        raise Refused(why)
    chosen = Logo(png=png, alt=form["alt"], translations=form.translations(*Logo.TRANSLATED))
    refuse(logo_refusals(chosen))
    return chosen


def _removal() -> Confirmation:
    return Confirmation(
        title=_("Remove the logo?"),
        happens=(_("Reports that are frozen from now on have none. Earlier ones keep it."),),
        button=_("Remove the logo"),
    )
