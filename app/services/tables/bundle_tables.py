"""A bundle as tables: its settings, with keys and values; its reviews; and those of its files."""

import json
from collections.abc import Iterator
from functools import partial
from typing import Any

from app.services.bundles.columns import REVIEW_COLUMNS, SHEETS, SHEETS_BY_NAME
from app.services.bundles.rows import AnyBundle
from app.services.bundles.sheet_types import Sheet
from app.services.bundles.used_columns import used_sheet
from app.services.bundles.writing import register_values, table_cells
from app.services.tables.csv_files import AnyTable, DataTable, StreamedTable


def bundle_tables(bundle: AnyBundle) -> Iterator[AnyTable]:
    """Yield the tables from which a workbook is read back as a whole register."""
    yield from _settings(bundle)
    for sheet in SHEETS:
        if used := used_sheet(bundle, sheet.in_languages(bundle.settings.languages)):
            yield _table(bundle, used)


def find_table(bundle: AnyBundle, name: str) -> AnyTable:
    """One table of a bundle; without rows and translations if the register does not use it yet."""
    sheet = SHEETS_BY_NAME[name]
    if used := used_sheet(bundle, sheet.in_languages(bundle.settings.languages)):
        return _table(bundle, used)
    return DataTable(name, tuple(column.name for column in sheet.columns), ())


def _table(bundle: AnyBundle, sheet: Sheet) -> StreamedTable:
    return StreamedTable(sheet.name, tuple(c.name for c in sheet.columns), partial(table_cells, bundle, sheet))


def _settings(bundle: AnyBundle) -> list[DataTable]:
    values: dict[str, Any] = register_values(bundle)
    reviews: list[dict[str, object]] = values.pop("reviews")
    tables = [DataTable("register", ("key", "value"), tuple((key, _cell(value)) for key, value in values.items()))]
    if reviews:
        names = [name for review in reviews for name in review]
        columns = (*REVIEW_COLUMNS, *sorted({name for name in names if name not in REVIEW_COLUMNS}))
        rows = tuple(tuple(str(review.get(name, "")) for name in columns) for review in reviews)
        tables.append(DataTable("reviews", columns, rows))
    return tables


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        return ";".join(value)
    return json.dumps(value, ensure_ascii=False)
