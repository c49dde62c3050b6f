"""What can be done with a deadline: state it, and withdraw it."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Self

from domain.base import Aggregate
from domain.deadline.events import DeadlineRemoved, DeadlineStated, DeadlineWithdrawn
from domain.errors import Refusal, Refused, refusal, refuse
from domain.ids import deadline_id
from domain.times import first_day, last_day
from domain.values import DeadlineFacts


class Deadline(Aggregate):
    register: str
    recommendation: str
    facts: DeadlineFacts

    def __init__(self) -> None:
        super().__init__()
        self.is_withdrawn = False

    @property
    def natural_id(self) -> str:
        return self.facts.id

    def references(self) -> Iterator[tuple[str, str]]:
        yield "recommendation", self.recommendation
        yield "element", f"{self.recommendation}/{self.facts.element}"
        yield "publication", self.facts.stated_by
        yield "body", self.facts.stated_by
        for evidence in self.facts.evidence:
            yield "evidence", evidence

    @classmethod
    def state(
        cls,
        register: str,
        recommendation: str,
        facts: DeadlineFacts,
        by: str,
        published_at: datetime | None = None,
        stream: Self | None = None,
    ) -> Self:
        """A deadline of a recommendation, or of one of its elements. `published_at` is for an imported record.

        `stream` is that of a deadline with this id in a discarded register, if there is one.
        """
        deadline = stream or cls.begin(deadline_id(register, facts.id))
        deadline.trigger(
            DeadlineStated,
            by,
            register=register,
            recommendation=recommendation,
            deadline=facts,
            published_at=published_at,
        )
        return deadline

    def withdraw(self, reason: str, by: str) -> None:
        """Withdraw it: it was entered by mistake. A deadline that was moved is stated again instead."""
        if self.is_withdrawn:
            raise Refused(refusal("The deadline “{id}” is already withdrawn.", id=self.facts.id))
        if not reason.strip():
            raise Refused(refusal("Enter why it is withdrawn. The reason is public.", field="reason"))
        self.import_withdrawal(reason, by, withdrawn_by=by)

    def remove(self, by: str) -> None:
        self.trigger(
            DeadlineRemoved,
            by,
            register=self.register,
            recommendation=self.recommendation,
            deadline=self.facts.id,
        )

    def import_withdrawal(
        self, reason: str, by: str, *, withdrawn_by: str, withdrawn_at: datetime | None = None
    ) -> None:
        """Record the withdrawal as an imported record has it."""
        self.trigger(
            DeadlineWithdrawn,
            by,
            register=self.register,
            recommendation=self.recommendation,
            deadline=self.facts.id,
            element=self.facts.element,
            reason=reason,
            withdrawn_by=withdrawn_by,
            withdrawn_at=withdrawn_at,
        )


def refuse_invalid_facts(facts: DeadlineFacts, published_on: date) -> None:
    """Raise `Refused` with all that is wrong with a deadline that is published on a day of the register.

    A due date may lie before the recommendation, and before the day on which it was stated.
    """
    refusals: list[Refusal] = []
    try:
        last_day(facts.due_on)
    except Refused as refused:
        refusals.append(refused.refusals[0].about("due_on"))
    try:
        if first_day(facts.stated_on) > published_on:
            refusals.append(
                refusal(
                    "“{day}” is after {today}, the day of publishing. Enter the day on which the deadline was stated.",
                    day=facts.stated_on,
                    today=published_on.isoformat(),
                    field="stated_on",
                )
            )
    except Refused as refused:
        refusals.append(refused.refusals[0].about("stated_on"))
    if not facts.stated_by.strip():
        refusals.append(refusal("Enter who stated the deadline: a publication, a body, or a name.", field="stated_by"))
    refuse(refusals)
