"""Describes the frame of a page of this site to the sites that show it (https://oembed.com)."""

from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as Xml

from flask import Response, current_app, jsonify
from werkzeug.exceptions import HTTPException

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.frames import recommendation_frame, scorecard_frame
from app.entrypoints.public.page import Page, find_recommendation
from app.entrypoints.public.sharing import FRAME_WIDTH_PX, FRAMED_PAGES, frame_markup
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import set_language
from app.presentation.narrative.keeper import keeper_of
from app.presentation.pictures.frame_height import MAX_WIDTH_PX, MIN_WIDTH_PX, FrameText
from domain.errors import NotFound, Refused, refusal
from projections.scorecards.queries import counts

FRAME_ENDPOINTS = {page: frame for frame, page in FRAMED_PAGES.items()}


@public.get("/oembed")
def oembed() -> Response:
    parameters = read_parameters("url", "format", "maxwidth", "maxheight")
    if parameters.get("format", "json") not in ("json", "xml"):
        raise Refused(refusal("The format must be json or xml, not “{format}”.", format=parameters["format"][:20]))
    max_width, max_height = _pixels(parameters.get("maxwidth")), _pixels(parameters.get("maxheight"))
    width = max(MIN_WIDTH_PX, min(max_width, MAX_WIDTH_PX)) if max_width else FRAME_WIDTH_PX
    endpoint, values, query = _match_page(parameters.get("url", ""))
    set_language(values["lang"])
    with services().views.connect() as db:
        page = Page(services(), db, values["register"], query)
        title, frame = _frame_of(page, values.get("recommendation"))
    height = min(frame.height(width), max_height or MAX_WIDTH_PX * 10)
    width = min(width, max_width or width)
    source = absolute_url(page_url(endpoint, **values, **query))
    description: dict[str, str | int] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": keeper_of(page.entry).name,
        "provider_url": absolute_url("/"),
        "title": title,
        "width": width,
        "height": height,
        "html": frame_markup(source, title, width, height),
    }
    response = jsonify(description) if parameters.get("format", "json") == "json" else _oembed_xml(description)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _frame_of(page: Page, recommendation: str | None) -> tuple[str, FrameText]:
    """The title and the text of a frame."""
    if recommendation:
        facts, standing = find_recommendation(page, recommendation)
        return localized_text(facts, "title"), recommendation_frame(page, facts, standing)
    numbers = counts(page.db, page.id, page.times.pair)
    return localized_text(page.entry.settings, "title"), scorecard_frame(page, numbers)


def _match_page(url: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """The frame of a page or of a frame of this site: its endpoint, path values and pair of times."""
    base = absolute_url("/")
    if not url.startswith(base):
        raise Refused(
            refusal("“{url}” is not a page of this site. Its pages begin with {base}.", url=url[:80], base=base)
        )
    parts = urlsplit(url)
    path = parts.path.removeprefix(urlsplit(base).path.rstrip("/"))
    try:
        endpoint, values = current_app.url_map.bind("").match(path)
    except HTTPException:
        endpoint, values = "", {}
    frame = FRAME_ENDPOINTS.get(endpoint, endpoint)
    if frame not in FRAME_ENDPOINTS.values():
        raise NotFound(refusal("You can embed scorecards and recommendations, but not “{url}”.", url=url[:80]))
    query = {k: v for k, v in parse_qsl(parts.query) if k in ("as_of", "known_at", "theme")}
    return frame, {k: str(v) for k, v in values.items()}, query


def _pixels(text: str | None) -> int:
    """A width or height; 0 if none is asked for."""
    if text is None:
        return 0
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 100_000):
        raise Refused(refusal("“{text}” is not a width or height in pixels.", text=text[:20]))
    return int(text[:6])


def _oembed_xml(description: dict[str, str | int]) -> Response:
    root = Xml.Element("oembed")
    for name, value in description.items():
        Xml.SubElement(root, name).text = str(value)
    return Response(Xml.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="text/xml")
