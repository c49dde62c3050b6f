"""Asks two people for their opinions and records them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, aliased

from app.services.accounts.models import User
from app.services.accounts.people import person_of
from app.services.opinions.models import Opinion, Question
from domain.codes import Kind, Status
from domain.errors import NotFound, Refusal, Refused, refusal, refuse
from domain.methodology.rules import against_kind
from domain.text import normalize_text

OPINIONS_PER_QUESTION = 2


def possible_respondents(db: Session, register: str) -> list[User]:
    """The people who may propose in a register, by name."""
    users = db.scalars(select(User).where(User.active).order_by(User.name, User.person))
    return [user for user in users if person_of(user).may("propose", register)]


def ask_question(
    db: Session, register: str, recommendation: str, element: str, persons: list[str], *, by: str, now: datetime
) -> Question:
    """Ask two people. Raises `Refused` unless they are different and may propose."""
    respondents = {user.person for user in possible_respondents(db, register)}
    if len(set(persons)) != OPINIONS_PER_QUESTION or not set(persons) <= respondents:
        raise Refused(refusal("Choose two different people who may propose in this register.", field="persons"))
    same = Question.register == register, Question.recommendation == recommendation, Question.element == element
    if not all(q.is_answered for q in db.scalars(select(Question).where(*same))):
        raise Refused(
            refusal(
                "Two people have already been asked about this item. Wait for them, or cancel the request.",
                field="item",
            )
        )
    question = Question(
        register=register,
        recommendation=recommendation,
        element=element,
        asked_by=by,
        asked_at=now.replace(tzinfo=None),
        answers=[Opinion(person=p, status="", effective_on="", rationale="", answered_at=None) for p in persons],
    )
    db.add(question)
    db.flush()
    return question


def record_opinion(
    db: Session,
    question: Question,
    person: str,
    status: str,
    on: str,
    rationale: str,
    now: datetime,
    kind: Kind | None = None,
    day_problems: Sequence[Refusal] = (),
) -> None:
    """Record an opinion. Raises `Refused` if it is incomplete, does not fit the item's kind, or was already given."""
    opinion = question.of(person)
    if opinion is None:
        raise Refused(refusal("You have not been asked for this opinion."))
    if opinion.status:
        raise Refused(refusal("You have already answered. You cannot change your answer."))
    problems = []
    if status not in {s.value for s in Status} - {Status.NOT_ASSESSED.value}:
        problems.append(refusal("Choose a status.", field="status"))
    elif kind:
        problems += against_kind(Status(status), kind)
    problems += day_problems
    if not on and not day_problems:
        problems.append(refusal("Enter a day.", field="effective_on"))
    rationale, unreadable = normalize_text(rationale, "rationale")
    problems += [unreadable] if unreadable else []
    if not rationale:
        problems.append(
            refusal("Give the reasons in two or three sentences that a reader can check.", field="rationale")
        )
    refuse(problems)
    opinion.status, opinion.effective_on, opinion.rationale = status, on, rationale
    opinion.answered_at = now.replace(tzinfo=None)


def cancel_question(db: Session, question: Question, person: str) -> None:
    """Delete a question and any first opinion, which stays unseen. Raises `Refused`, also to those who were asked."""
    if question.of(person):
        raise Refused(
            refusal("You have been asked for your own opinion, so you cannot cancel the request. Ask another editor.")
        )
    if question.is_answered:
        raise Refused(refusal("Both people have answered, so you can no longer cancel this."))
    db.delete(question)


def find_question(db: Session, register: str, number: int) -> Question:
    question = db.get(Question, number)
    if question is None or question.register != register:
        raise NotFound(refusal("There is no such request in this register."))
    return question


def questions_in(db: Session, register: str, *, skip: int = 0, limit: int | None = None) -> list[Question]:
    """The questions of a register, newest first; all of them without a limit."""
    query = select(Question).where(Question.register == register).order_by(Question.id.desc())
    return list(db.scalars(query.offset(skip).limit(limit)))


def count_questions(db: Session, register: str) -> int:
    return db.scalar(select(func.count()).select_from(Question).where(Question.register == register)) or 0


def unanswered_questions(db: Session, register: str, person: str) -> list[Question]:
    """The questions that a person has not answered yet."""
    waiting = select(Opinion.question_id).where(Opinion.person == person, Opinion.status == "")
    return _questions(db, register, list(db.scalars(waiting)))


def open_questions_to(db: Session, register: str, person: str) -> list[Question]:
    """The questions to a person that not both people have answered yet."""
    return _questions(db, register, _open_questions_to(db, person))


def registers_asking(db: Session, person: str) -> list[str]:
    """The registers with a question to a person that not both people have answered yet."""
    query = select(Question.register).where(Question.id.in_(_open_questions_to(db, person)))
    return list(db.scalars(query.distinct()))


def _open_questions_to(db: Session, person: str) -> list[int]:
    """The numbers of the questions to a person that not both people have answered yet, in any register."""
    waiting, own = aliased(Opinion), aliased(Opinion)
    query = select(waiting.question_id).join(own, own.question_id == waiting.question_id)
    return list(db.scalars(query.where(waiting.status == "", own.person == person).distinct()))


def _questions(db: Session, register: str, numbers: list[int]) -> list[Question]:
    """Those of a register among some, newest first."""
    query = select(Question).where(Question.register == register, Question.id.in_(numbers))
    return list(db.scalars(query.order_by(Question.id.desc())))
