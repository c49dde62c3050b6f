"""A scorecard at two times as a table."""

from app.presentation.answers.as_of import AsOf
from app.services.tables.csv_files import DataTable
from app.services.tables.dictionary import SCORECARD_MEANINGS
from domain.times import written
from domain.values import RecommendationFacts, translation_of
from projections.scorecards.results import Standing


def scorecard_table(standings: dict[str, Standing], facts: dict[str, RecommendationFacts], times: AsOf) -> DataTable:
    rows = []
    for s in standings.values():
        f = facts[s.id]
        cells = {
            "id": s.id,
            "number": f.number,
            "position": f.position,
            "priority": "yes" if f.priority else None,
            "title": f.title,
            "title_ko": translation_of(f, "title", "ko"),
            "kind": s.kind.value,
            "theme": s.theme,
            "addressees": ";".join(f.addressees),
            "status": s.status.value,
            "bucket": s.bucket.value,
            "since": s.since,
            "motion": s.motion,
            "confidence": s.confidence,
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
        rows.append(tuple("" if cells[name] is None else str(cells[name]) for name in SCORECARD_MEANINGS))
    return DataTable("scorecard", tuple(SCORECARD_MEANINGS), tuple(rows))
