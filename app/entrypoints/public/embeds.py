"""Parts of this site inside others: frames, badges, pictures of links, and how to find them (oEmbed)."""

from collections.abc import Sequence
from typing import Any
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
from app.entrypoints.public.sharing import HEIGHT, WIDTH, frame
from app.presentation.charts.axis import build_axis
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.strips import build_strip
from app.presentation.i18n.labels import STATUS, day_text
from app.presentation.i18n.languages import is_serif
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.headlines import scorecard_headline
from app.presentation.narrative.review_days import review_days
from app.presentation.pictures.badge import badge_values as drawn_badge
from app.presentation.pictures.link_preview import draw_preview
from domain.codes import Bucket
from domain.errors import NotFound, Refused, refusal
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts, standings
from projections.scorecards.results import Standing
from projections.scorecards.status_history import status_histories

FRAMED = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")
FRAMES = {"public.scorecard": "public.embed", "public.recommendation": "public.embed_recommendation"}
"""The pages that have a frame."""


@public.get("/<register:register>/embed/")
def embed(register: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        numbers = counts(db, register, page.times.pair)
        return _framed(
            page, "public.scorecard", counts=numbers, blocks=build_blocks(numbers), headline=scorecard_headline(numbers)
        )


@public.get("/<register:register>/recommendations/<ident:recommendation>/embed/")
def embed_recommendation(register: str, recommendation: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        facts, standing = _one(page, recommendation)
        return _framed(page, "public.recommendation", facts=facts, standing=standing, recommendation=recommendation)


@public.get("/<register:register>/badge.svg")
def badge(register: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        numbers = counts(db, register, page.times.pair)
    value = _("%(n)s of %(all)s done", n=numbers.buckets[Bucket.DONE], all=numbers.rated)
    return _svg(drawn_badge("Uptake", f"{value}, {day_text(page.times.as_of.isoformat(), 'short')}", None))


@public.get("/<register:register>/recommendations/<ident:recommendation>/badge.svg")
def badge_of_recommendation(register: str, recommendation: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        _facts, standing = _one(page, recommendation)
    status = standing.status if standing else None
    value = str(STATUS[status]) if status else _("not on the scorecard")
    day = day_text(page.times.as_of.isoformat(), "short")
    return _svg(drawn_badge("Uptake", f"{value}, {day}", status.value if status else None))


@public.get("/<register:register>/card.png")
def picture(register: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        numbers = counts(db, register, page.times.pair)
    words = "".join(text for text, _bucket in scorecard_headline(numbers))
    return _png(page, words, _dates(page), [(b.status, b.x, b.width) for b in build_blocks(numbers)])


@public.get("/<register:register>/recommendations/<ident:recommendation>/card.png")
def picture_of_recommendation(register: str, recommendation: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        facts, standing = _one(page, recommendation)
        life = status_histories(db, register, page.times.known_at, page.times.as_of, recommendation).get(
            recommendation, ()
        )
    axis = build_axis([h.start for h in life], review_days(page.schedules, page.times.as_of), page.times.as_of)
    segments = [(s.status, s.x, s.width) for s in build_strip(life, axis, None).segments]
    status = str(STATUS[standing.status]) if standing else _("not on the scorecard")
    return _png(page, localized_text(facts, "title"), f"{status}. {_dates(page)}", segments)


@public.get("/oembed")
def oembed() -> Response:
    """Describes the frame of a page of this site (https://oembed.com)."""
    given = read_parameters("url", "format", "maxwidth", "maxheight")
    if given.get("format", "json") not in ("json", "xml"):
        raise Refused(refusal("The format must be json or xml, not “{format}”.", format=given["format"][:20]))
    endpoint, values, query = _asked(given.get("url", ""))
    with services().views.connect() as db:
        page = Page(services(), db, values["register"], query)
        if "recommendation" in values:
            title = localized_text(_one(page, values["recommendation"])[0], "title")
        else:
            title = localized_text(page.entry.settings, "title")
    width, height = _within(given.get("maxwidth"), WIDTH), _within(given.get("maxheight"), HEIGHT)
    source = absolute_url(page_url(FRAMES[endpoint], **values, **query))
    said: dict[str, Any] = {
        "version": "1.0",
        "type": "rich",
        "provider_name": "Uptake",
        "provider_url": absolute_url("/"),
        "title": title,
        "width": width,
        "height": height,
        "html": frame(source, title, width, height),
    }
    response = jsonify(said) if given.get("format", "json") == "json" else _xml(said)
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def _one(page: Page, recommendation: str) -> tuple[Any, Standing | None]:
    entry = catalogue.recommendation(page.db, page.id, recommendation, page.times.known_at)
    if entry is None:
        raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
    return entry.facts, standings(page.db, page.id, page.times.pair, recommendation).get(recommendation)


def _framed(page: Page, endpoint: str, **shown: Any) -> Response:
    of = {"recommendation": shown.pop("recommendation")} if "recommendation" in shown else {}
    html = render_template(
        f"embed/{endpoint.removeprefix('public.')}.html",
        register=page.entry.settings,
        times=page.times,
        method=page.methodology,
        full=absolute_url(page_url(endpoint, register=page.id, **of, **page.link_times())),
        **shown,
    )
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = FRAMED
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _svg(values: dict[str, Any]) -> Response:
    return _shown(render_template("embed/badge.svg", **values), "image/svg+xml")


def _png(page: Page, headline: str, foot: str, drawn: Sequence[tuple[str, float, float]]) -> Response:
    name = localized_text(page.entry.settings, "title")
    return _shown(draw_preview(name, headline, foot, drawn, serif=is_serif(page_language())), "image/png")


def _dates(page: Page) -> str:
    return _(
        "As of %(day)s, as known on %(known)s",
        day=day_text(page.times.as_of.isoformat()),
        known=day_text(page.times.known_day.isoformat()),
    )


def _shown(content: str | bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _asked(url: str) -> tuple[str, dict[str, str], dict[str, str]]:
    """Which page of this site an address is: its endpoint, the parts of its path, its pair of times."""
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
    if endpoint not in FRAMES:
        raise NotFound(refusal("You can embed scorecards and recommendations, but not “{url}”.", url=url[:80]))
    query = {k: v for k, v in parse_qsl(parts.query) if k in ("as_of", "known_at")}
    return endpoint, {k: str(v) for k, v in values.items()}, query


def _within(text: str | None, most: int) -> int:
    if text is None:
        return most
    if not (text.isascii() and text.isdigit() and 0 < int(text[:6]) < 100_000):
        raise Refused(refusal("“{text}” is not a width or height in pixels.", text=text[:20]))
    return min(int(text), most)


def _xml(said: dict[str, Any]) -> Response:
    root = Xml.Element("oembed")
    for name, value in said.items():
        Xml.SubElement(root, name).text = str(value)
    return Response(Xml.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="text/xml")
