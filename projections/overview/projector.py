"""Keeps one row per recommendation with what staff filter and sort by."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from msgspec.structs import replace
from sqlalchemy import Connection, Table, delete, select

from domain.base import Event
from domain.ordering import natural_key, place_key
from domain.recommendation.events import (
    CriteriaApproved,
    CriteriaRemoved,
    ElementAdded,
    ElementAmended,
    ElementRemoved,
    RecommendationAmended,
    RecommendationRegistered,
    RecommendationRemoved,
    RecommendationWithdrawn,
)
from domain.register.events import RegisterDiscarded
from domain.values import RecommendationFacts, TranslatedFact, translation_of
from projections.engine.batches import Batch, EventHandlers, RecordedEvent
from projections.engine.bulk_write import write_rows
from projections.overview.tables import (
    StoredOverviewItem,
    StoredOverviewText,
    metadata,
    overview_items,
    overview_texts,
    printed_number,
)

FACTS, CRITERIA = "facts", "criteria"
CRITERIA_TEXTS = ("counts", "does_not_count")
"""The texts of success criteria that count as missing; the sources needed are mostly names."""
ALL_LANGUAGES = "*"
NAMES_PER_QUERY = 500

ItemKey = tuple[str, str]
"""A register and a recommendation."""


class Overview:
    name = "overview"
    version = 4
    metadata = metadata

    def prepare(self, db: Connection) -> None:
        """Nothing beyond the tables."""

    def project(self, batch: Batch, db: Connection) -> None:
        relevant = [recorded for recorded in batch.events if type(recorded.event) in HANDLERS]
        if relevant:
            work = ItemRows(db)
            work.load(relevant)
            HANDLERS.dispatch(relevant, work)
            work.write()


class ItemRows:
    """The rows of the recommendations that a batch is about: read once, written once."""

    def __init__(self, db: Connection) -> None:
        self.db = db
        self.items: dict[ItemKey, StoredOverviewItem] = {}
        self.texts: dict[ItemKey, dict[tuple[str, str], str]] = defaultdict(dict)
        self.stored: set[ItemKey] = set()

    def load(self, events: Iterable[RecordedEvent[Event]]) -> None:
        names: dict[str, set[str]] = defaultdict(set)
        for recorded in events:
            if not isinstance(recorded.event, RegisterDiscarded):
                register, recommendation = _key(recorded.event)
                names[register].add(recommendation)
        for register, ids in names.items():
            ordered = sorted(ids)
            for start in range(0, len(ordered), NAMES_PER_QUERY):
                self._load(register, ordered[start : start + NAMES_PER_QUERY])

    def _load(self, register: str, ids: list[str]) -> None:
        i, t = overview_items.c, overview_texts.c
        for row in self.db.execute(select(overview_items).where(i.register == register, i.recommendation.in_(ids))):
            self.items[register, row.recommendation] = StoredOverviewItem(**row._mapping)
            self.stored.add((register, row.recommendation))
        for row in self.db.execute(select(overview_texts).where(t.register == register, t.recommendation.in_(ids))):
            self.texts[register, row.recommendation][row.element, row.kind] = row.languages

    def remove(self, key: ItemKey) -> None:
        self.items.pop(key, None)
        self.texts.pop(key, None)

    def remove_register(self, register: str) -> None:
        for key in [key for key in self.items if key[0] == register]:
            self.remove(key)
        tables: tuple[Table, ...] = (overview_items, overview_texts)
        for table in tables:
            self.db.execute(delete(table).where(table.c.register == register))

    def write(self) -> None:
        self._delete_stored()
        for key, item in self.items.items():
            self.items[key] = _with_totals(item, self.texts[key])
        write_rows(self.db, overview_items, list(self.items.values()))
        texts = [
            StoredOverviewText(*key, element, kind, languages)
            for key in self.items
            for (element, kind), languages in self.texts[key].items()
        ]
        write_rows(self.db, overview_texts, texts)

    def _delete_stored(self) -> None:
        names: dict[str, list[str]] = defaultdict(list)
        for register, recommendation in sorted(self.stored):
            names[register].append(recommendation)
        tables: tuple[Table, ...] = (overview_items, overview_texts)
        for register, ids in names.items():
            for start in range(0, len(ids), NAMES_PER_QUERY):
                for table in tables:
                    c, part = table.c, ids[start : start + NAMES_PER_QUERY]
                    self.db.execute(delete(table).where(c.register == register, c.recommendation.in_(part)))


def _key(event: Event) -> ItemKey:
    assert isinstance(event, KEYED)
    return event.register, event.recommendation


def _with_totals(item: StoredOverviewItem, texts: dict[tuple[str, str], str]) -> StoredOverviewItem:
    elements = [element for element, kind in texts if kind == FACTS and element]
    without = sum((element, CRITERIA) not in texts for element in elements or [""])
    return replace(item, languages=_common(texts.values()), items_without_criteria=without)


def _common(languages: Iterable[str]) -> str:
    """Those into which all texts are translated, each between commas."""
    sets = [set(codes.split(",")) for codes in languages if codes != ALL_LANGUAGES]
    common = sorted(set.intersection(*sets) - {""}) if sets else []
    return f",{','.join(common)}," if common else ""


def complete_languages(fact: TranslatedFact, names: Sequence[str] = ()) -> str:
    """The languages into which every text of a fact is translated, or those named; `*` where it has none."""
    fields = [name for name in names or fact.TRANSLATED if getattr(fact, name)]
    if not fields:
        return ALL_LANGUAGES
    return ",".join(sorted(code for code in fact.translations if all(translation_of(fact, f, code) for f in fields)))


def title_sort_key(title: str) -> bytes:
    return "\x01".join(natural_key(title)).encode()


def add_recommendation(recorded: RecordedEvent[RecommendationRegistered], work: ItemRows) -> None:
    key, facts = _key(recorded.event), recorded.event.facts
    work.items[key] = _item_row(recorded.position, key, facts)
    work.texts[key] = {("", FACTS): complete_languages(facts)}


def amend_recommendation(recorded: RecordedEvent[RecommendationAmended], work: ItemRows) -> None:
    key, facts = _key(recorded.event), recorded.event.facts
    if key in work.items:
        work.items[key] = _item_row(work.items[key].rec_no, key, facts)
        work.texts[key]["", FACTS] = complete_languages(facts)


def _item_row(number: int, key: ItemKey, facts: RecommendationFacts) -> StoredOverviewItem:
    return StoredOverviewItem(
        rec_no=number,
        register=key[0],
        recommendation=key[1],
        theme=facts.theme,
        number=printed_number(facts.number),
        number_key=place_key(facts),
        title_key=title_sort_key(facts.title),
        languages="",
        items_without_criteria=0,
    )


def set_element(recorded: RecordedEvent[ElementAdded | ElementAmended], work: ItemRows) -> None:
    element = recorded.event.element
    work.texts[_key(recorded.event)][element.id, FACTS] = complete_languages(element)


def set_criteria(recorded: RecordedEvent[CriteriaApproved], work: ItemRows) -> None:
    card = recorded.event.card
    work.texts[_key(recorded.event)][card.element, CRITERIA] = complete_languages(card, CRITERIA_TEXTS)


def remove_element(recorded: RecordedEvent[ElementRemoved], work: ItemRows) -> None:
    texts = work.texts[_key(recorded.event)]
    for kind in (FACTS, CRITERIA):
        texts.pop((recorded.event.element, kind), None)


def remove_criteria(recorded: RecordedEvent[CriteriaRemoved], work: ItemRows) -> None:
    work.texts[_key(recorded.event)].pop((recorded.event.element, CRITERIA), None)


def remove_recommendation(
    recorded: RecordedEvent[RecommendationRemoved | RecommendationWithdrawn], work: ItemRows
) -> None:
    work.remove(_key(recorded.event))


def remove_register(recorded: RecordedEvent[RegisterDiscarded], work: ItemRows) -> None:
    work.remove_register(recorded.event.register)


KEYED = (
    RecommendationRegistered
    | RecommendationAmended
    | RecommendationRemoved
    | RecommendationWithdrawn
    | ElementAdded
    | ElementAmended
    | ElementRemoved
    | CriteriaApproved
    | CriteriaRemoved
)
HANDLERS = (
    EventHandlers[ItemRows, None]()
    .on(RecommendationRegistered, add_recommendation)
    .on(RecommendationAmended, amend_recommendation)
    .on(RecommendationRemoved, remove_recommendation)
    .on(RecommendationWithdrawn, remove_recommendation)
    .on(ElementAdded, set_element)
    .on(ElementAmended, set_element)
    .on(ElementRemoved, remove_element)
    .on(CriteriaApproved, set_criteria)
    .on(CriteriaRemoved, remove_criteria)
    .on(RegisterDiscarded, remove_register)
)
