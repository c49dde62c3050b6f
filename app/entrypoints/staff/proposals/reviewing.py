"""Reviews a proposal: before and after side by side; publish, undo, return or decline."""

from flask import redirect, render_template, request, url_for
from flask_security import current_user
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, colleague_name, current_person, page_of_form
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.proposals.before_and_after import before_and_after
from app.entrypoints.staff.proposals.comments import add_comments, announce_comments
from app.entrypoints.staff.proposals.decided_page import decided_page
from app.entrypoints.staff.proposals.decisions import Decision
from app.entrypoints.staff.proposals.review_queue import ReviewQueue, review_queue
from app.entrypoints.staff.proposals.suggestions import EDIT_PREFIX, comments_beside_decision, texts_to_edit
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.comments.models import Comment
from app.services.container import Services
from app.services.drafts import drafts
from domain import commands as c
from domain.errors import Conflict, NotFound, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import Proposal, open_proposal


@staff.get("/<register:register>/proposals/<ident:assessment>/")
@allowed("read")
def proposal(register: str, assessment: str) -> tuple[str, int]:
    container, person = services(), current_person()
    try:
        found = _find_open_proposal(container, person, register, assessment)
    except NotFound:
        return decided_page(container, person, register, assessment, Form(), 200), 200
    return _page(container, person, register, found, Form(next="yes"))


@staff.post("/<register:register>/proposals/<ident:assessment>/")
@allowed("publish")
def decide(register: str, assessment: str) -> tuple[str, int] | Response:
    container, person = services(), current_person()
    edits = (n for n in request.form if n.startswith(EDIT_PREFIX))
    form = Form().read("note", "version", "action", "publish_at", "next", "text", "field", *edits, many=["read"])
    try:
        found = _find_open_proposal(container, person, register, assessment)
    except NotFound:
        return decided_page(container, person, register, assessment, form, 409), 409
    try:
        decision = Decision(container, person, register_entry(container, register), found, form)
        about = Comment(register=register, recommendation=found.recommendation, assessment=assessment)
        entries = comments_beside_decision(container, about, form)
        with container.accounts.work() as db:  # the comments are stored with the decision, or nothing is
            mentions = add_comments(db, person, entries, container.clock())
            decision.carry_out()
    except Conflict as refused:
        form.refuse(refused)
        return _page(container, person, register, _find_open_proposal(container, person, register, assessment), form)
    except Refused as refused:
        form.refuse(refused)
        return _page(container, person, register, found, form)
    queue = _announce(container, person, decision, found)
    if entries:
        page = url_for("staff.comments", register=register, recommendation=found.recommendation)
        announce_comments(container, person, mentions, page)
    if form["next"] and queue.following:
        return redirect(url_for("staff.proposal", register=register, assessment=queue.following))
    return redirect(url_for("staff.home"))


@staff.post("/<register:register>/proposals/<ident:assessment>/undo/")
@allowed("publish")
def unschedule(register: str, assessment: str) -> tuple[str, int] | Response:
    """Calls a held or scheduled publication off. The proposal waits again, with the note and ticks of this person."""
    container, person, form = services(), current_person(), Form().read("version", "approved_version")
    page = url_for("staff.proposal", register=register, assessment=assessment)
    if page_of_form() != page:  # the banner of another page, which has them in hidden fields
        form.read("note", "read")
    try:
        found = _find_open_proposal(container, person, register, assessment)
        command = c.UnscheduleAssessment(
            register,
            recommendation=found.recommendation,
            assessment=assessment,
            expected_version=parse_number(form["approved_version"] or form["version"]) or 0,
        )
        container.execute_for(person, command)
    except NotFound:
        return decided_page(container, person, register, assessment, form, 409), 409
    except Conflict as conflict:
        form.refuse(conflict)
        return _page(container, person, register, _find_open_proposal(container, person, register, assessment), form)
    fields = {"note": [form["note"]], "read": form["read"].split(), "next": ["yes"]}
    if page_of_form() != page and (form["note"] or form["read"]):
        with container.accounts.work() as db:
            drafts.save_draft(db, current_user.id, page, fields, container.clock(), register=register, about=assessment)
    announce(_("Not published."), _("The proposal waits for review as before. Your note and ticks are kept."))
    return redirect(page)


def _announce(services: Services, person: Person, decision: Decision, proposal: Proposal) -> ReviewQueue:
    """Returns the queue without the decided proposal."""
    queue = review_queue(services, person, decision.entry.id)
    with services.views.connect() as db:
        entry = catalogue.recommendation(db, decision.entry.id, proposal.recommendation, last_applied_at(db))
    if entry:
        decision.announce(entry.facts, colleague_name(services, proposal.proposed_by), len(queue.ids))
    return queue


def _find_open_proposal(services: Services, person: Person, register: str, assessment: str) -> Proposal:
    with services.views.connect() as db:
        result = open_proposal(db, register, assessment)
    if result is None:
        raise NotFound(
            refusal("There is no open proposal “{id}”. It may have been published or declined.", id=assessment)
        )
    blindness(services, person, register).refuse(result)
    return result


def _page(
    services: Services, person: Person, register: str, open_proposal_entry: Proposal, form: Form
) -> tuple[str, int]:
    values = before_and_after(services, person, register, open_proposal_entry, form["version"])
    queue = review_queue(services, person, register, open_proposal_entry.assessment.id)
    texts = texts_to_edit(open_proposal_entry.assessment, register_entry(services, register).settings.languages, form)
    page = render_template("staff/proposal_review.html", **values, form=form, queue=queue, texts=texts)
    return page, form.status
