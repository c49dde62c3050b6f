"""What can happen to a response. Every event names its register, recommendation and response."""

from datetime import datetime
from typing import ClassVar

from domain.base import Event
from domain.response.state import ResponseState
from domain.values import ResponseFacts


class ResponseEvent(Event, frozen=True, kw_only=True):
    register: str
    recommendation: str


class ResponseProposed(ResponseEvent, frozen=True, kw_only=True, tag="response.proposed"):
    PUBLIC: ClassVar[bool] = False

    facts: ResponseFacts

    def apply(self, aggregate: ResponseState) -> None:
        aggregate.describe(self.register, self.recommendation, self.facts)


class ResponsePublished(ResponseEvent, frozen=True, kw_only=True, tag="response.published"):
    """Carries everything that the public sees. `published_at` is set only when a record is imported."""

    facts: ResponseFacts
    published_by: str
    published_at: datetime | None = None

    def apply(self, aggregate: ResponseState) -> None:
        aggregate.describe(self.register, self.recommendation, self.facts)
        aggregate.is_published = True


class ResponseDeclined(ResponseEvent, frozen=True, kw_only=True, tag="response.declined"):
    PUBLIC: ClassVar[bool] = False

    response: str
    why: str

    def apply(self, aggregate: ResponseState) -> None:
        aggregate.is_declined = True


class ResponseWithdrawn(ResponseEvent, frozen=True, kw_only=True, tag="response.withdrawn"):
    """`element` and `body` are those of the response. `withdrawn_at` is set only when a record is imported."""

    response: str
    element: str = ""
    body: str
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: ResponseState) -> None:
        aggregate.is_withdrawn = True


class ResponseRemoved(ResponseEvent, frozen=True, kw_only=True, tag="response.removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True

    response: str
