"""Reads settings from two sheets of a spreadsheet: `register` with keys and values, and `reviews`."""

import json
from collections.abc import Callable, Sequence

from app.presentation.i18n.field_labels import LABELS
from app.services.bundles.author_settings import parse_author_lines
from app.services.bundles.columns import REVIEW_COLUMNS
from app.services.bundles.headers import match_header
from app.services.bundles.languages import is_language
from app.services.bundles.problems import BundleProblem, already_at
from app.services.bundles.settings import SettingsInput, read_settings
from app.services.bundles.tables import BundleTable
from app.services.bundles.typed_dates import parse_typed_date
from app.services.bundles.words import fold, match_column
from domain.errors import Refusal, Refused, refusal
from domain.text import normalize_text

SHEET_NAMES = ("register", "reviews")
_Places = dict[str, tuple[str, int, str]]


def read_settings_sheets(
    register: BundleTable | None, reviews: BundleTable | None, problems: list[BundleProblem], notes: list[Refusal]
) -> SettingsInput:
    """Read the settings; add what is wrong to `problems`, and what was left out to `notes`."""
    if register is None:
        return SettingsInput()
    places: _Places = {}
    header = match_header(register, ("key", "value"), ("key", "value"))
    problems += header.problems
    notes += header.notes
    if header.problems:
        return SettingsInput()
    data = _pairs(register, header.names, places, problems)
    if reviews:
        data["reviews"] = _reviews(reviews, places, problems, notes)
    return read_settings(data, lambda key: places.get(key, (register.file, 1, key)), problems)


def _pairs(
    table: BundleTable, names: Sequence[str], places: _Places, problems: list[BundleProblem]
) -> dict[str, object]:
    data: dict[str, object] = {}
    for line, cells in table.records:
        row = dict(zip(names, cells, strict=False))
        key = _setting(row["key"].strip())
        value = row.get("value", "").strip()
        if not key and not value:
            continue
        if not key:
            problems.append(
                BundleProblem(table.file, line, "", refusal("a row has a key and its value, and nothing else."))
            )
        elif key in places:
            problems.append(BundleProblem(table.file, line, key[:60], already_at(table.file, key[:60], places[key][1])))
        elif key == "reviews":
            problems.append(BundleProblem(table.file, line, key, refusal("reviews belong on a separate sheet.")))
        else:
            places[key] = (table.file, line, key)
            if value:
                data[key] = _READERS.get(key, str)(row["value"])
    return data


def _setting(key: str) -> str:
    """The name of a setting, which may be in any letter case, or its label in any language."""
    return key if key in LABELS else match_column(key, LABELS) or fold(key).replace(" ", "_")


def _scales(cell: str) -> object:
    """Return the display scales, which a cell holds as JSON; a text that is no JSON is refused as no list."""
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return cell


def _reviews(
    table: BundleTable, places: _Places, problems: list[BundleProblem], notes: list[Refusal]
) -> list[dict[str, str | int]]:
    spellings = (form for heading in table.header for form in dict.fromkeys((heading, heading.lower())))
    titles = [name for name in spellings if is_language(name.removeprefix("title_"))]
    header = match_header(table, (*REVIEW_COLUMNS, *titles), ("id", "title"))
    problems += header.problems
    notes += header.notes
    if header.problems:
        return []
    reviews_data: list[dict[str, str | int]] = []
    for line, cells in table.records:
        row = {name: cell for name, cell in zip(header.names, cells, strict=False) if name and cell.strip()}
        if row:
            place = f"reviews[{len(reviews_data) + 1}]"
            places[place] = (table.file, line, "")
            places |= {f"{place}.{name}": (table.file, line, name) for name in header.names if name}
            reviews_data.append({name: _value(name, cell) for name, cell in row.items()})
    return reviews_data


def _codes(cell: str) -> list[str]:
    return [code.strip() for code in cell.split(";")]


def _value(name: str, cell: str) -> str | int:
    text, _ = normalize_text(cell)
    if name in ("years", "every_years") and text.isascii() and text.isdigit():
        return int(text[:6])
    if name in ("as_of", "anniversary_of"):
        return _read_day(text) or cell
    return cell


def _read_day(text: str) -> str:
    try:
        return parse_typed_date(text)
    except Refused:
        return ""


_READERS: dict[str, Callable[[str], object]] = {
    "languages": _codes,
    "scales": _scales,
    "authors": parse_author_lines,
}
"""Those of settings that are no texts."""
