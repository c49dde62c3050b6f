"""The facts of one recommendation, as staff pages read them."""

from sqlalchemy import Connection

from domain.errors import NotFound, refusal
from domain.values import Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at


def find_recommendation(db: Connection, register: str, recommendation: str) -> RecommendationFacts:
    """Raises `NotFound`."""
    found = catalogue.recommendation(db, register, recommendation, last_applied_at(db))
    if found is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    return found.facts


def elements_of(db: Connection, register: str, recommendation: str) -> dict[str, Element]:
    """The parts by id, in the order in which they were added."""
    return {e.element.id: e.element for e in catalogue.elements(db, register, last_applied_at(db), recommendation)}
