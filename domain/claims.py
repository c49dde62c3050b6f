"""The names that keep the ids of assessments unique in their register. A claim is never deleted."""

from collections.abc import Iterator
from typing import Protocol
from uuid import UUID

from domain.base import AnAggregate
from domain.ids import assessment_claim, recommendation_id
from domain.recommendation.aggregate import Recommendation


class Claims(Protocol):
    """What is needed of the store."""

    def find(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None: ...

    def claim(self, name: str) -> str | None: ...


def name_to_claim(store: Claims, register: str, assessment: str) -> str:
    """The name to claim for a new assessment.

    The claim of an assessment that was removed stays: a numbered name takes its place. Of an id that is in use, the
    name is claimed already, so that the log refuses it.
    """
    for name in _names(register, assessment):
        owner = store.claim(name)
        if owner is None or _has_assessment(store, register, owner, assessment):
            return name
    raise AssertionError("there is always another name")


def owner_of(store: Claims, register: str, assessment: str) -> str | None:
    """The recommendation that claimed the id of an assessment last; None if none did."""
    last = None
    for name in _names(register, assessment):
        owner = store.claim(name)
        if owner is None:
            return last
        last = owner
    return last


def _names(register: str, assessment: str) -> Iterator[str]:
    base, number = assessment_claim(register, assessment), 1
    yield base
    while True:
        number += 1
        yield f"{base}/{number}"


def _has_assessment(store: Claims, register: str, recommendation: str, assessment: str) -> bool:
    found = store.find(Recommendation, recommendation_id(register, recommendation))
    return found is not None and found.has_assessment(assessment)
