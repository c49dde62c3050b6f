"""When the sources of a frozen review are from, counted and in words: they may be later than the day it is about."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from msgspec import Struct

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from domain.times import first_day
from projections.catalogue.entries import EvidenceEntry


class SourceDates(Struct, frozen=True):
    """How many sources a review cites; of these, how many are dated after its day, have no date, and were added to the
    register after its day. `newest` is the latest date after the day, as written; empty if there is none."""

    cited: int
    dated_after: int
    undated: int
    added_after: int
    newest: str = ""


def count_source_dates(
    cited: Iterable[str],
    evidence: Mapping[str, EvidenceEntry],
    added: Mapping[str, datetime],
    day: date,
    end_of_day: datetime,
) -> SourceDates:
    """`added` says when each source was added; `end_of_day` is the end of the day in the register's time zone.

    A source of which only a month or year is known is after the day if all of that is.
    """
    ids = [ident for ident in cited if ident in evidence]
    dates = [evidence[ident].published_on for ident in ids if evidence[ident].published_on]
    later = sorted((text for text in dates if first_day(text) > day), key=first_day)
    return SourceDates(
        cited=len(ids),
        dated_after=len(later),
        undated=len(ids) - len(dates),
        added_after=sum(added[ident] >= end_of_day for ident in ids if ident in added),
        newest=later[-1] if later else "",
    )


def source_dates_sentence(sources: SourceDates) -> str:
    """“It cites 86 sources. 9 of them are dated after that day, the newest 26 February 2026. …”"""
    if not sources.cited:
        return _("It cites no source.")
    parts = [ngettext("It cites %(num)d source.", "It cites %(num)d sources.", sources.cited)]
    if sources.dated_after:
        parts.append(
            ngettext(
                "%(num)d of them is dated after that day: %(newest)s.",
                "%(num)d of them are dated after that day, the newest %(newest)s.",
                sources.dated_after,
                newest=day_text(sources.newest),
            )
        )
    elif sources.undated < sources.cited:
        parts.append(_("None of those with a date is dated after that day."))
    if sources.undated:
        parts.append(ngettext("%(num)d has no date.", "%(num)d have no date.", sources.undated))
    if sources.added_after == sources.cited:
        parts.append(_("All of them were added to this register after that day."))
    elif sources.added_after:
        parts.append(
            ngettext(
                "%(num)d of them was added to this register after that day.",
                "%(num)d of them were added to this register after that day.",
                sources.added_after,
            )
        )
    else:
        parts.append(_("All of them were in this register by the end of that day."))
    return " ".join(parts)
