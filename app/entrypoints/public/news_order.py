"""The order of a list by news: what is reversed or overdue, then what changed last; in groups that say why."""

from datetime import date

from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from domain.codes import DeadlineState, Motion, Status
from domain.times import first_day

URGENT, CHANGED, NEW, CONTRARY, STALLED, REST = range(6)


class NewsOrder:
    """`until` ends the year whose changes are news: the last day of the evidence if nothing changed later."""

    def __init__(self, scorecard_page: ScorecardPage) -> None:
        as_of, reach = scorecard_page.day, scorecard_page.reach
        changes = [day for row in scorecard_page.rows.values() if (day := news_day(row))]
        is_reach = reach is not None and reach < as_of and max(changes, default=reach) <= reach
        until = reach if is_reach and reach else as_of
        self._after, self._last = _year_before(until), until
        self._until = scorecard_page.settings.evidence_to if is_reach else as_of.isoformat()

    def key(self, row: ScorecardRow) -> tuple[int, int]:
        day = news_day(row)
        return self.group(row), -day.toordinal() if day else 0

    def group(self, row: ScorecardRow) -> int:
        standing, day = row.standing, news_day(row)
        if standing.status is Status.REVERSED or (standing.due and standing.due.state is DeadlineState.OVERDUE):
            return URGENT
        if day and day > self._after:
            return CHANGED
        if self._after < first_day(row.facts.recommended_on) <= self._last:
            return NEW
        if standing.status is Status.CONTRARY:
            return CONTRARY
        return STALLED if standing.motion in (Motion.STALLED, Motion.REGRESSING) else REST

    def title(self, group: int) -> str:
        until = day_text(self._until)
        titles = {
            URGENT: _("Reversed or overdue"),
            CHANGED: _("Changed in the year to %(day)s", day=until),
            NEW: _("Recommended in the year to %(day)s, no change since", day=until),
            CONTRARY: _("Rejected or contrary, no change in the year to %(day)s", day=until),
            STALLED: _("Stalled or regressing, no change of status in the year to %(day)s", day=until),
            REST: _("No change in the year to %(day)s", day=until),
        }
        return titles[group]


def news_day(row: ScorecardRow) -> date | None:
    """The day on which the status became another one since the recommendation; None if it never did."""
    if row.history:
        return row.history[-1].start if len(row.history) > 1 else None
    began = first_day(row.standing.since) if row.standing.since else None
    return began if began and began > first_day(row.facts.recommended_on) else None


def _year_before(day: date) -> date:
    """The same day of the year before; of 29 February, the 28th."""
    if day.year == 1:
        return date.min
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
