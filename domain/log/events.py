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


class LossAccepted(Event, frozen=True, kw_only=True, tag="log.loss_accepted"):
    """The end of the log was lost, such as by restoring an older copy, and the operator let it go on without.

    Of `signed` entries that checkpoints of `origin` or frozen packages cover, the first `kept` are left. `root` is of
    the largest such checkpoint, in base64, empty if only packages cover more. `packages` are the SHA-256 of the
    packages frozen from lost entries. Later checkpoints have the origin `continues_as`: to those who hold earlier ones
    it is another log, with the same beginning. It belongs to no register, so `register` is empty.
    """

    register: str = ""
    origin: str
    kept: int
    signed: int
    root: str
    packages: tuple[str, ...]
    continues_as: str
    reason: str

    def apply(self, aggregate: Any) -> None:
        aggregate.losses.append(self)
