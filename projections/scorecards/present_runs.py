"""Which assessments tell where a recommendation is now: those of one item, since its status began."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from msgspec import Struct
from sqlalchemy import Connection, select

from domain.times import first_day, to_microseconds
from projections.engine.rows import NamedRow
from projections.scorecards.deciding import deciding_elements
from projections.scorecards.queries import NAMES_PER_QUERY, number_of
from projections.scorecards.results import Standing, TimePair
from projections.scorecards.tables import assessments, items


class DatedAssessment(Struct, frozen=True):
    """A published assessment of an item; `order` says which of those effective on one day is in force."""

    id: str
    status: int
    effective: date
    order: tuple[int, int]


def present_runs(
    db: Connection, register: str, at: TimePair, standings: Mapping[str, Standing]
) -> dict[str, tuple[str, ...]]:
    """The ids of those assessments by recommendation, oldest first; none where there are none.

    They are those of the item that began the status, which may have another status since.
    """
    histories = _histories(db, register, at, standings)
    return {ident: present_run(list(of.values()), _since(standings[ident])) for ident, of in histories.items()}


def deciding_runs(
    db: Connection, register: str, at: TimePair, standings: Mapping[str, Standing]
) -> dict[str, tuple[str, ...]]:
    """The same of an item that decides the status on the day."""
    runs: dict[str, tuple[str, ...]] = {}
    for ident, of in _histories(db, register, at, standings).items():
        deciding = [of[e.id] for e in deciding_elements(standings[ident]) if e.id in of]
        runs[ident] = present_run(deciding or list(of.values()), _since(standings[ident]))
    return runs


def _histories(
    db: Connection, register: str, at: TimePair, standings: Mapping[str, Standing]
) -> dict[str, dict[str, list[DatedAssessment]]]:
    """The assessments of core elements, or of the whole, by recommendation and element; only of those assessed."""
    histories: dict[str, dict[str, list[DatedAssessment]]] = defaultdict(lambda: defaultdict(list))
    names = sorted(standings)
    for start in range(0, len(names), NAMES_PER_QUERY):
        for row in _assessments(db, register, at, names[start : start + NAMES_PER_QUERY]):
            if row.core or not row.element:
                dated = DatedAssessment(
                    row.assessment, row.status, date.fromordinal(row.effective), (row.known_from, row.assessment_no)
                )
                histories[row.recommendation][row.element].append(dated)
    return {i: histories[i] for i, standing in standings.items() if standing.since and i in histories}


def _since(standing: Standing) -> date:
    assert standing.since
    return first_day(standing.since)


def _assessments(db: Connection, register: str, at: TimePair, recommendations: Sequence[str]) -> Iterable[NamedRow]:
    """Those of some recommendations that say something of a day, as known at an instant."""
    register_no, instant = number_of(db, register), to_microseconds(at.known_at)
    of_recommendations = select(items.c.item_no).where(
        items.c.register_no == register_no, items.c.recommendation.in_(recommendations), items.c.element == ""
    )
    query = (
        select(assessments, items.c.recommendation, items.c.element, items.c.core)
        .join(items, items.c.item_no == assessments.c.item_no)
        .where(
            assessments.c.rec_no.in_(of_recommendations),
            assessments.c.effective <= at.as_of.toordinal(),
            assessments.c.known_from <= instant,
            assessments.c.known_to > instant,
        )
    )
    return db.execute(query)


def present_run(histories: Sequence[Iterable[DatedAssessment]], since: date) -> tuple[str, ...]:
    """The ids of the assessments of one item, from the one that began the present status.

    `histories` has one entry for each core element, or one for the whole. `since` is the day on which the present
    status began; the item is the one that changed then, the one published last if several did. Where none changed on
    that day, it is the one that changed last.
    """
    chains = [chain for history in histories if (chain := _in_force(history))]
    if not chains:
        return ()
    began = [(c, n) for c in chains for n in range(len(c)) if _is_change(c, n)]
    on_the_day = [(c, n) for c, n in began if c[n].effective == since]
    if on_the_day:
        chain, start = max(on_the_day, key=lambda change: change[0][change[1]].order)
    else:
        chain, start = max(began, key=lambda change: (change[0][change[1]].effective, change[0][change[1]].order))
    return tuple(a.id for a in chain[start:])


def _in_force(history: Iterable[DatedAssessment]) -> list[DatedAssessment]:
    """The assessments that are in force on any day, in the order of these days."""
    by_day: dict[date, DatedAssessment] = {}
    for assessment in sorted(history, key=lambda a: (a.effective, a.order)):
        by_day[assessment.effective] = assessment
    return list(by_day.values())


def _is_change(chain: Sequence[DatedAssessment], place: int) -> bool:
    return place == 0 or chain[place].status != chain[place - 1].status
