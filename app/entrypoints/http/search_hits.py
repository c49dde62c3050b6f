"""Links search hits to their pages."""

from flask import url_for
from msgspec import Struct

from projections.catalogue.entries import RecommendationEntry
from projections.search.queries import SearchHit


class LinkedHit(Struct, frozen=True):
    """A hit with the title to show and the address to go to (empty for evidence nothing public cites)."""

    hit: SearchHit
    title: str
    translations: dict[str, dict[str, str]]
    url: str


def link_hit(register: str, hit: SearchHit, facts: dict[str, RecommendationEntry]) -> LinkedHit:
    entry = facts.get(hit.recommendation)
    title = hit.title or (entry.facts.title if entry else hit.id)
    translations = entry.facts.translations if entry and title == entry.facts.title else {}
    if not hit.recommendation:
        return LinkedHit(hit, title, {}, "")
    anchor = {"assessment": f"a-{hit.id}", "development": f"d-{hit.id}", "response": f"s-{hit.id}"}.get(hit.kind)
    url = url_for("public.recommendation", register=register, recommendation=hit.recommendation, _anchor=anchor)
    return LinkedHit(hit, title, translations, url)
