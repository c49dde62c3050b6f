"""What the builders of rows share: the fields of a row, names and sources, words and days, and the rows so far."""

import re
from collections.abc import Iterable
from datetime import date

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.known_names import several
from app.services.bundles.rows import Bundle
from app.services.bundles.typed_dates import is_ambiguous, read_date
from app.services.mapping.field_reading import FieldReader
from app.services.mapping.names import NameBook
from app.services.mapping.public_texts import has_words, public_text
from app.services.mapping.row_problems import RowProblems
from app.services.mapping.source_rows import SourceBook, SourceReader
from app.services.mapping.stored_index import StoredIndex
from app.services.mapping.table import SheetTable
from app.services.mapping.types import LEAVE_OUT, NameChoice, SheetMapping
from domain.codes import Cause, Confidence, Kind, Motion, Position, Status
from domain.errors import refusal
from domain.times import shown
from domain.values import RegisterSettings

_CODES = {
    "status": frozenset(s.value for s in Status),
    "kind": frozenset(k.value for k in Kind),
    "confidence": frozenset(c.value for c in Confidence),
    "cause": frozenset(c.value for c in Cause),
    "motion": frozenset(m.value for m in Motion),
    "response": frozenset(p.value for p in Position),
    "priority": frozenset({"yes", "no"}),
}
_YES = frozenset({"yes", "y", "x", "✓", "✔", "true", "1", "예", "high"})
_NO = frozenset({"no", "n", "false", "0", "아니요"})
_QUARTER = re.compile(r"Q([1-4])[\s/-]*(\d{4})|(\d{4})[\s/-]*Q([1-4])|(\d{4})년\s*([1-4])분기", re.IGNORECASE)
_YEAR_END = re.compile(r"(?:by )?(?:the )?end of (?:the year )?(\d{4})|(\d{4})년\s*(?:연?말|말까지)", re.IGNORECASE)


class Approach(Struct, frozen=True):
    """How what a sheet says becomes public.

    `approved_by` approves the success criteria that come with the sheet or stand for missing ones; they are drafts
    without. If it `proposes`, the newest status of each item waits for a second person, unless it is `proposed`:
    recommendation, element, status and day.
    """

    approved_by: str = ""
    proposes: bool = False
    proposed: frozenset[tuple[str, str, str, str]] = frozenset()


class BuildContext:
    """Everything that is known while the rows of one sheet are built."""

    def __init__(
        self,
        table: SheetTable,
        mapping: SheetMapping,
        settings: RegisterSettings,
        stored: Bundle | None,
        today: date,
        approach: Approach,
    ) -> None:
        self.mapping, self.settings, self.today = mapping, settings, today
        self.approved_by, self.proposes = approach.approved_by, approach.proposes
        self.language, self.languages = settings.languages[0], settings.languages[1:]
        self.fields = FieldReader(table.columns, table.sheet, self.language)
        self.problems = RowProblems(table.file)
        self.stored = StoredIndex(stored, approach.proposed)
        self.bodies = NameBook(mapping.bodies, self.stored.body_names(), "body")
        self.themes = NameBook(mapping.themes, self.stored.theme_names(), "theme")
        titles = {name: NameChoice(id=c.id, name=c.title) for name, c in mapping.publications.items()}
        self.publications = NameBook(titles, self.stored.publication_names(), "publication")
        self.source_book = SourceBook(mapping, stored, self.language, table.sources)
        self.sources = SourceReader(self.fields, self.source_book, self.day)
        self.notes: dict[str, list[str]] = {}
        self._public_texts: dict[tuple[str, ...], list[str]] = {}
        self._codes: dict[tuple[str, str], str | None] = {}
        self._words = {
            field: {_word_key(word): code for word, code in words.items()} for field, words in mapping.words.items()
        }
        self._staged: list[tuple[str, int, list[str]]] = []
        self.records: dict[str, list[tuple[int, list[str]]]] = {}

    def stage(self, sheet: str, line: int, record: list[str]) -> None:
        """Note a row of a file of the bundle, which counts once its item is without problems."""
        self._staged.append((sheet, line, record))

    def keep_staged(self, *, keep: bool) -> None:
        """Keep the rows of an item, or forget them."""
        if keep:
            for sheet, line, record in self._staged:
                self.records.setdefault(sheet, []).append((line, record))
        self._staged = []

    def note(self, recommendation: str, heading: str, text: str) -> None:
        """Note a text for staff."""
        self.notes.setdefault(recommendation, []).append(f"{heading}: {text}" if heading else text)

    def translated(self, row: CellRow, field: str) -> list[str]:
        """The texts of a field in the other languages of the register, in their order."""
        return [self.fields.text(row, field, language) for language in self.languages]

    def public_texts(self, kind: str, **values: str) -> list[str]:
        """A sentence about what the sheet does not say, in the languages of the register."""
        key = kind, *values.values()
        if key not in self._public_texts:
            original = public_text(kind, self.language, **values)
            others = (public_text(kind, c, **values) if has_words(c) else "" for c in self.languages)
            self._public_texts[key] = [original, *others]
        return self._public_texts[key]

    def day(self, row: CellRow, field: str) -> str:
        """The day in a field, as precise as it is written; empty if there is none or it cannot be read."""
        text = self.fields.first(row, field)
        return self._read_day(row.number, field, text) if text else ""

    def id_named(self, book: NameBook, kind: str, row: CellRow, field: str, name: str) -> str:
        """The id of what a cell names, of a table of bundles. A name of several stored things is a problem."""
        if sharing := book.sharing(name):
            self.problems.add(row.number, self.fields.name_of(field), several(kind, name, sharing), name)
        return book.id_of(name, row.number)

    def code(self, row: CellRow, field: str) -> str:
        """The code that the word in a field means; empty if there is no word or it is not decided."""
        text = self.word(field, self.fields.first(row, field))
        return self.code_of(row.number, field, text, self.fields.name_of(field)) if text else ""

    def word(self, field: str, text: str) -> str:
        """The word in a cell; empty if such words count as nothing."""
        return "" if text and self._words.get(field, {}).get(_word_key(text)) == LEAVE_OUT else text

    def code_of(self, line: int, field: str, text: str, column: str) -> str:
        """The code that a word means; empty, and a problem, if that is not decided."""
        key = field, text
        if key not in self._codes:
            self._codes[key] = self._find_code(field, text)
        code = self._codes[key]
        if not code:
            words = refusal(
                "It is not decided what “{text}” means.", cure="Choose it once for each word.", text=shown(text)
            )
            self.problems.add(line, column, words, text)
        return code or ""

    def _find_code(self, field: str, text: str) -> str | None:
        key = _word_key(text)
        if key in self._words.get(field, {}):
            return self._words[field][key]
        code = key.replace(" ", "_").replace("-", "_")
        if code in _CODES[field]:
            return code
        if field == "priority" and key in _YES | _NO:
            return "yes" if key in _YES else "no"
        return None

    def _read_day(self, line: int, field: str, text: str) -> str:
        order = self.mapping.date_order
        day = read_date(text, order, numbers=True)
        if not day and field == "deadline":
            day = read_period_end(text)
        if day:
            return day
        if not order and is_ambiguous(text):
            reason = refusal(
                "“{text}” can be read as two different days.",
                cure="Say once for the file whether the day or the month comes first.",
                text=shown(text),
            )
        else:
            reason = refusal("“{text}” cannot be read as a date.", cure="Write it as 2024-05-20.", text=shown(text))
        self.problems.add(line, self.fields.name_of(field), reason, text)
        return ""

    def is_future(self, line: int, day: str, column: str) -> bool:
        """Whether a day begins after today, which is a problem for what has happened."""
        if day <= self.today.isoformat()[: len(day)]:
            return False
        reason = refusal("“{text}” is after today.", cure="Correct the day.", text=day)
        self.problems.add(line, column, reason, day)
        return True


def read_period_end(text: str) -> str:
    """The last month or year of a period by whose end something is due, such as `Q3 2024`; empty for other texts."""
    if match := _QUARTER.fullmatch(text.strip()):
        quarter, year = match[1] or match[4] or match[6], match[2] or match[3] or match[5]
        return f"{year}-{int(quarter) * 3:02}"
    if match := _YEAR_END.fullmatch(text.strip()):
        return match[1] or match[2]
    return ""


def listed(values: Iterable[str]) -> str:
    """Values as a cell of a bundle with a list holds them; a semicolon within one becomes a comma."""
    return ";".join(value.replace(";", ",") for value in values)


def _word_key(word: str) -> str:
    return " ".join(word.split()).casefold()
