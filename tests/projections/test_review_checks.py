"""What to look at before a review, against the whole scorecards that it is read from."""

from datetime import date, timedelta
from functools import partial
from itertools import pairwise

import pytest
from sqlalchemy import Connection

from app.services.container import Services
from domain.codes import Confidence, Freshness
from domain.commands import NameTheme
from domain.values import Theme
from projections.assessments.queries import by_id
from projections.engine.position import last_applied_at
from projections.scorecards import review_checks
from projections.scorecards.comparison import changed_rows, compare
from projections.scorecards.queries import standings
from projections.scorecards.results import Standing, TimePair
from projections.sources.queries import cites
from projections.timeline.queries import people

DAYS = [date(2024, 4, 1), date(2025, 2, 1), date(2026, 3, 1), date(2027, 6, 1)]


def _assessments(standing: Standing) -> list[str]:
    return [i for i in (standing.assessment, *(e.assessment for e in standing.elements)) if i]


@pytest.mark.parametrize("on", DAYS)
def test_each_list_has_what_the_scorecard_has(small: Services, on: date) -> None:
    with small.views.connect() as db:
        whole = standings(db, "small", TimePair(on, last_applied_at(db))).values()
        in_force = by_id(db, "small", [i for s in whole for i in _assessments(s)])
        late = {s.id for s in whole if s.freshness in (Freshness.STALE, Freshness.DUE)}
        doubtful = {s.id for s in whole if s.confidence is Confidence.LOW}
        bare = {s.id for s in whole if any(not in_force[i].evidence for i in _assessments(s))}
        cited = partial(cites, "small")
        assert _all(review_checks.late(db, "small", on, limit=100)) == late
        assert _all(review_checks.of_low_confidence(db, "small", on, limit=100)) == doubtful
        assert _all(review_checks.without_sources(db, "small", on, cited, limit=100)) == bare


def _all(found: tuple[list[str], int]) -> set[str]:
    ids, total = found
    assert len(ids) == len(set(ids)) == total
    return set(ids)


def test_what_changed_between_two_days_is_read_in_pages(small: Services) -> None:
    with small.views.connect() as db:
        known_at = last_applied_at(db)
        for first, second in pairwise(DAYS):
            for learned_at in (known_at, known_at - timedelta(days=1)):
                pairs = TimePair(first, learned_at), TimePair(second, known_at)
                whole = [row for row in compare(db, "small", *pairs).rows if row.learned or row.changed]
                rows, total = changed_rows(db, "small", *pairs, skip=0, limit=100)
                assert total == len(rows) == len(whole)
                assert {row.id: row for row in rows} == {row.id: row for row in whole}
                pages = [_row_at(db, *pairs, skip) for skip in range(total)]
                assert pages == rows


def _row_at(db: Connection, first: TimePair, second: TimePair, skip: int) -> object:
    (row,), _total = changed_rows(db, "small", first, second, skip=skip, limit=1)
    return row


def test_the_people_of_a_history_are_found_without_reading_it(small: Services) -> None:
    """The database makes as many steps after more events of the same people."""
    before = _steps_to_people(small)
    for number in range(9):
        theme = Theme(id=f"theme-{number}", title=f"Theme {number}", position=number + 10)
        small.execute(NameTheme("small", theme=theme), by="ana")
    assert _steps_to_people(small) == before


def _steps_to_people(services: Services) -> int:
    steps = 0

    def count() -> int:
        nonlocal steps
        steps += 1
        return 0

    with services.views.connect() as db:
        connection = db.connection.driver_connection
        assert connection is not None
        connection.set_progress_handler(count, 1)
        try:
            assert people(db, ["small"]) == ["ana", "ben", "cem", "import"]
        finally:
            connection.set_progress_handler(None, 1)
    return steps
