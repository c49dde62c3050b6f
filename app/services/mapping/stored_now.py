"""What is stored, by what a file is compared with."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from app.services.bundles.rows import Bundle
from app.services.mapping.fact_overlay import fact_texts
from app.services.mapping.saved import LastFile
from domain.times import first_day
from domain.values import Addressee, SuccessCriteria


class StoredNow(Struct, frozen=True):
    """What is stored when a file is compared with it."""

    bundle: Bundle
    drafts: Mapping[tuple[str, str], SuccessCriteria]
    """Drafts of success criteria, by recommendation and element."""
    last: LastFile | None = None
    today: date = date.max
    is_open: bool = False
    proposed: frozenset[tuple[str, str, str, str]] = frozenset()
    """Statuses that wait for a second person: recommendation, element, status and day."""


class StoredFacts:
    """What is stored, by what a file is compared with."""

    def __init__(self, stored: StoredNow, file: Bundle) -> None:
        bundle = stored.bundle
        self.recommendations = {row.fact.id: row.fact for row in bundle.recommendations}
        approved = {(row.recommendation, row.fact.element): row.fact for row in bundle.cards}
        self.criteria: dict[tuple[str, str], SuccessCriteria] = {**approved, **stored.drafts}
        self.deadlines = {
            (row.recommendation, row.fact.element): row
            for row in sorted(bundle.deadlines, key=lambda row: first_day(row.fact.stated_on))
            if not row.withdrawn_reason
        }
        self.responses = {
            (row.recommendation, row.fact.element, row.fact.body): row
            for row in sorted(bundle.responses, key=lambda row: first_day(row.fact.given_on))
            if not row.withdrawn_reason
        }
        self._statuses = _statuses(bundle)
        self.addressees: dict[str, list[Addressee]] = defaultdict(list)
        for row in bundle.addressees:
            if not row.fact.element:
                self.addressees[row.recommendation].append(row.fact)
        both = (bundle, file)
        self.names = {
            "theme": {row.fact.id: row.fact.title for b in both for row in b.themes},
            "addressees": {row.fact.id: row.fact.name for b in both for row in b.bodies},
            "publication": {row.fact.id: row.fact.title for b in both for row in b.publications},
        }
        self.names["also_in"] = self.names["publication"]

    def status(self, item: tuple[str, str], on: str) -> str:
        """The status of an item on a day, or the newest; empty before the first."""
        known = self._statuses.get(item, [])
        day = first_day(on) if on else None
        return next((status for begin, status in reversed(known) if day is None or begin <= day), "")

    def shown(self, here: Any, file: Any, column: str) -> tuple[str, str]:
        """Two versions of a column with names instead of ids."""
        names = self.names.get(column)
        ours, theirs = fact_texts(here).get(column, ""), fact_texts(file).get(column, "")
        if names is None:
            return ours, theirs
        return names_of(ours, names) or "", names_of(theirs, names) or ""


def names_of(ids: str | None, names: Mapping[str, str]) -> str | None:
    return "; ".join(names.get(ident, ident) for ident in ids.split(";")) if ids else ids


def _statuses(bundle: Bundle) -> dict[tuple[str, str], list[tuple[Any, str]]]:
    """The statuses of each item with their first days, in order."""
    withdrawn = {row.assessment for row in bundle.withdrawals if row.assessment}
    found: dict[tuple[str, str], list[tuple[Any, str]]] = defaultdict(list)
    for row in bundle.assessments:
        if row.fact.id not in withdrawn:
            item = row.recommendation, row.fact.element
            found[item].append((first_day(row.fact.effective_on), row.fact.status.value))
    for known in found.values():
        known.sort(key=lambda entry: entry[0])
    return dict(found)
