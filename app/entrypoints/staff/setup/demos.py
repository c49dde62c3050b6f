"""Offers the invented registers: as samples that only staff see, or as public demonstrations."""

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, goes_back, require_confirmation
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.localize import localized_text, refusal_text
from app.presentation.i18n.translation import _
from app.services.demos import demo_names, demo_settings, load_demo, load_sample
from domain.errors import Refused
from domain.register.settings_rules import SAMPLE_PREFIX
from domain.values import RegisterSettings
from projections.catalogue import queries as catalogue


@staff.get("/demos/")
@allowed("settings")
def demos() -> str:
    with services().views.connect() as db:
        entries = catalogue.registers(db)
    here, is_open = {e.id for e in entries}, {e.id for e in entries if e.is_open}
    offers = [demo_settings(name).settings for name in demo_names()]
    return render_template("staff/demos.html", demos=offers, here=here, is_open=is_open, prefix=SAMPLE_PREFIX)


@staff.post("/demos/<ident:name>/sample/")
@allowed("settings")
def add_sample(name: str) -> tuple[str, int] | Response:
    try:
        register = load_sample(services(), current_person(), name)
    except Refused as refused:
        return _refused(refused)
    announce(
        _("The sample is loaded."),
        _("Only staff see it, and it can never be public. Change what you like."),
        _("To remove it, choose “Discard the sample” on Home."),
    )
    return redirect(url_for("staff.desk", register=register))


@staff.post("/demos/<ident:name>/")
@allowed("settings", fresh=True)
def add_demo(name: str) -> tuple[str, int] | Response:
    if goes_back():
        return redirect(url_for("staff.demos"))
    try:
        require_confirmation(_public_demo(demo_settings(name).settings))
        register = load_demo(services(), current_person(), name)
    except Refused as refused:
        return _refused(refused)
    announce(
        _("The demonstration register is public."),
        links=[(_("Public page"), url_for("public.scorecard", register=register, lang="en"))],
    )
    return redirect(url_for("staff.desk", register=register))


def _public_demo(settings: RegisterSettings) -> Confirmation:
    return Confirmation(
        title=_("Open “%(title)s” to the public?", title=localized_text(settings, "title")),
        happens=(
            _("Everyone can read the register at once, and search engines may find it."),
            _("Every page of it says that nothing in it is real."),
            _("You cannot undo this."),
        ),
        button=_("Load and open it"),
    )


def _refused(refused: Refused) -> tuple[str, int]:
    sentences = [refusal_text(r) for r in refused.refusals]
    return render_template("staff/refused.html", status=400, sentences=sentences), 400
