"""Builds the answers of the API about comparisons, whole or page by page, and their rows in the order of data."""

from collections.abc import Iterable

from sqlalchemy import Connection

from app.presentation.answers import api_models
from app.presentation.answers.compared_times import ComparedTimes
from app.presentation.answers.serializers import in_item_order, serialize_times, themes_of_data
from domain.codes import Reason
from domain.times import written
from projections.scorecards.comparison import Moved, Moves, compare, compared_rows
from projections.scorecards.comparison_order import moved_in_order
from projections.scorecards.results import ComparisonRow


def serialize_comparison(db: Connection, register: str, times: ComparedTimes) -> api_models.CompareShape:
    """What changed between two times."""
    comparison = in_item_order(db, register, compare(db, register, times.start, times.end))
    return _comparison_shape(register, times, comparison.rows, comparison.counts)


def serialize_comparison_page(
    db: Connection, register: str, times: ComparedTimes, moves: Moves, rows: slice
) -> api_models.CompareShape:
    """The numbers of a comparison with some of its rows."""
    moved = read_moved(db, register, times, skip=rows.start, limit=rows.stop - rows.start)
    return _comparison_shape(register, times, compared_rows(db, register, times.start, times.end, moved), moves.counts)


def read_moved(
    db: Connection, register: str, times: ComparedTimes, *, skip: int = 0, limit: int | None = None
) -> list[Moved]:
    """Whose rows a comparison has, in the order of data, or some of them."""
    themes = themes_of_data(db, register, times.end.known_at)
    return moved_in_order(db, register, times.start, times.end, themes, skip=skip, limit=limit)


def _comparison_shape(
    register: str, times: ComparedTimes, rows: Iterable[ComparisonRow], counts: dict[str, int]
) -> api_models.CompareShape:
    return api_models.CompareShape(
        register=register,
        from_=api_models.FirstTimesShape(times.first_day, written(times.first.known_at), times.first.reconstructed),
        to=serialize_times(times.second),
        rows=[
            api_models.ChangeRowShape(
                r.id,
                r.a,
                r.b,
                r.c,
                r.direction,
                r.learned,
                r.changed,
                [api_models.CauseShape(a.id, Reason(a.reason)) for a in r.assessments],
            )
            for r in rows
        ],
        counts=counts,
    )
