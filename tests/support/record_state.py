"""What the pages of a made-up site depend on."""

from typing import NamedTuple


class RecordState(NamedTuple):
    """The position of the whole record, and of a part of it."""

    whole: int
    part: int = 0
    removals: int = 0

    def of(self, scope: str) -> object:
        return self.part if scope else self.whole
