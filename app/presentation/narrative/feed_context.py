"""Reads what the entries of a feed, or of a letter about the same changes, are written with."""

from collections.abc import Sequence

from sqlalchemy import Connection

from app.presentation.narrative.corrections import read_corrections
from app.presentation.narrative.feed_entries import FeedContext, superseded_ids
from app.presentation.narrative.lineage import Editions, successor_words
from app.presentation.narrative.record_names import RecordNames
from app.presentation.narrative.status_news import read_status_news
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.changes.queries import PublicChange
from projections.scorecards.results import TimePair


def read_feed_context(
    db: Connection, entry: RegisterEntry, at: TimePair, changes: Sequence[PublicChange]
) -> FeedContext:
    """The names and the effects of some changes of a register."""
    entries = catalogue.recommendations_of(db, entry.id, at.known_at, {c.recommendation for c in changes})
    facts, names = {ident: e.facts for ident, e in entries.items()}, RecordNames(db, entry, at.known_at)
    news = read_status_news(db, entry.id, changes)
    return FeedContext(
        entry,
        facts,
        names,
        news,
        successor_words(Editions(db, entry, at), superseded_ids(changes)),
        read_corrections(db, entry, facts, names, news, changes),
    )
