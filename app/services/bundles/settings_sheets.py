"""Reads settings from two sheets of a spreadsheet: `register` with keys and values, and `reviews`."""

import json
from collections.abc import Callable

from app.services.bundles.columns import REVIEW_COLUMNS
from app.services.bundles.headers import header_problems
from app.services.bundles.languages import is_language
from app.services.bundles.problems import BundleProblem
from app.services.bundles.settings import SettingsInput, read_settings
from app.services.bundles.tables import BundleTable
from domain.text import normalize_text

SHEET_NAMES = ("register", "reviews")
_Places = dict[str, tuple[str, int, str]]


def read_settings_sheets(
    register: BundleTable | None, reviews: BundleTable | None, problems: list[BundleProblem]
) -> SettingsInput:
    """Read the settings, and add what is wrong to `problems`."""
    if register is None:
        return SettingsInput()
    places: _Places = {}
    if header_errors := header_problems(register.file, register.header, ("key", "value"), ("key", "value")):
        problems += header_errors
        return SettingsInput()
    data = _pairs(register, places, problems)
    if reviews:
        data["reviews"] = _reviews(reviews, places, problems)
    return read_settings(data, lambda key: places.get(key, (register.file, 1, key)), problems)


def _pairs(table: BundleTable, places: _Places, problems: list[BundleProblem]) -> dict[str, object]:
    data: dict[str, object] = {}
    for line, cells in table.records:
        row = dict(zip(table.header, cells, strict=False))
        key = row["key"].strip()
        if len(cells) > 2 or not key:
            problems.append(BundleProblem(table.file, line, "", "a row has a key and its value, and nothing else."))
        elif key in places:
            problems.append(BundleProblem(table.file, line, key[:60], f"it is already on line {places[key][1]}."))
        elif key == "reviews":
            problems.append(BundleProblem(table.file, line, key, "reviews belong on a separate sheet."))
        else:
            places[key] = (table.file, line, key)
            if row["value"].strip():
                data[key] = _READERS.get(key, str)(row["value"])
    return data


def _scales(cell: str) -> object:
    """Return the display scales, which a cell holds as JSON; a text that is no JSON is refused as no list."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _reviews(table: BundleTable, places: _Places, problems: list[BundleProblem]) -> list[dict[str, str | int]]:
    titles = [name for name in table.header if is_language(name.removeprefix("title_"))]
    if header_errors := header_problems(table.file, table.header, (*REVIEW_COLUMNS, *titles), ("id", "title")):
        problems += header_errors
        return []
    reviews_data = []
    for n, (line, cells) in enumerate(table.records, 1):
        places[f"reviews[{n}]"] = (table.file, line, "")
        places |= {f"reviews[{n}].{name}": (table.file, line, name) for name in table.header}
        if len(cells) > len(table.header):
            reason = f"the row has {len(cells)} cells; the header has {len(table.header)} columns."
            problems.append(BundleProblem(table.file, line, "", reason))
        pairs = zip(table.header, cells, strict=False)
        reviews_data.append({name: _value(name, cell) for name, cell in pairs if cell.strip()})
    return reviews_data


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(";")]


def _value(name: str, cell: str) -> str | int:
    text, _ = normalize_text(cell)
    is_number = name in ("years", "every_years") and text.isascii() and text.isdigit()
    return int(text[:6]) if is_number else cell


_READERS: dict[str, Callable[[str], object]] = {"languages": _codes, "scales": _scales}
"""Those of settings that are no texts."""
