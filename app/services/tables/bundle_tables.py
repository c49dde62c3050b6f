"""A bundle as tables: its settings, with keys and values; its reviews; and those of its files."""

import json
from typing import Any

from app.services.bundles.columns import REVIEW_COLUMNS
from app.services.bundles.rows import Bundle
from app.services.bundles.writing import bundle_files, register_values
from app.services.tables.csv_files import DataTable, read_table


def bundle_tables(bundle: Bundle) -> list[DataTable]:
    """Return the tables from which a workbook is read back as a whole register."""
    files = bundle_files(bundle).items()
    return [
        *_settings(bundle),
        *(read_table(name.removesuffix(".csv"), c) for name, c in files if name.endswith(".csv")),
    ]


def _settings(bundle: Bundle) -> list[DataTable]:
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
