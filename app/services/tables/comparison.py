"""The comparison of two scorecards as a table."""

from app.presentation.answers.compared_times import ComparedTimes
from app.services.tables.csv_files import DataTable
from domain.times import written
from domain.values import RecommendationFacts
from projections.scorecards.comparison import Comparison

HEADER = (
    *("id", "title", "direction", "first", "first_as_known_now", "second", "learned", "changed"),
    *("assessments", "reasons", "from", "known_from", "to", "known_to"),
)


def comparison_table(
    comparison: Comparison, facts: dict[str, RecommendationFacts], compared: ComparedTimes
) -> DataTable:
    """Return one row for each recommendation on either scorecard. Statuses are codes, empty if not on it."""
    times = (
        *(compared.first_day, written(compared.first.known_at)),
        *(compared.end.as_of.isoformat(), written(compared.end.known_at)),
    )
    rows = [
        (
            row.id,
            facts[row.id].title if row.id in facts else "",
            row.direction,
            row.a or "",
            row.b or "",
            row.c or "",
            "yes" if row.learned else "",
            "yes" if row.changed else "",
            ";".join(a.id for a in row.assessments),
            ";".join(a.reason for a in row.assessments),
            *times,
        )
        for row in comparison.rows
    ]
    return DataTable("compare", HEADER, tuple(rows))
