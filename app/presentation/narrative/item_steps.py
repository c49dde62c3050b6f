"""What each assessment changed in the world, as the record gives it: statuses of a part and of the whole."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from msgspec import Struct

from app.presentation.i18n.labels import status_word
from app.presentation.i18n.translation import _
from domain.codes import Motion, Status
from domain.times import first_day
from domain.values import Assessment
from projections.scorecards.status_history import StatusHistory, status_on


class OrderedAssessment(Struct, frozen=True):
    """An assessment that was not withdrawn; `order` says which of those effective on one day is in force."""

    assessment: Assessment
    order: tuple[datetime, int]


class ItemStep(Struct, frozen=True):
    """`before` is the status of the item on the days before, None before its first assessment.

    `is_replaced` if a later assessment of the same day is in force instead. `whole` are the statuses of the whole
    before and after, None for an item without parts and before the recommendation was made.
    """

    before: Status | None
    after: Status
    motion_before: Motion | None
    is_replaced: bool = False
    whole: tuple[Status, Status] | None = None

    @property
    def is_change(self) -> bool:
        return self.before is not self.after and not self.is_replaced


def item_steps(published: Iterable[OrderedAssessment], whole: StatusHistory) -> dict[str, ItemStep]:
    """By the id of the assessment. `whole` is the history of the recommendation."""
    by_item: dict[str, list[OrderedAssessment]] = defaultdict(list)
    for dated in published:
        by_item[dated.assessment.element].append(dated)
    steps: dict[str, ItemStep] = {}
    for element, of_item in by_item.items():
        in_force: Assessment | None = None
        ordered = sorted(of_item, key=lambda d: (first_day(d.assessment.effective_on), d.order))
        for n, dated in enumerate(ordered):
            a = dated.assessment
            on = first_day(a.effective_on)
            is_replaced = n + 1 < len(ordered) and first_day(ordered[n + 1].assessment.effective_on) == on
            before, motion = (in_force.status, in_force.motion) if in_force else (None, None)
            steps[a.id] = ItemStep(before, a.status, motion, is_replaced, _whole_on(whole, on) if element else None)
            in_force = in_force if is_replaced else a
    return steps


def whole_words(before: Status, after: Status) -> str:
    """What became of the whole on the day of an assessment of a part."""
    if before is after:
        return _("the whole: still %(after)s", after=status_word(after))
    return _("the whole: %(before)s to %(after)s", before=status_word(before), after=status_word(after))


def _whole_on(history: StatusHistory, on: date) -> tuple[Status, Status] | None:
    before, after = status_on(history, on - timedelta(days=1)), status_on(history, on)
    return (before, after) if before and after else None
