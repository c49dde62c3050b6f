"""What a handler receives and what it returns."""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from msgspec import Struct

from domain.base import Aggregate, AnAggregate
from domain.commands import Command
from domain.errors import Conflict, NotFound, Refusal, Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.evidence.record import EvidenceRecord
from domain.ids import evidence_id, recommendation_id, register_id, review_id
from domain.recommendation.aggregate import Recommendation
from domain.recommendation.judging_context import JudgingContext, Sources
from domain.register.aggregate import Register
from domain.response.aggregate import Response
from domain.review.aggregate import Review

ACommand = TypeVar("ACommand", bound=Command)


class Store(Protocol):
    """What handlers need of the store."""

    def stream(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate:
        """The aggregate with this id, also where it does not exist yet or was removed: it can begin there."""

    def find(self, kind: type[AnAggregate], aggregate_id: UUID) -> AnAggregate | None:
        """The aggregate in its current state; None where it does not exist."""

    def claim(self, name: str) -> str | None:
        """What a unique name belongs to, or None if no one has claimed it."""

    def mentioning(self, register: str, ident: str) -> Iterable[Aggregate]:
        """The aggregates of a register (of any, if it is empty) that ever mentioned an id, as they are now."""

    def record_keys(self, register: str, evidence: UUID | None = None) -> tuple[str, ...]:
        """The keys of all texts that one source, or every source of a register, ever had."""


class Changes(Struct, frozen=True):
    """What a command changes: aggregates to save, unique names to claim with the id that each belongs to, texts to
    store beside the log, and the keys of those to erase there. `new_id` is the id of what was created, for the person
    who sent the command. `checks` refuse when all commands of the same step are carried out.
    """

    aggregates: tuple[Aggregate, ...]
    claims: dict[str, str] = {}
    records: tuple[EvidenceRecord, ...] = ()
    erased: tuple[str, ...] = ()
    new_id: str = ""
    checks: tuple[Callable[[Store], None], ...] = ()


UNNAMED = refusal("This form does not say which version you saw. Open the page again, and send it from there.")
CHANGED = refusal("It changed after you opened this page. Look at it again.")
CHANGED_BY_YOU: dict[type[Aggregate], Refusal] = {
    Recommendation: refusal("You changed this recommendation after you opened this page. Look at it again."),
    Response: refusal("You changed this response after you opened this page. Look at it again."),
}
CHANGED_BY_ANOTHER: dict[type[Aggregate], Refusal] = {
    Recommendation: refusal("Another person changed this recommendation after you opened it. Look at it again."),
    Response: refusal("Another person changed this response after you opened it. Look at it again."),
}
"""Why a person cannot decide on another version than they saw; `CHANGED` of anything else."""


def refuse_other_version(aggregate: Aggregate, expected_version: int | None, by: str) -> None:
    """Raise `Conflict` if an aggregate has another version than the person saw; None accepts any."""
    if expected_version is None or expected_version == aggregate.loaded_version:
        return
    words = CHANGED_BY_YOU if aggregate.changed_by == by else CHANGED_BY_ANOTHER
    raise Conflict(words.get(type(aggregate), CHANGED) if expected_version > 0 else UNNAMED)


class CommandContext(Struct, Generic[ACommand], frozen=True):
    """A command with the person who sent it, the instant, and the store to load aggregates from."""

    command: ACommand
    by: str
    at: datetime
    store: Store

    def load_register(self, expected_version: int | None = None) -> Register:
        """The command's register. Raises `NotFound`, or `Conflict` if it has another version."""
        register = self.store.find(Register, register_id(self.command.register))
        if register is None:
            raise NotFound(refusal("There is no register “{id}”.", id=self.command.register))
        refuse_other_version(register, expected_version, self.by)
        return register

    def load_recommendation(self, ident: str, expected_version: int | None = None) -> Recommendation:
        """A recommendation of the register. Raises `NotFound`, or `Conflict` if it has another version."""
        recommendation = self.store.find(Recommendation, recommendation_id(self.command.register, ident))
        if recommendation is None:
            raise NotFound(
                refusal("There is no recommendation “{id}” in “{register}”.", id=ident, register=self.command.register)
            )
        refuse_other_version(recommendation, expected_version, self.by)
        return recommendation

    def load_review(self, ident: str, expected_version: int | None = None) -> Review:
        """A review of the register. Raises `NotFound`, or `Conflict` if it has another version."""
        review = self.store.find(Review, review_id(self.load_register().settings.id, ident))
        if review is None:
            raise NotFound(refusal("There is no review “{id}” in this register.", id=ident))
        refuse_other_version(review, expected_version, self.by)
        return review

    def load_evidence(self, ident: str, expected_version: int | None = None) -> Evidence:
        """An item of evidence of the register. Raises `NotFound`, or `Conflict` if it has another version."""
        evidence = self.store.find(Evidence, evidence_id(self.command.register, ident))
        if evidence is None:
            raise NotFound(refusal("There is no evidence “{id}” in this register.", id=ident))
        refuse_other_version(evidence, expected_version, self.by)
        return evidence

    def texts_of(self, evidence: Evidence) -> tuple[str, ...]:
        """The keys of all texts that an item of evidence ever had, with one that is not stored yet."""
        return (*self.store.record_keys(self.command.register, evidence.id), evidence.record)

    def find_evidence(self, ids: Iterable[str]) -> dict[str, Evidence]:
        """Those of the items of evidence that are in the register, by id."""
        items = ((e, self.store.find(Evidence, evidence_id(self.command.register, e))) for e in ids)
        return {e: item for e, item in items if item is not None}

    def find_sources(self, ids: Iterable[str]) -> Sources:
        """The facts of those items of evidence that are in the register, by id."""
        return sources_of(self.find_evidence(ids))

    def load_unopened_register(self, instead: Refusal) -> Register:
        """The command's register. Raises `Refused` with what to do `instead` if it is open."""
        register = self.load_register()
        if register.is_open:
            raise Refused(instead)
        return register

    def refuse_if_referred_to(self, kind: str, ident: str) -> None:
        """Raise `Refused` if something in the register refers to this now, and name it.

        The id of an element is that of its recommendation, a slash and its own.
        """
        for aggregate in self.store.mentioning(self.command.register, ident.rpartition("/")[2]):
            if (kind, ident) in aggregate.references():
                raise Refused(
                    refusal(
                        "“{other}” refers to “{id}”. Change or remove it first.", other=aggregate.natural_id, id=ident
                    )
                )

    def refuse_if_related_to(self, ident: str) -> None:
        """Raise `Refused` if recommendations of any register relate to this one, and name all of them."""
        register = self.command.register
        here = _relating(self.store.mentioning(register, ident), ident)
        elsewhere = _relating(self.store.mentioning("", f"{register}:{ident}"), f"{register}:{ident}")
        names = [r.facts.id for r in here if r.register == register]
        names += [f"{r.register}:{r.facts.id}" for r in elsewhere if r.register != register]
        if names:
            raise Refused(
                refusal(
                    "“{id}” cannot be removed, because others are related to it: {others}. Remove those relations "
                    "first.",
                    id=ident,
                    others=", ".join(sorted(names)),
                )
            )

    def judging_context(self) -> JudgingContext:
        return JudgingContext.of(self.load_register().settings, self.at)


def _relating(aggregates: Iterable[Aggregate], to: str) -> list[Recommendation]:
    recommendations = (a for a in aggregates if isinstance(a, Recommendation))
    return [r for r in recommendations if any(relation.to == to for relation in r.relations.values())]


def sources_of(evidence: dict[str, Evidence]) -> Sources:
    return {e: item.facts for e, item in evidence.items()}
