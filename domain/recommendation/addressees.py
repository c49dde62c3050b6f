"""Who was asked, and on which days: questions and rules about the addressees of one recommendation."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date

from domain.codes import AddresseeRole
from domain.errors import Refusal, Refused, refusal
from domain.times import first_day, shown
from domain.values import Addressee


def asked_rows(stated: Sequence[str], rows: Sequence[Addressee], element: str = "") -> list[Addressee]:
    """The addressees of an item on all days: those of the element, else of its recommendation, else those `stated`."""
    own = [row for row in rows if row.element == element]
    if own or not element:
        return own or [Addressee(body=body) for body in stated]
    return asked_rows(stated, rows)


def includes(row: Addressee, day: date) -> bool:
    """Whether the body was asked on a day. A short form counts as its first day."""
    return (not row.from_on or first_day(row.from_on) <= day) and (not row.to_on or day <= first_day(row.to_on))


def addressee_refusals(
    recommendation: str, rows: Sequence[Addressee], elements: Collection[str], unknown_bodies: Collection[str]
) -> list[Refusal]:
    """Why these rows cannot be the addressees of a recommendation; empty if they can."""
    refusals = [
        refusal("There is no body “{id}” in this register.", id=body, field="addressees") for body in unknown_bodies
    ]
    groups: dict[str, list[Addressee]] = defaultdict(list)
    for row in rows:
        groups[row.element].append(row)
    for element, group in groups.items():
        if element and element not in elements:
            refusals.append(
                refusal("“{id}” has no element “{element}”.", id=recommendation, element=element, field="addressees")
            )
        refusals += row_refusals(group)
        if all(row.role is not AddresseeRole.LEAD for row in group):
            refusals.append(lead_refusal(recommendation, element))
    return refusals


def lead_refusal(recommendation: str, element: str) -> Refusal:
    item = f"{recommendation}/{element}" if element else recommendation
    return refusal("“{id}” needs at least one lead addressee.", id=item, field="addressees")


def row_refusals(rows: Iterable[Addressee]) -> list[Refusal]:
    """What is wrong with the days of the addressees of one item."""
    refusals: list[Refusal] = []
    earlier: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        try:
            begin, end = days_of(row)
        except Refused as refused:
            refusals += [r.about("addressees") for r in refused.refusals]
            continue
        if any(begin <= other_end and other_begin <= end for other_begin, other_end in earlier[row.body]):
            refusals.append(
                refusal("The days of “{body}” overlap. Let one period end first.", body=row.body, field="addressees")
            )
        earlier[row.body].append((begin, end))
    return refusals


def days_of(row: Addressee) -> tuple[date, date]:
    """The first and the last day on which the body was asked.

    Raises `Refused` if a day cannot be read, or if the last one is before the first.
    """
    problems = list(_unreadable(row))
    if problems:
        raise Refused(*problems)
    begin = first_day(row.from_on) if row.from_on else date.min
    end = first_day(row.to_on) if row.to_on else date.max
    if end < begin:
        raise Refused(
            refusal(
                "“{body}” cannot stop being asked on {to_on}, before it begins on {from_on}.",
                body=row.body,
                from_on=shown(row.from_on),
                to_on=shown(row.to_on),
            )
        )
    return begin, end


def _unreadable(row: Addressee) -> Iterator[Refusal]:
    for text in (row.from_on, row.to_on):
        try:
            if text:
                first_day(text)
        except Refused as refused:
            yield from refused.refusals
