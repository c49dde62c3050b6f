"""How many recommendations each body was asked for, and with which statuses: the scorecards of all bodies at once."""

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping
from functools import cache

from msgspec import Struct, field
from sqlalchemy import Connection

from app.presentation.answers.body_scorecards import body_scorecard
from domain.codes import AddresseeRole, Status
from projections.addressees.queries import NOT_ASKED, Asked, asked, stated_bodies, with_own_rows
from projections.catalogue.body_tree import BodyTree
from projections.scorecards.listed import ScorecardList
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing, StatusMark, TimePair, mark_of
from projections.scorecards.summaries import marks

Names = tuple[str, ...]


class BodyNumbers(Struct):
    """What is asked of a body and all below it. Only what is its own has a status."""

    alone: int = 0
    parts: int = 0
    by_status: Counter[Status] = field(default_factory=Counter)
    with_others: int = 0

    @property
    def own(self) -> int:
        return self.alone + self.parts


def count_bodies(db: Connection, register: str, tree: BodyTree, at: TimePair) -> dict[str, BodyNumbers]:
    """The numbers of every body that is asked for something, or has one below it that is.

    The database counts those recommendations whose addressees have neither days nor roles nor parts.
    """
    asked_of = asked(db, register, at.known_at, with_own_rows(db, register, at.known_at))
    divided = standings_of(db, register, at, [i for i, of in asked_of.items() if of.is_divided])
    numbers = defaultdict(BodyNumbers, count_marked(tree, marks(db, register, at, asked_of), divided, asked_of, at))
    above = cache(tree.with_those_above)
    for group in ScorecardList(db, register, at).count_by(stated_bodies(register, at.known_at)):
        names = tuple(group.of.split(","))
        _add_whole(numbers, above, names, names, group.status, group.number)
    return dict(numbers)


def count_marked(
    tree: BodyTree,
    marks: Mapping[str, StatusMark],
    divided: Mapping[str, Standing],
    asked_of: Mapping[str, Asked],
    at: TimePair,
) -> dict[str, BodyNumbers]:
    """The same for some recommendations; `divided` are those of which a part has addressees of its own."""
    numbers: dict[str, BodyNumbers] = defaultdict(BodyNumbers)
    alike: Counter[tuple[Names, Names, Status]] = Counter()
    for recommendation, mark in marks.items():
        of = asked_of.get(recommendation, NOT_ASKED)
        if recommendation in divided:
            _add_divided(numbers, tree, divided[recommendation], of, at)
        else:
            alike[(*_leads_and_bodies(of, at), mark.status)] += 1
    above = cache(tree.with_those_above)
    for (leads, bodies, status), n in alike.items():
        _add_whole(numbers, above, leads, bodies, status, n)
    return dict(numbers)


def _leads_and_bodies(of: Asked, at: TimePair) -> tuple[Names, Names]:
    rows = of.on(at.as_of)
    return tuple(row.body for row in rows if row.role is AddresseeRole.LEAD), tuple(row.body for row in rows)


def _add_whole(
    numbers: dict[str, BodyNumbers],
    above: Callable[[str], list[str]],
    leads: Names,
    bodies: Names,
    status: Status,
    n: int,
) -> None:
    """Recommendations without a part of its own addressees: alone for every body above all that lead, else shared."""
    alone = set(above(leads[0])).intersection(*(above(lead) for lead in leads)) if leads else set()
    for body in {ident for name in bodies for ident in above(name)}:
        if body in alone:
            numbers[body].alone += n
            numbers[body].by_status[status] += n
        else:
            numbers[body].with_others += n


def _add_divided(numbers: dict[str, BodyNumbers], tree: BodyTree, standing: Standing, of: Asked, at: TimePair) -> None:
    """A recommendation with parts that have addressees of their own."""
    whole, divided, asked_of = {standing.id: mark_of(standing)}, {standing.id: standing}, {standing.id: of}
    bodies = of.bodies_on(at.as_of, (e.id for e in standing.elements))
    for body in {ident for name in bodies for ident in tree.with_those_above(name)}:
        card = body_scorecard(tree.with_parts(body), whole, divided, asked_of, at)
        parts = [part.status for _, part in card.parts()]
        numbers[body].alone += len(card.share.alone)
        numbers[body].parts += len(parts)
        numbers[body].by_status.update([*(standing.status for _ in card.share.alone), *parts])
        numbers[body].with_others += len(card.share.with_others)
