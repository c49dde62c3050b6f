"""The comparison of two scorecards as a table."""

from app.presentation.answers.compared_times import ComparedTimes
from domain.times import written
from domain.values import RecommendationFacts
from projections.scorecards.results import ComparisonRow

HEADER = (
    *("id", "title", "direction", "first", "first_as_known_now", "second", "learned", "changed"),
    *("assessments", "reasons", "from", "known_from", "to", "known_to"),
)


def comparison_cells(row: ComparisonRow, facts: RecommendationFacts | None, compared: ComparedTimes) -> tuple[str, ...]:
    """The cells of one recommendation on either scorecard. Statuses are codes, empty if it is not on it."""
    return (
        row.id,
        facts.title if facts else "",
        row.direction,
        row.a or "",
        row.b or "",
        row.c or "",
        "yes" if row.learned else "",
        "yes" if row.changed else "",
        ";".join(a.id for a in row.assessments),
        ";".join(a.reason for a in row.assessments),
        *(compared.first_day, written(compared.first.known_at)),
        *(compared.end.as_of.isoformat(), written(compared.end.known_at)),
    )
