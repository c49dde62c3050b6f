"""Counts and guesses the values of matched columns: words, names, hosts and dates, and what rows do not say."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import repeat

from msgspec import structs

from app.adapters.spreadsheets.cells import CellRow, column_number
from app.services.bundles.ids import IdMaker
from app.services.bundles.rows import Bundle
from app.services.mapping.column_values import ColumnValues
from app.services.mapping.fields import FIELDS
from app.services.mapping.guesses import DateGuess, HostGuess, MissingThing, NameGuess, WordGuess
from app.services.mapping.hosts import find_addresses, guess_source_class, host_of
from app.services.mapping.near_names import DIFFERENT, PART, SAME, NearNames, find_near_names, is_small, name_key
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import HostChoice, MappedColumn, NameChoice, SheetMapping
from app.services.mapping.words import WORD_FIELDS, guess_word, word_key
from domain.codes import SourceClass
from domain.errors import refusal
from domain.values import Body, Publication, Theme

ROWS_SHOWN = 6
DATE_FIELDS = ("deadline", "deadline_stated_on", "status_on", "recommended_on", "source_on", "response_on")
_NAME_FIELDS = {
    "bodies": ("addressees", "joint_addressees", "response_by"),
    "themes": ("theme",),
    "publications": ("publication", "also_in"),
}


class Tally:
    """How often each text occurs, and the first rows where it does."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.rows: dict[str, list[int]] = defaultdict(list)

    def add_cells(self, cells: Sequence[tuple[str, int]], split: Callable[[str], Iterable[str]]) -> None:
        """Count the values in cells; each different cell is split once."""
        first: dict[str, list[int]] = {}
        for text, number in cells:
            rows = first.get(text)
            if rows is None:
                first[text] = [number]
            elif len(rows) < ROWS_SHOWN:
                rows.append(number)
        for text, count in Counter(text for text, _number in cells).items():
            for value in split(text):
                if value:
                    self.counts[value] += count
                    self.rows[value] = sorted({*self.rows[value], *first[text]})[:ROWS_SHOWN]

    def grouped(self, key: Callable[[str], str]) -> list[tuple[tuple[str, ...], int, tuple[int, ...]]]:
        """Texts with the same key: their spellings, the most common first, with count and first rows."""
        groups: dict[str, list[str]] = defaultdict(list)
        for text, _count in self.counts.most_common():
            groups[key(text)].append(text)
        found = [
            (
                tuple(spellings),
                sum(self.counts[text] for text in spellings),
                tuple(sorted({row for text in spellings for row in self.rows[text]})[:ROWS_SHOWN]),
            )
            for spellings in groups.values()
        ]
        return sorted(found, key=lambda group: -group[1])


def rows_of(table: SheetTable) -> Iterator[CellRow]:
    """The rows of all items and of their parts."""
    for item in table.items:
        yield item.row
        yield from item.parts


def split_values(text: str, column: MappedColumn) -> Iterable[str]:
    """The values in a cell, on one line each."""
    if not FIELDS[column.field].several:
        return (" ".join(text.split()),)
    lines = text.split("\n")
    if column.separator and column.separator != "\n":
        lines = [part for line in lines for part in line.split(column.separator)]
    return (value for line in lines if (value := " ".join(line.split())))


def _cells(table: SheetTable, column: int) -> list[tuple[str, int]]:
    """The texts of a column with the numbers of their rows."""
    return [(row.cells[column], row.number) for row in rows_of(table) if len(row.cells) > column]


def _columns(table: SheetTable, fields: Iterable[str]) -> list[tuple[int, MappedColumn]]:
    wanted = set(fields)
    return [(column_number(c.column), c) for c in table.columns if c.field in wanted and not c.language]


def guess_words(table: SheetTable, mapping: SheetMapping) -> dict[str, tuple[WordGuess, ...]]:
    """The words of each field that stand for codes; answers that the mapping has stay."""
    found = {}
    for field in WORD_FIELDS:
        tally = Tally()
        for n, _column in _columns(table, (field,)):
            tally.add_cells(_cells(table, n), lambda text: (" ".join(text.split()),))
        if tally.counts:
            found[field] = tuple(
                _word(field, mapping.words.get(field, {}), *group) for group in tally.grouped(word_key)
            )
    return found


def _word(
    field: str, answers: Mapping[str, str], spellings: tuple[str, ...], count: int, rows: tuple[int, ...]
) -> WordGuess:
    by_key = {word_key(word): code for word, code in answers.items() if code}
    is_answered = word_key(spellings[0]) in by_key
    code = by_key[word_key(spellings[0])] if is_answered else guess_word(field, spellings[0]) or ""
    is_new = bool(answers) and not is_answered and not any(spelling in answers for spelling in spellings)
    return WordGuess(word=spellings[0], spellings=spellings, code=code, count=count, rows=rows, is_new=is_new)


def count_names(table: SheetTable, kind: str, chosen: Iterable[str] = ()) -> Tally:
    """The names of bodies, themes or publications in the cells of a sheet; headings between items are themes."""
    tally = Tally()
    for n, column in _columns(table, _NAME_FIELDS[kind]):
        tally.add_cells(_cells(table, n), partial(split_values, column=column))
    if kind == "themes":
        headings = [(" ".join(i.heading.cells), i.heading.number) for i in table.items if i.heading]
        tally.add_cells(headings, lambda text: (" ".join(text.split()),))
    for name in chosen:
        if name and name not in tally.counts:
            tally.counts[name] = 0
    return tally


def stored_names(stored: Bundle | None) -> dict[str, dict[str, str]]:
    """The ids of what is stored, by all names that it has; of `bodies`, `themes` and `publications`."""
    if stored is None:
        return {"bodies": {}, "themes": {}, "publications": {}}
    return {
        "bodies": _ids_by_name((row.fact, ("name", "short_name")) for row in stored.bodies),
        "themes": _ids_by_name((row.fact, ("title",)) for row in stored.themes),
        "publications": _ids_by_name((row.fact, ("title",)) for row in stored.publications),
    }


def _ids_by_name(facts: Iterable[tuple[Body | Theme | Publication, tuple[str, ...]]]) -> dict[str, str]:
    ids: dict[str, str] = {}
    for fact, fields in facts:
        translated = [texts.get(field, "") for texts in fact.translations.values() for field in fields]
        for name in (*(str(getattr(fact, field)) for field in fields), *translated, fact.id):
            if name:
                ids.setdefault(name, fact.id)
    return ids


def guess_names(
    tally: Tally, answers: Mapping[str, NameChoice], stored: Mapping[str, str], fallback: str
) -> tuple[dict[str, NameChoice], tuple[NameGuess, ...], tuple[NearNames, ...]]:
    """An id for every name: as answered, as stored (ids by name), or made; and the pairs that look alike.

    What looks alike and was not answered yet has the suggested answer.
    """
    by_key = {name_key(name): choice for name, choice in answers.items()}
    stored_by_key = {name_key(name): ident for name, ident in stored.items()}
    ids = IdMaker((*stored.values(), *(choice.id for choice in answers.values())), fallback)
    choices: dict[str, NameChoice] = {}
    groups = tally.grouped(name_key)
    first = {name_key(spellings[0]): spellings[0] for spellings, _count, _rows in groups}
    near = find_near_names({spellings[0]: count for spellings, count, _rows in groups})
    for spellings, _count, _rows in groups:
        key = name_key(spellings[0])
        known = by_key.get(key)
        if known is None and key in stored_by_key:
            known = NameChoice(id=stored_by_key[key])
        choices[spellings[0]] = known or NameChoice(id=ids.make(spellings[0]))
    new = {name for key, name in first.items() if key not in by_key}
    near = tuple(_settled(pair, choices, new) for pair in near)
    guesses = tuple(
        NameGuess(
            name=spellings[0],
            spellings=spellings,
            id=choices[spellings[0]].id,
            count=count,
            rows=rows,
            is_new=bool(answers) and spellings[0] in new,
        )
        for spellings, count, rows in groups
    )
    for guess in guesses:
        if not (choices[guess.name].name or guess.count == 0) and guess.name.isupper() and fallback == "theme":
            choices[guess.name] = structs.replace(choices[guess.name], name=without_capitals(guess.name))
        choices |= dict.fromkeys(guess.spellings, choices[guess.name])
    return choices, guesses, near


def without_capitals(heading: str) -> str:
    """A heading that is all in capitals as it is usually written; short words such as `IT` may be names."""
    words = [
        word if len(word) < 4 and name_key(word) and not is_small(word) else word.lower() for word in heading.split()
    ]
    text = " ".join(words)
    return text[:1].upper() + text[1:]


def _settled(pair: NearNames, choices: dict[str, NameChoice], new: set[str]) -> NearNames:
    """A pair with the answer that the choices give; a suggestion is applied if one of the names is new."""
    first, second = choices[pair.first], choices[pair.second]
    if pair.second in new and pair.answer == SAME and not second.parent:
        choices[pair.second] = structs.replace(first, name=first.name or pair.first) if first.id else second
    elif pair.second in new and pair.answer == PART and not second.parent and second.id not in (first.id, first.parent):
        choices[pair.second] = structs.replace(second, parent=first.id)
    first, second = choices[pair.first], choices[pair.second]
    answer = SAME if first.id == second.id else PART if first.id == second.parent else DIFFERENT
    return structs.replace(pair, answer=answer)


def guess_hosts(
    table: SheetTable, answers: Mapping[str, HostChoice]
) -> tuple[dict[str, HostChoice], tuple[HostGuess, ...]]:
    """The class of every host that links lead to: as answered, as the host shows, or not classified yet."""
    counts: Counter[str] = Counter()
    examples: dict[str, str] = {}
    for address, count in Counter(_addresses(table)).items():
        if host := host_of(address):
            counts[host] += count
            examples.setdefault(host, address)
    choices, guesses = {}, []
    for host, count in counts.most_common():
        guessed = guess_source_class(host)
        choices[host] = answers.get(host) or HostChoice(source_class=guessed or SourceClass.UNCLASSIFIED)
        guesses.append(
            HostGuess(
                host=host,
                source_class=choices[host].source_class,
                is_guessed=bool(guessed) and host not in answers,
                count=count,
                example=examples[host],
                publisher=choices[host].publisher,
                is_new=bool(answers) and host not in answers,
            )
        )
    return choices, tuple(guesses)


def _addresses(table: SheetTable) -> Iterator[str]:
    """The addresses of all sources, in the cells and behind their texts."""
    links = table.sheet.links
    for n, column in _columns(table, ("source", "response_source")):
        for text, count in Counter(text for text, _number in _cells(table, n)).items():
            for address in find_addresses(text):
                yield from repeat(address, count)
        if links:
            names = (f"{column.column}{row.number}" for row in rows_of(table))
            yield from (links[name] for name in names if name in links)


def guess_dates(table: SheetTable, mapping: SheetMapping) -> tuple[str, DateGuess | None]:
    """The order of day and month in the file: as answered, as other dates show it, or as usual in its language."""
    ambiguous, clear, example, orders = 0, 0, "", Counter[str]()
    letters = []
    for n, column in _columns(table, DATE_FIELDS):
        values = ColumnValues(n, column.heading, [row.cell(n) for row in rows_of(table)])
        count, others, first, own = values.count_dates()
        clear, orders, example = clear + others, orders + own, example or first
        if count:
            ambiguous += count
            letters.append(column.column)
    if not ambiguous:
        return mapping.date_order, None
    if mapping.date_order:
        order, why = mapping.date_order, refusal("As chosen.")
    elif orders:
        order = orders.most_common(1)[0][0]
        why = refusal("By {count} other dates that can be read in one way only.", count=orders[order])
    elif "/" in example and _is_american(table):
        order, why = "mdy", refusal("By words in American spelling.")
    else:
        order, why = "dmy", refusal("As most countries write dates. No other date in the file shows the order.")
    guess = DateGuess(order=order, example=example, ambiguous=ambiguous, clear=clear, columns=tuple(letters), why=why)
    return order, guess


def _is_american(table: SheetTable) -> bool:
    text = " ".join(" ".join(item.row.cells) for item in table.items[:200]).lower()
    american = ("labor ", "defense", "program ", "center ", "federal ", "congress", "fiscal year", "organization")
    return sum(word in text for word in american) > 1


ABOUT_ITEMS = frozenset({"kind", "criteria", "theme", "addressees", "publication", "recommended_on"})
"""What is asked about a new recommendation only; the rest is about statements, which any row may bring."""


def find_missing(table: SheetTable, mapping: SheetMapping) -> tuple[MissingThing, ...]:
    """What the sheet does not say, each thing once with the number of recommendations without it."""
    places = defaultdict(list)
    for column in table.columns:
        if not column.language:
            places[column.field].append(column_number(column.column))
    items = table.items
    missing = []

    def check(what: str, *fields: str, among: Sequence[int] | None = None, also: bool = False) -> None:
        numbers = [n for field in fields for n in places.get(field, ())]
        rows = [
            item.number
            for item in items
            if not (numbers and _says(item, numbers))
            and not (also and item.heading)
            and (among is None or _says(item, among))
        ]
        if rows:
            missing.append(MissingThing(what=what, rows=len(rows), total=len(items), examples=tuple(rows[:ROWS_SHOWN])))

    check("title", "title", "summary")
    check("kind", "kind")
    check("criteria", "counts")
    check("theme", "theme", also=mapping.heading_rows == "theme")
    check("addressees", "addressees", "joint_addressees")
    check("publication", "publication")
    check("recommended_on", "recommended_on")
    undated = [column_number(c.column) for c in table.columns if c.field == "status" and not c.on]
    if undated:
        check("status_on", "status_on", among=undated)
    if places.get("status"):
        check("source", "source", among=places["status"])
    if places.get("response"):
        check("response_on", "response_on", among=places["response"])
        check("response_source", "response_source", "source", among=places["response"])
    return tuple(missing)


def _says(item: SheetItem, columns: Sequence[int]) -> bool:
    """Whether an item has a text in one of some columns."""
    cells = item.row.cells
    return any(n < len(cells) and cells[n] and not cells[n].isspace() for n in columns)
