"""Replaces stored statements as a later edition of a bundle has them, held to the rules of the domain.

In an open register a statement is withdrawn with the public reason and stated again; before that it is replaced.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from msgspec.structs import replace

from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.restated_rows import next_id
from app.services.bundles.row_verdicts import RowAmendment
from domain.application import Tracker
from domain.base import Aggregate
from domain.deadline.aggregate import Deadline
from domain.development.aggregate import Development
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import deadline_id, development_id, evidence_id, response_id
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.judging_context import JudgingContext
from domain.register.aggregate import Register
from domain.response.aggregate import Response
from domain.response.policy import Answered, needs_second_person, response_refusals
from domain.times import day_in, first_day
from domain.values import Addressee, ResponseFacts

Changed = Iterable[Aggregate]


class Restater:
    """Carries out the amendments of statements, with one reason; what is refused becomes a problem of the plan."""

    def __init__(
        self,
        tracker: Tracker,
        plan: ImportPlan,
        register: Register,
        find: Callable[[str], Recommendation],
        now: datetime,
        *,
        by: str,
        why: str,
        approve_cards: str,
    ) -> None:
        self.tracker, self.plan, self.register, self.find = tracker, plan, register, find
        self.now, self.by, self.why, self.approve_cards = now, by, why, approve_cards
        self.context = JudgingContext.of(register.settings, now)

    def restate(self, save: Callable[[Aggregate], None]) -> None:
        """Carry out all amendments of statements; `save` collects the events of what changed."""
        steps: dict[str, Callable[[RowAmendment], Changed]] = {
            "cards": self._draft_criteria,
            "relations": self._restate_relation,
            "developments": self._record_development,
            "responses": self._restate_response,
            "deadlines": self._restate_deadline,
        }
        addressees: dict[str, list[RowAmendment]] = defaultdict(list)
        for amendment in self.plan.amendments.values():
            if amendment.sheet == "addressees":
                addressees[amendment.row.recommendation].append(amendment)
        for group in addressees.values():
            self._try(group[0], lambda first, group=group: self._amend_addressees(group), save)  # type: ignore[misc]
        for sheet, step in steps.items():
            for amendment in self.plan.amendments.values():
                if amendment.sheet == sheet:
                    self._try(amendment, step, save)

    def _try(
        self,
        amendment: RowAmendment,
        step: Callable[[RowAmendment], Changed],
        save: Callable[[Aggregate], None],
    ) -> None:
        try:
            for changed in step(amendment):
                save(changed)
        except Refused as refused:
            self.plan.refuse_amendment(amendment, refused)

    # What belongs to a recommendation

    def _amend_addressees(self, amendments: list[RowAmendment]) -> Changed:
        recommendation = self.find(amendments[0].row.recommendation)
        in_file = [r.fact for r in self.plan.bundle.addressees if r.recommendation == recommendation.facts.id]
        rows = overlay_addressees(recommendation.addressees, [a.row.fact for a in amendments], in_file)
        recommendation.amend_addressees(rows, self.by, self.why, (), is_open=self.plan.is_open)
        return [recommendation]

    def _draft_criteria(self, amendment: RowAmendment) -> Changed:
        """A new version, whose author is the person who imports it: someone else approves it (rule 10)."""
        recommendation = self.find(amendment.row.recommendation)
        criteria = replace(amendment.row.fact, author=self.by)
        if not self.approve_cards:
            recommendation.draft_criteria(criteria, self.by)
        elif self.approve_cards == self.by and not self.context.author_may_approve:
            raise Refused(refusal("Its author cannot approve it (rule 10).", field="author", rule=10))
        else:
            recommendation.import_criteria(criteria, self.by, approved_by=self.approve_cards)
        return [recommendation]

    def _restate_relation(self, amendment: RowAmendment) -> Changed:
        row, stored = amendment.row, amendment.stored
        recommendation = self.find(row.from_)
        _refuse_if_withdrawn(recommendation)
        if self.plan.is_open:
            why = row.withdrawn_reason or self.why
            recommendation.withdraw_relation(stored.fact.relation, stored.fact.to, why, self.by)
            if not row.withdrawn_reason:
                recommendation.state_relation(row.fact, self.by)
            return [recommendation]
        recommendation.remove_relation(stored.fact.relation, stored.fact.to, self.by)
        recommendation.import_relation(row.fact, self.by, row.published_at)
        if row.withdrawn_reason:
            recommendation.import_relation_withdrawal(
                row.fact.relation,
                row.fact.to,
                row.withdrawn_reason,
                self.by,
                withdrawn_by=row.withdrawn_by,
                withdrawn_at=row.withdrawn_at,
            )
        return [recommendation]

    # What has a stream of its own

    def _record_development(self, amendment: RowAmendment) -> Changed:
        """A development of a register that is being prepared; in an open one its record stays."""
        facts = amendment.row.fact
        development = self.tracker.load(Development, development_id(self.register.settings.id, facts.id))
        development.remove(self.by)
        return [Development.record(self.register.settings.id, facts, self.by, development)]

    def _restate_deadline(self, amendment: RowAmendment) -> Changed:
        row, stored = amendment.row, amendment.stored
        register, facts = self.register.settings.id, row.fact
        _refuse_if_withdrawn(self.find(row.recommendation))
        deadline = self.tracker.load(Deadline, deadline_id(register, stored.fact.id))
        if not self.plan.is_open:
            deadline.remove(self.by)
            again = Deadline.state(register, row.recommendation, facts, self.by, row.published_at, deadline)
            _withdraw_as_stated(again, row, self.by)
            return [again]
        if row.withdrawn_reason:
            deadline.withdraw(row.withdrawn_reason, self.by)
            return [deadline]
        is_moved = first_day(facts.stated_on) > first_day(stored.fact.stated_on)
        if not is_moved and not stored.withdrawn_reason:
            deadline.withdraw(self.why, self.by)
        facts = replace(facts, id=next_id(facts.id, self._used(Deadline, deadline_id, facts.id)))
        again = Deadline.state(register, row.recommendation, facts, self.by)
        return [*self._disclosed(facts.evidence), deadline, again]

    def _restate_response(self, amendment: RowAmendment) -> Changed:
        row, stored = amendment.row, amendment.stored
        register = self.register.settings.id
        _refuse_if_withdrawn(self.find(row.recommendation))
        response = self.tracker.load(Response, response_id(register, stored.fact.id))
        if not self.plan.is_open:
            response.remove(self.by)
            people = {"published_by": row.published_by, "published_at": row.published_at}
            again = Response.import_published(
                register, row.recommendation, row.fact, self.by, **people, stream=response
            )
            _withdraw_as_stated(again, row, self.by)
            return [again]
        if not stored.withdrawn_reason:
            response.withdraw(row.withdrawn_reason or self.why, self.by, self.context)
        if row.withdrawn_reason:
            return [response]
        return [response, *self._respond_again(row)]

    def _respond_again(self, row: Any) -> Changed:
        """State a response as the file has it: published, or proposed if rule 9 needs a second person."""
        register, facts = self.register.settings.id, row.fact
        used = self._used(Response, response_id, facts.id)
        facts = replace(facts, id=next_id(facts.id, used), proposed_by=self.by)
        if any(_is_proposed(r, facts) for r in used.values()):
            return []
        answered = self._answered(self.find(row.recommendation))
        if needs_second_person(facts, self.context):
            return [Response.propose(register, row.recommendation, facts, self.by, answered)]
        if refusals := response_refusals(facts, answered):
            raise Refused(*refusals)
        again = Response.import_published(
            register, row.recommendation, facts, self.by, published_by=self.by, published_at=None
        )
        return [*self._disclosed(facts.evidence), again]

    def _answered(self, recommendation: Recommendation) -> Answered:
        return Answered(
            recommendation=recommendation,
            bodies=self.register.bodies,
            sources=self.plan.sources,
            merged_into=self.register.merged_into,
            published_on=day_in(self.register.settings.time_zone, self.now),
        )

    def _used(self, kind: type[Any], make_id: Callable[[str, str], UUID], ident: str) -> dict[str, Any]:
        """The later versions of a statement that exist already, by id."""
        used: dict[str, Any] = {}
        while stream := self.tracker.find(kind, make_id(self.register.settings.id, next_id(ident, used))):
            used[next_id(ident, used)] = stream
        return used

    def _disclosed(self, evidence: Iterable[str]) -> Changed:
        """The stored sources that become public, because something published rests on them."""
        new = {r.fact.id for r in self.plan.new["evidence"]}
        for ident in evidence:
            if ident not in new:
                source = self.tracker.load(Evidence, evidence_id(self.register.settings.id, ident))
                source.disclose(self.by)
                yield source


def overlay_addressees(
    current: Iterable[Addressee], rows: Iterable[Addressee], in_file: Iterable[Addressee]
) -> tuple[Addressee, ...]:
    """The addressees with the rows of a file: in place of those that they change, else after them.

    `in_file` are all rows of the file. A body with one row there and here is that one, whatever its first day.
    """
    result, file_rows = [*current], [*in_file]
    for row in rows:
        of_body = [n for n, other in enumerate(result) if (other.element, other.body) == (row.element, row.body)]
        same = [n for n in of_body if result[n].from_on == row.from_on]
        is_only = sum((other.element, other.body) == (row.element, row.body) for other in file_rows) == 1
        if same:
            result[same[0]] = row
        elif len(of_body) == 1 and is_only:
            result[of_body[0]] = row
        else:
            result.append(row)
    return tuple(result)


def _is_proposed(response: Response, facts: ResponseFacts) -> bool:
    """Whether a response waits that says the same."""
    is_open = not (response.is_published or response.is_declined or response.is_withdrawn)
    return is_open and replace(response.facts, id=facts.id, proposed_by=facts.proposed_by) == facts


def _refuse_if_withdrawn(recommendation: Recommendation) -> None:
    if recommendation.is_withdrawn:
        raise Refused(refusal("“{id}” is withdrawn, so you cannot add to it.", id=recommendation.facts.id))


def _withdraw_as_stated(statement: Deadline | Response, row: Any, by: str) -> None:
    """Withdraw a statement that was stated again, if its row says so."""
    if row.withdrawn_reason:
        statement.import_withdrawal(
            row.withdrawn_reason, by, withdrawn_by=row.withdrawn_by or by, withdrawn_at=row.withdrawn_at
        )
