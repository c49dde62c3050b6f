"""What a review remembers of its events: as much as its next decision needs."""

from datetime import datetime

from msgspec import Struct

from domain.base import Aggregate
from domain.values import ReviewSchedule, Snapshot, Timestamp


class Stocktaking(Struct):
    """One occurrence of a review: what is prepared for its day, and what became of it."""

    summary: str = ""
    translations: dict[str, dict[str, str]] = {}
    signed: tuple[str, ...] = ()
    freeze_at: datetime | None = None
    snapshot: Snapshot | None = None
    timestamp: Timestamp | None = None


class ReviewState(Aggregate):
    register: str
    current_schedule: ReviewSchedule

    def __init__(self) -> None:
        super().__init__()
        self.days: dict[str, Stocktaking] = {}

    @property
    def natural_id(self) -> str:
        return self.current_schedule.id

    def at(self, as_of: str) -> Stocktaking:
        """The occurrence on a day, as `YYYY-MM-DD`."""
        return self.days.setdefault(as_of, Stocktaking())
