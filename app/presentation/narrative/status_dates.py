"""When a status began, in words, as precise as it was written.

A status that is older than the recommendation began on no day since then: it was there already.
"""

from datetime import date
from itertools import pairwise

from markupsafe import Markup

from app.presentation.i18n.labels import day, day_text
from app.presentation.i18n.translation import _
from domain.times import first_day, last_day
from domain.values import RecommendationFacts
from projections.scorecards.results import ElementStanding, Peak, Standing
from projections.scorecards.status_history import StatusHistory, StatusPeriod


def since_text(
    standing: Standing | ElementStanding, facts: RecommendationFacts | None = None, form: str = "short"
) -> Markup | str:
    """“since 13 October 2023”, or “already when recommended”; empty if it is not assessed.

    Without `facts`, always the day.
    """
    if not standing.began_on:
        return ""
    if facts and is_older(standing.began_on, facts.recommended_on):
        return _("already when recommended")
    since = Markup(_("since %(day)s", day="%(day)s"))  # noqa: S704 - a text of the interface, or its translation
    return since % {"day": day(standing.began_on, form)}


def since_words(standing: Standing, facts: RecommendationFacts) -> str:
    """The same without markup."""
    return Markup(since_text(standing, facts, "long")).striptags()  # noqa: S704 - escaped there


def is_older(began_on: str, recommended_on: str) -> bool:
    """Whether a status surely began before the recommendation, where only a month or year is known of either."""
    return last_day(began_on) < first_day(recommended_on)


def is_already(period: StatusPeriod, recommended_on: str) -> bool:
    """Whether a period continues a status from before the recommendation, so that its first day is no change."""
    is_first = period.start == first_day(recommended_on)
    return is_first and period.since is not None and is_older(_since_on(period), recommended_on)


def start_on(period: StatusPeriod, recommended_on: str) -> str:
    """The first day of a period as it was written; without a change on that day, that of the recommendation."""
    if period.start != first_day(recommended_on):
        return period.start_on
    if period.since is None or is_already(period, recommended_on):
        return recommended_on
    return _since_on(period)


def period_lines(history: StatusHistory, recommended_on: str, searched_to: date | None) -> list[tuple[str, str]]:
    """Each period as its status and when it was: “from 13 October 2023 to 24 January 2025”.

    `searched_to` is the last day for which sources were searched if the history goes on after it, else None.
    """
    starts = [day_text(start_on(period, recommended_on)) for period in history]
    lines = [
        (period.status.value, _between(start, end, is_already(period, recommended_on)))
        for period, (start, end) in zip(history, pairwise(starts), strict=False)
    ]
    if history:
        lines.append(
            (history[-1].status.value, _until_now(starts[-1], is_already(history[-1], recommended_on), searched_to))
        )
    return lines


def peak_on(peak: Peak, history: StatusHistory, recommended_on: str) -> str:
    """The first day of the furthest status as it was written; empty where the history does not say."""
    period = next((p for p in history if p.start == peak.on), None)
    return start_on(period, recommended_on) if period else ""


def _between(start: str, end: str, already: bool) -> str:
    if already:
        return _("already when recommended (%(start)s), to %(end)s", start=start, end=end)
    return _("from %(start)s to %(end)s", start=start, end=end)


def _until_now(start: str, already: bool, searched_to: date | None) -> str:
    words = _("already when recommended (%(start)s)", start=start) if already else _("since %(day)s", day=start)
    if searched_to:
        words += "; " + _("searched to %(day)s", day=day_text(searched_to.isoformat()))
    return words


def _since_on(period: StatusPeriod) -> str:
    return period.since_on or (period.since or period.start).isoformat()


GLOBALS = {"since_text": since_text, "peak_on": peak_on}
