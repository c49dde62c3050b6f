"""Finds recommendations by their words, and by those of what is about them."""

from xml.etree import ElementTree as Xml

from flask import Response, render_template

from app.entrypoints.http.query_params import find_open_register, read_page_number, read_parameters
from app.entrypoints.http.search_hits import MAX_QUERY_LENGTH, HitLinks, assessments_in, name_present_bodies
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.status_news import news_of_assessments
from app.services.search.register_search import search_register
from projections.catalogue import queries as catalogue

OPENSEARCH = "http://a9.com/-/spec/opensearch/1.1/"
DESCRIPTION_TYPE = "application/opensearchdescription+xml"
MAX_SHORT_NAME_CHARS, MAX_LONG_NAME_CHARS = 16, 48
"""Limits of the format."""


@public.get("/<register:register>/search", strict_slashes=False)
def search(register: str) -> str:
    parameters = read_parameters("q", "page")
    query = parameters.get("q", "")[:MAX_QUERY_LENGTH]
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        result = search_register(db, register, query)
        number = read_page_number(parameters, result.pages)
        shown = result.page(number)
        links = HitLinks(register, query, news_of_assessments(db, register, assessments_in(shown)))
        facts = catalogue.recommendations_of(db, register, page.times.known_at, [found.id for found in shown])
        others = name_present_bodies(db, register, result.others) if number == 1 else ()
        context = page.context("public.search", dated=False) | {"is_listed": not query}
        if query:  # the words belong to the address
            context["permalink"] = absolute_url(page_url("public.search", register=register, q=query))
        return render_template(
            "public/search.html",
            **context,
            query=query,
            result=result,
            number=number,
            found=[links.recommendation(one, facts[one.id].facts) for one in shown if one.id in facts],
            others=[links.other(hit) for hit in others],
        )


@public.get("/<register:register>/opensearch.xml")
def search_description(register: str) -> Response:
    """Describes the search of a register, so that browsers can offer it (OpenSearch 1.1)."""
    read_parameters()
    with services().views.connect() as db:
        title = localized_text(find_open_register(db, register).settings, "title")
    Xml.register_namespace("", OPENSEARCH)
    root = Xml.Element(f"{{{OPENSEARCH}}}OpenSearchDescription")
    for name, text in (
        ("ShortName", title[:MAX_SHORT_NAME_CHARS]),
        ("LongName", title[:MAX_LONG_NAME_CHARS]),
        ("Description", _("Search the recommendations, assessments, sources and bodies of “%(title)s”.", title=title)),
        ("InputEncoding", "UTF-8"),
        ("Image", absolute_url("/favicon.ico")),
    ):
        Xml.SubElement(root, f"{{{OPENSEARCH}}}{name}").text = text
    template = absolute_url(page_url("public.search", register=register)) + "?q={searchTerms}"
    Xml.SubElement(root, f"{{{OPENSEARCH}}}Url", type="text/html", template=template)
    response = Response(Xml.tostring(root, encoding="utf-8", xml_declaration=True), content_type=DESCRIPTION_TYPE)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
