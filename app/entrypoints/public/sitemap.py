"""What machines that follow links need: which pages there are, in which languages, and where not to go."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from xml.etree import ElementTree as Xml

from flask import Response, current_app
from sqlalchemy import Connection
from werkzeug.routing import Rule

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.presentation.i18n.languages import LANGUAGES
from app.services.container import Services
from app.services.snapshots.review_schedule import review_occurrences
from domain.times import days_after
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
MOST = 25_000
"""Pages in each language; the format allows 50,000 addresses in a file."""
NOT_IN_SITEMAP = {
    "public.robots": "for machines",
    "public.sitemap": "for machines",
    "public.oembed": "for machines",
    "public.feed": "a feed, which its page links to",
    "public.corrections_feed": "a feed, which its page links to",
    "public.recommendation_feed": "a feed, which its page links to",
    "public.theme_feed": "a feed, which its page links to",
    "public.body_feed": "a feed, which its page links to",
    "public.cite": "a citation, which its page links to",
    "public.cite_recommendation": "a citation, which its page links to",
    "public.cite_review": "a citation, which its page links to",
    "public.compare_csv": "a file, which its page links to",
    "public.download_bundle": "a file, which its page links to",
    "public.download_csv": "a file, which its page links to",
    "public.download_csv_for_people": "a file, which its page links to",
    "public.download_workbook": "a file, which its page links to",
    "public.due_calendar": "a calendar, which its page links to",
    "public.kept_copy": "a file, which its page links to",
    "public.package": "a file, which its page links to",
    "public.package_file": "a file, which its page links to",
    "public.package_timestamp": "a file, which its page links to",
    "public.embed": "a frame for pages of other sites",
    "public.embed_recommendation": "a frame for pages of other sites",
    "public.editions": "leads to recommendations, which have their own pages",
    "public.badge": "a picture",
    "public.badge_of_recommendation": "a picture",
    "public.picture": "a picture",
    "public.picture_of_recommendation": "a picture",
    "public.search": "shows nothing without words to search for",
}
"""The public endpoints that the sitemap leaves out, each with the reason."""


@public.get("/robots.txt")
def robots() -> Response:
    read_parameters()
    lines = ["User-agent: *", "Disallow: /staff/", "Disallow: /*?before=", f"Sitemap: {absolute_url('/sitemap.xml')}"]
    return _public("\n".join(lines) + "\n", "text/plain")


@public.get("/sitemap.xml")
def sitemap() -> Response:
    read_parameters()
    Xml.register_namespace("", SITEMAP)
    Xml.register_namespace("xhtml", XHTML)
    root = Xml.Element(f"{{{SITEMAP}}}urlset")
    for endpoint, values in islice(sitemap_pages(services()), MOST):
        addresses = {code: absolute_url(page_url(endpoint, lang=code, **values)) for code in LANGUAGES}
        for address in addresses.values():
            url = Xml.SubElement(root, f"{{{SITEMAP}}}url")
            Xml.SubElement(url, f"{{{SITEMAP}}}loc").text = address
            for code, other in addresses.items():
                Xml.SubElement(url, f"{{{XHTML}}}link", rel="alternate", hreflang=code, href=other)
    return _public(Xml.tostring(root, encoding="utf-8", xml_declaration=True), "application/xml")


def sitemap_pages(services: Services) -> Iterator[tuple[str, dict[str, str]]]:
    """The endpoint and values of each public page about today, from the routes of the public blueprint."""
    rules = [rule for rule in current_app.url_map.iter_rules() if _is_listed(rule)]
    for rule in rules:
        if "register" not in rule.arguments:
            yield rule.endpoint, {}
    with services.views.connect() as db:
        for entry in catalogue.registers(db):
            if not entry.is_open:
                continue
            values = _values(db, entry.id, services.clock())
            for rule in rules:
                if "register" in rule.arguments:
                    yield from ((rule.endpoint, chosen) for chosen in values[frozenset(rule.arguments - {"lang"})])


def _is_listed(rule: Rule) -> bool:
    is_first_language = (rule.defaults or {}).get("lang") == next(iter(LANGUAGES))
    return is_first_language and rule.endpoint.startswith("public.") and rule.endpoint not in NOT_IN_SITEMAP


def _values(db: Connection, register: str, now: datetime) -> dict[frozenset[str], list[dict[str, str]]]:
    """By the variable parts of an address, everything that they can be in a register."""
    known_at = last_applied_at(db)
    ids: dict[str, Iterable[str]] = {
        "theme": catalogue.themes(db, register, known_at),
        "body": catalogue.bodies(db, register, known_at),
        "recommendation": catalogue.recommendations(db, register, known_at),
        "review": catalogue.reviews(db, register, known_at),
    }
    frozen = [o for o in review_occurrences(db, register, days_after(now.date(), 1)) if o.preparation.snapshot]
    return {
        frozenset({"register"}): [{"register": register}],
        frozenset({"register", "review", "as_of"}): [
            {"register": register, "review": o.schedule.id, "as_of": o.as_of} for o in frozen
        ],
    } | {frozenset({"register", name}): [{"register": register, name: ident} for ident in ids[name]] for name in ids}


def _public(content: str | bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
