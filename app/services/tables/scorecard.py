"""A scorecard at two times as a table."""

from collections.abc import Mapping

from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf
from app.presentation.narrative.statement import present_statements
from app.services.tables.csv_files import DataTable
from app.services.tables.dictionary import scorecard_meanings
from domain.times import written
from domain.values import RecommendationFacts, translation_of
from projections.addressees.queries import NOT_ASKED, asked
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.results import Standing


def scorecard_table(
    db: Connection,
    register: RegisterEntry,
    standings: Mapping[str, Standing],
    facts: Mapping[str, RecommendationFacts],
    times: AsOf,
) -> DataTable:
    """One row for each standing, in their order."""
    columns = tuple(scorecard_meanings(register.settings.languages))
    statements = present_statements(db, register.id, times.pair, standings)
    asked_of = asked(db, register.id, times.known_at)
    tree = catalogue.body_tree(db, register.id, times.known_at)
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
    return DataTable("scorecard", columns, tuple(rows))
