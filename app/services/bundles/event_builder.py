"""Turns an import plan into events, in the order in which the log stores them."""

import secrets
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from app.adapters.record import Record
from app.services.bundles.amending import Amender
from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.missing_criteria import missing_criteria
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.proposing import Proposer, sources_of_proposals
from app.services.bundles.restated_rows import RESTATED
from app.services.bundles.restating import Restater
from app.services.bundles.rows import AssessmentRow, CardRow, ElementRow, WithdrawalRow
from domain.base import Aggregate, AnAggregate, Event
from domain.claims import name_to_claim
from domain.deadline.aggregate import Deadline
from domain.development.aggregate import Development
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.evidence.record import EvidenceRecord
from domain.ids import (
    assessment_claim,
    deadline_id,
    development_id,
    evidence_id,
    recommendation_id,
    register_id,
    response_id,
    review_id,
)
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.judging_context import JudgingContext
from domain.register.aggregate import Register
from domain.response.aggregate import Response
from domain.review.aggregate import Review
from domain.values import Addressee, BodyMerge


class EventBuilder:
    """Collects the events, claims and evidence records of a plan."""

    def __init__(
        self, record: Record, plan: ImportPlan, now: datetime, *, by: str, approve_cards: str = "", why: str = ""
    ) -> None:
        """`why` is the public reason for what the plan amends."""
        self.tracker, self.plan, self.now = record.tracker, plan, now
        self.by, self.approve_cards = by, approve_cards
        self.events: list[Event] = []
        self.claims: dict[str, str] = {}
        self.records: list[EvidenceRecord] = []
        self.recommendations: dict[str, Recommendation] = {}
        self.register = plan.bundle.settings.id
        self.is_first = not self.tracker.stream(Register, register_id(self.register)).version
        self.amender = Amender(self.tracker, plan, by, why)
        self._register()
        self._evidence()
        for changed in self.amender.amend_parts(self._find):
            self._add(changed)
        self.records += self.amender.records
        self._recommendations()
        self._addressees()
        self._cards()
        self._relations()
        self._assessments()
        if plan.propose:
            self._proposals()
        self._developments()
        self._responses()
        self._deadlines()
        if any(amendment.sheet in RESTATED for amendment in plan.amendments.values()):
            Restater(
                self.tracker,
                plan,
                self.facts,
                self._find,
                now,
                by=by,
                why=why,
                approve_cards=approve_cards,
            ).restate(self._add)

    def _add(self, aggregate: Aggregate) -> None:
        self.events += aggregate.collect_events()

    def _register(self) -> None:
        plan, by = self.plan, self.by
        if plan.is_new:
            stream = self.tracker.stream(Register, register_id(self.register))
            register = Register.establish(plan.bundle.settings, by, plan.bundle.opened_at, stream)
        else:
            register = self.tracker.load(Register, register_id(self.register))
        if plan.new_logo.png:
            register.set_logo(plan.new_logo, by)
        for row in plan.new["themes"]:
            register.name_theme(row.fact, by)
        for row in plan.new["publications"]:
            register.add_publication(row.fact, by)
        for row in plan.new["bodies"]:
            register.name_body(row.fact, by)
        merged = [row for row in plan.new["bodies"] if row.merged_into]
        for row in sorted(merged, key=lambda row: row.merged_at or self.now):
            merge = BodyMerge(body=row.fact.id, into=row.merged_into, on=row.merged_on, why=row.merged_why)
            register.import_merge(merge, by, row.merged_at)
        self.amender.amend_register(register)
        self.facts = register
        self._add(register)
        for schedule in plan.new_reviews:
            removed = self._stream(Review, review_id(self.register, schedule.id))
            self._add(Review.schedule(self.register, schedule, by, removed))

    def _evidence(self) -> None:
        noted = sources_of_proposals(self.plan) if self.plan.propose else set()
        for row in self.plan.new["evidence"]:
            stream = self._stream(Evidence, evidence_id(self.register, row.fact.id))
            if row.fact.id in noted and stream and stream.exists:
                continue
            record = EvidenceRecord(key=secrets.token_hex(16), salt=secrets.token_hex(16), text=row.text)
            self.records.append(record)
            add = Evidence.note if row.fact.id in noted else Evidence.import_public
            self._add(add(self.register, row.fact, record, self.by, stream))

    def _recommendations(self) -> None:
        elements: dict[str, list[ElementRow]] = {}
        for row in self.plan.new["elements"]:
            elements.setdefault(row.recommendation, []).append(row)
        for row in self.plan.new["recommendations"]:
            stream = self._stream(Recommendation, recommendation_id(self.register, row.fact.id))
            new = Recommendation.register_new(self.register, row.fact, self.by, row.registered_at, stream)
            self.recommendations[row.fact.id] = new
            self._add(new)
        registered = {row.fact.id: row.registered_at for row in self.plan.new["recommendations"]}
        for recommendation, rows in elements.items():
            aggregate = self._find(recommendation)
            for row in rows:
                at = row.registered_at
                if at is None and not self.plan.is_open:
                    at = registered.get(recommendation)
                aggregate.add_element(row.fact, self.by, at)
            self._add(aggregate)

    def _addressees(self) -> None:
        """After the registration, from the same instant on: a bundle says who was asked, not since when it is known."""
        new: dict[str, list[Addressee]] = defaultdict(list)
        for row in self.plan.new["addressees"]:
            new[row.recommendation].append(row.fact)
        registered = {r.fact.id: r.registered_at for r in self.plan.new["recommendations"]}
        for recommendation, rows in new.items():
            aggregate = self._find(recommendation)
            aggregate.import_addressees(
                (*aggregate.addressees, *rows), self.by, amended_at=registered.get(recommendation)
            )
            self._add(aggregate)

    def _cards(self) -> None:
        for row in (*self.plan.new["cards"], *self._missing_criteria()):
            aggregate = self._find(row.recommendation)
            if row.approved_by:
                aggregate.import_criteria(row.fact, self.by, approved_by=row.approved_by, approved_at=row.approved_at)
            elif not self.approve_cards:
                aggregate.draft_criteria(row.fact, self.by)
            elif row.fact.author == self.approve_cards and not self._author_may_approve:
                place = BundleProblem(
                    "cards.csv", row.line, "author", refusal("its author cannot approve it (rule 10).")
                )
                raise BundleRefused([place])
            else:
                aggregate.import_criteria(row.fact, self.by, approved_by=self.approve_cards)
            self._add(aggregate)

    @property
    def _author_may_approve(self) -> bool:
        return JudgingContext.of(self.plan.bundle.settings, self.now).author_may_approve

    def _missing_criteria(self) -> Iterator[CardRow]:
        """Yield placeholder criteria for each new item without any, if criteria are approved on import."""
        if not self.approve_cards:
            return
        existing = {(r.recommendation, r.fact.element) for b in (self.plan.bundle, self.plan.stored) for r in b.cards}
        for row in self.plan.bundle.recommendations:
            for element in self._find(row.fact.id).elements or ("",):
                if (row.fact.id, element) not in existing:
                    yield CardRow(0, missing_criteria(element, self.plan.bundle.settings.languages), row.fact.id)

    def _assessments(self) -> None:
        published = () if self.plan.propose else self.plan.new["assessments"]
        withdrawn = {row.assessment for row in self.plan.new["withdrawals"]}
        recommendation_of = {
            r.fact.id: r.recommendation
            for b in (self.plan.stored, self.plan.bundle)
            for r in b.assessments
            if r.fact.id in withdrawn
        }
        claims = (assessment_claim(self.register, row.fact.id) for row in published)
        claimed_ids = {} if self.is_first else self.tracker.claims(claims)
        for row in sorted((*published, *self.plan.new["withdrawals"]), key=self._place):
            if isinstance(row, WithdrawalRow):
                self._withdrawal(row, row.withdrawn_at or self.now, recommendation_of)
                continue
            aggregate = self._find(row.recommendation)
            claim = assessment_claim(self.register, row.fact.id)
            if claim in claimed_ids:
                claim = name_to_claim(self.tracker, self.register, row.fact.id)
            if claim in claimed_ids:
                reason = refusal(
                    "“{text}” is the id of a proposal in this register.", cure="Choose another.", text=row.fact.id
                )
                raise BundleRefused([BundleProblem("assessments.csv", row.line, "id", reason)])
            self.claims[claim] = row.recommendation
            aggregate.import_published(
                row.fact,
                self.by,
                row.published_at or self.now,
                published_by=row.published_by,
                published_at=row.published_at,
                legacy=row.legacy or row.fact.id in self.plan.legacy,
            )
            self._add(aggregate)

    def _place(self, row: AssessmentRow | WithdrawalRow) -> tuple[datetime, bool, int]:
        """The order of publications and withdrawals: by instant, then by line."""
        if isinstance(row, WithdrawalRow):
            return row.withdrawn_at or self.now, True, row.line
        return row.published_at or self.now, False, row.line

    def _proposals(self) -> None:
        proposer = Proposer(self.tracker, self.plan, JudgingContext.of(self.facts.settings, self.now), self.by)
        for changed in proposer.propose(self._find):
            self._add(changed)
        self.claims |= proposer.claims

    def _withdrawal(self, row: WithdrawalRow, at: datetime, recommendation_of: dict[str, str]) -> None:
        aggregate = self._find(row.recommendation or recommendation_of[row.assessment])
        if row.recommendation:
            aggregate.import_own_withdrawal(
                row.reason, self.by, withdrawn_by=row.withdrawn_by, withdrawn_at=row.withdrawn_at
            )
        else:
            aggregate.import_withdrawal(
                row.assessment,
                row.reason,
                self.by,
                at,
                withdrawn_by=row.withdrawn_by,
                withdrawn_at=row.withdrawn_at,
                replaced_by=row.replaced_by,
            )
        self._add(aggregate)

    def _relations(self) -> None:
        for row in sorted(self.plan.new["relations"], key=lambda r: r.published_at or self.now):
            aggregate = self._find(row.from_)
            aggregate.import_relation(row.fact, self.by, row.published_at)
            if row.withdrawn_reason:
                aggregate.import_relation_withdrawal(
                    row.fact.relation,
                    row.fact.to,
                    row.withdrawn_reason,
                    self.by,
                    withdrawn_by=row.withdrawn_by,
                    withdrawn_at=row.withdrawn_at,
                )
            self._add(aggregate)

    def _developments(self) -> None:
        for row in self.plan.new["developments"]:
            stream = self._stream(Development, development_id(self.register, row.fact.id))
            self._add(Development.record(self.register, row.fact, self.by, stream))

    def _stream(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None:
        """The stream of a removed one with the same id; None in a register whose id was never used before."""
        return None if self.is_first else self.tracker.stream(kind, aggregate_id)

    def _responses(self) -> None:
        for row in sorted(self.plan.new["responses"], key=lambda r: r.published_at or self.now):
            if self.tracker.find(Response, response_id(self.register, row.fact.id)):
                reason = refusal(
                    "“{text}” is the id of a proposed response in this register.",
                    cure="Choose another.",
                    text=row.fact.id,
                )
                raise BundleRefused([BundleProblem("responses.csv", row.line, "id", reason)])
            response = Response.import_published(
                self.register,
                row.recommendation,
                row.fact,
                self.by,
                published_by=row.published_by,
                published_at=row.published_at,
                stream=self._stream(Response, response_id(self.register, row.fact.id)),
            )
            if row.withdrawn_reason:
                response.import_withdrawal(
                    row.withdrawn_reason, self.by, withdrawn_by=row.withdrawn_by, withdrawn_at=row.withdrawn_at
                )
            self._add(response)

    def _deadlines(self) -> None:
        """In the order of the file: of two deadlines stated on one day, the later row is in force."""
        for row in self.plan.new["deadlines"]:
            stream = self._stream(Deadline, deadline_id(self.register, row.fact.id))
            deadline = Deadline.state(self.register, row.recommendation, row.fact, self.by, row.published_at, stream)
            if row.withdrawn_reason:
                deadline.import_withdrawal(
                    row.withdrawn_reason,
                    self.by,
                    withdrawn_by=row.withdrawn_by or self.by,
                    withdrawn_at=row.withdrawn_at,
                )
            self._add(deadline)

    def _find(self, recommendation: str) -> Recommendation:
        if recommendation not in self.recommendations:
            aggregate = self.tracker.find(Recommendation, recommendation_id(self.register, recommendation))
            if aggregate is None:
                raise Refused(f"There is no recommendation “{recommendation}” in “{self.register}”.")
            self.recommendations[recommendation] = aggregate
        return self.recommendations[recommendation]
