"""The review days of a register: past ones and the next one."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from domain.review.schedule import days_of
from domain.values import ReviewSchedule


class ReviewDay(Struct, frozen=True):
    """One day of a review. `years` is 0 on the first day of a recurring review, None for a single review."""

    id: str
    on: date
    title: str
    years: int | None

    @property
    def label(self) -> str:
        """A short label for a link or a legend."""
        if self.years is None:
            return self.title
        if self.years == 0:
            return _("Report’s day")
        return ngettext("%(num)d year on", "%(num)d years on", self.years)


def review_days(schedules: Iterable[ReviewSchedule], until: date) -> list[ReviewDay]:
    """Every day of review up to `until`, oldest first; a recurring review starts with its first day."""
    return sorted((d for s in schedules for d in _days_of_review(s, until)), key=lambda d: (d.on, d.id))


def next_review(schedules: Iterable[ReviewSchedule], after: date) -> ReviewDay | None:
    """The first review after a day, None when none is planned."""
    coming = [
        d for s in schedules for d in _days_of_review(s, date(min(after.year + 101, 9999), 12, 31)) if d.on > after
    ]
    return min(coming, key=lambda d: d.on, default=None)


def _days_of_review(schedule: ReviewSchedule, until: date) -> list[ReviewDay]:
    title = localized_text(schedule, "title")
    return [ReviewDay(schedule.id, on, title, years) for on, years in days_of(schedule, until)]
