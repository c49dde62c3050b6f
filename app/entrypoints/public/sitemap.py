"""What machines that follow links need: which pages there are, in which languages, and where not to go."""

from itertools import islice
from xml.etree import ElementTree as Xml

from flask import Response

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.presentation.i18n.languages import LANGUAGES
from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
MOST = 25_000
"""Pages in each language; the format allows 50,000 addresses in a file."""


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
    for endpoint, values in islice(_pages(services()), MOST):
        addresses = {code: absolute_url(page_url(endpoint, lang=code, **values)) for code in LANGUAGES}
        for address in addresses.values():
            url = Xml.SubElement(root, f"{{{SITEMAP}}}url")
            Xml.SubElement(url, f"{{{SITEMAP}}}loc").text = address
            for code, other in addresses.items():
                Xml.SubElement(url, f"{{{XHTML}}}link", rel="alternate", hreflang=code, href=other)
    return _public(Xml.tostring(root, encoding="utf-8", xml_declaration=True), "application/xml")


def _pages(services: Services) -> list[tuple[str, dict[str, str]]]:
    """The endpoints and values of all pages about today."""
    found: list[tuple[str, dict[str, str]]] = [("public.registers", {}), ("public.about", {})]
    families = ("scorecard", "compare", "changes", "corrections", "methodology", "download")
    with services.views.connect() as db:
        known = last_applied_at(db)
        for entry in catalogue.registers(db):
            if not entry.is_open:
                continue
            of = {"register": entry.id}
            found += [(f"public.{family}", of) for family in families]
            found += [("public.theme", of | {"theme": t}) for t in catalogue.themes(db, entry.id, known)]
            found += [("public.body", of | {"body": b}) for b in catalogue.bodies(db, entry.id, known)]
            recommendations = catalogue.recommendations(db, entry.id, known)
            found += [("public.recommendation", of | {"recommendation": r}) for r in recommendations]
    return found


def _public(content: str | bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
