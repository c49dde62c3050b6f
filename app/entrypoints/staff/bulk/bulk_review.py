"""Proposes “reviewed, no change” for several recommendations at once."""

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.unchanged_proposals import KEEP_SOURCES, UnchangedProposals, rationale_field
from app.entrypoints.staff.evidence.source_form import (
    FILTER_FIELDS,
    SEARCH_FIELDS,
    SOURCE_FIELDS,
    add_typed_sources,
    handle_source_buttons,
    search_defaults,
    source_classes,
)
from app.entrypoints.staff.evidence.sources import offered_sources
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.overview.selection import (
    LIST_FIELDS,
    SelectedRecommendation,
    list_address,
    selected_recommendations,
)
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from domain.codes import PeerReview
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from domain.times import day_in
from domain.values import Assessment
from projections.catalogue.entries import RegisterEntry
from projections.worklist.queries import batch_of

FIELD_NAMES = (
    "effective_on",
    "statement",
    "rationale",
    KEEP_SOURCES,
    *SOURCE_FIELDS,
    *SEARCH_FIELDS,
    *FILTER_FIELDS,
    *LIST_FIELDS,
    "action",
)
CHECK, SEND, LEAVE_OUT = "check", "send", "leave_out"


@staff.route("/<register:register>/unchanged/", methods=["GET", "POST"])
@allowed("propose")
def unchanged(register: str) -> tuple[str, int] | Response:
    """Starts from the register overview, a draft, or the page of one recommendation; proposes all of them or none."""
    entry, form = register_entry(services(), register), Form().read(*FIELD_NAMES, many=["pick", "evidence"])
    form.read_translations(*Assessment.TRANSLATED)
    is_sent = request.method == "POST"
    is_draft = not is_sent and "pick" in form.lists
    if not is_sent and not form.lists.setdefault("pick", request.args.getlist("pick")):
        return redirect(url_for("staff.desk", register=register))
    selection = selected_recommendations(services(), entry, current_person(), form)
    form.read(*(rationale_field(one.facts.id) for one in selection))
    proposals = UnchangedProposals(services(), current_person(), register, form)
    if is_draft or (is_sent and handle_source_buttons(services(), current_person(), register, form)):
        return _page(services(), entry, selection, form, proposals)
    if not is_sent or form["action"] not in (CHECK, SEND, LEAVE_OUT):
        form.values |= _first_values(services(), current_person(), entry)
        return _page(services(), entry, selection, form, proposals)
    if form["action"] != CHECK:
        add_typed_sources(services(), current_person(), register, form)
    if not form.errors:
        proposals.prepare(selection)
        if form["action"] != SEND or form.errors:
            proposals.check()
    if form["action"] == LEAVE_OUT and proposals.can_leave_out:
        proposals.leave_out_refused()
    if form["action"] != CHECK and proposals.send():
        return _answer(services(), entry, form, proposals)
    return _page(services(), entry, selection, form, proposals)


def _first_values(services: Services, person: Person, entry: RegisterEntry) -> dict[str, str]:
    today = day_in(entry.settings.time_zone, services.clock())
    return search_defaults(services, person) | {
        "effective_on": day_text(today.isoformat()),
        KEEP_SOURCES: "yes",
    }


def _answer(services: Services, entry: RegisterEntry, form: Form, proposals: UnchangedProposals) -> Response:
    """Leads to the publication where one person publishes alone, else back to the list."""
    number, person = len(proposals.commands), proposals.person
    title = ngettext("%(num)d proposal is sent.", "%(num)d proposals are sent together.", number)
    if entry.settings.peer_review is PeerReview.NEVER and person.may("publish", entry.id):
        announce(title, _("Look at them once more, then publish them together."))
        with services.views.connect() as db:
            stamp = batch_of(db, entry.id, proposals.commands[0].recommendation, person.id)
        return redirect(url_for("staff.bulk_publish", register=entry.id, by=person.id, at=stamp))
    announce(title, _("Another person reviews them on one page, and publishes them together."))
    return redirect(list_address(entry.id, form))


def _page(
    services: Services,
    entry: RegisterEntry,
    selection: list[SelectedRecommendation],
    form: Form,
    proposals: UnchangedProposals,
) -> tuple[str, int]:
    with services.views.connect() as db:
        offered = offered_sources(services, db, entry.id, "", form)
    versions = {
        one.facts.id: services.tracker.load(Recommendation, recommendation_id(entry.id, one.facts.id)).version
        for one in selection
    }
    page = render_template(
        "staff/bulk_review.html",
        entry=entry,
        selection=selection,
        versions=versions,
        form=form,
        offered=offered,
        may_fetch=services.settings.capture,
        classes=source_classes(),
        proposals=proposals,
    )
    return page, form.status
