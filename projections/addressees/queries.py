"""Who is asked about what, as known at an instant."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from datetime import date, datetime

from msgspec import Struct
from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select

from domain.codes import AddresseeRole
from domain.recommendation.addressees import asked_rows, includes
from domain.times import to_microseconds
from domain.values import Addressee
from projections.addressees.tables import addressees
from projections.engine.name_lists import NameScope, among

NAMES_PER_QUERY, MAX_NAMES = 500, 2_000
BODY: ColumnElement[str] = addressees.c.body


class Asked(Struct):
    """The addressees of one recommendation: those it was registered with, and those with days."""

    stated: list[str]
    rows: list[Addressee]

    def of(self, element: str = "") -> list[Addressee]:
        """On all days."""
        return asked_rows(self.stated, self.rows, element)

    def on(self, day: date, element: str = "") -> list[Addressee]:
        """Those whose days include a day."""
        return [row for row in self.of(element) if includes(row, day)]

    @property
    def is_divided(self) -> bool:
        """Whether a part has addressees of its own."""
        return any(row.element for row in self.rows)

    def bodies_on(self, day: date, elements: Iterable[str] = ()) -> list[str]:
        """Every body that is asked on a day, about the recommendation or one of its elements."""
        return list(dict.fromkeys(row.body for item in ("", *elements) for row in self.on(day, item)))


NOT_ASKED = Asked([], [])


def asked(
    db: Connection, register: str, known_at: datetime, recommendations: Collection[str] | None = None
) -> dict[str, Asked]:
    """The addressees of each recommendation, or of some of them."""
    recommendations = None if recommendations is None else set(recommendations)
    instant = to_microseconds(known_at)
    query = (
        select(addressees)
        .where(addressees.c.register == register, addressees.c.known_to > instant, addressees.c.known_from <= instant)
        .order_by(addressees.c.position, addressees.c.place)
    )
    result: dict[str, Asked] = defaultdict(lambda: Asked([], []))
    for part in _parts(query, recommendations):
        for row in db.execute(part):
            if recommendations is not None and row.recommendation not in recommendations:
                continue
            if row.stated:
                result[row.recommendation].stated.append(row.body)
            else:
                result[row.recommendation].rows.append(
                    Addressee(
                        element=row.element,
                        body=row.body,
                        role=AddresseeRole(row.role),
                        from_on=row.from_on,
                        to_on=row.to_on,
                    )
                )
    return dict(result)


def recommendations_naming(
    db: Connection, register: str, known_at: datetime, day: date, bodies: Collection[str]
) -> set[str]:
    """The recommendations that may name one of the bodies on a day: read their addressees to know."""
    instant = to_microseconds(known_at)
    query = select(addressees.c.recommendation).where(
        *(addressees.c.register == register, among(db, addressees.c.body, bodies)),
        *(addressees.c.known_to > instant, addressees.c.known_from <= instant),
        *(addressees.c.last >= day.toordinal(), addressees.c.first <= day.toordinal()),
    )
    return set(db.scalars(query))


def naming(register: str, known_at: datetime, day: date, bodies: ColumnElement[bool]) -> Select[tuple[str]]:
    """The recommendations that ask a body on a day, about them or an element, as part of a query.

    `bodies` says which: a condition on `BODY`. Those that a recommendation was registered with count only where it
    has no others.
    """
    instant = to_microseconds(known_at)
    a = addressees.c
    with_others = _with_others(register, instant)
    return select(a.recommendation).where(
        *(a.register == register, bodies, a.known_to > instant, a.known_from <= instant),
        *(a.first <= day.toordinal(), a.last >= day.toordinal()),
        or_(a.stated.is_(False), a.recommendation.not_in(with_others)),
    )


def asked_of(register: str, known_at: datetime, day: date, bodies: ColumnElement[bool]) -> NameScope:
    """The same as a condition on recommendations, which are looked up one by one."""

    def scope(recommendation: ColumnElement[str]) -> ColumnElement[bool]:
        return naming(register, known_at, day, bodies).where(addressees.c.recommendation == recommendation).exists()

    return scope


def _with_others(register: str, instant: int) -> Select[tuple[str]]:
    """The recommendations that have addressees of their own, instead of those they were registered with.

    Read once for the register: a question about each recommendation takes several times as long.
    """
    own = addressees.alias("own")
    return select(own.c.recommendation).where(
        *(own.c.register == register, own.c.stated.is_(False), own.c.element == ""),
        *(own.c.known_to > instant, own.c.known_from <= instant),
    )


def with_own_rows(db: Connection, register: str, known_at: datetime) -> set[str]:
    """The recommendations that have addressees with days or roles, or of a part."""
    instant, c = to_microseconds(known_at), addressees.c
    query = select(c.recommendation).where(
        *(c.register == register, c.stated.is_(False), c.known_to > instant, c.known_from <= instant)
    )
    return set(db.scalars(query.distinct()))


def stated_bodies(register: str, known_at: datetime) -> Callable[[ColumnElement[str]], ColumnElement[str]]:
    """The bodies that a recommendation was registered with, between commas, as part of a query.

    Null where it has other addressees, also of a part.
    """
    instant, own = to_microseconds(known_at), addressees.alias("own")
    others = select(own.c.recommendation).where(
        *(own.c.register == register, own.c.stated.is_(False)),
        *(own.c.known_to > instant, own.c.known_from <= instant),
    )

    def of(recommendation: ColumnElement[str]) -> ColumnElement[str]:
        a = addressees.c
        found = select(func.aggregate_strings(a.body, ",")).where(
            *(a.register == register, a.recommendation == recommendation, a.stated.is_(True)),
            *(a.known_to > instant, a.known_from <= instant),
        )
        return case((recommendation.not_in(others), found.scalar_subquery()))

    return of


def _parts(query: Select[tuple[object, ...]], names: Collection[str] | None) -> Iterator[Select[tuple[object, ...]]]:
    """The query, or several ones for some names each; the whole of many is faster than all their names."""
    if names is None or len(names) > MAX_NAMES:
        yield query
        return
    ordered = sorted(names)
    for start in range(0, len(ordered), NAMES_PER_QUERY):
        yield query.where(addressees.c.recommendation.in_(ordered[start : start + NAMES_PER_QUERY]))


class Share(Struct):
    """What is attributable to a body, with its parts and the bodies merged into it.

    `alone` are recommendations, `parts` elements by recommendation; `with_others` names the other bodies.
    """

    alone: list[str]
    parts: dict[str, list[str]]
    with_others: dict[str, list[str]]


def share_of(
    tree: Collection[str], asked_of: Mapping[str, Asked], elements: Mapping[str, Collection[str]], day: date
) -> Share:
    """Sort recommendations by who is asked about them on a day.

    `tree` holds the ids of the body and of all below it, `elements` those of each recommendation on the scorecard.
    """
    share = Share([], {}, {})
    for recommendation, ids in elements.items():
        of = asked_of.get(recommendation, NOT_ASKED)
        bodies = of.bodies_on(day, ids)
        if not any(body in tree for body in bodies):
            continue
        leads = {item: [r.body for r in of.on(day, item) if r.role is AddresseeRole.LEAD] for item in ("", *ids)}
        own = [item for item in ids if leads[item] and all(body in tree for body in leads[item])]
        every = [body for names in leads.values() for body in names]
        if every and all(body in tree for body in every):
            share.alone.append(recommendation)
        elif own:
            share.parts[recommendation] = own
        else:
            share.with_others[recommendation] = [body for body in bodies if body not in tree]
    return share
