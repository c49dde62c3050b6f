"""Which files and columns a bundle has: those that came later are written only where the register uses them.

A register that uses none of them is written as before, byte for byte, so that older packages can be rebuilt.
"""

from collections.abc import Iterable, Iterator, Sequence
from enum import EnumType
from typing import Any

import msgspec
from msgspec.structs import replace

from app.services.bundles.columns import SHEETS
from app.services.bundles.rows import AnyBundle
from app.services.bundles.sheet_types import Sheet
from domain.codes import SourceClass
from domain.values import TranslatedFact, translations_by_name

_EMPTY = ("", None, False, ())
NOTED_KINDS: tuple[str | EnumType, ...] = ("version", SourceClass)
"""The kinds of columns whose codes are described by what is used of them."""


class UsedColumns:
    """What the tables of a bundle use, found by reading each once. Tables are read as they are asked for."""

    def __init__(self, bundle: AnyBundle) -> None:
        self._bundle = bundle
        self.sheets: list[Sheet] = []
        """The sheets that are written, as far as they were asked for."""
        self.codes: dict[str | EnumType, set[object]] = {kind: set() for kind in NOTED_KINDS}
        """The codes in columns of noted kinds, as far as sheets were asked for."""

    def each_sheet(self) -> Iterator[Sheet]:
        """The files of the bundle with the columns that are written, in order."""
        for sheet in SHEETS:
            if used := used_sheet(self._bundle, sheet.in_languages(self._bundle.settings.languages), self.codes):
                self.sheets.append(used)
                yield used

    def read_all(self) -> "UsedColumns":
        """After all sheets were asked for."""
        for _sheet in self.each_sheet():
            pass
        return self


def used_sheet(bundle: AnyBundle, sheet: Sheet, codes: dict[str | EnumType, set[object]] | None = None) -> Sheet | None:
    """A sheet with the columns that are written; None if it is not. Adds to `codes` those of their kinds.

    Reads no more rows than it takes to know.
    """
    rest = {column.name for column in sheet.columns if column.if_used}
    noted = {column.name: codes[column.kind] for column in sheet.columns if codes and column.kind in codes}
    used, is_empty = set[str](), True
    for row in _rows(bundle, sheet.name):
        is_empty = False
        if not rest and not noted:
            break
        values = row_values(row)
        used |= {name for name in rest if values.get(name, "") not in _EMPTY}
        rest -= used
        for name, found in noted.items():
            found.add(values[name])
    if is_empty and sheet.if_used:
        return None
    return replace(sheet, columns=tuple(c for c in sheet.columns if not c.if_used or c.name in used))


def _rows(bundle: AnyBundle, table: str) -> Iterable[Any]:
    batches: Iterator[Sequence[Any]] = bundle.batches(table)
    return (row for batch in batches for row in batch)


def row_values(row: msgspec.Struct) -> dict[str, object]:
    """Return the values of a row by column. Those of empty translations are left out."""
    values: dict[str, object] = {}
    for name in row.__struct_fields__:
        value = getattr(row, name)
        if isinstance(value, TranslatedFact):
            values |= msgspec.structs.asdict(value) | translations_by_name(value)
        elif isinstance(value, msgspec.Struct):
            values |= msgspec.structs.asdict(value)
        else:
            values[name.removesuffix("_")] = value
    return values
