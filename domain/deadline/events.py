"""What can happen to a deadline."""

from datetime import datetime
from typing import Any, ClassVar

from domain.base import Event
from domain.values import DeadlineFacts


class DeadlineStated(Event, frozen=True, kw_only=True, tag="deadline.stated"):
    """Someone stated by when a recommendation or one of its elements was due. `published_at` is for imports."""

    register: str
    recommendation: str
    deadline: DeadlineFacts
    published_at: datetime | None = None

    def apply(self, aggregate: Any) -> None:
        aggregate.register, aggregate.recommendation = self.register, self.recommendation
        aggregate.facts, aggregate.is_withdrawn = self.deadline, False


class DeadlineWithdrawn(Event, frozen=True, kw_only=True, tag="deadline.withdrawn"):
    """It was entered by mistake: it is not in force for those who know this. `withdrawn_at` is for imports."""

    register: str
    recommendation: str
    deadline: str
    element: str = ""
    reason: str
    withdrawn_by: str
    withdrawn_at: datetime | None = None

    def apply(self, aggregate: Any) -> None:
        aggregate.is_withdrawn = True


class DeadlineRemoved(Event, frozen=True, kw_only=True, tag="deadline.removed"):
    """Removed while the register was prepared; its id can be used again."""

    PUBLIC: ClassVar[bool] = False
    IS_REMOVAL: ClassVar[bool] = True

    register: str
    recommendation: str
    deadline: str
