"""A scorecard at two times as a table."""

from collections.abc import Iterator, Mapping
from functools import partial

from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf
from app.presentation.answers.serializers import item_order
from app.presentation.narrative.statement import present_statements
from app.services.bundles.table_reader import ROWS_PER_BATCH, Connect
from app.services.tables.csv_files import DataTable, Rows, StreamedTable
from app.services.tables.dictionary import scorecard_meanings
from domain.times import written
from domain.values import RecommendationFacts, translation_of
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.on_scorecard import ids_on_scorecard
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing


def scorecard_table(
    db: Connection,
    register: RegisterEntry,
    standings: Mapping[str, Standing],
    facts: Mapping[str, RecommendationFacts],
    times: AsOf,
) -> DataTable:
    """One row for each standing, in their order."""
    tree = catalogue.body_tree(db, register.id, times.known_at)
    rows = _rows(db, register, standings, facts, times, tree)
    return DataTable("scorecard", scorecard_columns(register), tuple(rows))


def stream_scorecard(connect: Connect, register: RegisterEntry, times: AsOf) -> StreamedTable:
    """A whole scorecard, in the order of data."""
    return StreamedTable("scorecard", scorecard_columns(register), partial(_batches, connect, register, times))


def scorecard_columns(register: RegisterEntry) -> tuple[str, ...]:
    return tuple(scorecard_meanings(register.settings.languages))


def _batches(connect: Connect, register: RegisterEntry, times: AsOf) -> Iterator[Rows]:
    """Reads the rows in batches, so that a large register needs no more memory than a small one."""
    with connect() as db:
        ids = item_order(db, register.id, times.known_at).sort(ids_on_scorecard(db, register.id, times.pair))
        tree = catalogue.body_tree(db, register.id, times.known_at)
    for start in range(0, len(ids), ROWS_PER_BATCH):
        part = ids[start : start + ROWS_PER_BATCH]
        with connect() as db:
            found = standings_of(db, register.id, times.pair, part)
            entries = catalogue.recommendations_of(db, register.id, times.known_at, part)
            facts = {ident: entry.facts for ident, entry in entries.items()}
            rows = _rows(db, register, {i: found[i] for i in part if i in found}, facts, times, tree)
        yield rows


def _rows(
    db: Connection,
    register: RegisterEntry,
    standings: Mapping[str, Standing],
    facts: Mapping[str, RecommendationFacts],
    times: AsOf,
    tree: BodyTree,
) -> Rows:
    columns = scorecard_columns(register)
    statements = present_statements(db, register.id, times.pair, standings)
    asked_of = asked(db, register.id, times.known_at, standings)
    rows = []
    for s in standings.values():
        f, statement = facts[s.id], statements.get(s.id)
        bodies = asked_of.get(s.id, NOT_ASKED).bodies_on(times.as_of, (e.id for e in s.elements))
        cells = {
            "id": s.id,
            "number": f.number,
            "position": f.position,
            "priority": "yes" if f.priority else None,
            "title": f.title,
            **{f"title_{code}": translation_of(f, "title", code) for code in register.settings.languages[1:]},
            "kind": s.kind.value,
            "theme": s.theme,
            "addressees": ";".join(dict.fromkeys(tree.current(body) for body in bodies)),
            "status": s.status.value,
            "bucket": s.bucket.value,
            "since": s.since,
            "motion": s.motion,
            "confidence": s.confidence,
            "statement": statement.original if statement else None,
            "freshness": s.freshness,
            "review_by": s.review_by,
            "peak": s.peak.status.value if s.peak else None,
            "peak_on": s.peak.on if s.peak else None,
            "assessment": s.assessment,
            "due_on": s.due.due_on if s.due else None,
            "due_stated_on": s.due.stated_on if s.due else None,
            "due_state": s.due.state.value if s.due else None,
            "legacy": "yes" if s.legacy else None,
            "as_of": times.as_of,
            "known_at": written(times.known_at),
        }
        rows.append(tuple("" if cells[name] is None else str(cells[name]) for name in columns))
    return rows
