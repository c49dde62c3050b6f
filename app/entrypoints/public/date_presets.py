"""Links to notable days: reviews, anniversaries and today; and comparisons between them."""

from itertools import pairwise

from msgspec import Struct

from app.entrypoints.http.urls import page_url
from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.translation import _
from app.presentation.narrative.review_days import review_days
from domain.values import ReviewSchedule


class DatePreset(Struct, frozen=True):
    label: str
    url: str
    current: bool


def day_presets(endpoint: str, times: AsOf, schedules: list[ReviewSchedule], **values: str) -> list[DatePreset]:
    """Links to the same page on other days, oldest first, the last one today."""
    if times.is_pinned:
        values["known_at"] = times.query(times.known_at)["known_at"]
    links = [
        DatePreset(d.marked_label, page_url(endpoint, as_of=d.on.isoformat(), **values), d.on == times.as_of)
        for d in review_days(schedules, times.latest_day)
    ]
    links.append(DatePreset(_("Today"), page_url(endpoint, **values), times.as_of == times.today))
    return links


def comparison_presets(first: AsOf, second: AsOf, schedules: list[ReviewSchedule], register: str) -> list[DatePreset]:
    """Comparisons of each review with the one before it, and of the last with today."""
    days = review_days((s for s in schedules if s.every_years), second.latest_day)
    links = []
    for before, after in pairwise(days):
        on = {"from": before.on.isoformat(), "to": after.on.isoformat()}
        label = _("%(first)s to %(second)s", first=before.marked_label, second=after.marked_label)
        here = (first.as_of, second.as_of) == (before.on, after.on)
        links.append(DatePreset(label, page_url("public.compare", register=register, **on), here))
    if days:
        last = days[-1]
        label = _("%(first)s to %(second)s", first=last.marked_label, second=_("today"))
        url = page_url("public.compare", register=register, **{"from": last.on.isoformat()})
        links.append(DatePreset(label, url, (first.as_of, second.as_of) == (last.on, second.today)))
    return links
