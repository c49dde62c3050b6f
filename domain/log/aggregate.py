"""What can be done with the log itself: say that a wrong clock stamped its newest events."""

from collections.abc import Sequence
from datetime import datetime

from domain.base import Aggregate
from domain.errors import Refused, refusal
from domain.log.events import StampsCorrected


class Log(Aggregate):
    def __init__(self) -> None:
        super().__init__()
        self.corrections = 0

    def correct_stamps(self, stamps: Sequence[datetime], counted_as: datetime, reason: str, by: str) -> None:
        """Let events with stamps in the future count as recorded now."""
        if not reason.strip():
            raise Refused(refusal("Enter why the stamps are wrong. The reason is public."))
        if not stamps:
            raise Refused(refusal("No event of the log is stamped in the future, so there is nothing to correct."))
        self.trigger(StampsCorrected, by, stamps=tuple(stamps), counted_as=counted_as, reason=reason.strip())
