"""A register in which everything grows with the number of its recommendations, its bodies, sources and people too."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from msgspec.structs import replace

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.bundles import rows
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.event_builder import EventBuilder
from app.services.bundles.import_plan import ImportPlan
from app.services.container import Services
from app.services.opinions.models import Opinion, Question
from app.services.snapshots.freeze import freeze_review
from domain import values as v
from domain.codes import Direction, Kind, PeerReview, Position, Reason, RelationKind, SourceClass, Status
from domain.commands import OpenRegister

REGISTER, PERSON, E_MAIL = "growth", "ana", "ana@example.org"
FIRST_DAY, DAYS = date(2020, 1, 1), 700
THEMES, BODIES_EVERY, PART = 12, 10, 5_000
REVIEW, REVIEW_DAY = "first", "2024-01-01"
STATUSES = (Status.IN_PROGRESS, Status.PARTLY)
SHARED = "shared"
"""The source that every assessment cites."""
ONE_IN = {"elements": 10, "responses": 3, "deadlines": 2, "developments": 5, "relations": 4, "proposals": 8}


def fill(services: Services, size: int, move_clock: Callable[[], object] = lambda: None) -> None:
    """Import `size` recommendations, open the register, freeze a review, import what came after, and propose."""
    common = _common(size)
    parts = [range(start, min(size, start + PART)) for start in range(0, size, PART)]
    stored = common
    for part in parts:
        portion = _merged(common, _first_rows(part, size // BODIES_EVERY))
        _store(services, portion, None if part.start == 0 else stored, is_open=False)
    services.catch_up()
    move_clock()
    services.execute(OpenRegister(REGISTER, origin="benchmark", without_keeper=True), by=PERSON)
    move_clock()
    freeze_review(services, REGISTER, REVIEW, as_of=REVIEW_DAY, by=PERSON)
    move_clock()
    for part in parts:
        stored = _merged(common, _first_rows(part, size // BODIES_EVERY))
        _store(services, _merged(common, _later_rows(part)), stored, is_open=True)
    services.catch_up()
    move_clock()
    for part in parts:
        stored = _merged(common, _first_rows(part, size // BODIES_EVERY), _later_rows(part))
        _store(services, _merged(common, _proposed_rows(part)), stored, is_open=True, propose=True)
    services.catch_up()
    _add_people(services, size)


def _store(services: Services, portion: rows.Bundle, stored: rows.Bundle | None, **how: bool) -> None:
    now = services.clock()
    plan = ImportPlan(portion, stored, {}, now=now, **how)  # type: ignore[arg-type]
    builder = EventBuilder(services, plan, now, by=PERSON)
    assert not plan.problems, plan.problems[:3]
    services.tracker.import_events(builder.events, builder.claims, builder.records)


def _merged(*bundles: rows.Bundle) -> rows.Bundle:
    tables = {name: tuple(row for b in bundles for row in getattr(b, name)) for name in SHEETS_BY_NAME}
    return replace(bundles[0], **tables)


def _settings() -> v.RegisterSettings:
    return v.RegisterSettings(
        id=REGISTER, title="A register that grows", peer_review=PeerReview.NEVER, evidence_to="2026-01-01"
    )


def _common(size: int) -> rows.Bundle:
    """What every part of the register refers to."""
    bodies = [
        v.Body(id=f"body-{n}", name=f"Body {n}", parent="body-0" if n else "") for n in range(size // BODIES_EVERY)
    ]
    report = v.Publication(id="report", title="The report", publisher="A committee", published_on="2020")
    return rows.Bundle(
        settings=_settings(),
        reviews=(
            v.ReviewSchedule(id=REVIEW, title="First review", as_of=REVIEW_DAY),
            v.ReviewSchedule(id="yearly", title="Yearly", anniversary_of="2022-01-01", every_years=1),
        ),
        themes=tuple(rows.ThemeRow(0, v.Theme(id=f"theme-{n}", title=f"Theme {n}")) for n in range(THEMES)),
        publications=(rows.PublicationRow(0, report),),
        bodies=tuple(rows.BodyRow(0, body) for body in bodies),
        evidence=(_source(SHARED, "The statement that all cite"),),
    )


def _source(ident: str, title: str) -> rows.EvidenceRow:
    facts = v.EvidenceFacts(id=ident, publisher="Gazette", source_class=SourceClass.OFFICIAL, published_on="2020-01-01")
    text = v.EvidenceText(title=title, summary="What it says.", url=f"https://example.org/{ident}")
    return rows.EvidenceRow(0, facts, text)


def _id(n: int) -> str:
    return f"rec-{n:06d}"


def _recommended_on(n: int) -> date:
    return FIRST_DAY + timedelta(days=n * 37 % DAYS)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)


def _chosen(part: range, table: str) -> list[int]:
    return [n for n in part if n % ONE_IN[table] == 0]


def _first_rows(part: range, bodies: int) -> rows.Bundle:
    return rows.Bundle(
        settings=_settings(),
        recommendations=tuple(_recommendation(n, bodies) for n in part),
        elements=tuple(_element(n, k) for n in _chosen(part, "elements") for k in range(2)),
        cards=tuple(_criteria(n) for n in part if n % ONE_IN["elements"]),
        evidence=tuple(_source(f"source-{n}", f"Statement {n} of a ministry") for n in part),
        assessments=tuple(_assessment(n, k) for n in part for k in range(3)),
        developments=tuple(_development(n) for n in _chosen(part, "developments")),
        deadlines=tuple(_deadline(n, "2024-06-30", "first") for n in _chosen(part, "deadlines")),
        relations=tuple(_relation(n) for n in _chosen(part, "relations") if n > part.start),
    )


def _recommendation(n: int, bodies: int) -> rows.RecommendationRow:
    day = _recommended_on(n)
    facts = v.RecommendationFacts(
        id=_id(n),
        title=f"Recommendation {n} on its subject",
        summary="A sentence that says what is asked of whom, and by when it should be so.",
        kind=Kind.CONTINUING,
        theme=f"theme-{n % THEMES}",
        addressees=("body-0", f"body-{1 + n % (bodies - 1)}"),
        publication="report",
        recommended_on=day.isoformat(),
    )
    return rows.RecommendationRow(0, facts, _at(day))


def _element(n: int, k: int) -> rows.ElementRow:
    fact = v.Element(id=f"part-{k}", title=f"Part {k}", kind=Kind.CONTINUING, core=True, done_when="It is kept up.")
    return rows.ElementRow(0, fact, _id(n), _at(_recommended_on(n)))


def _criteria(n: int) -> rows.CardRow:
    fact = v.SuccessCriteria(counts="An act in force.", does_not_count="A promise.", author=PERSON)
    return rows.CardRow(0, fact, _id(n), "ben", _at(_recommended_on(n)))


def _assessment(n: int, k: int, reason: Reason = Reason.WORLD_CHANGED, *, known: bool = True) -> rows.AssessmentRow:
    day = _recommended_on(n) + timedelta(days=30 + 200 * k)
    fact = v.Assessment(
        id=f"{_id(n)}-{k}",
        element="" if n % ONE_IN["elements"] else f"part-{k % 2}",
        status=Status.ANNOUNCED if _is_first(n, k) and n % 4 == 0 else STATUSES[(n + k) % len(STATUSES)],
        effective_on=day.isoformat(),
        reason=Reason.FIRST_ASSESSMENT if _is_first(n, k) else reason,
        rationale="A sentence or two that say why the status is this one, and not the next one.",
        evidence=(SHARED, f"source-{n}"),
        proposed_by=PERSON,
        methodology=v.DEFAULT_METHODOLOGY,
    )
    return rows.AssessmentRow(0, fact, _id(n), "ben" if known else "", _at(day) if known else None)


def _is_first(n: int, k: int) -> bool:
    return k == 0 if n % ONE_IN["elements"] else k < 2


def _development(n: int) -> rows.DevelopmentRow:
    fact = v.DevelopmentFacts(
        id=f"event-{n}",
        date="2023-05-01",
        summary="A bill was read.",
        recommendations=(_id(n),),
        direction=Direction.ADVANCES,
        evidence=(SHARED,),
    )
    return rows.DevelopmentRow(0, fact)


def _deadline(n: int, due: str, name: str) -> rows.DeadlineRow:
    fact = v.DeadlineFacts(
        id=f"due-{n}-{name}", due_on=due, stated_on="2023-01-01", stated_by="body-0", evidence=(SHARED,)
    )
    return rows.DeadlineRow(0, fact, _id(n))


def _relation(n: int) -> rows.RelationRow:
    return rows.RelationRow(0, v.Relation(relation=RelationKind.REPEATS, to=_id(n - 1)), _id(n))


def _later_rows(part: range) -> rows.Bundle:
    """What is published when the register is open: changes, corrections, withdrawals, responses and new deadlines."""
    reasons = Reason.WORLD_CHANGED, Reason.OUR_CORRECTION
    return rows.Bundle(
        settings=_settings(),
        assessments=tuple(_assessment(n, 3, reasons[n % 2], known=False) for n in part),
        withdrawals=tuple(
            rows.WithdrawalRow(0, f"{_id(n)}-2", "", "It was about another bill.", None, "ben")
            for n in part
            if n % 20 == 7
        ),
        responses=tuple(_response(n) for n in _chosen(part, "responses")),
        deadlines=tuple(_deadline(n, "2027-06-30", "second") for n in _chosen(part, "deadlines")),
    )


def _response(n: int) -> rows.ResponseRow:
    fact = v.ResponseFacts(
        id=f"answer-{n}",
        body="body-0",
        position=Position.ACCEPTS_IN_PART,
        given_on="2023-01-01",
        summary="The ministry accepts a part of it.",
        evidence=(SHARED,),
        proposed_by=PERSON,
    )
    return rows.ResponseRow(0, fact, _id(n), "ben")


def _proposed_rows(part: range) -> rows.Bundle:
    chosen = [_assessment(n, 4, known=False) for n in _chosen(part, "proposals")]
    return rows.Bundle(settings=_settings(), assessments=tuple(chosen))


def _add_people(services: Services, size: int) -> None:
    """An administrator, an analyst, and a second opinion on one in ten recommendations."""
    with services.accounts.work() as db:
        ana = people.add_user(db, E_MAIL, "Ana", person=PERSON)
        people.give_role(db, ana, "*", StaffRole.ADMINISTRATOR)
        people.give_role(db, people.add_user(db, "ben@example.org", "Ben", person="ben"), REGISTER, StaffRole.ANALYST)
        asked_at = services.clock().replace(tzinfo=None)
        for n in range(1, size, 10):
            answers = [
                Opinion(person=p, status="partly", effective_on="2024", rationale="So it is.") for p in (PERSON, "ben")
            ]
            db.add(
                Question(
                    register=REGISTER,
                    recommendation=_id(n),
                    element="",
                    asked_by=PERSON,
                    asked_at=asked_at,
                    answers=answers,
                )
            )
