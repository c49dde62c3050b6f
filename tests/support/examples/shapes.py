"""What an example is: facts, the times asked for, and what the methodology page says must be answered."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime

from tests.support.model import Change, Fact, Scorecard, Standing, Totals


@dataclass(frozen=True)
class ScorecardExample:
    """`expected` names, by recommendation, the fields of its standing that matter; no other is on the card.

    `elements` is expected as `{id: (status, since)}`.
    """

    name: str
    facts: tuple[Fact, ...]
    as_of: date
    known_at: datetime
    expected: Mapping[str, Mapping[str, object]]

    def answered(self, card: Scorecard) -> dict[str, dict[str, object]]:
        """What a scorecard says about the fields that this example names; must equal `expected`."""
        return {name: _named(standing, self.expected.get(name, {})) for name, standing in card.items()}


@dataclass(frozen=True)
class TotalsExample:
    """`expected` names the keys of `Totals` that matter; `totals` and `buckets` leave zeros out."""

    name: str
    facts: tuple[Fact, ...]
    as_of: date
    known_at: datetime
    expected: Mapping[str, object]

    def answered(self, counted: Totals) -> dict[str, object]:
        return {
            key: {k: n for k, n in value.items() if n} if isinstance(value, dict) else value
            for key, value in counted.items()
            if key in self.expected
        }


@dataclass(frozen=True)
class CompareExample:
    """`expected` names, by recommendation, the fields of its row that matter; there are no other rows."""

    name: str
    facts: tuple[Fact, ...]
    first: tuple[date, datetime]
    second: tuple[date, datetime]
    expected: Mapping[str, Mapping[str, object]]

    def answered(self, rows: Mapping[str, Change]) -> dict[str, dict[str, object]]:
        return {name: _named(row, self.expected.get(name, {})) for name, row in rows.items()}


def _named(row: Standing | Change, expected: Mapping[str, object]) -> dict[str, object]:
    values = {f.name: getattr(row, f.name) for f in fields(row) if f.name in expected}
    if isinstance(row, Standing) and "elements" in values:
        values["elements"] = {name: (e.status, e.since) for name, e in row.elements.items()}
    return values
