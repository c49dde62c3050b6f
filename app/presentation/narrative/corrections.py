"""What corrections changed for readers, and where to read the page as it was."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.event_names import EventNames
from app.presentation.i18n.labels import POSITION, day_text, on_day_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.amended_fields import amended_fields
from app.presentation.narrative.change_paths import dated_page
from app.presentation.narrative.said_and_now import SaidAndNow, corrected_statuses
from app.presentation.narrative.status_news import StatusNews, part_name
from domain.times import day_in, written
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange
from projections.responses import queries as responses
from projections.scorecards.publication_effects import PublicationEffect
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing, TimePair
from projections.scorecards.status_step import StepKind

JUST_BEFORE = timedelta(microseconds=1)
OF_STATUS = ("assessment", "withdrawal", "recommendation_withdrawal")
"""The kinds of change that may change a status."""


class CorrectionWords(Struct, frozen=True):
    """`earlier_path` is the page as it was, in the language of the page; empty if there is none."""

    lines: tuple[SaidAndNow, ...] = ()
    earlier_path: str = ""


NOT_CORRECTED = CorrectionWords()


def is_correction(news: StatusNews, change: PublicChange) -> bool:
    """Whether a change corrects what this register said, by its reason or by its effect."""
    effect = news.effect(change)
    return change.correction or (effect is not None and effect.item.kind is StepKind.CORRECTED)


def read_corrections(
    db: Connection,
    entry: RegisterEntry,
    facts: Mapping[str, RecommendationFacts],
    names: EventNames,
    news: StatusNews,
    changes: Sequence[PublicChange],
) -> dict[int, CorrectionWords]:
    """By position, what those of the changes that are corrections changed."""
    corrections = [c for c in changes if is_correction(news, c)]
    known = _Standings(db, entry.id, corrections)
    result: dict[int, CorrectionWords] = {}
    for change in corrections:
        before, day = change.at - JUST_BEFORE, day_in(entry.settings.time_zone, change.at)
        lines: tuple[SaidAndNow, ...] = ()
        if change.amendment:
            lines = amended_fields(db, entry, change, before, names)
        elif change.kind in OF_STATUS and change.recommendation in facts:
            day, lines = _statuses(known, change, news, facts[change.recommendation], day)
        else:
            lines = _withdrawn(db, entry.id, change)
        result[change.position] = CorrectionWords(lines, _earlier_path(entry, change, day, before))
    return result


class _Standings:
    """The standings of what was corrected, read together for all that was published at one instant."""

    def __init__(self, db: Connection, register: str, changes: Sequence[PublicChange]) -> None:
        self._db, self._register = db, register
        self._read: dict[tuple[date, datetime], dict[str, Standing]] = {}
        self._ids: Mapping[datetime, set[str]] = defaultdict(set)
        for change in changes:
            self._ids[change.at].add(change.recommendation)

    def around(self, change: PublicChange, day: date) -> tuple[Standing | None, Standing | None]:
        """On a day, as known just before a change and with it."""
        ids = self._ids[change.at]
        before, after = (self._at(day, at, ids) for at in (change.at - JUST_BEFORE, change.at))
        return before.get(change.recommendation), after.get(change.recommendation)

    def _at(self, day: date, instant: datetime, ids: Collection[str]) -> dict[str, Standing]:
        if (day, instant) not in self._read:
            self._read[day, instant] = standings_of(self._db, self._register, TimePair(day, instant), ids)
        return self._read[day, instant]


def _statuses(
    known: _Standings, change: PublicChange, news: StatusNews, facts: RecommendationFacts, day: date
) -> tuple[date, tuple[SaidAndNow, ...]]:
    """The lines about the day of the correction; if the status of that day stayed, about the day that was corrected."""
    effect, part = news.effect(change), part_name(news.parts, change.recommendation, change.element)
    if lines := corrected_statuses(*known.around(change, day), facts, change.element, part):
        return day, lines
    if effect and (lines := corrected_statuses(*known.around(change, effect.day), facts, change.element, part)):
        return effect.day, tuple(_about_day(line, effect) for line in lines)
    return day, ()


def _about_day(line: SaidAndNow, effect: PublicationEffect) -> SaidAndNow:
    on = day_text(effect.on)
    return SaidAndNow(line.said, line.now, ", ".join((str(line.about), on)) if line.about else on)


def _withdrawn(db: Connection, register: str, change: PublicChange) -> tuple[SaidAndNow, ...]:
    """What a deadline or a response said that was withdrawn; a relation is named by its own sentence."""
    if change.response:
        response = responses.published(db, register, change.response)
        if response is None:
            return ()
        words = {"position": POSITION[response.facts.position], "when": on_day_text(response.facts.given_on)}
        return (SaidAndNow(_("“%(position)s”, given %(when)s", **words), _("withdrawn")),)
    if not change.deadline:
        return ()
    known = catalogue.fact_of(db, register, "deadline", change.at, f"{change.recommendation}/{change.deadline}")
    return (SaidAndNow(_("due %(day)s", day=day_text(known.deadline.due_on)), _("withdrawn")),) if known else ()


def _earlier_path(entry: RegisterEntry, change: PublicChange, day: date, before: datetime) -> str:
    """Nothing was public before a register was opened."""
    path = dated_page(entry.id, change)
    if not path or entry.opened_at is None or before < entry.opened_at:
        return ""
    return f"{path}?{urlencode({'as_of': day.isoformat(), 'known_at': written(before)}, safe=':')}"
