"""Second opinions: ask for them, give one without seeing the other, compare both."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from markupsafe import Markup
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, colleague_name, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.list_pages import ROWS_PER_PAGE, list_page
from app.entrypoints.staff.name_picker import NameOption, picker_fields
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import STATUS, choices
from app.presentation.i18n.localize import isolated, localized
from app.presentation.i18n.translation import _
from app.presentation.i18n.word_lists import word_list
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.opinions import requests
from app.services.opinions.agreement import agreement
from app.services.opinions.models import Question
from app.services.search.items import ItemSearch
from domain.codes import Kind, Status
from domain.errors import Refusal, Refused, refusal
from domain.values import Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposals

FIND = "find_item"
"""The button that lists the items with the typed number or words."""
OFFERED_STATUSES = [(code, words) for code, words in choices(STATUS) if code != Status.NOT_ASSESSED]


@staff.get("/<register:register>/opinions/")
@allowed("read")
def opinions(register: str) -> tuple[str, int]:
    return _list(services(), register, Form())


@staff.post("/<register:register>/opinions/")
@allowed("publish")
def ask_for_opinions(register: str) -> tuple[str, int] | Response:
    form = Form().read(*picker_fields("item"), "action", many=["persons"])
    if form["action"] == FIND:
        return _list(services(), register, form)
    try:
        recommendation, element = _read_item(services(), register, form)
        with services().accounts.work() as db:
            now, by = services().clock(), current_person().id
            _refuse_authors(services(), db, register, (recommendation, element), form.lists["persons"])
            question = requests.ask_question(
                db, register, recommendation, element, form.lists["persons"], by=by, now=now
            )
            number = question.id
    except Refused as refused:
        form.refuse(refused)
        return _list(services(), register, form)
    names = word_list(sorted(colleague_name(services(), p) for p in form.lists["persons"]))
    announce(_("The request is sent."), _("It is on the home pages of %(names)s.", names=names))
    return redirect(url_for("staff.opinion", register=register, number=number))


@staff.route("/<register:register>/opinions/<number:number>/", methods=["GET", "POST"])
@allowed("read")
def opinion(register: str, number: int) -> tuple[str, int] | Response:
    """Shows the question to a person who was asked; to others, and once both have answered, the state."""
    entry, person = register_entry(services(), register), current_person()
    form = Form().read("status", "effective_on", "rationale")
    with services().accounts.work() as db:
        question = requests.find_question(db, register, number)
        if request.method == "POST":
            person.require("propose", register)
            try:
                _record(services(), db, register, question, person, form)
                announce(_("Your answer is saved."), _("You cannot change it. It changes no status."))
                return redirect(url_for("staff.opinion", register=register, number=number))
            except Refused as refused:
                form.refuse(refused)
        answers = _answer_values(question, person.id)
    with services().views.connect() as views:
        item = _item_values(views, register, question)
    page = render_template(
        "staff/opinion.html", entry=entry, question=question, **item, **answers, form=form, statuses=OFFERED_STATUSES
    )
    return page, form.status


def _record(services: Services, db: Session, register: str, question: Question, person: Person, form: Form) -> None:
    """Raises `Refused` with everything that is wrong."""
    day, problems = "", list[Refusal]()
    try:
        day = form.day("effective_on")
    except Refused as refused:
        problems += refused.refusals
    answer, kind = (form["status"], day, form["rationale"]), _kind(services, register, question)
    requests.record_opinion(db, question, person.id, *answer, services.clock(), kind, problems)


def _answer_values(question: Question, person: str) -> dict[str, object]:
    """What a person may see of the answers: all once both are in, before that only their own."""
    own = question.of(person)
    return {
        "is_asked": bool(own and not own.status),
        "may_cancel": own is None and not question.is_answered,
        "visible_answers": question.answers if question.is_answered else [own] if own and own.status else [],
        "waiting": [a.person for a in question.answers if not a.status],
    }


def _item_values(db: Connection, register: str, question: Question) -> dict[str, object]:
    """The item that is assessed, with its success criteria."""
    known_at = last_applied_at(db)
    recommendation_entry = catalogue.recommendation(db, register, question.recommendation, known_at)
    elements = catalogue.elements(db, register, known_at, question.recommendation)
    criteria = catalogue.success_criteria(db, register, known_at, question.recommendation)
    return {
        "facts": recommendation_entry.facts if recommendation_entry else None,
        "element": next((e.element for e in elements if e.element.id == question.element), None),
        "cards": [c.card for c in criteria if c.card.element == question.element],
    }


@staff.post("/<register:register>/opinions/<number:number>/call-off/")
@allowed("publish")
def call_off_opinion(register: str, number: int) -> Response:
    with services().accounts.work() as db:
        requests.cancel_question(db, requests.find_question(db, register, number), current_person().id)
    announce(_("The request is cancelled."), _("No answer is kept."))
    return redirect(url_for("staff.opinions", register=register))


def _refuse_authors(services: Services, db: Session, register: str, item: tuple[str, str], persons: list[str]) -> None:
    """Raises `Refused` if one of the persons has an open proposal on the item, which the other must not see."""
    with services.views.connect() as views:
        waiting = open_proposals(views, register, item[0])
    authors = {p.proposed_by for p in waiting if p.assessment.element == item[1]} & set(persons)
    if authors:
        who = ", ".join(colleague_name(services, person) for person in sorted(authors))
        raise Refused(
            refusal(
                "{who} proposed the open proposal on this item. Choose another person.",
                who=who,
                field="persons",
            )
        )


def _kind(services: Services, register: str, question: Question) -> Kind | None:
    """Returns the kind of the assessed item; None if it was withdrawn."""
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        recommendation_entry = catalogue.recommendation(db, register, question.recommendation, known_at)
        elements = catalogue.elements(db, register, known_at, question.recommendation)
    whole = recommendation_entry.facts.kind if recommendation_entry else None
    return next((e.element.kind for e in elements if e.element.id == question.element), whole)


def _list(services: Services, register: str, form: Form) -> tuple[str, int]:
    entry, wanted = register_entry(services, register), read_parameters("page").get("page", "")
    with services.accounts.work() as db:
        page = list_page("staff.opinions", requests.count_questions(db, register), wanted, register=register)
        questions = requests.questions_in(db, register, skip=page.skip, limit=ROWS_PER_PAGE)
        people = requests.possible_respondents(db, register)
        figure = agreement(db, register)
    with services.views.connect() as views:
        titles = _titles(views, register, questions)
        options = _options(views, register, form)
    html = render_template(
        "staff/opinions.html",
        entry=entry,
        questions=questions,
        page=page,
        titles=titles,
        options=options,
        people=[(u.person, u.name or u.person) for u in people],
        figure=figure,
        form=form,
    )
    return html, form.status


def _read_item(services: Services, register: str, form: Form) -> tuple[str, str]:
    """The recommendation and the part of what was chosen, or of what alone has the typed words. Raises `Refused`."""
    with services.views.connect() as db:
        search = ItemSearch(db, register, last_applied_at(db))
        matches = search.matches(form["item"])
        chosen = next((item for item in matches if item.key == form["item_is"]), None) or search.by_key(form["item"])
    if chosen is None and len(matches) == 1:
        (chosen,) = matches
    if chosen is None:
        raise Refused(refusal("Choose what to assess.", field="item"))
    return chosen.facts.id, chosen.element.id if chosen.element else ""


def _options(db: Connection, register: str, form: Form) -> list[NameOption]:
    """What the typed words can mean, to choose one."""
    items = ItemSearch(db, register, last_applied_at(db)).matches(form["item"]) if form["item"] else []
    return [NameOption(i.key, i.key, _title(i.facts, i.element), number=i.facts.number) for i in items]


def _title(facts: RecommendationFacts, element: Element | None) -> Markup | str:
    whole = isolated(localized(facts, "title"))
    return Markup("{}: {}").format(whole, isolated(localized(element, "title"))) if element else whole


def _titles(db: Connection, register: str, questions: Sequence[Question]) -> dict[int, Markup | str]:
    """What each question is about, by its number; the id of a recommendation that was removed."""
    known_at = last_applied_at(db)
    wholes = catalogue.recommendations_of(db, register, known_at, {q.recommendation for q in questions})
    parts = catalogue.elements_by_id(db, register, known_at, [(q.recommendation, q.element) for q in questions])
    titles: dict[int, Markup | str] = {}
    for q in questions:
        whole, part = wholes.get(q.recommendation), parts.get((q.recommendation, q.element))
        titles[q.id] = _title(whole.facts, part) if whole else q.recommendation
    return titles
