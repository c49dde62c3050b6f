"""What remains of the rows of a sheet without those that have problems, and without what only those refer to."""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.services.bundles.checking import check_rows
from app.services.bundles.columns import SHEETS
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle
from app.services.mapping.building import BuiltRows

SHARED = ("themes", "publications", "bodies", "evidence")
"""Files whose rows many items refer to."""
_OF_ITEMS = ("recommendations", "elements", "cards", "assessments", "deadlines", "responses", "relations", "addressees")


class SheetRows(Struct, frozen=True):
    """The valid rows of a bundle that a sheet makes, and what is wrong with the others."""

    bundle: Bundle
    item_of: Mapping[int, int]
    problems: tuple[BundleProblem, ...]
    """In the person's places."""
    invalid: dict[str, frozenset[str]]
    """The ids of invalid rows that many items refer to, by file."""
    amended: frozenset[str]
    """The ids of stored sources that the sheet amends."""


def check_built(built: BuiltRows, file: str) -> SheetRows:
    """Check every cell of the rows that a sheet makes."""
    problems: list[BundleProblem] = []
    rows: dict[str, tuple[Any, ...]] = {}
    invalid: dict[str, frozenset[str]] = {}
    for sheet in SHEETS:
        if table := built.tables.get(sheet.name):
            checked = check_rows(sheet, built.settings.languages, table, problems)
            rows[sheet.name] = tuple(checked.rows)
            if sheet.name in SHARED and len(checked.rows) < len(list(table.records)):
                valid = {row.fact.id for row in checked.rows}
                invalid[sheet.name] = frozenset(cells[0] for _, cells in table.records if cells[0] not in valid)
            table.records = ()  # the typed rows take their place: a long sheet needs its memory
    rows["evidence"] = (*rows.get("evidence", ()), *built.amended_sources)
    bundle = replace(Bundle(settings=built.settings), **rows)
    amended = frozenset(row.fact.id for row in built.amended_sources)
    return SheetRows(bundle, built.item_of, tuple(in_own_places(problems, built, file)), invalid, amended)


def in_own_places(problems: Iterable[BundleProblem], built: BuiltRows, file: str) -> list[BundleProblem]:
    """Problems of a bundle with the file, rows and headings of the person."""
    return [
        BundleProblem(
            file,
            p.line,
            built.origins.get((p.file.removesuffix(".csv"), _original(p.column, built.settings.languages)), ""),
            p.reason,
            p.value,
        )
        for p in problems
    ]


def _original(column: str, languages: Iterable[str]) -> str:
    """The column of the original of a translation."""
    for language in languages:
        column = column.removesuffix(f"_{language}")
    return column


class References:
    """Which items refer to which shared rows, and what remains without some items."""

    def __init__(self, rows: SheetRows) -> None:
        self._rows = rows
        self._lines = {name: {row.line for row in getattr(rows.bundle, name)} for name in SHARED}

    def items_with(self, problems: Iterable[BundleProblem], invalid: Mapping[str, Iterable[str]]) -> set[int]:
        """The items that have problems themselves or refer to shared rows that have some."""
        problems = list(problems)
        bad = {name: set(ids) for name, ids in invalid.items()}
        for name in SHARED:
            lines = {p.line for p in problems if p.file == f"{name}.csv"}
            if lines & self._lines[name]:
                bad.setdefault(name, set()).update(
                    row.fact.id for row in getattr(self._rows.bundle, name) if row.line in lines
                )
        items = {self.item_of(p.line) for p in problems}
        return items | self._referring(bad) if any(bad.values()) else items

    def item_of(self, line: int) -> int:
        """The row of the item that a row belongs to."""
        return self._rows.item_of.get(line, line)

    def without(self, items: set[int]) -> Bundle:
        """The bundle without some items and what only they refer to."""
        bundle = self._rows.bundle
        if not items:
            return bundle
        kept: dict[str, tuple[Any, ...]] = {
            name: tuple(row for row in getattr(bundle, name) if self.item_of(row.line) not in items)
            for name in _OF_ITEMS
        }
        amended = {
            r.fact.id for r in bundle.evidence if r.fact.id in self._rows.amended and self.item_of(r.line) not in items
        }
        return without_unused(replace(bundle, **kept), amended)

    def _referring(self, bad: Mapping[str, set[str]]) -> set[int]:
        """The items that refer to any of some shared rows, also through a body that is a part of one."""
        bundle, bodies = self._rows.bundle, bad.get("bodies", set())
        parts = {row.fact.id for row in bundle.bodies if row.fact.parent in bodies}
        bad = {**bad, "bodies": bodies | parts}
        return {
            self.item_of(row.line)
            for name in _OF_ITEMS
            for row in getattr(bundle, name)
            if any(not bad.get(shared, set()).isdisjoint(ids) for shared, ids in _references(name, row))
        }


def without_unused(bundle: Bundle, amended: Iterable[str] = ()) -> Bundle:
    """A bundle without the shared rows that no item refers to, but with the sources that are amended."""
    used = _used(bundle)
    used["evidence"].update(amended)
    shared = {name: tuple(row for row in getattr(bundle, name) if row.fact.id in used[name]) for name in SHARED}
    return replace(bundle, **shared)


def _used(bundle: Bundle) -> dict[str, set[str]]:
    """The ids of shared rows that the items of a bundle refer to."""
    used: dict[str, set[str]] = {name: set() for name in SHARED}
    for name in _OF_ITEMS:
        for row in getattr(bundle, name):
            for shared, ids in _references(name, row):
                used[shared].update(ids)
    parents = {row.fact.id: row.fact.parent for row in bundle.bodies}
    for body in list(used["bodies"]):
        while (body := parents.get(body, "")) and body not in used["bodies"]:
            used["bodies"].add(body)
    return used


def _references(name: str, row: Any) -> tuple[tuple[str, Iterable[str]], ...]:
    """The shared rows that a row of an item refers to, by file."""
    fact = row.fact
    if name == "recommendations":
        publications = (fact.publication, *fact.also_in)
        return ("themes", (fact.theme,)), ("bodies", fact.addressees), ("publications", publications)
    if name == "assessments":
        return (("evidence", fact.evidence),)
    if name == "responses":
        return ("bodies", (fact.body,)), ("evidence", fact.evidence)
    if name == "deadlines":
        by = (fact.stated_by,)
        return ("bodies", by), ("publications", by), ("evidence", fact.evidence)
    return (("bodies", (fact.body,)),) if name == "addressees" else ()
