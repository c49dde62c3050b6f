"""Builds the answers of the API about comparisons, whole or page by page, and their rows in the order of data."""

from collections.abc import Iterable

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.answers import api_models
from app.presentation.answers.compared_times import ComparedTimes
from app.presentation.answers.serializers import in_item_order, item_order, serialize_times
from domain.codes import Reason
from domain.times import written
from projections.scorecards.comparison import Moved, Moves, compare, compared_rows, names_of_moved, read_moves
from projections.scorecards.results import ComparisonRow


class ComparedInOrder(Struct, frozen=True):
    """A comparison without the details of its rows: its numbers, and which recommendations it has, in order."""

    moves: Moves
    moved: tuple[Moved, ...]


def serialize_comparison(db: Connection, register: str, times: ComparedTimes) -> api_models.CompareShape:
    """What changed between two times."""
    comparison = in_item_order(db, register, compare(db, register, times.start, times.end))
    return _comparison_shape(register, times, comparison.rows, comparison.counts)


def serialize_comparison_page(
    db: Connection, register: str, times: ComparedTimes, compared: ComparedInOrder, rows: slice
) -> api_models.CompareShape:
    """The same with some of its rows."""
    moved = compared.moved[rows]
    return _comparison_shape(
        register, times, compared_rows(db, register, times.start, times.end, moved), compared.moves.counts
    )


def read_compared(db: Connection, register: str, times: ComparedTimes) -> ComparedInOrder:
    """Whose rows a comparison has, in the order of data."""
    moves = read_moves(db, register, times.start, times.end)
    names, order = names_of_moved(db, register, moves.rows), item_order(db, register, times.end.known_at)
    return ComparedInOrder(moves, tuple(sorted(moves.rows, key=lambda row: order.key(names[row.rec_no]))))


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
