"""The review days of a register: past ones and the next one."""

from collections.abc import Iterable
from datetime import date

from markupsafe import Markup
from msgspec import Struct

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.i18n.translation import _, ngettext
from domain.review.schedule import days_of
from domain.values import ReviewSchedule

YEARS_AHEAD = 2
"""How far recurring reviews are listed."""


class ReviewDay(Struct, frozen=True):
    """One day of a review. `years` is 0 on the first day of a recurring review, None for a single review."""

    id: str
    on: date
    title: str
    years: int | None
    marked_title: Markup | str = ""
    """The title with its language, for the middle of a sentence of a page."""

    @property
    def label(self) -> str:
        """A short label for a legend."""
        return self._label(self.title)

    @property
    def marked_label(self) -> Markup | str:
        """The same for a page."""
        return self._label(self.marked_title or self.title)

    @property
    def short_label(self) -> str:
        """A label for an axis and for links to days: of a single review, its month."""
        if self.years is None:
            return day_text(self.on.isoformat()[:7], "short")
        if self.years == 0:
            return _("Report")
        return ngettext("%(num)d yr", "%(num)d yrs", self.years)

    def _label(self, title: str) -> str:
        if self.years is None:
            return title
        if self.years == 0:
            return _("Report’s day")
        return ngettext("%(num)d year on", "%(num)d years on", self.years)


def review_days(schedules: Iterable[ReviewSchedule], until: date) -> list[ReviewDay]:
    """Every day of review up to `until`, oldest first; a recurring review starts with its first day."""
    return sorted((d for s in schedules for d in _days_of_review(s, until)), key=lambda d: (d.on, d.id))


def planned_until(day: date) -> date:
    """The last day up to which reviews to come are listed on a day."""
    return date(min(day.year + YEARS_AHEAD, 9999), 12, 31)


def next_review(schedules: Iterable[ReviewSchedule], after: date) -> ReviewDay | None:
    """The first review after a day, None when none is planned."""
    coming = [
        d for s in schedules for d in _days_of_review(s, date(min(after.year + 101, 9999), 12, 31)) if d.on > after
    ]
    return min(coming, key=lambda d: d.on, default=None)


def _days_of_review(schedule: ReviewSchedule, until: date) -> list[ReviewDay]:
    title, marked = localized_text(schedule, "title"), isolated(localized(schedule, "title"))
    return [ReviewDay(schedule.id, on, title, years, marked) for on, years in days_of(schedule, until)]
