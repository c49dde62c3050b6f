"""Finds the stored recommendation of each row of a sheet: by id, title or number, and never by a guess."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType
from typing import TypeVar

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow, column_number
from app.services.bundles.rows import Bundle
from app.services.mapping.likeness import OTHER_NUMBER, SAME_NUMBER, likeness, number_key, terms, text_key
from app.services.mapping.saved import SaidRow
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import LEAVE_OUT, NEW_ROW, SAME_ROW, MappedColumn, SheetMapping

_K = TypeVar("_K", bound=Hashable)
_V = TypeVar("_V")
_MOST_ALIKE, _COMMON_TERM = 3, 50
"""How many stored titles a question names, and in how many titles a term says nothing about one of them."""


class MatchCause(StrEnum):
    """Why a row is not matched, though it may be one that is stored."""

    TWICE = "twice"
    """Several rows have the same id, or the same number and title."""
    AMBIGUOUS = "ambiguous"
    """Several rows or several stored recommendations have its title or number."""
    OTHER_TITLE = "other_title"
    """Its number is stored with an altogether different title."""
    RESEMBLES = "resembles"
    """Its title is like that of a stored recommendation with another number, which no row has."""
    WITHDRAWN = "withdrawn"
    """It is one that was withdrawn."""


class MatchQuestion(Struct, frozen=True):
    """A row that a person must decide, with the stored recommendations that it may be, the likeliest first."""

    row: int
    cause: MatchCause
    candidates: tuple[str, ...]


class Matches(Struct, frozen=True, kw_only=True):
    """What the rows of a sheet are. Rows are the person's own numbers."""

    rows: dict[int, str] = {}
    """The id of the stored recommendation, by row."""
    new: tuple[int, ...] = ()
    reworded: tuple[int, ...] = ()
    """Matched rows whose title has other words than the stored one."""
    renumbered: tuple[int, ...] = ()
    """Matched rows whose number differs from the stored one."""
    gone: tuple[str, ...] = ()
    """The ids of stored recommendations that no row can be."""
    questions: tuple[MatchQuestion, ...] = ()

    @property
    def is_of_another_register(self) -> bool:
        """Whether almost no row is one that is stored, as if the file were another register's."""
        known, unknown = len(self.rows) + len(self.questions), len(self.new)
        return known * 10 < unknown and known * 10 < len(self.gone)


class _Item(Struct, frozen=True, gc=False):
    """A row, or a stored recommendation, as it is compared."""

    ident: str = ""
    number: str = ""
    title: str = ""
    words: str = ""
    """The title as it is written."""


def match_rows(
    table: SheetTable,
    mapping: SheetMapping,
    stored: Bundle | None,
    said: Mapping[str, SaidRow] = MappingProxyType({}),
    answers: Mapping[int, str] = MappingProxyType({}),
) -> Matches:
    """Return what each row is. Without a stored register all rows are new.

    `said` is what the last file said, by recommendation; `answers` has the id that a person chose for a row; empty for
    a new one.
    """
    if stored is None or not stored.recommendations:
        return Matches(new=tuple(item.number for item in table.items))
    return _Matcher(table, mapping, stored, said, answers).match()


class _Matcher:
    """Matches in steps: each takes rows and stored recommendations that only fit each other."""

    def __init__(
        self,
        table: SheetTable,
        mapping: SheetMapping,
        stored: Bundle | None,
        said: Mapping[str, SaidRow],
        answers: Mapping[int, str],
    ) -> None:
        columns = table.columns or mapping.columns
        self.resembling = mapping.choices.resembling
        self.items = {item.number: _read_item(item, columns) for item in table.items}
        recommendations = stored.recommendations if stored else ()
        self.stored = {
            r.fact.id: _Item(r.fact.id, number_key(r.fact.number), text_key(r.fact.title), r.fact.title)
            for r in recommendations
        }
        self.said = {
            ident: _Item(ident, number_key(row.number), text_key(row.title), row.title)
            for ident, row in said.items()
            if ident in self.stored
        }
        self.said_digests = {ident: said[ident].digest for ident in self.said}
        self.digests = {i.number: row_digest(i, columns) for i in table.items} if self.said else {}
        self.withdrawn = {w.recommendation for w in stored.withdrawals if w.recommendation} if stored else set()
        self.answers = answers
        self.rows: dict[int, str] = {}
        self.questions: dict[int, MatchQuestion] = {}
        self.decided_new: set[int] = set()
        self.open_rows = dict.fromkeys(self.items)
        self.open_stored = dict.fromkeys(self.stored)

    def match(self) -> Matches:
        self._take_answers()
        self._take_same_rows()
        self._take(lambda item: item.ident, self.stored, twice=True)
        for known in (self.said, self.stored):
            self._take(_number_and_title, known, twice=True)
        for known in (self.said, self.stored):
            self._take(lambda item: item.title, known)
        for known in (self.said, self.stored):
            self._take_numbers(known)
        self._ask_about_alike()
        self._ask_about_withdrawn()
        return Matches(
            rows=dict(sorted(self.rows.items())),
            new=tuple(sorted({*self.open_rows, *self.decided_new})),
            reworded=tuple(row for row, ident in sorted(self.rows.items()) if self._is_reworded(row, ident)),
            renumbered=tuple(row for row, ident in sorted(self.rows.items()) if self._is_renumbered(row, ident)),
            gone=tuple(ident for ident in self.open_stored if ident not in self.withdrawn | self._asked_about()),
            questions=tuple(self.questions[row] for row in sorted(self.questions)),
        )

    def _take_answers(self) -> None:
        """What a person chose. Of several rows with one id none is taken."""
        chosen = {row: ident for row, ident in self.answers.items() if row in self.items}
        for row, ident in chosen.items():
            if not ident:
                del self.open_rows[row]
                self.decided_new.add(row)
        for ident, rows in _grouped((ident, row) for row, ident in chosen.items()).items():
            if ident in self.open_stored:
                self._settle(rows, [ident], MatchCause.TWICE)

    def _take_same_rows(self) -> None:
        """Rows that say just what they said last time. Rows that are all alike are taken in their order."""
        if not self.said:
            return
        rows = _grouped((self.digests[row], row) for row in self.open_rows)
        idents = _grouped((d, ident) for ident, d in self.said_digests.items() if d and ident in self.open_stored)
        for digest, some in rows.items():
            others = idents.get(digest, [])
            if len(some) == len(others):
                for row, ident in zip(some, others, strict=True):
                    self._match(row, ident)

    def _take(self, key_of: Callable[[_Item], Hashable], known: Mapping[str, _Item], *, twice: bool = False) -> None:
        """Rows that alone have the key of one stored recommendation. With `twice`, a repeated key is a mistake."""
        rows = _grouped((key, row) for row in self.open_rows if (key := key_of(self.items[row])))
        idents = _grouped((key, i) for i in self.open_stored if i in known and (key := key_of(known[i])))
        for key, some in rows.items():
            if key in idents:
                self._settle(some, idents[key], MatchCause.TWICE if twice else MatchCause.AMBIGUOUS)

    def _take_numbers(self, known: Mapping[str, _Item]) -> None:
        """Rows with a stored number whose title has other words, or that have no title."""
        rows = _grouped((number, row) for row in self.open_rows if (number := self.items[row].number))
        idents = _grouped((n, i) for i in self.open_stored if i in known and (n := known[i].number))
        for number, some in rows.items():
            if number not in idents:
                continue
            if len(some) > 1 or len(idents[number]) > 1:
                self._settle(some, idents[number], MatchCause.AMBIGUOUS)
            elif self._is_alike(some[0], known[idents[number][0]]):
                self._match(some[0], idents[number][0])

    def _is_alike(self, row: int, stored: _Item) -> bool:
        title = self.items[row].title
        return not title or not stored.title or likeness(title, stored.title) >= SAME_NUMBER

    def _ask_about_alike(self) -> None:
        """Rows left whose number has another title, or whose title is like one that no row has."""
        if not self.open_stored:
            return
        by_number = _grouped((n, i) for i in self.open_stored if (n := self.stored[i].number))
        titles = _Titles({ident: self.stored[ident].words for ident in self.open_stored})
        asked = {}
        for row in self.open_rows:
            item = self.items[row]
            alike = titles.find(item.words) if self.resembling != NEW_ROW else []
            candidates = dict.fromkeys((*alike, *by_number.get(item.number, ())))
            if candidates:
                cause = MatchCause.RESEMBLES if alike else MatchCause.OTHER_TITLE
                asked[row] = MatchQuestion(row, cause, tuple(candidates))
        wanted = _grouped((ident, row) for row, question in asked.items() for ident in question.candidates)
        for row, question in asked.items():
            first = question.candidates[0]
            is_only = len(question.candidates) == 1 and len(wanted[first]) == 1
            if self.resembling == SAME_ROW and question.cause is MatchCause.RESEMBLES and is_only:
                self._match(row, first)
            else:
                self._ask(row, question.cause, question.candidates)

    def _ask_about_withdrawn(self) -> None:
        for row, ident in list(self.rows.items()):
            if ident in self.withdrawn:
                del self.rows[row]
                self.questions[row] = MatchQuestion(row, MatchCause.WITHDRAWN, (ident,))

    def _settle(self, rows: list[int], idents: list[str], cause: MatchCause) -> None:
        """Match one row with one stored recommendation; ask if there are several."""
        if len(rows) == len(idents) == 1:
            self._match(rows[0], idents[0])
            return
        for row in rows:
            self._ask(row, cause if len(rows) > 1 else MatchCause.AMBIGUOUS, tuple(idents))

    def _match(self, row: int, ident: str) -> None:
        self.rows[row] = ident
        del self.open_rows[row], self.open_stored[ident]

    def _ask(self, row: int, cause: MatchCause, candidates: tuple[str, ...]) -> None:
        self.questions[row] = MatchQuestion(row, cause, candidates)
        del self.open_rows[row]

    def _asked_about(self) -> set[str]:
        return {ident for question in self.questions.values() for ident in question.candidates}

    def _is_reworded(self, row: int, ident: str) -> bool:
        title = self.items[row].title
        known = {items[ident].title for items in (self.said, self.stored) if ident in items}
        return bool(title) and title not in known

    def _is_renumbered(self, row: int, ident: str) -> bool:
        number = self.items[row].number
        known = {items[ident].number for items in (self.said, self.stored) if ident in items}
        return bool(number) and number not in known


class _Titles:
    """Finds titles that are like another one, by the terms that few of them have."""

    def __init__(self, titles: Mapping[str, str]) -> None:
        self.keys = {ident: text_key(title) for ident, title in titles.items()}
        self.having: dict[str, list[str]] = defaultdict(list)
        for ident, title in titles.items():
            for term in set(terms(title)):
                if len(self.having[term]) <= _COMMON_TERM:
                    self.having[term].append(ident)

    def find(self, title: str) -> list[str]:
        """The ids of the titles that are like this one, the most alike first."""
        key, found = text_key(title), dict[str, float]()
        for term in set(terms(title)):
            idents = self.having.get(term, [])
            if len(idents) <= _COMMON_TERM:
                found |= {i: likeness(key, self.keys[i]) for i in idents if i not in found}
        alike = [ident for ident, part in found.items() if part >= OTHER_NUMBER]
        return sorted(alike, key=lambda ident: (-found[ident], ident))[:_MOST_ALIKE]


def _number_and_title(item: _Item) -> tuple[str, str] | None:
    return (item.number, item.title) if item.number and item.title else None


def _grouped(pairs: Iterable[tuple[_K, _V]]) -> dict[_K, list[_V]]:
    groups: dict[_K, list[_V]] = defaultdict(list)
    for key, value in pairs:
        groups[key].append(value)
    return dict(groups)


def _read_item(item: SheetItem, columns: Iterable[MappedColumn]) -> _Item:
    texts = item_texts(item.row, columns)
    title = texts.get("title", "")
    ident = texts.get("id", "").strip().lower()
    return _Item(ident, number_key(texts.get("number", "")), text_key(title), title)


def item_texts(row: CellRow, columns: Iterable[MappedColumn]) -> dict[str, str]:
    """The texts of a row by field, in the first language; texts of several columns are joined."""
    found: dict[str, list[str]] = defaultdict(list)
    for column in columns:
        if not column.language and (text := row.cell(column_number(column.column)).strip()):
            found[column.field].append(text)
    return {field: " ".join(texts) for field, texts in found.items()}


def row_digest(item: SheetItem, columns: Iterable[MappedColumn]) -> str:
    """A digest of all that a row and its parts say in columns that are not left out, wherever these are."""
    digest = blake2b(digest_size=12)
    for text in sorted(_said(item, columns)):
        digest.update(text.encode() + b"\0")
    return digest.hexdigest()


def _said(item: SheetItem, columns: Iterable[MappedColumn]) -> Iterator[str]:
    for place, row in enumerate((item.row, *item.parts)):
        for column in columns:
            if column.field != LEAVE_OUT and (text := row.cell(column_number(column.column)).strip()):
                yield "\x1f".join((str(place), column.field, column.language, column.on, column.heading, text))
