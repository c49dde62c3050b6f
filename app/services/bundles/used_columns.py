"""Which files and columns a bundle has: those that came later are written only where the register uses them.

A register that uses none of them is written as before, byte for byte, so that older packages can be rebuilt.
"""

import msgspec
from msgspec.structs import replace

from app.services.bundles.columns import SHEETS
from app.services.bundles.rows import Bundle
from app.services.bundles.sheet_types import Sheet
from domain.values import TranslatedFact, translations_by_name

_EMPTY = ("", None, False, ())


def used_sheets(bundle: Bundle) -> list[Sheet]:
    """Return the files of a bundle with the columns that are written, in order."""
    sheets = []
    for sheet in (one.in_languages(bundle.settings.languages) for one in SHEETS):
        rows = getattr(bundle, sheet.name)
        if rows or not sheet.if_used:
            optional = {c.name for c in sheet.columns if c.if_used}
            used = (
                {n for row in rows for n in optional if row_values(row).get(n, "") not in _EMPTY} if optional else set()
            )
            sheets.append(replace(sheet, columns=tuple(c for c in sheet.columns if not c.if_used or c.name in used)))
    return sheets


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
