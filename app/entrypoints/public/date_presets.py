"""Links to notable days: reviews, anniversaries and today; and comparisons between them."""

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.urls import page_url
from app.presentation.answers.as_of import AsOf
from app.presentation.answers.compared_times import RECOMMENDED, ComparedTimes
from app.presentation.i18n.translation import _
from app.presentation.narrative.review_days import ReviewDay, review_days
from domain.values import ReviewSchedule

MAX_SPANS = 4
"""Comparisons of two reviews that are offered; the form takes any days."""


class DatePreset(Struct, frozen=True):
    """`name` says what `label` says in short; empty if that is whole."""

    label: str
    url: str
    current: bool
    name: Markup | str = ""


def day_presets(endpoint: str, times: AsOf, schedules: list[ReviewSchedule], **values: str) -> list[DatePreset]:
    """Links to the same page on other days, oldest first, the last one today."""
    if times.is_pinned:
        values["known_at"] = times.query(times.known_at)["known_at"]
    links = [
        DatePreset(
            d.short_label, page_url(endpoint, as_of=d.on.isoformat(), **values), d.on == times.as_of, d.marked_label
        )
        for d in review_days(schedules, times.latest_day)
    ]
    links.append(DatePreset(_("Today"), page_url(endpoint, **values), times.is_today))
    return links


def compared_reviews(schedules: list[ReviewSchedule], first: date | None, until: date) -> list[ReviewDay]:
    """The days of review that can be compared, oldest first: of recurring reviews, else of all.

    `first` is the first day on which anything was on the scorecard; earlier days have nothing to compare.
    """
    if first is None:
        return []
    recurring = _days_between((s for s in schedules if s.every_years), first, until)
    return recurring if len(recurring) > 1 else _days_between(schedules, first, until)


def default_comparison(schedules: list[ReviewSchedule], first: date | None, today: date) -> dict[str, str]:
    """The last two days of review; before there are two, each recommendation since it was recommended."""
    days = compared_reviews(schedules, first, today)[-2:]
    if len(days) < 2:
        return {"from": RECOMMENDED}
    return {"from": days[0].on.isoformat(), "to": days[1].on.isoformat()}


def comparison_presets(
    times: ComparedTimes, schedules: list[ReviewSchedule], register: str, first: date | None
) -> list[DatePreset]:
    """Comparisons of the last reviews with the ones before them, of the last with today, and since the beginning."""
    days = compared_reviews(schedules, first, times.second.latest_day)
    spans = [
        (_("%(first)s to %(second)s", first=a.short_label, second=b.short_label), a.on.isoformat(), b.on)
        for a, b in list(pairwise(days))[-MAX_SPANS:]
    ]
    to_today: list[tuple[str, str, date | None]] = [
        (_("%(first)s to %(second)s", first=day.short_label, second=_("today")), day.on.isoformat(), None)
        for day in days[-1:]
    ]
    to_today.append((_("Each since it was recommended"), RECOMMENDED, None))
    return [_comparison_preset(times, register, *span) for span in (*spans, *to_today)]


def _comparison_preset(times: ComparedTimes, register: str, label: str, start: str, end: date | None) -> DatePreset:
    """A comparison up to a day, or to today."""
    on = {"from": start} if end is None else {"from": start, "to": end.isoformat()}
    is_end = times.second.is_today if end is None else times.end.as_of == end
    is_current = is_end and times.first_day == start
    return DatePreset(label, page_url("public.compare", register=register, **on), is_current)


def _days_between(schedules: Iterable[ReviewSchedule], first: date, until: date) -> list[ReviewDay]:
    """One for each day, from the first to the last."""
    by_day = {day.on: day for day in review_days(schedules, until) if day.on >= first}
    return list(by_day.values())
