"""Guesses by which mark the cells of a column separate several values."""

from collections.abc import Sequence

from msgspec import structs

from app.adapters.spreadsheets.cells import column_number
from app.services.mapping.column_values import ColumnValues
from app.services.mapping.fields import FIELDS
from app.services.mapping.near_names import is_office
from app.services.mapping.types import MappedColumn

_SEPARATORS = (";", "|", "·", "/", ",", "、", "，")
_SURE_SEPARATORS = frozenset({";", "|"})


def with_separator(column: MappedColumn, values: Sequence[ColumnValues]) -> MappedColumn:
    """A column with the separator of its values, if it may hold several."""
    if column.separator or column.field not in FIELDS or not FIELDS[column.field].several or column.field == "source":
        return column
    own = values[column_number(column.column)]
    return structs.replace(column, separator=next((s for s in _SEPARATORS if _separates(own, s, column.field)), ""))


def _separates(values: ColumnValues, separator: str, field: str) -> bool:
    """Whether cells hold several values with this separator between them.

    Commas and the like also belong to names: the parts have to be names of offices, or be found alone in other cells.
    """
    cells = [text for text in values.counts if separator in text][:200]
    if not cells or separator in _SURE_SEPARATORS or field not in ("addressees", "joint_addressees"):
        return bool(cells) and separator in _SURE_SEPARATORS
    whole = {" ".join(text.split()) for text in values.counts if separator not in text}
    parts = [" ".join(part.split()) for text in cells for part in text.split(separator)]
    return all(parts) and sum(part in whole or is_office(part) for part in parts) > 0.8 * len(parts)
