"""Recommendations in words, for sheets to read and to print: the columns and the cells of one."""

from collections.abc import Sequence
from datetime import date

from markupsafe import Markup
from msgspec import Struct

from app.presentation.answers.as_of import AsOf
from app.presentation.i18n.labels import CONFIDENCE, DEADLINE_STATE, MOTION, day_text, status_word
from app.presentation.i18n.localize import body_label, localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.parts import deciding_parts
from app.presentation.narrative.statement import PresentStatement
from app.presentation.narrative.status_dates import is_older
from app.services.tables.printed_table import FIRST_EXCEL_DAY, Cell, PrintedColumn
from domain.times import first_day
from domain.values import Body, RecommendationFacts
from projections.scorecards.results import Standing

DATE_FORMATS = {"ko": 'yyyy"년" m"월" d"일"'}
DATE_FORMAT = "d mmm yyyy"


class WordsOfItem(Struct, frozen=True):
    """What a row is made of; `theme` is the title of its theme."""

    facts: RecommendationFacts
    standing: Standing
    theme: str
    addressees: Sequence[Body]
    statement: PresentStatement | None


def date_format() -> str:
    """The pattern of days in a sheet, in the language of the page."""
    return DATE_FORMATS.get(page_language(), DATE_FORMAT)


def times_sentence(times: AsOf) -> str:
    return _(
        "As of %(day)s, as known on %(known)s.",
        day=day_text(times.as_of.isoformat()),
        known=day_text(times.known_day.isoformat()),
    )


def item_columns(times: AsOf, *, has_numbers: bool) -> list[PrintedColumn]:
    number = [PrintedColumn(_("Number"), 8)] if has_numbers else []
    where = _("Where it is now") if times.is_today else _("Where it was on %(day)s", day=day_text(f"{times.as_of}"))
    return [
        *number,
        PrintedColumn(_("Recommendation"), 28),
        PrintedColumn(_("Theme"), 14),
        PrintedColumn(_("Addressed to"), 20),
        PrintedColumn(_("Status"), 13),
        PrintedColumn(_("Since"), 14),
        PrintedColumn(_("Direction"), 11),
        PrintedColumn(_("Confidence"), 11),
        PrintedColumn(_("Deadline"), 14),
        PrintedColumn(_("State of the deadline"), 12),
        PrintedColumn(where, 34),
        PrintedColumn(_("Why this status"), 34),
    ]


def item_cells(item: WordsOfItem, *, has_numbers: bool) -> list[Cell]:
    facts, standing, statement = item.facts, item.standing, item.statement
    number: list[Cell] = [facts.number or ""] if has_numbers else []
    return [
        *number,
        localized_text(facts, "title"),
        item.theme,
        "\n".join(_plain(body_label(body)) for body in item.addressees),
        status_word(standing.status),
        _since(facts, standing),
        _direction(standing),
        str(CONFIDENCE[standing.confidence]) if standing.confidence else "",
        _day(standing.due.due_on) if standing.due else "",
        str(DEADLINE_STATE[standing.due.state]) if standing.due else "",
        statement.words if statement and statement.field == "statement" else "",
        statement.reason if statement else "",
    ]


def _direction(standing: Standing) -> str:
    """That of the whole; else that of the parts that decide."""
    motion = standing.motion or (deciding_parts(standing).motion if standing.elements else None)
    return str(MOTION[motion]) if motion else ""


def _plain(text: Markup | str) -> str:
    return text.striptags() if isinstance(text, Markup) else text


def _since(facts: RecommendationFacts, standing: Standing) -> Cell:
    if not standing.began_on:
        return ""
    is_already = is_older(standing.began_on, facts.recommended_on)
    return _("already when recommended") if is_already else _day(standing.began_on)


def _day(text: str) -> str | date:
    """A day as a date; a month or a year as it was written, in words."""
    is_day = len(text) == len("2024-01-01") and first_day(text) >= FIRST_EXCEL_DAY
    return first_day(text) if is_day else day_text(text, "short")
