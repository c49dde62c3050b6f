"""What a file says about each item in words that make statements: statuses, deadlines, responses, relations, notes."""

from collections import defaultdict
from collections.abc import Iterable

from app.adapters.spreadsheets.cells import CellRow, column_number
from app.services.mapping.likeness import text_key
from app.services.mapping.types import LEAVE_OUT, NOTE, MappedColumn, SheetMapping

STATEMENTS = frozenset(
    {
        *("status", "status_on", "statement", "rationale", "confidence", "cause", "motion", "source"),
        *("deadline", "deadline_stated_on", "deadline_stated_by", "renews"),
        *("response", "response_by", "response_on", "response_text", "response_source", NOTE),
    }
)
"""The fields that are compared as they are written in the file; all others as they are stored."""


class SaidTexts:
    """Reads the statements of rows as texts, by field and day or heading, such as `status@2024`."""

    def __init__(self, columns: Iterable[MappedColumn], mapping: SheetMapping) -> None:
        self._columns = [
            (column_number(column.column), column, _key(column)) for column in columns if column.field in STATEMENTS
        ]
        self._words = {_word_key(word): code for word, code in mapping.words.get("status", {}).items()}

    def read(self, row: CellRow) -> dict[str, str]:
        """The texts of a row; a status as its code, so that another word for the same is no change."""
        found: dict[str, list[str]] = defaultdict(list)
        for place, column, key in self._columns:
            if text := row.cell(place).strip():
                found[key].append(self._status(text) if column.field == "status" else text)
        return {key: "\n".join(texts) for key, texts in found.items()}

    def days(self) -> list[str]:
        """The days of the status columns, in order; the empty one is that of the row or file."""
        return sorted({column.on for _, column, _ in self._columns if column.field == "status"})

    def _status(self, word: str) -> str:
        code = self._words.get(_word_key(word), "")
        return _word_key(word).replace(" ", "_") if code in ("", LEAVE_OUT) else code


def part_prefix(title: str) -> str:
    """What the keys of the texts of a part begin with."""
    return f"{text_key(title)}>"


def _key(column: MappedColumn) -> str:
    name = f"{NOTE}:{column.heading}" if column.field == NOTE else column.field
    return name + (f"#{column.language}" if column.language else "") + (f"@{column.on}" if column.on else "")


def _word_key(word: str) -> str:
    return " ".join(word.split()).casefold()
