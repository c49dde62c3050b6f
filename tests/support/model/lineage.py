"""Relations between recommendations, the slow and obvious way: every answer reads all facts."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from domain.times import first_day

Item = tuple[str, str]
EARLIER = ("renews", "split_from", "merged_from", "supersedes")


class Stated(NamedTuple):
    """A relation as it was stated at an instant, and the instant at which it was withdrawn, if it was."""

    source: Item
    relation: str
    target: Item
    on: str
    at: datetime
    withdrawn_at: datetime | None = None


def holds(fact: Stated, as_of: date, known_at: datetime) -> bool:
    is_known = fact.at <= known_at and (fact.withdrawn_at is None or fact.withdrawn_at > known_at)
    return is_known and (not fact.on or first_day(fact.on) <= as_of)


def relations_of(facts: Sequence[Stated], item: Item, as_of: date, known_at: datetime) -> list[Stated]:
    """Those from and to an item, in the order in which they were stated."""
    return [f for f in facts if item in (f.source, f.target) and holds(f, as_of, known_at)]


def successors_of(facts: Sequence[Stated], item: Item, as_of: date, known_at: datetime) -> set[Item]:
    found = relations_of(facts, item, as_of, known_at)
    return {f.source for f in found if f.target == item and f.relation in EARLIER}


def editions_of(facts: Sequence[Stated], item: Item, as_of: date, known_at: datetime) -> set[Item]:
    """The item, and what can be reached from it along relations between editions: grown until nothing is added."""
    found = {item}
    while True:
        grown = set(found)
        for f in facts:
            if f.relation in EARLIER and holds(f, as_of, known_at) and {f.source, f.target} & found:
                grown |= {f.source, f.target}
        if grown == found:
            return found
        found = grown


def continues(facts: Sequence[Stated], later: Item, earlier: Item) -> bool:
    """Whether relations that are not withdrawn lead from a later edition to an earlier one."""
    now = [f for f in facts if f.withdrawn_at is None and f.relation in EARLIER]
    reached, before = {later}, set[Item]()
    while reached != before:
        before = set(reached)
        reached |= {f.target for f in now if f.source in before}
    return earlier in reached
