"""Checks that the ids in a bundle exist, in the bundle or in the stored register."""

from collections.abc import Iterable, Iterator

from app.presentation.i18n.translation import LazyText
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import AssessmentRow, Bundle, BundleRow, CardRow
from domain.errors import Refusal, refusal

NO_RECOMMENDATION = LazyText("there is no recommendation “{text}”.").text
_NO_SUCH = {
    "body": LazyText("there is no body “{text}”.").text,
    "publication": LazyText("there is no publication “{text}”.").text,
    "recommendation": NO_RECOMMENDATION,
    "evidence": LazyText("there is no evidence “{text}”.").text,
    "assessment": LazyText("there is no assessment “{text}”.").text,
}
"""The words of a refusal by the kind of what is missing."""


class KnownIds:
    """All ids of the bundle and the stored register."""

    def __init__(self, *bundles: Bundle) -> None:
        self.bodies = {r.fact.id: r.fact.parent for b in bundles for r in b.bodies}
        self.publications = {r.fact.id for b in bundles for r in b.publications}
        self.recommendations = {r.fact.id for b in bundles for r in b.recommendations}
        self.elements = {(r.recommendation, r.fact.id) for b in bundles for r in b.elements}
        self.divided = {recommendation for recommendation, _ in self.elements}
        self.evidence = {r.fact.id for b in bundles for r in b.evidence}
        self.assessments = {r.fact.id: r.recommendation for b in bundles for r in b.assessments}


def check_references(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    """Yield a problem for every id that names nothing."""
    yield from _check_bodies(bundle, known_ids)
    yield from _check_recommendations(bundle, known_ids)
    yield from _check_items(bundle, known_ids)
    yield from _check_evidence(bundle, known_ids)
    yield from _check_withdrawals(bundle, known_ids)
    yield from _check_responses(bundle, known_ids)


def _check_bodies(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    cyclic = _find_cycles(known_ids.bodies)
    for body in bundle.bodies:
        yield from _check("bodies", body, "parent", [body.fact.parent], known_ids.bodies, "body")
        yield from _check("bodies", body, "merged_into", [body.merged_into], known_ids.bodies, "body")
        if body.fact.id in cyclic:
            yield BundleProblem(
                "bodies.csv", body.line, "parent", refusal("“{text}” is part of itself.", text=body.fact.id)
            )


def _check_recommendations(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    sheet, publications = "recommendations", known_ids.publications
    for row in bundle.recommendations:
        yield from _check(sheet, row, "addressees", row.fact.addressees, known_ids.bodies, "body")
        yield from _check(sheet, row, "publication", [row.fact.publication], publications, "publication")
        yield from _check(sheet, row, "also_in", row.fact.also_in, publications, "publication")


def _check_items(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    recommendations = known_ids.recommendations
    for sheet in ("elements", "cards", "assessments", "deadlines", "addressees"):
        for row in getattr(bundle, sheet):
            yield from _check(sheet, row, "recommendation", [row.recommendation], recommendations, "recommendation")
    for sheet in ("cards", "assessments"):
        for row in getattr(bundle, sheet):
            yield from _check_item(sheet, row, known_ids)
    for addressee in bundle.addressees:
        yield from _check("addressees", addressee, "body", [addressee.fact.body], known_ids.bodies, "body")
    for deadline in bundle.deadlines:
        element, whole = deadline.fact.element, deadline.recommendation
        if element and (whole, element) not in known_ids.elements:
            yield BundleProblem("deadlines.csv", deadline.line, "element", no_element(whole, element))


def _check_evidence(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    sheet, recommendations = "developments", known_ids.recommendations
    for row in bundle.assessments:
        yield from _check("assessments", row, "evidence", row.fact.evidence, known_ids.evidence, "evidence")
    for deadline in bundle.deadlines:
        yield from _check("deadlines", deadline, "evidence", deadline.fact.evidence, known_ids.evidence, "evidence")
    for development in bundle.developments:
        yield from _check(sheet, development, "evidence", development.fact.evidence, known_ids.evidence, "evidence")
        yield from _check(
            sheet, development, "recommendations", development.fact.recommendations, recommendations, "recommendation"
        )


def _check_withdrawals(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    sheet, recommendations, assessments = "withdrawals", known_ids.recommendations, known_ids.assessments
    for row in bundle.withdrawals:
        yield from _check(sheet, row, "assessment", [row.assessment], assessments, "assessment")
        yield from _check(sheet, row, "recommendation", [row.recommendation], recommendations, "recommendation")
        yield from _check(sheet, row, "replaced_by", [row.replaced_by], assessments, "assessment")


def _check_responses(bundle: Bundle, known_ids: KnownIds) -> Iterator[BundleProblem]:
    sheet = "responses"
    for row in bundle.responses:
        yield from _check(
            sheet, row, "recommendation", [row.recommendation], known_ids.recommendations, "recommendation"
        )
        yield from _check(sheet, row, "body", [row.fact.body], known_ids.bodies, "body")
        yield from _check(sheet, row, "evidence", row.fact.evidence, known_ids.evidence, "evidence")
        yield from _check(sheet, row, "assessment", [row.fact.assessment], known_ids.assessments, "assessment")
        if row.fact.element and (row.recommendation, row.fact.element) not in known_ids.elements:
            reason = no_element(row.recommendation, row.fact.element)
            yield BundleProblem(f"{sheet}.csv", row.line, "element", reason, row.fact.element)


def no_element(recommendation: str, element: str) -> Refusal:
    """Why nothing can be about such an element."""
    return refusal("“{recommendation}” has no element “{element}”.", recommendation=recommendation, element=element)


def _check(
    sheet: str, row: BundleRow, column: str, ids: Iterable[str], known_ids: Iterable[str], noun: str
) -> Iterator[BundleProblem]:
    for ident in ids:
        if ident and ident not in known_ids:
            yield BundleProblem(f"{sheet}.csv", row.line, column, refusal(_NO_SUCH[noun], text=ident), ident)


def _check_item(sheet: str, row: CardRow | AssessmentRow, known_ids: KnownIds) -> Iterator[BundleProblem]:
    element, rec = row.fact.element, row.recommendation
    if element and (rec, element) not in known_ids.elements:
        yield BundleProblem(f"{sheet}.csv", row.line, "element", no_element(rec, element), element)
    elif not element and rec in known_ids.divided:
        reason = refusal("“{recommendation}” has elements.", cure="Name the one you mean.", recommendation=rec)
        yield BundleProblem(f"{sheet}.csv", row.line, "element", reason)


def _find_cycles(parents: dict[str, str]) -> set[str]:
    """Return the bodies that are, directly or through others, part of themselves."""
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
