"""Comments on a recommendation and its proposals, for everyone who may read non-public data."""

from collections.abc import Collection
from datetime import datetime

from flask import redirect, render_template, request, url_for
from msgspec import Struct
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, ask_to_confirm, goes_back, is_confirmed
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.proposals.suggestions import EDIT_PREFIX, field_labels, texts_to_edit, typed_comments
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.accounts.people import find_user
from app.services.comments.conversation import (
    add_comment,
    comments_on,
    find_removable_comment,
    mark_seen,
    newest_comments,
)
from app.services.comments.mentions import Mentions, handles_in, names_of
from app.services.comments.models import Comment
from app.services.container import Services
from domain.claims import owner_of
from domain.errors import NotFound, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposal, open_proposals

COMMENTS_PER_PAGE = 50
FEW_HANDLES = 5
TEXT_ON_CONFIRMATION = 300
WORKBENCH = "workbench"
"""The value of `page` in a form that was sent from the page of the recommendation."""


class Conversation(Struct, frozen=True):
    """Comments, and some handles of people who can be mentioned; `older` is where earlier comments end.

    `labels` are those of the fields of a proposal.
    """

    comments: list[Comment]
    handles: list[str]
    labels: dict[str, str]
    older: int | None = None


def read_conversation(
    services: Services, person: Person, db: Session, register: str, recommendation: str, assessment: str
) -> Conversation:
    """Returns the comments on a proposal, and marks them as read by the current person."""
    comments = comments_on(db, register, recommendation, assessment)
    mark_seen(db, person.id, comments, services.clock())
    return Conversation(comments, few_handles(db, register), _labels(services, register))


def newest_conversation(
    services: Services,
    person: Person,
    db: Session,
    register: str,
    recommendation: str,
    *,
    hidden: Collection[str],
    before: int | None = None,
    limit: int = COMMENTS_PER_PAGE,
) -> Conversation:
    """Returns the latest comments, without those on hidden proposals, and marks them as read."""
    found = newest_comments(db, register, recommendation, hidden=hidden, before=before, limit=limit + 1)
    comments = found[-limit:]
    mark_seen(db, person.id, comments, services.clock())
    older = comments[0].id if len(found) > limit else None
    return Conversation(comments, few_handles(db, register), _labels(services, register), older)


def _labels(services: Services, register: str) -> dict[str, str]:
    return field_labels(register_entry(services, register).settings.languages)


def few_handles(db: Session, register: str) -> list[str]:
    return [f"@{h}" for h, _reader in zip(handles_in(db, register), range(FEW_HANDLES), strict=False)]


@staff.route("/<register:register>/recommendations/<ident:recommendation>/comments/", methods=["GET", "POST"])
@allowed("read")
def comments(register: str, recommendation: str) -> tuple[str, int] | Response:
    edits = (n for n in request.form if n.startswith(EDIT_PREFIX))
    form = Form().read("text", "assessment", "page", "field", "version", *edits)
    if request.method == "POST":
        about = Comment(register=register, recommendation=recommendation)
        about.assessment = _assessment_of(services(), register, recommendation, form["assessment"])
        try:
            if entries := typed_comments(services(), about, form):
                return _store(services(), current_person(), about, entries, form["page"])
        except Refused as refused:
            form.refuse(refused)
    return _page(services(), current_person(), register, recommendation, form)


def _store(services: Services, person: Person, about: Comment, entries: list[Comment], page: str) -> Response:
    """Stores comments that were sent together. Raises `Refused`."""
    with services.accounts.work() as db:
        mentions = add_comments(db, person, entries, services.clock())
    address = _page_of_form(services, about, page)
    announce_comments(services, person, mentions, address)
    return redirect(address)


def add_comments(db: Session, author: Person, entries: list[Comment], now: datetime) -> Mentions:
    """Stores comments; returns whom they mention. Raises `Refused`."""
    user = find_user(db, author.id)
    mentions = [add_comment(db, user, entry, now) for entry in entries]
    return next((m for m in mentions if m.readers or m.unknown), Mentions())


def _page(services: Services, person: Person, register: str, recommendation: str, form: Form) -> tuple[str, int]:
    before = parse_number(read_parameters("before").get("before", ""))
    with services.views.connect() as views:
        recommendation_entry = catalogue.recommendation(views, register, recommendation, last_applied_at(views))
        proposals = open_proposals(views, register, recommendation)
    if recommendation_entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    hidden = blindness(services, person, register).hidden(proposals)
    with services.accounts.work() as db:
        conversation = newest_conversation(services, person, db, register, recommendation, hidden=hidden, before=before)
    entry, about = register_entry(services, register), {p.assessment.id: p.assessment for p in proposals}
    about = {ident: assessment for ident, assessment in about.items() if ident not in hidden}
    assessment = about.get(form["assessment"])
    page = render_template(
        "staff/comments.html",
        entry=entry,
        facts=recommendation_entry.facts,
        conversation=conversation,
        waiting=about.keys(),
        texts=texts_to_edit(assessment, entry.settings.languages, form) if assessment else (),
        version=form["version"],
        form=form,
    )
    return page, form.status


@staff.post("/<register:register>/comments/<number:number>/remove/")
@allowed("read")
def remove_comment(register: str, number: int) -> str | Response:
    with services().accounts.work() as db:
        comment = find_removable_comment(db, number, register, current_person())
        if not is_confirmed() and not goes_back():
            return ask_to_confirm(_removal(comment), entry=register_entry(services(), register))
        if is_confirmed():
            db.delete(comment)
            announce(_("The comment is removed."))
        return redirect(_page_of_form(services(), comment, request.form.get("page", "")))


def _removal(comment: Comment) -> Confirmation:
    text = comment.text or comment.suggestion
    return Confirmation(
        title=_("Remove this comment?"),
        about=text if len(text) <= TEXT_ON_CONFIRMATION else f"{text[:TEXT_ON_CONFIRMATION]}…",
        happens=(_("Your colleagues no longer see it, and no copy is kept."), _("You cannot undo it.")),
        button=_("Remove the comment"),
    )


def announce_comments(services: Services, author: Person, mentions: Mentions, page: str) -> None:
    """Say who is told, and which names are no one's."""
    with services.accounts.work() as db:
        told = ", ".join(names_of(mentions.readers, find_user(db, author.id).id))
    details = [_("%(names)s will see that you mentioned them.", names=told)] if told else []
    if mentions.unknown:
        names = ", ".join(f"@{name}" for name in mentions.unknown[:FEW_HANDLES])
        details.append(_("No one who can read this has the name %(names)s, so it stays plain text.", names=names))
    announce(_("Your comment is added."), *details, links=[(_("To the comments"), f"{page}#comments")])


def _assessment_of(services: Services, register: str, recommendation: str, ident: str) -> str:
    """Returns the proposal that a comment is about, open or decided; empty if it is about none."""
    if ident and owner_of(services.tracker, register, ident) != recommendation:
        raise NotFound(refusal("There is no open proposal “{id}”.", id=ident[:80]))
    return ident


def _page_of_form(services: Services, about: Comment, page: str) -> str:
    """Returns the page on which the form was: that of the proposal while it is open.

    Without a place on it: browsers do not focus the banner of an address that names one.
    """
    register, recommendation = about.register, about.recommendation
    if page == WORKBENCH:
        return url_for("staff.recommendation", register=register, recommendation=recommendation)
    with services.views.connect() as db:
        if about.assessment and open_proposal(db, register, about.assessment):
            return url_for("staff.proposal", register=register, assessment=about.assessment)
    return url_for("staff.comments", register=register, recommendation=recommendation)
