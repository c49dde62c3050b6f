"""Links search hits to their pages."""

from collections.abc import Mapping

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from domain.values import Body
from projections.catalogue.body_tree import BodyTree
from projections.catalogue.entries import RecommendationEntry
from projections.search.queries import SearchHit

ANCHORS = {"assessment": "a-{}", "development": "d-{}", "response": "s-{}", "deadline": "due-{}"}
"""By the kind of what was found: its place on the page of the recommendation."""


class LinkedHit(Struct, frozen=True):
    """A hit with the title to show and the address to go to (empty for evidence nothing public cites)."""

    hit: SearchHit
    title: str
    translations: dict[str, dict[str, str]]
    url: str


def name_present_bodies(hits: list[SearchHit], tree: BodyTree) -> list[SearchHit]:
    """The hits, with a body that was merged as the one that remains, and each body once."""
    result: dict[tuple[str, str], SearchHit] = {}
    for hit in hits:
        if hit.kind == "body":
            body = tree.bodies[tree.current(hit.id)]
            hit = replace(hit, id=body.id, title=body.name)
        result.setdefault((hit.kind, hit.id), hit)
    return list(result.values())


def link_hit(
    register: str, hit: SearchHit, facts: dict[str, RecommendationEntry], bodies: Mapping[str, Body]
) -> LinkedHit:
    if hit.kind == "body":
        url = url_for("public.body", register=register, body=hit.id)
        return LinkedHit(hit, hit.title, _names(bodies[hit.id]), url)
    entry = facts.get(hit.recommendation)
    title = hit.title or (entry.facts.title if entry else hit.id)
    translations = entry.facts.translations if entry and title == entry.facts.title else {}
    if not hit.recommendation:
        return LinkedHit(hit, title, {}, "")
    anchor = ANCHORS[hit.kind].format(hit.id) if hit.kind in ANCHORS else None
    url = url_for("public.recommendation", register=register, recommendation=hit.recommendation, _anchor=anchor)
    return LinkedHit(hit, title, translations, url)


def _names(body: Body) -> dict[str, dict[str, str]]:
    """The translated names of a body, as titles."""
    return {language: {"title": texts["name"]} for language, texts in body.translations.items() if "name" in texts}
