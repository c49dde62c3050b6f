"""Section 2 of the record's second part, slowly: who is asked about what, and what is attributable to a body."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from domain.codes import AddresseeRole
from domain.times import first_day
from domain.values import Addressee


@dataclass(frozen=True)
class ParentSet:
    at: datetime
    body: str
    parent: str


@dataclass(frozen=True)
class Merged:
    at: datetime
    body: str
    into: str


@dataclass(frozen=True)
class AskedSet:
    at: datetime
    recommendation: str
    rows: tuple[Addressee, ...]


@dataclass(frozen=True)
class Item:
    """A recommendation with the bodies that it was registered with, and its elements."""

    recommendation: str
    stated: tuple[str, ...]
    elements: tuple[str, ...]


Act = ParentSet | Merged | AskedSet


def attribution(
    items: Sequence[Item], acts: Sequence[Act], body: str, day: date, known: datetime
) -> tuple[set[str], set[tuple[str, str]], set[str]]:
    """What is asked of a body alone, its own parts, and what is asked of it with others."""
    acts = [act for act in acts if act.at <= known]
    alone, parts, others = set(), set(), set()
    for item in items:
        leads = {e: _asked(item, acts, e, day, leads_only=True) for e in ("", *item.elements)}
        every = [b for names in leads.values() for b in names]
        named = [b for e in ("", *item.elements) for b in _asked(item, acts, e, day, leads_only=False)]
        if not any(_belongs(b, body, acts) for b in named):
            continue
        own = {e for e in item.elements if leads[e] and all(_belongs(b, body, acts) for b in leads[e])}
        if every and all(_belongs(b, body, acts) for b in every):
            alone.add(item.recommendation)
        elif own:
            parts |= {(item.recommendation, e) for e in own}
        else:
            others.add(item.recommendation)
    return alone, parts, others


def _asked(item: Item, acts: Sequence[Act], element: str, day: date, *, leads_only: bool) -> list[str]:
    rows: tuple[Addressee, ...] = ()
    for act in acts:
        if isinstance(act, AskedSet) and act.recommendation == item.recommendation:
            rows = act.rows
    of_item = [r for r in rows if r.element == element] or [r for r in rows if r.element == ""]
    of_item = of_item or [Addressee(body=b) for b in item.stated]
    return [
        r.body
        for r in of_item
        if not (r.from_on and first_day(r.from_on) > day)
        and not (r.to_on and first_day(r.to_on) < day)
        and not (leads_only and r.role is AddresseeRole.JOINT)
    ]


def _belongs(body: str, to: str, acts: Sequence[Act]) -> bool:
    """Climb from a body: where it was merged to the other one, else to its parent."""
    while body:
        merged = [act.into for act in acts if isinstance(act, Merged) and act.body == body]
        if not merged and body == to:
            return True
        parents = [act.parent for act in acts if isinstance(act, ParentSet) and act.body == body]
        body = merged[0] if merged else parents[-1] if parents else ""
    return False
