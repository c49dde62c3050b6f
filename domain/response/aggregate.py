"""What can be done with a response."""

from datetime import datetime
from typing import Self

from msgspec.structs import replace

from domain.base import Event
from domain.errors import Refusal, Refused, refusal, refuse
from domain.ids import response_id
from domain.recommendation.judging_context import JudgingContext
from domain.response import policy
from domain.response.events import (
    ResponseDeclined,
    ResponseProposed,
    ResponsePublished,
    ResponseRemoved,
    ResponseWithdrawn,
)
from domain.response.policy import Answered
from domain.response.state import ResponseState
from domain.values import ResponseFacts


class Response(ResponseState):
    @classmethod
    def propose(
        cls,
        register: str,
        recommendation: str,
        facts: ResponseFacts,
        by: str,
        answered: Answered,
        stream: Self | None = None,
    ) -> Self:
        """Propose a response, which an editor publishes. Raises `Refused`.

        `stream` is that of a response with this id in a discarded register, if there is one.
        """
        refuse(policy.response_refusals(facts, answered))
        response = cls._begin(register, recommendation, facts, stream)
        response._record(ResponseProposed, by, facts=replace(facts, proposed_by=by))
        return response

    @classmethod
    def import_published(
        cls,
        register: str,
        recommendation: str,
        facts: ResponseFacts,
        by: str,
        *,
        published_by: str,
        published_at: datetime | None,
        stream: Self | None = None,
    ) -> Self:
        """Record a response that an imported record has published. The importer has checked the rules."""
        response = cls._begin(register, recommendation, facts, stream)
        response._record(ResponsePublished, by, facts=facts, published_by=published_by, published_at=published_at)
        return response

    def publish(self, by: str, context: JudgingContext, answered: Answered) -> None:
        self._refuse_if_decided()
        refusals: list[Refusal] = policy.response_refusals(self.facts, answered)
        refuse(refusals + policy.second_person_refusals(self.facts, by, context))
        self._record(ResponsePublished, by, facts=self.facts, published_by=by)

    def decline(self, why: str, by: str) -> None:
        self._refuse_if_decided()
        if not why.strip():
            raise Refused(refusal("Enter why you decline the proposal.", field="why"))
        self._record(ResponseDeclined, by, response=self.facts.id, why=why)

    def withdraw(self, reason: str, by: str, context: JudgingContext) -> None:
        if not self.is_published:
            raise Refused(refusal("“{id}” is not published, so it cannot be withdrawn.", id=self.facts.id))
        if self.is_withdrawn:
            raise Refused(refusal("“{id}” is already withdrawn.", id=self.facts.id))
        refuse(policy.withdrawal_refusals(self.facts, reason, by, context))
        self.import_withdrawal(reason, by, withdrawn_by=by)

    def import_withdrawal(
        self, reason: str, by: str, *, withdrawn_by: str, withdrawn_at: datetime | None = None
    ) -> None:
        """Record the withdrawal of the response as an imported record has it."""
        self._record(
            ResponseWithdrawn,
            by,
            response=self.facts.id,
            element=self.facts.element,
            body=self.facts.body,
            reason=reason,
            withdrawn_by=withdrawn_by,
            withdrawn_at=withdrawn_at,
        )

    def remove(self, by: str) -> None:
        self._record(ResponseRemoved, by, response=self.facts.id)

    @classmethod
    def _begin(cls, register: str, recommendation: str, facts: ResponseFacts, stream: Self | None) -> Self:
        response = stream or cls.begin(response_id(register, facts.id))
        response.describe(register, recommendation, facts)
        return response

    def _record(self, event: type[Event], by: str, **fields: object) -> None:
        self.trigger(event, by, None, register=self.register, recommendation=self.recommendation, **fields)

    def _refuse_if_decided(self) -> None:
        if self.is_published:
            raise Refused(refusal("“{id}” is already published.", id=self.facts.id))
        if self.is_declined:
            raise Refused(refusal("“{id}” was declined.", id=self.facts.id))
