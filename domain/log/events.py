"""What can happen to the log itself."""

from datetime import datetime
from typing import Any

from domain.base import Event


class StampsCorrected(Event, frozen=True, kw_only=True, tag="log.stamps_corrected"):
    """A wrong clock had stamped earlier events in the future. They count as recorded at one instant, `counted_as`.

    Their bytes and their stored stamps do not change. It belongs to no register, so `register` is empty.
    """

    register: str = ""
    stamps: tuple[datetime, ...]
    counted_as: datetime
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate.corrections += 1
