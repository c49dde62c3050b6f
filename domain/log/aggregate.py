"""What can be done with the log itself: say that a wrong clock stamped its newest events,
or that its end was lost."""

from collections.abc import Sequence
from datetime import datetime

from msgspec import Struct

from domain.base import Aggregate
from domain.errors import Refused, refusal
from domain.log.events import LossAccepted, StampsCorrected


class MissingEnd(Struct, frozen=True, kw_only=True):
    """What a log lacks of what was signed; the fields are those of `LossAccepted`."""

    origin: str
    kept: int
    signed: int
    root: str = ""
    packages: tuple[str, ...] = ()
    continues_as: str = ""


class Log(Aggregate):
    def __init__(self) -> None:
        super().__init__()
        self.corrections = 0
        self.losses: list[LossAccepted] = []

    def correct_stamps(self, stamps: Sequence[datetime], counted_as: datetime, reason: str, by: str) -> None:
        """Let events with stamps in the future count as recorded now."""
        if not reason.strip():
            raise Refused(refusal("Enter why the stamps are wrong. The reason is public."))
        if not stamps:
            raise Refused(refusal("No event of the log is stamped in the future, so there is nothing to correct."))
        self.trigger(StampsCorrected, by, stamps=tuple(stamps), counted_as=counted_as, reason=reason.strip())

    def accept_loss(self, loss: MissingEnd, reason: str, by: str) -> None:
        """Go on without the entries that are missing."""
        if not reason.strip():
            raise Refused(refusal("Enter how the entries were lost. The reason is public."))
        self.trigger(
            LossAccepted,
            by,
            origin=loss.origin,
            kept=loss.kept,
            signed=loss.signed,
            root=loss.root,
            packages=loss.packages,
            continues_as=loss.continues_as,
            reason=reason.strip(),
        )
