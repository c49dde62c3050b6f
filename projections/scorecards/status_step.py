"""What a publication changed about the status of an item. Pure functions over spans before and after it."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Protocol

from msgspec import Struct

from domain.codes import Status
from projections.scorecards.status_codes import status_of


class StepKind(StrEnum):
    FIRST = "first"
    CHANGED = "changed"
    CORRECTED = "corrected"
    UNCHANGED = "unchanged"


class StatusStep(Struct, frozen=True):
    """The status on a day, before and after a publication; `not_assessed` where there was none.

    `before` is the status on the day before, as this register gives it since; `said` is what it said of the day until
    then, and `after` what it says of it since.
    """

    before: Status
    said: Status
    after: Status

    @property
    def kind(self) -> StepKind:
        if self.after is self.said:
            return StepKind.UNCHANGED
        had_said = self.said is not Status.NOT_ASSESSED
        if self.before is self.after:
            return StepKind.CORRECTED if had_said else StepKind.UNCHANGED
        if self.before is Status.NOT_ASSESSED:
            return StepKind.CORRECTED if had_said else StepKind.FIRST
        return StepKind.CHANGED

    @property
    def is_unchanged(self) -> bool:
        return self.kind is StepKind.UNCHANGED

    @property
    def start(self) -> Status:
        """The status that `after` replaces; the same where nothing changed."""
        return {StepKind.UNCHANGED: self.after, StepKind.CORRECTED: self.said}.get(self.kind, self.before)

    @property
    def published_before(self) -> Status | None:
        """What this register said of the day before, if that is a third status."""
        is_third = self.said not in (Status.NOT_ASSESSED, self.before, self.after)
        return self.said if self.kind is StepKind.CHANGED and is_third else None


class LaterStep(Struct, frozen=True):
    """A change of what a register says of a later day."""

    on: date
    said: Status
    after: Status


class SpanLike(Protocol):
    """A span that is stored, or that would be."""

    @property
    def effective_from(self) -> int: ...

    @property
    def effective_to(self) -> int: ...

    @property
    def code(self) -> int: ...


def step_on(before: Sequence[SpanLike], after: Sequence[SpanLike], day: int) -> StatusStep:
    """The step on a day, from the spans of an item before and after a publication."""
    return StatusStep(_status_on(after, day - 1), _status_on(before, day), _status_on(after, day))


def later_step(before: Sequence[SpanLike], after: Sequence[SpanLike], day: int) -> LaterStep | None:
    """The first later day whose status changed, given that the day itself did not."""
    for start in sorted({s.effective_from for s in (*before, *after) if s.effective_from > day}):
        said, now = _status_on(before, start), _status_on(after, start)
        if said is not now:
            return LaterStep(date.fromordinal(start), said, now)
    return None


def _status_on(drawn: Sequence[SpanLike], day: int) -> Status:
    return next((status_of(s.code) for s in drawn if s.effective_from <= day < s.effective_to), Status.NOT_ASSESSED)
