"""What an import of a sheet did, or would do, in numbers of recommendations and by the person's own rows."""

from collections.abc import Iterable
from enum import StrEnum

import msgspec
from msgspec import Struct
from msgspec.structs import asdict, replace

from app.services.bundles.causes import ProblemGroup, group_problems
from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.problems import BundleProblem
from app.services.mapping.building import BuiltRows
from app.services.mapping.table import SheetTable
from app.services.mapping.types import RowCorrections


class RowOutcome(StrEnum):
    """What becomes of an item of a sheet."""

    STORED = "stored"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    LEFT_OUT = "left_out"


class SheetResult(Struct, frozen=True, kw_only=True):
    """What an import did, or would do."""

    outcomes: dict[int, RowOutcome]
    """By number of the row, for every item of the sheet and every row that the person left out."""
    problems: tuple[ProblemGroup, ...] = ()
    """By cause, with the file, rows and headings of the person."""
    legacy: tuple[ProblemGroup, ...] = ()
    """Statuses that are stored with a mark, by the rule that they do not meet."""
    missing: dict[str, tuple[int, ...]] = {}
    """Rows by what they lack; only `evidence` is no problem."""
    proposals: int = 0
    """Number of statuses that wait for a second person."""
    plan: str = ""
    """The digest of what is stored and of what would change; empty once it is stored."""

    def count(self, outcome: RowOutcome) -> int:
        """The number of items with an outcome."""
        return sum(one is outcome for one in self.outcomes.values())

    @property
    def stored(self) -> int:
        return self.count(RowOutcome.STORED)

    @property
    def changed(self) -> int:
        return self.count(RowOutcome.CHANGED)

    @property
    def unchanged(self) -> int:
        return self.count(RowOutcome.UNCHANGED)

    @property
    def left_out(self) -> int:
        return self.count(RowOutcome.LEFT_OUT)

    def refused(self) -> "SheetResult":
        """The result if nothing was stored because of problems."""
        kept = (RowOutcome.UNCHANGED, RowOutcome.LEFT_OUT)
        outcomes = {row: one if one in kept else RowOutcome.LEFT_OUT for row, one in self.outcomes.items()}
        return replace(self, outcomes=outcomes, legacy=(), proposals=0)


class ImportKey(Struct, frozen=True):
    """Under what an import is carried out once: a unique name in the log, and a digest of all that is imported."""

    name: str
    digest: str

    def written(self, result: SheetResult) -> str:
        """What the log keeps under the name; no text of a cell, since it is never deleted."""
        numbers = FirstNumbers(self.digest, result.stored, result.changed, result.unchanged, result.left_out)
        return msgspec.json.encode(numbers).decode()


class FirstNumbers(Struct, frozen=True):
    """What the log keeps of the import under a key."""

    digest: str
    stored: int
    changed: int
    unchanged: int
    left_out: int


class CauseAnswer(Struct, frozen=True):
    """Problems with one cause, for programs. `rows` are those of the person's own file."""

    cause: str
    count: int
    rows: tuple[int, ...]
    column: str
    cure: str


class SheetAnswer(Struct, frozen=True):
    """What an import did, or would do, for programs: numbers of recommendations, and each cause of problems once.

    `plan` is the digest by which an import stores nothing but what a dry run showed; empty for an import.
    """

    stored: int
    changed: int
    unchanged: int
    left_out: int
    problems: tuple[CauseAnswer, ...]
    plan: str = ""


class ImportAnswer(SheetAnswer, frozen=True):
    """The same through the API, with the statuses that are stored with a mark, by the rule that they do not meet."""

    legacy: tuple[CauseAnswer, ...] = ()


def sheet_answer(result: SheetResult) -> SheetAnswer:
    """The result of an import for programs."""
    return SheetAnswer(
        result.stored,
        result.changed,
        result.unchanged,
        result.left_out,
        tuple(map(_cause, result.problems)),
        result.plan,
    )


def import_answer(result: SheetResult) -> ImportAnswer:
    """The result of an import through the API."""
    return ImportAnswer(**asdict(sheet_answer(result)), legacy=tuple(map(_cause, result.legacy)))


def refused_answer(problems: Iterable[BundleProblem]) -> ImportAnswer:
    """What programs get if the file was refused as a whole, so that no row was counted."""
    return ImportAnswer(0, 0, 0, 0, tuple(map(_cause, group_problems(problems))))


def _cause(group: ProblemGroup) -> CauseAnswer:
    """A cause for programs; without the file, which is the only one."""
    return CauseAnswer(group.cause, group.count, tuple(group.rows), group.column, group.cure)


def count_rows(
    table: SheetTable, corrections: RowCorrections, built: BuiltRows, plan: ImportPlan, left_out: set[int]
) -> SheetResult:
    """Return what becomes of each item, without its problems."""
    stored = {row.fact.id for row in plan.stored.recommendations}
    touched = {built.item_of.get(line, line) for line in _new_lines(plan)}
    outcomes: dict[int, RowOutcome] = {}
    for item in table.items:
        if item.number in left_out:
            outcomes[item.number] = RowOutcome.LEFT_OUT
        elif built.recommendations[item.number] not in stored:
            outcomes[item.number] = RowOutcome.STORED
        else:
            outcomes[item.number] = RowOutcome.CHANGED if item.number in touched else RowOutcome.UNCHANGED
    rows = set(table.left_out) & corrections.left_out
    outcomes |= dict.fromkeys(rows, RowOutcome.LEFT_OUT)
    return SheetResult(outcomes=dict(sorted(outcomes.items())))


_OF_ITEMS = ("recommendations", "elements", "cards", "assessments", "deadlines", "responses", "relations", "addressees")


def _new_lines(plan: ImportPlan) -> set[int]:
    """The rows that add something to an item or amend it."""
    lines = {row.line for name in _OF_ITEMS for row in plan.new[name]}
    return lines | {a.line for a in plan.amendments.values() if a.sheet in (*_OF_ITEMS, "evidence")}
