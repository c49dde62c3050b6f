"""Whether what a bundle's rows name is there: in the bundle, or in the register as it is stored."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle


class KnownIds:
    """The ids there are, bundle and store together."""

    def __init__(self, *bundles: Bundle) -> None:
        self.bodies = {r.fact.id: r.fact.parent for b in bundles for r in b.bodies}
        self.publications = {r.fact.id for b in bundles for r in b.publications}
        self.recommendations = {r.fact.id for b in bundles for r in b.recommendations}
        self.elements = {(r.recommendation, r.fact.id) for b in bundles for r in b.elements}
        self.divided = {recommendation for recommendation, _ in self.elements}
        self.evidence = {r.fact.id for b in bundles for r in b.evidence}
        self.assessments = {r.fact.id: r.recommendation for b in bundles for r in b.assessments}


def check_references(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    """A problem for every id that names nothing."""
    circles = _find_cycles(known_ids.bodies)
    for body in bundle.bodies:
        yield from _check("bodies", body, "parent", [body.fact.parent], known_ids.bodies, "body")
        if body.fact.id in circles:
            yield BundleProblem("bodies.csv", body.line, "parent", f"“{body.fact.id}” is a part of itself.")
    for rec in bundle.recommendations:
        f = rec.fact
        yield from _check("recommendations", rec, "addressees", f.addressees, known_ids.bodies, "body")
        yield from _check("recommendations", rec, "publication", [f.publication], known_ids.publications, "publication")
        yield from _check("recommendations", rec, "also_in", f.also_in, known_ids.publications, "publication")
    for sheet in ("elements", "cards", "assessments"):
        for row in getattr(bundle, sheet):
            yield from _check(
                sheet, row, "recommendation", [row.recommendation], known_ids.recommendations, "recommendation"
            )
    for sheet in ("cards", "assessments"):
        for row in getattr(bundle, sheet):
            yield from _item(sheet, row, known_ids)
    for row in bundle.assessments:
        yield from _check("assessments", row, "evidence", row.fact.evidence, known_ids.evidence, "evidence")
    for row in bundle.developments:
        yield from _check("developments", row, "evidence", row.fact.evidence, known_ids.evidence, "evidence")
        yield from _check(
            "developments",
            row,
            "recommendations",
            row.fact.recommendations,
            known_ids.recommendations,
            "recommendation",
        )
    for row in bundle.withdrawals:
        yield from _check("withdrawals", row, "assessment", [row.assessment], known_ids.assessments, "assessment")
        yield from _check(
            "withdrawals", row, "recommendation", [row.recommendation], known_ids.recommendations, "recommendation"
        )
        yield from _check("withdrawals", row, "replaced_by", [row.replaced_by], known_ids.assessments, "assessment")


def _check(
    sheet: str, row: Any, column: str, ids: Iterable[str], known_ids: Iterable[str], noun: str
) -> Iterator[BundleProblem]:
    for ident in ids:
        if ident and ident not in known_ids:
            yield BundleProblem(f"{sheet}.csv", row.line, column, f"there is no {noun} “{ident}”.")


def _item(sheet: str, row: Any, known_ids: KnownIds) -> Iterator[BundleProblem]:
    element, rec = row.fact.element, row.recommendation
    if element and (rec, element) not in known_ids.elements:
        yield BundleProblem(f"{sheet}.csv", row.line, "element", f"“{rec}” has no element “{element}”.")
    elif not element and rec in known_ids.divided:
        yield BundleProblem(f"{sheet}.csv", row.line, "element", f"“{rec}” has elements; name the one you mean.")


def _find_cycles(parents: dict[str, str]) -> set[str]:
    """The bodies that are, through whatever others, a part of themselves."""
    cyclic: set[str] = set()
    visited: set[str] = set()
    for start in parents:
        path: dict[str, int] = {}
        body = start
        while body and body not in visited and body not in path:
            path[body] = len(path)
            body = parents.get(body, "")
        if body in path:
            cyclic |= {node for node, place in path.items() if place >= path[body]}
        visited.update(path)
    return cyclic
