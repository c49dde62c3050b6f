"""Relations of a recommendation as pages show them: the other side with its status at the same pair of times.

A recommendation of another register is shown once that register is open, and not for instants before it.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from msgspec import Struct
from sqlalchemy import Connection

from app.presentation.i18n.labels import RELATION, RELATION_INVERSE
from app.presentation.i18n.localize import localized_text, originals_in
from app.presentation.i18n.translation import _
from domain.codes import Status
from domain.ordering import ItemKey as ItemOrderKey
from domain.ordering import item_key
from domain.recommendation.lineage import ItemKey
from domain.times import first_day
from domain.values import RecommendationFacts, RegisterSettings, Relation
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.lineage import queries as lineage
from projections.lineage.queries import KnownRelation
from projections.scorecards.queries import standings_of
from projections.scorecards.results import Standing, TimePair


class Edition(Struct, frozen=True):
    """A recommendation with its status at a pair of times; `standing` is None where it is on no scorecard."""

    register: RegisterSettings
    facts: RecommendationFacts
    standing: Standing | None

    @property
    def key(self) -> ItemKey:
        return self.register.id, self.facts.id

    @property
    def title(self) -> str:
        """In the language of the page, else in that of its own register."""
        with originals_in(self.register.languages[0]):
            return localized_text(self.facts, "title")


class RelatedEdition(Struct, frozen=True):
    """One relation, read from one side. `edition` is None for an address outside, or what is not public here."""

    label: str
    relation: Relation
    edition: Edition | None


class Editions:
    """Finds recommendations of open registers, each once, at a pair of times."""

    def __init__(self, db: Connection, own: RegisterEntry, pair: TimePair) -> None:
        self._db, self._pair, self._found = db, pair, dict[ItemKey, Edition | None]()
        entries = [own, *(e for e in catalogue.registers(db) if e.id != own.id and _is_open_at(e, pair.known_at))]
        self._registers = {e.id: e.as_known(pair.known_at).settings for e in entries}
        self.own = own.id

    @property
    def open_registers(self) -> set[str]:
        return set(self._registers)

    def find(self, key: ItemKey) -> Edition | None:
        """A recommendation; None if it is not public here or not known by then."""
        self._read([key])
        return self._found[key]

    def related(self, ident: str) -> list[RelatedEdition]:
        """The relations of a recommendation of the own register, from it and to it."""
        item = (self.own, ident)
        relations = lineage.of_recommendation(self._db, *item, self._pair.as_of, self._pair.known_at)
        return [r for relation in relations if (r := self._related(relation, item))]

    def successors(self, item: ItemKey) -> list[Edition]:
        """The later editions that relations name."""
        relations = lineage.of_recommendation(self._db, *item, self._pair.as_of, self._pair.known_at)
        keys = lineage.successors(relations, item, self.open_registers)
        self._read(keys)
        return [edition for key in keys if (edition := self.find(key))]

    def successors_in_register(self, ids: Collection[str] | None = None) -> dict[str, list[ItemKey]]:
        """The later editions of each recommendation of the own register that has any, by id; or of some."""
        relations = lineage.of_register(self._db, self.own, self._pair.as_of, self._pair.known_at, ids)
        by_id = {i: lineage.successors(r, (self.own, i), self.open_registers) for i, r in relations.items()}
        self._read(key for keys in by_id.values() for key in keys)
        return {i: keys for i, found in by_id.items() if (keys := [key for key in found if self.find(key)])}

    def chain(self, ident: str) -> tuple[list[Edition], list[KnownRelation]]:
        """All editions connected with a recommendation, oldest first, and the relations between them."""
        item = (self.own, ident)
        keys, relations = lineage.chain(self._db, item, self._pair.as_of, self._pair.known_at, self.open_registers)
        self._read(keys)
        editions = [edition for key in keys if key[0] and (edition := self.find(key))]
        return sorted(editions, key=_oldest_first), relations

    def _related(self, relation: KnownRelation, item: ItemKey) -> RelatedEdition | None:
        if relation.source == item:
            return RelatedEdition(str(RELATION[relation.relation]), relation.facts, self.find(relation.target))
        edition = self.find(relation.source)
        return RelatedEdition(str(RELATION_INVERSE[relation.relation]), relation.facts, edition) if edition else None

    def _read(self, keys: Iterable[ItemKey]) -> None:
        """Read the recommendations that were not read yet, those of one register together."""
        missing: dict[str, set[str]] = {}
        for key in keys:
            if key not in self._found:
                self._found[key] = None
                missing.setdefault(key[0], set()).add(key[1])
        for register in missing.keys() & self._registers.keys():
            known_at, settings = self._pair.known_at, self._registers[register]
            entries = catalogue.recommendations_of(self._db, register, known_at, missing[register])
            known = {i: e.facts for i, e in entries.items() if e.registered_at <= known_at}
            found = standings_of(self._db, register, self._pair, known)
            self._found |= {(register, i): Edition(settings, facts, found.get(i)) for i, facts in known.items()}


def names_between(relations: Iterable[KnownRelation]) -> dict[ItemKey, list[tuple[str, KnownRelation]]]:
    """For each edition, the relations that it states, with their labels."""
    by_source: dict[ItemKey, list[tuple[str, KnownRelation]]] = {}
    for relation in relations:
        by_source.setdefault(relation.source, []).append((str(RELATION[relation.relation]), relation))
    return by_source


def successor_words(editions: Editions, ids: Iterable[str]) -> dict[str, str]:
    """By id, which later editions continue recommendations of the own register; those without any are left out."""
    found = {ident: editions.successors((editions.own, ident)) for ident in ids}
    return {i: continued_words(e.title for e in later) for i, later in found.items() if later}


def superseded_words(editions: Editions, standing: Standing | None) -> str:
    """What continues a recommendation that no longer applies; empty for any other."""
    if standing is None or standing.status is not Status.SUPERSEDED:
        return ""
    return successor_words(editions, [standing.id]).get(standing.id, "")


def continued_words(titles: Iterable[str]) -> str:
    return _("Continued by %(titles)s.", titles="; ".join(f"“{title}”" for title in titles))


def _is_open_at(entry: RegisterEntry, known_at: datetime) -> bool:
    return entry.opened_at is not None and entry.opened_at <= known_at


def _oldest_first(edition: Edition) -> tuple[int, str, ItemOrderKey]:
    return first_day(edition.facts.recommended_on).toordinal(), edition.register.id, item_key(edition.facts)
