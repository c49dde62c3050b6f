"""What a stored register has already of what a sheet says, to be asked row by row."""

from collections import defaultdict
from collections.abc import Iterator

from msgspec import Struct

from app.services.bundles.rows import Bundle
from domain.codes import Status
from domain.times import first_day
from domain.values import Element, Publication, RecommendationFacts, TranslatedFact


class StoredStatus(Struct, frozen=True, gc=False):
    """A status that an item has from a day on."""

    day: str
    status: str


class StoredIndex:
    """The stored register by what rows refer to; empty for a new one."""

    def __init__(self, stored: Bundle | None, proposed: frozenset[tuple[str, str, str, str]]) -> None:
        """`proposed` has the statuses that wait for a second person: recommendation, element, status and day."""
        self.bundle, self.proposed = stored, proposed
        self.recommendations: dict[str, RecommendationFacts] = {}
        self.elements: dict[str, dict[str, Element]] = defaultdict(dict)
        self.publications: dict[str, Publication] = {}
        self.statuses: dict[tuple[str, str], list[StoredStatus]] = {}
        self.assessment_ids: set[str] = set()
        self.deadlines: set[tuple[str, str, str]] = set()
        self.deadline_ids: set[str] = set()
        self.responses: set[tuple[str, str, str]] = set()
        self.response_ids: set[str] = set()
        self.relations: set[tuple[str, str]] = set()
        self.criteria: set[tuple[str, str]] = set()
        self.next_position = 1
        if stored:
            self._read(stored)

    def _read(self, stored: Bundle) -> None:
        self.recommendations = {r.fact.id: r.fact for r in stored.recommendations}
        for element in stored.elements:
            self.elements[element.recommendation][element.fact.id] = element.fact
        self.publications = {r.fact.id: r.fact for r in stored.publications}
        self.assessment_ids = {r.fact.id for r in stored.assessments}
        self.deadlines = {
            (r.recommendation, r.fact.element, r.fact.due_on) for r in stored.deadlines if not r.withdrawn_reason
        }
        self.deadline_ids = {r.fact.id for r in stored.deadlines}
        self.responses = {
            (r.recommendation, r.fact.body, r.fact.position.value) for r in stored.responses if not r.withdrawn_reason
        }
        self.response_ids = {r.fact.id for r in stored.responses}
        self.relations = {(r.from_, r.fact.to) for r in stored.relations if not r.withdrawn_reason}
        self.criteria = {(r.recommendation, r.fact.element) for r in stored.cards}
        positions = [r.fact.position for r in stored.recommendations if r.fact.position is not None]
        self.next_position = max(positions, default=len(stored.recommendations)) + 1
        self._read_statuses(stored)

    def _read_statuses(self, stored: Bundle) -> None:
        withdrawn = {w.assessment for w in stored.withdrawals if w.assessment}
        found: dict[tuple[str, str], list[StoredStatus]] = defaultdict(list)
        for row in stored.assessments:
            if row.fact.id not in withdrawn:
                status = StoredStatus(row.fact.effective_on, row.fact.status.value)
                found[row.recommendation, row.fact.element].append(status)
        for statuses in found.values():
            statuses.sort(key=lambda s: first_day(s.day))
        self.statuses = dict(found)

    def body_names(self) -> Iterator[tuple[str, list[str]]]:
        """The id of each stored body, with its names in all languages; none for one that was merged into another."""
        for row in self.bundle.bodies if self.bundle else ():
            names = [row.fact.name, row.fact.short_name, *_translated(row.fact, "name")]
            yield row.fact.id, [] if row.merged_into else names

    def theme_names(self) -> Iterator[tuple[str, list[str]]]:
        """The id of each stored theme, with its titles in all languages."""
        for row in self.bundle.themes if self.bundle else ():
            yield row.fact.id, [row.fact.title, *_translated(row.fact, "title")]

    def theme_positions(self) -> list[int | None]:
        return [row.fact.position for row in self.bundle.themes] if self.bundle else []

    def publication_names(self) -> Iterator[tuple[str, list[str]]]:
        """The id of each stored publication, with its titles in all languages."""
        for row in self.bundle.publications if self.bundle else ():
            yield row.fact.id, [row.fact.title, *_translated(row.fact, "title")]


def status_in_force(statuses: list[StoredStatus], day: str) -> str:
    """The status that an item holds on a day; “not assessed” before the first."""
    on = first_day(day)
    return next((s.status for s in reversed(statuses) if first_day(s.day) <= on), Status.NOT_ASSESSED.value)


def _translated(fact: TranslatedFact, field: str) -> list[str]:
    return [texts[field] for texts in fact.translations.values() if field in texts]
