"""What a review remembers of its events: as much as its next decision needs."""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from domain.base import Aggregate
from domain.codes import RemovalReason
from domain.values import PersonalSignature, ReviewSchedule, Snapshot, Timestamp


class SignOff(Struct, frozen=True):
    """A person who signed off a draft. `at` is None until it is stored."""

    by: str
    at: datetime | None
    name: str = ""
    signature: PersonalSignature | None = None


class PackageWithdrawal(Struct, frozen=True):
    """Why and when the package of a frozen review was withdrawn. `at` is None until it is stored."""

    reason: RemovalReason
    at: datetime | None


class Stocktaking(Struct, frozen=True):
    """One occurrence of a review: what is prepared for its day, and what became of it."""

    summary: str = ""
    translations: dict[str, dict[str, str]] = {}
    sign_offs: tuple[SignOff, ...] = ()
    freeze_at: datetime | None = None
    doi: str = ""
    snapshot: Snapshot | None = None
    timestamp: Timestamp | None = None
    withdrawal: PackageWithdrawal | None = None

    @property
    def signed(self) -> tuple[str, ...]:
        """The ids of those who signed off the newest draft."""
        return tuple(s.by for s in self.sign_offs)


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
        return self.days.get(as_of, Stocktaking())

    def change(self, as_of: str, **fields: object) -> None:
        """Change what is known of the occurrence on a day."""
        self.days[as_of] = replace(self.at(as_of), **fields)
