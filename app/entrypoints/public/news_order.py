"""The order of a list by news: what is reversed or overdue, then what changed last; in groups that say why."""

from datetime import date

from app.entrypoints.public.page import Page
from app.entrypoints.public.register_names import RegisterNames
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from projections.scorecards.listed import CHANGED, CONTRARY, NEW, REST, STALLED, URGENT, NewsYear, ScorecardList


class NewsOrder:
    """The year whose changes are news ends with the last day of the evidence if nothing changed later, else today."""

    def __init__(self, page: Page, names: RegisterNames, whole: ScorecardList) -> None:
        as_of, reach = page.times.as_of, names.reach
        is_reach = reach is not None and reach < as_of and not whole.has_change_after(reach)
        until = reach if is_reach and reach else as_of
        self.year = NewsYear(_year_before(until), until)
        self._until = page.entry.settings.evidence_to if is_reach else as_of.isoformat()

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


def _year_before(day: date) -> date:
    """The same day of the year before; of 29 February, the 28th."""
    if day.year == 1:
        return date.min
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)
