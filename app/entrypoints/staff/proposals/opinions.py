"""Second opinions: ask for them, give one without seeing the other, compare both."""

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, colleague_name, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.labels import STATUS, choices
from app.services.accounts.people import Person
from app.services.container import Services
from app.services.opinions import requests
from app.services.opinions.agreement import agreement
from app.services.opinions.models import Question
from domain.codes import Kind, Status
from domain.errors import Refusal, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from projections.worklist.queries import open_proposals

OFFERED_STATUSES = [(code, words) for code, words in choices(STATUS) if code != Status.NOT_ASSESSED]


@staff.get("/<register:register>/opinions/")
@allowed("read")
def opinions(register: str) -> tuple[str, int]:
    return _list(services(), register, Form())


@staff.post("/<register:register>/opinions/")
@allowed("publish")
def ask_for_opinions(register: str) -> tuple[str, int] | Response:
    form = Form().read("item", many=["persons"])
    recommendation, _, element = form["item"].partition("/")
    try:
        if form["item"] not in dict(_assessable_items(services(), register)):
            raise Refused(refusal("Choose what to assess.", field="item"))
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
        requests.cancel_question(db, requests.find_question(db, register, number))
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
    entry, items = register_entry(services, register), dict(_assessable_items(services, register))
    with services.accounts.work() as db:
        questions = requests.questions_in(db, register)
        people = requests.possible_respondents(db, register)
        figure = agreement(db, register)
    page = render_template(
        "staff/opinions.html",
        entry=entry,
        questions=questions,
        items=items,
        people=[(u.person, u.name or u.person) for u in people],
        figure=figure,
        form=form,
    )
    return page, form.status


def _assessable_items(services: Services, register: str) -> list[tuple[str, str]]:
    """Every recommendation and element that can be assessed: `recommendation/element` and its title."""
    with services.views.connect() as db:
        known_at = last_applied_at(db)
        facts = catalogue.recommendations(db, register, known_at)
        elements = catalogue.elements(db, register, known_at)
    divided = {e.recommendation for e in elements}
    whole = [(f"{i}/", e.facts.title) for i, e in facts.items() if i not in divided]
    parts = [
        (f"{e.recommendation}/{e.element.id}", f"{facts[e.recommendation].facts.title}: {e.element.title}")
        for e in elements
        if e.recommendation in facts
    ]
    return sorted(whole + parts, key=lambda item: item[1])
