"""A register in which staff do random things: what the rules refuse is skipped, so that what is stored is lawful."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from random import Random
from typing import Any, TypeVar

from msgspec.structs import replace

from app.services.container import Services
from domain import commands as c
from domain.codes import AddresseeRole, Direction, Position, RelationKind, RemovalReason, SourceClass
from domain.errors import Refused
from domain.ids import recommendation_id, register_id, response_id
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.response.aggregate import Response
from domain.times import to_microseconds
from domain.values import (
    Addressee,
    Body,
    BodyMerge,
    DeadlineFacts,
    DevelopmentFacts,
    EvidenceFacts,
    EvidenceText,
    Fact,
    RegisterSettings,
    Relation,
    ResponseFacts,
    ReviewSchedule,
    Snapshot,
    SuccessCriteria,
    Theme,
    Timestamp,
    arrange_translations,
)
from projections.assessments.queries import each_published
from projections.catalogue.queries import deadlines
from projections.engine.batches import END_OF_TIME
from projections.worklist.queries import open_proposals
from tests.support.story import REGISTER, Story, assessment

T = TypeVar("T")
F = TypeVar("F", bound=Fact)
RECOMMENDATIONS = ("post", "law")
SOURCES = ("one", "two", "three", "four")
PEOPLE = ("ana", "ben", "cem")
BODIES = ("ministry", "agency", "office")
MERGED_BODIES = ("bureau", "desk")
ELSEWHERE = "https://example.org/recommendations/1"
REVIEWS = {"ten": "2024-02-01", "eleven": "2025-02-01"}


class RandomStory:
    def __init__(self, services: Services, seed: int) -> None:
        self.services, self.random, self.number = services, Random(seed), 0
        self.story = Story(services)  # type: ignore[arg-type]
        self.responses: list[str] = []
        """The id of each response that was proposed, or refused."""
        for body in (*BODIES[1:], *MERGED_BODIES):
            self.story.do(c.NameBody(REGISTER, body=Body(id=body, name=body.title())))
        for ident in (*SOURCES, "unused"):
            self.story.evidence(ident)
        self.story.do(
            c.NameTheme(REGISTER, theme=Theme(id="offices", title="Offices", translations={"ko": {"title": "직위"}}))
        )
        for ident in RECOMMENDATIONS:
            self.story.recommendation(ident).criteria(recommendation=ident)
        self.story.recommendation("parts").element("oath", recommendation="parts")
        self.story.criteria("oath", "parts")
        for ident, day in REVIEWS.items():
            schedule = ReviewSchedule(id=ident, title=f"Review {ident}", as_of=day)
            self.story.do(c.ScheduleReview(REGISTER, schedule=schedule))

    def run(self, steps: int) -> None:
        for step in range(steps):
            if step == steps // 4:
                self.story.do(c.OpenRegister(REGISTER, origin="x"))
            make = self.random.choice(self.possible())
            try:
                if command := make():
                    self.story.do(command, by=self.one_of(PEOPLE))
            except Refused:
                pass
        self.story.do(c.WithdrawRecommendation(REGISTER, recommendation="parts", reason="Entered twice."))

    def possible(self) -> list[Callable[[], c.Command | None]]:
        common = [self.propose, self.decide, self.decide, self.decide]
        amendments = [self.amend_recommendation, self.amend_element, self.amend_theme, self.amend_register]
        reviews = [
            self.draft_summary,
            self.sign_off,
            self.embargo,
            self.freeze,
            self.timestamp,
            self.withdraw_package,
            self.amend_review,
        ]
        return [
            *common,
            *common,
            *common,
            *common,
            *amendments,
            *reviews,
            self.withdraw,
            self.state_deadline,
            self.withdraw_deadline,
            self.amend_addressees,
            self.amend_addressees,
            self.merge_bodies,
            self.propose_response,
            self.propose_response,
            self.decide_response,
            self.decide_response,
            self.state_relation,
            self.withdraw_relation,
            self.amend_evidence,
            self.remove_evidence_text,
            self.develop,
            self.draft,
            self.approve,
        ]

    def one_of(self, values: Sequence[T]) -> T:
        return self.random.choice(values)

    def propose(self) -> c.Command:
        self.number += 1
        text = assessment(
            id=f"a{self.number}",
            status=self.one_of(("announced", "in_progress", "no_action")),
            effective_on=f"202{self.random.randrange(1, 6)}-0{self.random.randrange(1, 10)}-01",
            reason=self.one_of(("first_assessment", "world_changed", "new_evidence", "our_correction")),
            evidence=tuple(self.random.sample(SOURCES, 2)),
            element="",
        )
        return c.ProposeAssessment(REGISTER, recommendation=self.one_of(RECOMMENDATIONS), assessment=text)

    def decide(self) -> c.Command | None:
        with self.services.views.connect() as db:
            waiting = open_proposals(db, REGISTER)
        if not waiting:
            return None
        p = self.one_of(waiting)
        ids: dict[str, Any] = {"recommendation": p.recommendation, "assessment": p.assessment.id}
        revised = replace(p.assessment, rationale=f"Better {self.number}.", evidence=(self.one_of(SOURCES),))
        return self.one_of(
            [
                c.PublishAssessment(REGISTER, **ids),
                c.PublishAssessment(REGISTER, **ids),
                c.ReturnAssessment(REGISTER, **ids, note="Which day?"),
                c.DeclineAssessment(REGISTER, **ids, why="No."),
                c.ScheduleAssessment(REGISTER, **ids, publish_at=self.services.clock() + timedelta(days=9)),
                c.UnscheduleAssessment(REGISTER, **ids),
                c.ReviseAssessment(REGISTER, recommendation=p.recommendation, assessment=revised),
            ]
        )

    def withdraw(self) -> c.Command | None:
        with self.services.views.connect() as db:
            published = list(each_published(db, REGISTER))
        if not published:
            return None
        p = self.one_of(published)
        return c.WithdrawAssessment(
            REGISTER, recommendation=p.recommendation, assessment=p.assessment.id, reason="It was wrong."
        )

    def develop(self) -> c.Command:
        self.number += 1
        facts = DevelopmentFacts(
            id=f"d{self.number}",
            date="2023-05-01",
            summary="It happened.",
            recommendations=tuple(self.random.sample((*RECOMMENDATIONS, "parts"), self.random.randrange(1, 4))),
            direction=self.one_of(list(Direction)),
            evidence=(self.one_of(SOURCES),),
        )
        return c.RecordDevelopment(REGISTER, development=facts)

    def state_deadline(self) -> c.Command:
        self.number += 1
        facts = DeadlineFacts(
            id=f"due{self.number}",
            due_on=self.one_of(("2024", "2025-06", "2026-01-31")),
            stated_on=self.one_of(("2021", "2023-05", "2023-05-01")),
            stated_by="A minister",
            evidence=(self.one_of(SOURCES),),
        )
        return c.StateDeadline(REGISTER, recommendation=self.one_of((*RECOMMENDATIONS, "parts")), deadline=facts)

    def withdraw_deadline(self) -> c.Command | None:
        with self.services.views.connect() as db:
            stated = deadlines(db, REGISTER, END_OF_TIME)
        if not stated:
            return None
        entry = self.one_of(stated)
        return c.WithdrawDeadline(
            REGISTER, recommendation=entry.recommendation, deadline=entry.deadline.id, reason="It was said of another."
        )

    def amend_addressees(self) -> c.Command:
        recommendation = self.one_of((*RECOMMENDATIONS, "parts"))
        element = self.one_of(("", "oath")) if recommendation == "parts" else ""
        lead, joint = self.random.sample((*BODIES, *MERGED_BODIES), 2)
        rows = (
            Addressee(element=element, body=lead, to_on=self.one_of(("", "2023-05-01"))),
            Addressee(element=element, body=joint, role=AddresseeRole.JOINT, from_on=self.one_of(("", "2022"))),
        )
        return c.AmendAddressees(
            REGISTER, recommendation=recommendation, addressees=self.one_of((rows, rows, ())), why="W."
        )

    def merge_bodies(self) -> c.Command:
        body, into = self.one_of(MERGED_BODIES), self.one_of(BODIES)
        return c.MergeBodies(REGISTER, merge=BodyMerge(body=body, into=into, on="2024-01-01", why="An act says so."))

    def propose_response(self) -> c.Command:
        self.number += 1
        with self.services.views.connect() as db:
            published = [(p.recommendation, p.assessment.id) for p in each_published(db, REGISTER)]
        nothing = [(ident, "") for ident in (*RECOMMENDATIONS, "parts")]
        recommendation, assessment = self.one_of(nothing + published[-3:])
        facts = ResponseFacts(
            id=f"said{self.number}",
            body=self.one_of(BODIES),
            position=self.one_of(list(Position)),
            given_on=self.one_of(("2021", "2023-05", "2024-05-01")),
            summary="It said so.",
            evidence=(self.one_of(SOURCES),),
            assessment=assessment,
        )
        self.responses.append(facts.id)
        return c.ProposeResponse(REGISTER, recommendation=recommendation, facts=facts)

    def decide_response(self) -> c.Command | None:
        found = [self.services.tracker.find(Response, response_id(REGISTER, ident)) for ident in self.responses]
        waiting = [r for r in found if r and not r.is_declined and not r.is_withdrawn]
        if not waiting:
            return None
        response = self.one_of(waiting)
        ids: dict[str, Any] = {"recommendation": response.recommendation, "response": response.facts.id}
        if response.is_published:
            return c.WithdrawResponse(REGISTER, **ids, reason="Another body said so.")
        publish = c.PublishResponse(REGISTER, **ids)
        return self.one_of([publish, publish, publish, c.DeclineResponse(REGISTER, **ids, why="No.")])

    def state_relation(self) -> c.Command:
        relation = Relation(
            relation=self.one_of(list(RelationKind)),
            to=self.one_of((*RECOMMENDATIONS, "parts", ELSEWHERE)),
            on=self.one_of(("", "2023", "2024-05-01")),
        )
        return c.StateRelation(REGISTER, recommendation=self.one_of(RECOMMENDATIONS), relation=relation)

    def withdraw_relation(self) -> c.Command | None:
        recommendation = self.recommendation(self.one_of(RECOMMENDATIONS))
        if not recommendation.relations:
            return None
        relation, to = self.one_of(list(recommendation.relations))
        ids: dict[str, Any] = {"recommendation": recommendation.facts.id, "to": to}
        return c.WithdrawRelation(REGISTER, **ids, relation=relation, reason="It was of another.")

    def amend_evidence(self) -> c.Command:
        self.number += 1
        ident = self.one_of(SOURCES)
        facts = EvidenceFacts(id=ident, publisher=f"Publisher {self.number}", source_class=SourceClass.OFFICIAL)
        text = EvidenceText(title=f"Title {self.number}", summary="What it says.")
        return c.AmendEvidence(REGISTER, facts=facts, text=text, key=f"key-{self.number}", salt="s", why="W.")

    def remove_evidence_text(self) -> c.Command:
        return c.RemoveEvidenceText(REGISTER, evidence=self.one_of(SOURCES), reason=self.one_of(list(RemovalReason)))

    def draft(self) -> c.Command:
        self.number += 1
        criteria = SuccessCriteria(counts=f"An act {self.number}.", does_not_count="A word.")
        return c.DraftCriteria(REGISTER, recommendation=self.one_of(RECOMMENDATIONS), card=criteria)

    def approve(self) -> c.Command:
        return c.ApproveCriteria(REGISTER, recommendation=self.one_of(RECOMMENDATIONS))

    def changed(self, fact: F) -> F:
        """With another original, another translation, or both."""
        korean = arrange_translations([("ko", "title", self.one_of(("", "가", "나")))])
        changes = {"title": self.one_of(("An A", "A B")), "translations": korean}
        return replace(fact, **{name: changes[name] for name in self.random.sample(sorted(changes), 1)})

    def checked(self) -> tuple[str, ...]:
        return self.one_of([(), (), ("title_ko",)])

    def recommendation(self, ident: str) -> Recommendation:
        aggregate = self.services.tracker.find(Recommendation, recommendation_id(REGISTER, ident))
        assert aggregate is not None
        return aggregate

    def register(self) -> Register:
        aggregate = self.services.tracker.find(Register, register_id(REGISTER))
        assert aggregate is not None
        return aggregate

    def amend_recommendation(self) -> c.Command:
        ident = self.one_of(RECOMMENDATIONS)
        fact = self.changed(self.recommendation(ident).facts)
        return c.AmendRecommendation(REGISTER, recommendation=ident, fact=fact, why="W.", checked=self.checked())

    def amend_element(self) -> c.Command:
        element = self.recommendation("parts").elements["oath"]
        fact = self.changed(element)
        return c.AmendElement(REGISTER, recommendation="parts", fact=fact, why="W.", checked=self.checked())

    def amend_theme(self) -> c.Command:
        fact = self.changed(self.register().themes["offices"])
        return c.AmendTheme(REGISTER, fact=fact, why="W.", checked=self.checked())

    def amend_register(self) -> c.Command:
        settings: RegisterSettings = self.register().settings
        return c.AmendRegister(REGISTER, fact=self.changed(settings), why="W.", checked=self.checked())

    def amend_review(self) -> c.Command:
        schedule = ReviewSchedule(
            id=self.one_of(list(REVIEWS)), title="A title", as_of=self.one_of(list(REVIEWS.values()))
        )
        return c.AmendReview(REGISTER, fact=self.changed(schedule), why="W.", checked=self.checked())

    def day(self) -> dict[str, Any]:
        review = self.one_of(list(REVIEWS))
        return {"review": review, "as_of": REVIEWS[review]}

    def draft_summary(self) -> c.Command:
        self.number += 1
        return c.DraftSummary(REGISTER, **self.day(), summary=f"Summary {self.number}.")

    def sign_off(self) -> c.Command:
        return c.SignOffReview(REGISTER, **self.day())

    def embargo(self) -> c.Command:
        return c.EmbargoReview(REGISTER, **self.day(), freeze_at=self.services.clock() + timedelta(days=1))

    def freeze(self) -> c.Command | None:
        """Seldom: a frozen day changes no more."""
        if self.random.random() < 0.5:
            return None
        now = self.services.clock()
        snapshot = Snapshot(known_at=now, log_position=to_microseconds(now) % 99, manifest="0" * 64, package="1" * 64)
        return c.FreezeReview(REGISTER, **self.day(), snapshot=snapshot)

    def withdraw_package(self) -> c.Command:
        return c.WithdrawPackage(REGISTER, **self.day(), reason=self.one_of(list(RemovalReason)))

    def timestamp(self) -> c.Command:
        stamp = Timestamp(at=self.services.clock(), authority="An authority", token="AA==")
        return c.TimestampReview(REGISTER, **self.day(), timestamp=stamp)
