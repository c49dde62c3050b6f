"""Parts of this site on other sites: frames, badges, link previews and oEmbed."""

from collections.abc import Sequence
from urllib.parse import parse_qsl, urlsplit
from xml.etree import ElementTree as Xml

from flask import Response, current_app, jsonify, render_template
from werkzeug.exceptions import HTTPException

from app.entrypoints.http.headers import POLICY
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.sharing import FRAME_HEIGHT_PX, FRAME_WIDTH_PX, frame_markup
from app.presentation.charts.axis import build_axis
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.strips import build_strip
from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.languages import is_serif
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.headlines import scorecard_headline
from app.presentation.narrative.keeper import keeper_of
from app.presentation.narrative.lineage import Editions, superseded_words
from app.presentation.narrative.review_days import review_days
from app.presentation.narrative.statement import present_statement
from app.presentation.pictures.badge import badge_values
from app.presentation.pictures.link_preview import draw_preview
from domain.codes import Bucket
from domain.errors import NotFound, Refused, refusal
from domain.values import RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import Standing
from projections.scorecards.status_history import status_histories

FRAME_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
FRAME_ENDPOINTS = {"public.scorecard": "public.embed", "public.recommendation": "public.embed_recommendation"}
"""The pages that have a frame."""


@public.get("/<register:register>/embed/")
def embed(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
        return _render_frame(
            page, "public.scorecard", counts=numbers, blocks=build_blocks(numbers), headline=scorecard_headline(numbers)
        )


@public.get("/<register:register>/recommendations/<ident:recommendation>/embed/")
def embed_recommendation(register: str, recommendation: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        facts, standing = _find_recommendation(page, recommendation)
        return _render_frame(
            page,
            "public.recommendation",
            facts=facts,
            standing=standing,
            statement=present_statement(db, register, page.times.pair, standing),
            continued=superseded_words(Editions(db, page.entry, page.times.pair), standing),
            recommendation=recommendation,
        )


@public.get("/<register:register>/badge.svg")
def badge(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
    value = _("%(n)s of %(all)s done", n=numbers.buckets[Bucket.DONE], all=numbers.rated)
    return _badge_response(badge_values("Uptake", f"{value}, {day_text(page.times.as_of.isoformat(), 'short')}", None))


@public.get("/<register:register>/recommendations/<ident:recommendation>/badge.svg")
def badge_of_recommendation(register: str, recommendation: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        _facts, standing = _find_recommendation(page, recommendation)
    status = standing.status if standing else None
    value = status_word(status) if status else _("not on the scorecard")
    day = day_text(page.times.as_of.isoformat(), "short")
    return _badge_response(badge_values("Uptake", f"{value}, {day}", status.value if status else None))


@public.get("/<register:register>/card.png")
def picture(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
    words = "".join(text for text, _bucket in scorecard_headline(numbers))
    return _preview_response(page, words, _dates_line(page), [(b.status, b.x, b.width) for b in build_blocks(numbers)])


@public.get("/<register:register>/recommendations/<ident:recommendation>/card.png")
def picture_of_recommendation(register: str, recommendation: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        facts, standing = _find_recommendation(page, recommendation)
        history = status_histories(db, register, page.times.known_at, page.times.as_of, recommendation).get(
            recommendation, ()
        )
        statement = present_statement(db, register, page.times.pair, standing)
        continued = superseded_words(Editions(db, page.entry, page.times.pair), standing)
    axis = build_axis([h.start for h in history], review_days(page.schedules, page.times.as_of), page.times.as_of)
    segments = [(s.status, s.x, s.width) for s in build_strip(history, axis, None).segments]
    status = status_word(standing.status) if standing else _("not on the scorecard")
    words = " ".join(filter(None, (statement.words if statement else "", continued)))
    return _preview_response(page, localized_text(facts, "title"), f"{status}. {_dates_line(page)}", segments, words)


@public.get("/oembed")
def oembed() -> Response:
    """Describes the frame of a page of this site (https://oembed.com)."""
    parameters = read_parameters("url", "format", "maxwidth", "maxheight")
    if parameters.get("format", "json") not in ("json", "xml"):
        raise Refused(refusal("The format must be json or xml, not “{format}”.", format=parameters["format"][:20]))
    endpoint, values, query = _match_page(parameters.get("url", ""))
    with services().views.connect() as db:
        page = Page(services(), db, values["register"], query)
        if "recommendation" in values:
            title = localized_text(_find_recommendation(page, values["recommendation"])[0], "title")
        else:
            title = localized_text(page.entry.settings, "title")
    width, height = (
        _pixels(parameters.get("maxwidth"), FRAME_WIDTH_PX),
        _pixels(parameters.get("maxheight"), FRAME_HEIGHT_PX),
    )
    source = absolute_url(page_url(FRAME_ENDPOINTS[endpoint], **values, **query))
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


def _find_recommendation(page: Page, recommendation: str) -> tuple[RecommendationFacts, Standing | None]:
    entry = catalogue.recommendation(page.db, page.id, recommendation, page.times.known_at)
    if entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    return entry.facts, standings(page.db, page.id, page.times.pair, recommendation).get(recommendation)


def _render_frame(page: Page, endpoint: str, recommendation: str = "", **context: object) -> Response:
    of = {"recommendation": recommendation} if recommendation else {}
    html = render_template(
        f"embed/{endpoint.removeprefix('public.')}.html",
        register=page.entry.settings,
        times=page.times,
        method=page.methodology,
        full=absolute_url(page_url(endpoint, register=page.id, **of, **page.link_times())),
        **context,
    )
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _badge_response(values: dict[str, object]) -> Response:
    return _picture_response(render_template("embed/badge.svg", **values), "image/svg+xml")


def _preview_response(
    page: Page, headline: str, foot: str, segments: Sequence[tuple[str, float, float]], statement: str = ""
) -> Response:
    name, serif = localized_text(page.entry.settings, "title"), is_serif(page_language())
    return _picture_response(draw_preview(name, headline, foot, segments, statement, serif=serif), "image/png")


def _dates_line(page: Page) -> str:
    return _(
        "As of %(day)s, as known on %(known)s",
        day=day_text(page.times.as_of.isoformat()),
        known=day_text(page.times.known_day.isoformat()),
    )


def _picture_response(content: str | bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _match_page(url: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """The page of this site at a URL: its endpoint, path values and pair of times."""
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
    if endpoint not in FRAME_ENDPOINTS:
        raise NotFound(refusal("You can embed scorecards and recommendations, but not “{url}”.", url=url[:80]))
    query = {k: v for k, v in parse_qsl(parts.query) if k in ("as_of", "known_at")}
    return endpoint, {k: str(v) for k, v in values.items()}, query


def _pixels(text: str | None, maximum: int) -> int:
    if text is None:
        return maximum
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 100_000):
        raise Refused(refusal("“{text}” is not a width or height in pixels.", text=text[:20]))
    return min(int(text), maximum)


def _oembed_xml(description: dict[str, str | int]) -> Response:
    root = Xml.Element("oembed")
    for name, value in description.items():
        Xml.SubElement(root, name).text = str(value)
    return Response(Xml.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="text/xml")
