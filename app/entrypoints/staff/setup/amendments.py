"""Amends stored facts: the register's settings and everything in it; schedules reviews."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, execute_confirmed, in_public
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.amendable_facts import (
    DAYS,
    AmendableFact,
    form_values_of,
    has_lines,
    read_fact,
    title_field,
)
from app.entrypoints.staff.setup.fact_list import MANY, facts_page, find_fact
from app.entrypoints.staff.setup.fact_names import FactNames
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.field_labels import HINTS, LABELS, SETTINGS_HINTS
from app.presentation.i18n.labels import KIND, choices
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _
from app.services.bundles.ids import id_of
from app.services.container import Services
from domain import commands as c
from domain.amendments import CHANGEABLE_FIELDS
from domain.codes import PeerReview
from domain.errors import NotFound, Refused, refusal
from domain.methodology.versions import VERSIONS
from domain.values import RegisterSettings, ReviewSchedule, TranslatedFact


@staff.route("/<register:register>/facts/<ident:kind>/", methods=["GET", "POST"])
@allowed("settings")
def facts(register: str, kind: str) -> tuple[str, int] | Response:
    """Lists the facts of a kind with links to change them; schedules a review."""
    entry, form = register_entry(services(), register), Form()
    if request.method == "POST" and kind == "reviews":
        form.read(*CHANGEABLE_FIELDS[ReviewSchedule]).read_translations(*ReviewSchedule.TRANSLATED)
        try:
            command = c.ScheduleReview(register, schedule=_schedule(form))
            asked = in_public(entry, _scheduled(form["title"]))
            execute_confirmed(services(), current_person(), [command], asked, entry=entry)
            announce(_("The review is scheduled."))
            return redirect(url_for("staff.facts", register=register, kind=kind))
        except Refused as refused:
            form.refuse(refused)
    parameters = read_parameters("q", "page")
    words = parameters.get("q", "")
    with services().views.connect() as db:
        current_facts, list_page = facts_page(db, register, kind, words, parameters.get("page", ""))
    page = render_template(
        "staff/facts.html",
        entry=entry,
        kind=kind,
        facts=[(a, title_field(a.fact)) for a in current_facts],
        page=list_page,
        words=words,
        can_search=kind in MANY,
        form=form,
        fields=_fields(ReviewSchedule, entry.settings.languages) if kind == "reviews" else [],
    )
    return page, form.status


@staff.route("/<register:register>/facts/<ident:kind>/<ident:ident>/", methods=["GET", "POST"])
@allowed("settings")
def amend(register: str, kind: str, ident: str) -> tuple[str, int] | Response:
    """Change one fact. An element is addressed by its recommendation and the parameter `element`."""
    entry, current = (
        register_entry(services(), register),
        _find_fact(services(), register, kind, ident, request.args.get("element", "")),
    )
    with services().views.connect() as db:
        stored = FactNames(db, register).write(form_values_of(current.fact))
    if request.method == "GET":
        form = Form(seen=current.tag, **stored)
    else:
        form = Form().read(*CHANGEABLE_FIELDS[type(current.fact)], "why", "seen")
        form.read_translations(*current.fact.TRANSLATED)
        try:
            command = _command(services(), register, current, form)
            asked = in_public(entry, _amendment(form))
            execute_confirmed(services(), current_person(), [command], asked, entry=entry)
            announce(_("Your change is saved."))
            return redirect(_after_change(register, kind, is_open=entry.is_open))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/amend.html",
        entry=entry,
        current=current,
        name=title_field(current.fact),
        stored=stored,
        form=form,
        fields=_fields(type(current.fact), entry.settings.languages),
        reviews=_peer_review_choices(),
        kinds=choices(KIND),
        methodologies=[(version, version) for version in VERSIONS],
    )
    return page, form.status


def _after_change(register: str, kind: str, *, is_open: bool) -> str:
    """Where a person goes on: after the settings of a register that is being prepared, to its opening."""
    if kind == "settings" and not is_open:
        return url_for("staff.set_up", register=register, _anchor="h-open")
    return url_for("staff.facts", register=register, kind=kind)


def _command(services: Services, register: str, current: AmendableFact, form: Form) -> c.Command:
    """Returns the command for the typed values. Raises `Refused` if the fact changed after the form was opened."""
    if form["seen"] != current.tag:
        form.values["seen"] = current.tag
        raise Refused(refusal("This changed after you opened the form. Check it and send it again."))
    with services.views.connect() as db:
        fact = read_fact(form, current.fact, FactNames(db, register).read)
    return current.command(register, fact, form["why"])


def _find_fact(services: Services, register: str, kind: str, ident: str, element: str) -> AmendableFact:
    with services.views.connect() as db:
        if fact := find_fact(db, register, kind, ident, element):
            return fact
    raise NotFound(refusal("There is nothing called “{id}” here.", id=element or ident))


def _schedule(form: Form) -> ReviewSchedule:
    return read_fact(form, ReviewSchedule(id=id_of(form["title"]) or "review", title=form["title"]))


def _scheduled(title: str) -> Confirmation:
    return Confirmation(
        title=_("Schedule “%(title)s”?", title=title),
        happens=(
            _("Everyone can read when the review takes place."),
            _("At that hour the report is frozen, signed off or not. You can change the day until then."),
        ),
        button=_("Schedule the review"),
    )


def _amendment(form: Form) -> Confirmation:
    return Confirmation(
        title=_("Make this change in public?"),
        about=_("Reason: %(reason)s", reason=form["why"]),
        happens=(
            _("Everyone sees the new version at once, on every page that shows it."),
            _("Your reason is public. The page of corrections names the change."),
            _("Pages as known before keep the earlier version. You can change it again, with another reason."),
        ),
        button=_("Change it in public"),
    )


class AmendableField(Struct, frozen=True):
    """A field of a form; `language` is set for a text in a language."""

    name: str
    label: str
    hint: str
    is_long: bool
    language: str
    is_day: bool = False


def _fields(kind: type[TranslatedFact], languages: Sequence[str]) -> list[AmendableField]:
    """Every changeable field, a text once for each language."""
    fields, hints = [], HINTS | (SETTINGS_HINTS if kind is RegisterSettings else {})
    for name in CHANGEABLE_FIELDS[kind]:
        label, is_long, is_text = str(LABELS[name]), has_lines(kind, name), name in kind.TRANSLATED
        language, hint = languages[0] if is_text else "", str(hints.get(name, ""))
        fields.append(AmendableField(name, label, hint, is_long, language, name in DAYS))
        for code in languages[1:] if is_text else ():
            fields.append(AmendableField(f"{name}_{code}", in_language(label, code), "", is_long, code))
    return fields


def _peer_review_choices() -> list[tuple[str, str]]:
    return [
        (PeerReview.HIGH_STAKES.value, _("“implemented”, “in effect”, “reversed” and withdrawals")),
        (PeerReview.ALWAYS.value, _("everything")),
        (PeerReview.NEVER.value, _("nothing; the register has one editor, and the public page says so")),
    ]
