"""How recommendations and elements are filed, as known at an instant: by the latest amendment at or before it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from tests.support.model.facts import ElementAdded, ElementRefiled, Fact, Refiled, Registered


def as_filed(facts: Sequence[Fact], known_at: datetime) -> list[Fact]:
    """The facts without amendments, each item as the latest known one files it."""
    return [_filed(f, facts, known_at) for f in facts if not isinstance(f, Refiled | ElementRefiled)]


def _filed(fact: Fact, facts: Sequence[Fact], known_at: datetime) -> Fact:
    if isinstance(fact, Registered):
        for f in facts:
            if isinstance(f, Refiled) and f.recommendation == fact.recommendation and f.at <= known_at:
                fact = replace(fact, kind=f.kind, theme=f.theme, recommended_on=f.recommended_on)
    elif isinstance(fact, ElementAdded):
        item = fact.recommendation, fact.element
        for f in facts:
            if isinstance(f, ElementRefiled) and (f.recommendation, f.element) == item and f.at <= known_at:
                fact = replace(fact, kind=f.kind, core=f.core)
    return fact
