"""What becomes of each row of an import: amendments with their differences, and a verdict with its reasons."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from msgspec import Struct

from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.problems import BundleProblem
from app.services.bundles.row_comparison import row_key
from app.services.bundles.rows import Bundle, CardRow
from domain.errors import Refusal


class RowVerdict(Struct, frozen=True):
    """The verdict on one row: `new`, `amended`, `stored already`, `draft`, `legacy` or `refused`."""

    file: str
    line: int
    id: str
    verdict: str
    reasons: tuple[str, ...] = ()


class RowAmendment(Struct):
    """A row of a sheet that replaces what is stored, with a sentence for each difference.

    `sheet` is `settings` for the register itself and `reviews` for a review; `row` is the fact then. `stored` is the
    row that a statement replaces.
    """

    sheet: str
    line: int
    row: Any
    changes: list[str]
    stored: Any = None

    @property
    def file(self) -> str:
        return "register.json" if self.sheet in ("settings", "reviews") else f"{self.sheet}.csv"


def row_verdicts(
    bundle: Bundle,
    new: Mapping[str, Iterable[Any]],
    amendments: Collection[RowAmendment],
    problems: Iterable[BundleProblem],
    legacy: Mapping[str, tuple[Refusal, ...]],
) -> list[RowVerdict]:
    """The verdict on every row of a bundle, file by file. `legacy` has what breaks a rule, by assessment."""
    verdicts = [
        RowVerdict(a.file, a.line, a.row.id, "amended", tuple(a.changes))
        for a in amendments
        if a.sheet in ("settings", "reviews")
    ]
    amended = {(a.sheet, a.line): tuple(a.changes) for a in amendments}
    reasons: dict[tuple[str, int], list[str]] = defaultdict(list)
    for problem in problems:
        reasons[problem.file, problem.line].append(f"{problem.column}: {problem.reason}".removeprefix(": "))
    for sheet in SHEETS_BY_NAME:
        new_lines = {row.line for row in new[sheet]}
        verdicts += _verdicts_of(sheet, bundle, new_lines, amended, reasons, legacy)
    return verdicts


def _verdicts_of(
    sheet: str,
    bundle: Bundle,
    new_lines: set[int],
    amended: Mapping[tuple[str, int], tuple[str, ...]],
    reasons: Mapping[tuple[str, int], list[str]],
    legacy: Mapping[str, tuple[Refusal, ...]],
) -> Iterator[RowVerdict]:
    file = f"{sheet}.csv"
    for row in getattr(bundle, sheet):
        why: tuple[str, ...] = tuple(reasons.get((file, row.line), ()))
        if why:
            verdict = "refused"
        elif (sheet, row.line) in amended:
            verdict, why = "amended", amended[sheet, row.line]
        elif row.line not in new_lines:
            verdict = "stored already"
        elif sheet == "assessments" and (row.legacy or row.fact.id in legacy):
            verdict, why = "legacy", legacy.get(row.fact.id, ())
        elif isinstance(row, CardRow) and not row.approved_by:
            verdict = "draft"
        else:
            verdict = "new"
        yield RowVerdict(file, row.line, " ".join(row_key(sheet, row)), verdict, why)
