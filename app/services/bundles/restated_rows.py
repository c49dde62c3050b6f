"""Finds the stored statement that a row of a later edition repeats or replaces."""

from collections.abc import Iterator, Mapping
from typing import Any

from msgspec.structs import replace

from app.services.bundles.row_comparison import fact_differences, row_key

RESTATED = ("cards", "addressees", "developments", "responses", "deadlines", "relations")
"""The sheets whose rows are not amended: they get a new version, or are withdrawn and stated again."""
HISTORY = ("author", "proposed_by", "published_by", "approved_by", "withdrawn_by", "legacy")
"""The columns that say who did what: a later edition changes the facts, not who stated them."""

StoredRows = Mapping[tuple[str, ...], Any]


def find_stored(sheet: str, row: Any, stored_rows: StoredRows) -> tuple[Any, Any]:
    """Return the stored row that a row repeats or replaces, None if there is none, and the row to compare with it."""
    stored = stored_rows.get(row_key(sheet, row))
    if stored is None or ("withdrawn_reason" in row.__struct_fields__ and row.withdrawn_reason):
        return stored, row
    if sheet in ("deadlines", "responses"):
        return _latest_version(stored, row, stored_rows)
    if sheet == "relations" and row.published_at and row.published_at != stored.published_at:
        key = row_key(sheet, row)[:3]
        older = (other for other_key, other in stored_rows.items() if other_key[:3] == key and other.withdrawn_reason)
        return stored, replace(row, published_at=None) if row.published_at in {o.published_at for o in older} else row
    if sheet == "cards":
        return stored, replace(row, fact=_fact_as(row, stored), approved_by="", approved_at=None)
    return stored, row


def restated(row: Any) -> Any:
    """A row as it is stated again in an open register: from now on, by the person who imports it."""
    history = {name: "" for name in ("published_by", "withdrawn_by") if name in row.__struct_fields__}
    return replace(row, published_at=None, **history) if "published_at" in row.__struct_fields__ else row


def can_be_restated(sheet: str, row: Any, stored: Any, column: str, *, is_open: bool) -> bool:
    """Whether a later edition can change a column of a stored statement."""
    if sheet == "developments" and is_open:
        return False
    if "withdrawn_reason" in row.__struct_fields__ and row.withdrawn_reason:  # a statement is withdrawn as it is
        times = () if is_open else ("withdrawn_at", "withdrawn_by")
        return not stored.withdrawn_reason and column in ("withdrawn_reason", *times)
    return column not in HISTORY and not column.endswith("_at")


def next_id(ident: str, known: Mapping[str, Any] | set[str]) -> str:
    """The id of the next version of a statement: its own with the first number that is free."""
    number = 2
    while f"{ident[:76]}-{number}" in known:
        number += 1
    return f"{ident[:76]}-{number}"


def _latest_version(stored: Any, row: Any, stored_rows: StoredRows) -> tuple[Any, Any]:
    """The version in force of a statement that was stated again under another id, as the row says it if one does."""
    versions = [stored, *_later_versions(row.fact.id, stored_rows)]
    in_force = [version for version in versions if not version.withdrawn_reason]
    same = next((version for version in in_force if not _differs(version, row)), None)
    found = same or (stored if stored in in_force else next(iter(in_force), stored))
    return found, row if found is stored else _as_version(row, found)


def _later_versions(ident: str, stored_rows: StoredRows) -> Iterator[Any]:
    number = 2
    while (later := stored_rows.get((f"{ident[:76]}-{number}",))) is not None:
        yield later
        number += 1


def _as_version(row: Any, version: Any) -> Any:
    """The row under the id of a later version, whose own times and people are not in the file."""
    history = {name: "" for name in HISTORY if name in row.__struct_fields__}
    return replace(row, fact=_fact_as(row, version), published_at=None, **history)


def _fact_as(row: Any, version: Any) -> Any:
    people = {name: getattr(version.fact, name) for name in HISTORY if name in row.fact.__struct_fields__}
    ident = {"id": version.fact.id} if "id" in row.fact.__struct_fields__ else {}
    return replace(row.fact, **ident, **people)


def _differs(version: Any, row: Any) -> bool:
    return any(True for _ in fact_differences(version.fact, _fact_as(row, version)))
