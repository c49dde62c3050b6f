"""Checks the addressees with days of a bundle, and the bodies that it merges."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from app.services.bundles.problems import BundleProblem
from app.services.bundles.references import no_element
from app.services.bundles.row_reading import EMPTY_CELL
from app.services.bundles.rows import AddresseeRow, Bundle
from domain.codes import AddresseeRole
from domain.errors import Refused, refusal
from domain.recommendation.addressees import days_of


def check_addressees(
    new: Sequence[AddresseeRow], bundle: Bundle, stored: Bundle, *, is_open: bool
) -> Iterator[BundleProblem]:
    """Yield a problem for each row that cannot be added to what is stored."""
    elements = {(r.recommendation, r.fact.id) for b in (stored, bundle) for r in b.elements}
    registered = {r.fact.id for r in stored.recommendations}
    groups: dict[tuple[str, str], list[AddresseeRow]] = defaultdict(list)
    for row in (*stored.addressees, *new):
        groups[row.recommendation, row.fact.element].append(row)
    fresh = {id(row) for row in new}
    for row in new:
        if row.fact.element and (row.recommendation, row.fact.element) not in elements:
            reason = no_element(row.recommendation, row.fact.element)
            yield BundleProblem("addressees.csv", row.line, "element", reason)
        if is_open and row.recommendation in registered:
            reason = refusal(
                "the register is open.", cure="Import it with --update and a reason, to change the addressees."
            )
            yield BundleProblem("addressees.csv", row.line, "recommendation", reason)
    for (recommendation, element), rows in groups.items():
        new_rows = [row for row in rows if id(row) in fresh]
        yield from _check_days(rows, fresh)
        if new_rows and all(row.fact.role is not AddresseeRole.LEAD for row in rows):
            item = f"{recommendation}/{element}" if element else recommendation
            reason = refusal("“{text}” needs at least one lead addressee.", text=item)
            yield BundleProblem("addressees.csv", new_rows[0].line, "role", reason)


def _check_days(rows: Sequence[AddresseeRow], fresh: set[int]) -> Iterator[BundleProblem]:
    earlier: dict[str, list[tuple[date, date]]] = defaultdict(list)
    for row in rows:
        try:
            begin, end = days_of(row.fact)
        except Refused as refused:
            yield from (BundleProblem("addressees.csv", row.line, "to_on", reason) for reason in refused.refusals)
            continue
        overlaps = any(begin <= other_end and other_begin <= end for other_begin, other_end in earlier[row.fact.body])
        if overlaps and id(row) in fresh:
            reason = refusal(
                "the days of “{text}” overlap with those of an earlier row.",
                cure="Let one period end first.",
                text=row.fact.body,
            )
            yield BundleProblem("addressees.csv", row.line, "from_on", reason)
        earlier[row.fact.body].append((begin, end))


def check_merges(bundle: Bundle, stored: Bundle) -> Iterator[BundleProblem]:
    """Yield a problem for each body that cannot be merged as its row says."""
    rows = {r.fact.id: r for b in (stored, bundle) for r in b.bodies}
    parents = {ident: row.fact.parent for ident, row in rows.items()}
    merged = {ident: row.merged_into for ident, row in rows.items() if row.merged_into}
    for row in bundle.bodies:
        if not row.merged_into:
            if row.merged_on or row.merged_why or row.merged_at:
                reason = refusal("enter the body that it was merged into, or leave the other columns empty.")
                yield BundleProblem("bodies.csv", row.line, "merged_into", reason)
            continue
        for column, value in (("merged_on", row.merged_on), ("merged_why", row.merged_why)):
            if not value:
                yield BundleProblem("bodies.csv", row.line, column, EMPTY_CELL)
        if row.merged_into == row.fact.id:
            yield BundleProblem("bodies.csv", row.line, "merged_into", refusal("a body cannot be merged into itself."))
        elif row.fact.id in _above(row.merged_into, parents, merged):
            reason = refusal(
                "“{into}” is a part of “{body}”, or was merged into it.", into=row.merged_into, body=row.fact.id
            )
            yield BundleProblem("bodies.csv", row.line, "merged_into", reason)


def _above(body: str, parents: Mapping[str, str], merged: Mapping[str, str]) -> set[str]:
    """The bodies above a body, and those that it was merged into."""
    found: set[str] = set()
    while (body := merged.get(body) or parents.get(body, "")) and body not in found:
        found.add(body)
    return found
