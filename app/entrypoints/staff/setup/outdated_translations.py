"""Which translations were overtaken: their original was changed after they were last written or read again."""

from typing import Any

from sqlalchemy import Connection

from domain.amendments import translations
from domain.values import Fact
from projections.timeline import queries as timeline

TOPICS = {
    "register.established": ("settings", "settings"),
    "register.amended": ("settings", "settings"),
    "register.theme_named": ("themes", "theme"),
    "register.theme_amended": ("themes", "theme"),
    "register.publication_added": ("publications", "publication"),
    "register.publication_amended": ("publications", "publication"),
    "register.body_named": ("bodies", "body"),
    "register.body_amended": ("bodies", "body"),
    "review.scheduled": ("reviews", "schedule"),
    "review.amended": ("reviews", "schedule"),
    "recommendation.registered": ("recommendations", "facts"),
    "recommendation.amended": ("recommendations", "facts"),
    "recommendation.element_added": ("elements", "element"),
    "recommendation.element_amended": ("elements", "element"),
}
"""The events that say what a fact is: the kind of fact, and the event's field that holds it."""


def overtaken(db: Connection, register: str) -> set[tuple[str, str, str]]:
    """Kind, key (see `Amendable`) and field of each translation whose original changed since, from the log."""
    before: dict[tuple[str, str], Fact] = {}
    late: set[tuple[str, str, str]] = set()
    for entry in timeline.of_register(db, register, topics=list(TOPICS)):
        kind, name = TOPICS[entry.topic]
        event: Any = entry.event
        fact = getattr(event, name)
        key = f"{event.recommendation}.{fact.id}" if kind == "elements" else fact.id
        if was := before.get((kind, key)):
            for twin, original in translations(type(fact)).items():
                one = (kind, key, twin)
                if not getattr(fact, twin) or getattr(fact, twin) != getattr(was, twin) or twin in event.checked:
                    late.discard(one)
                elif getattr(fact, original) != getattr(was, original):
                    late.add(one)
        before[kind, key] = fact
    return late
