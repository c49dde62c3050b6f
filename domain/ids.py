"""Computed ids: the same register and natural id always name the same aggregate, so a repeated import conflicts."""

from functools import lru_cache
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0a4d2e-58b7-5d3c-9a41-0c2f7be51d90")


@lru_cache(maxsize=4096)
def aggregate_id(kind: str, register: str, natural_id: str = "") -> UUID:
    """The UUID of an aggregate, from its kind, its register and the id that people use."""
    return uuid5(NAMESPACE, f"{kind}/{register}/{natural_id}" if natural_id else f"{kind}/{register}")


def register_id(register: str) -> UUID:
    return aggregate_id("register", register)


def recommendation_id(register: str, recommendation: str) -> UUID:
    return aggregate_id("recommendation", register, recommendation)


def evidence_id(register: str, evidence: str) -> UUID:
    return aggregate_id("evidence", register, evidence)


def development_id(register: str, development: str) -> UUID:
    return aggregate_id("development", register, development)


def deadline_id(register: str, deadline: str) -> UUID:
    return aggregate_id("deadline", register, deadline)


def review_id(register: str, review: str) -> UUID:
    return aggregate_id("review", register, review)


def response_id(register: str, response: str) -> UUID:
    return aggregate_id("response", register, response)


def assessment_claim(register: str, assessment: str) -> str:
    """The name that keeps an assessment's id unique in its register."""
    return f"assessment/{register}/{assessment}"


def log_id() -> UUID:
    """The stream of the log itself, which belongs to no register."""
    return aggregate_id("log", "")
