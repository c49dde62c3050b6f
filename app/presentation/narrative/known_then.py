"""Why a page about an earlier time is empty or rebuilt: what this register had published by then, about which days."""

from datetime import UTC, datetime
from enum import StrEnum

from sqlalchemy import Connection

from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.headlines import HeadlinePart, scorecard_headline
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import first_imported_instant
from projections.scorecards.queries import first_recommended
from projections.scorecards.results import Counts, TimePair


class Origin(StrEnum):
    """Where a register's knowledge at an instant comes from."""

    PUBLISHED = "published"
    IMPORTED = "imported"
    """The register opened later: rebuilt from the instants that an imported record has of its own."""
    UNPUBLISHED = "unpublished"
    """The register opened later and had published nothing."""


def origin(db: Connection, entry: RegisterEntry, known_at: datetime) -> Origin:
    if entry.opened_at is not None and known_at >= entry.opened_at:
        return Origin.PUBLISHED
    first = first_imported_instant(db, entry.id)
    return Origin.IMPORTED if first is not None and first <= known_at else Origin.UNPUBLISHED


def unpublished_sentence(entry: RegisterEntry, at: TimePair) -> str:
    """That the register had published nothing yet; it opened after the instant of the page."""
    assert entry.opened_at is not None
    return _(
        "This register had published nothing yet on %(known)s. It opened on %(opened)s.",
        known=day_text(at.known_at.astimezone(UTC).date().isoformat()),
        opened=day_text(entry.opened_at.date().isoformat()),
    )


def scorecard_sentence(
    db: Connection, entry: RegisterEntry, at: TimePair, counts: Counts, *, past: bool
) -> list[HeadlinePart]:
    """The headline of a scorecard, `past` of an earlier day; for an empty one, why it is empty."""
    return explain_absence(db, entry, at, counts, scorecard_headline(counts, past=past))


def explain_absence(
    db: Connection, entry: RegisterEntry, at: TimePair, counts: Counts, headline: list[HeadlinePart]
) -> list[HeadlinePart]:
    """The headline of a page; if nothing is on its scorecard because of one of the two times, a sentence about that."""
    if counts.on_scorecard:
        return headline
    if origin(db, entry, at.known_at) is Origin.UNPUBLISHED:
        return [(unpublished_sentence(entry, at), None)]
    first = first_recommended(db, entry.id, at.known_at)
    if first is not None and first > at.as_of:
        return [(_("Nothing had been recommended yet on %(day)s.", day=day_text(at.as_of.isoformat())), None)]
    return headline
