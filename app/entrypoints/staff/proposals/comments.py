"""Comments on a recommendation and its proposals, for everyone who may read non-public data."""

from collections.abc import Container

from flask import redirect, render_template, request, url_for
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.setup.registers import register_entry
from app.services.accounts.people import Person, find_user
from app.services.comments.conversation import add_comment, comments_on, delete_comment, mark_seen
from app.services.comments.mentions import handles_in
from app.services.comments.models import Comment
from app.services.container import Services
from domain.claims import owner_of
from domain.errors import NotFound, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposal, open_proposals


class Conversation(Struct, frozen=True):
    """Comments, and the handles of people who can be mentioned."""

    comments: list[Comment]
    handles: list[str]


def read_conversation(
    services: Services,
    person: Person,
    db: Session,
    register: str,
    recommendation: str,
    assessment: str | None = None,
    *,
    hidden: Container[str] = (),
) -> Conversation:
    """Returns the comments, without those on hidden proposals, and marks them as read by the current person."""
    comments = [c for c in comments_on(db, register, recommendation, assessment) if c.assessment not in hidden]
    mark_seen(db, person.id, comments, services.clock())
    return Conversation(comments, [f"@{h}" for h in handles_in(db, register)])


@staff.route("/<register:register>/recommendations/<ident:recommendation>/comments/", methods=["GET", "POST"])
@allowed("read")
def comments(register: str, recommendation: str) -> tuple[str, int] | Response:
    entry = register_entry(services(), register)
    with services().views.connect() as views:
        recommendation_entry = catalogue.recommendation(views, register, recommendation, last_applied_at(views))
        proposals = open_proposals(views, register, recommendation)
    hidden = blindness(services(), current_person(), register).hidden(proposals)
    waiting = {p.assessment.id for p in proposals} - hidden
    if recommendation_entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    form = Form().read("text", "assessment")
    with services().accounts.work() as db:
        if request.method == "POST":
            about = Comment(register=register, recommendation=recommendation, text=form["text"])
            about.assessment = _assessment_of(services(), register, recommendation, form["assessment"])
            try:
                add_comment(db, find_user(db, current_person().id), about, services().clock())
                return redirect(_comment_url(services(), about))
            except Refused as refused:
                form.refuse(refused)
        conversation = read_conversation(services(), current_person(), db, register, recommendation, hidden=hidden)
    page = render_template(
        "staff/comments.html",
        entry=entry,
        facts=recommendation_entry.facts,
        conversation=conversation,
        waiting=waiting,
        form=form,
    )
    return page, form.status


@staff.post("/<register:register>/comments/<number:number>/remove/")
@allowed("read")
def remove_comment(register: str, number: int) -> Response:
    with services().accounts.work() as db:
        return redirect(_comment_url(services(), delete_comment(db, number, register, current_person())))


def _assessment_of(services: Services, register: str, recommendation: str, ident: str) -> str:
    """Returns the proposal that a comment is about, open or decided; empty if it is about none."""
    if ident and owner_of(services.tracker, register, ident) != recommendation:
        raise NotFound(refusal("There is no open proposal “{id}”.", id=ident[:80]))
    return ident


def _comment_url(services: Services, about: Comment) -> str:
    """Returns the page that shows a comment: that of its proposal while it is open."""
    with services.views.connect() as db:
        if about.assessment and open_proposal(db, about.register, about.assessment):
            page = url_for("staff.proposal", register=about.register, assessment=about.assessment)
        else:
            page = url_for("staff.comments", register=about.register, recommendation=about.recommendation)
    return f"{page}#comments"
