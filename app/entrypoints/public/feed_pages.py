"""Feeds of a register, a recommendation, a theme, a body, and of corrections."""

from collections.abc import Collection

from flask import Response, request

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.feeds import atom as atom_format
from app.entrypoints.public.feeds import json_feed as json_format
from app.entrypoints.public.page import Page
from app.presentation.answers.body_scorecards import find_body, recommendations_of
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.feed_context import read_feed_context
from app.presentation.narrative.feed_entries import (
    MAX_ENTRIES,
    Feed,
    build_entries,
    tag_uri,
)
from app.presentation.narrative.keeper import keeper_of
from app.services.container import Services
from domain.errors import NotFound, refusal
from projections.catalogue import queries as catalogue
from projections.changes.queries import latest
from projections.engine.name_lists import NameScope
from projections.scorecards.queries import under_theme

FORMAT_RULE = "<any(atom, json):form>"


@public.get(f"/<register:register>/changes.{FORMAT_RULE}")
def feed(register: str, form: str) -> Response:
    return _render_feed(services(), register, form, "public.changes", what="changes")


@public.get(f"/<register:register>/corrections.{FORMAT_RULE}")
def corrections_feed(register: str, form: str) -> Response:
    return _render_feed(services(), register, form, "public.corrections", what="corrections")


@public.get(f"/<register:register>/recommendations/<ident:recommendation>/changes.{FORMAT_RULE}")
def recommendation_feed(register: str, form: str, recommendation: str) -> Response:
    return _render_feed(
        services(), register, form, "public.recommendation", what="changes", recommendation=recommendation
    )


@public.get(f"/<register:register>/themes/<ident:theme>/changes.{FORMAT_RULE}")
def theme_feed(register: str, form: str, theme: str) -> Response:
    return _render_feed(services(), register, form, "public.theme", what="changes", theme=theme)


@public.get(f"/<register:register>/bodies/<ident:body>/changes.{FORMAT_RULE}")
def body_feed(register: str, form: str, body: str) -> Response:
    return _render_feed(services(), register, form, "public.body", what="changes", body=body)


def _render_feed(services: Services, register: str, form: str, endpoint: str, *, what: str, **of: str) -> Response:
    read_parameters()
    with services.views.connect() as db:
        page = Page(services, db, register, {})
        about, name = _feed_scope(page, of)
        opening = catalogue.opening(db, register)
        changes = latest(
            db,
            register,
            limit=MAX_ENTRIES,
            recommendations=about,
            corrections_only=what == "corrections",
            since=opening.position if opening else 0,
        )
        context = read_feed_context(db, page.entry, page.times.pair, changes)
        entries = build_entries(context, changes, absolute_url)
    title = f"{_('Corrections') if what == 'corrections' else _('Changes')}: {name}"
    assert page.entry.opened_at is not None
    feed = Feed(
        id=tag_uri(page.entry, "/".join((what, page_language(), *(v for pair in of.items() for v in pair)))),
        title=title,
        page=absolute_url(page_url(endpoint, register=register, **of)),
        own=absolute_url(request.path),
        language=page_language(),
        author=keeper_of(page.entry).name,
        updated=max((e.updated for e in entries), default=page.entry.opened_at),
        entries=entries,
        reach=page.evidence_reach,
    )
    if form == "atom":
        response = Response(atom_format.to_atom(feed), content_type=f"{atom_format.MIMETYPE}; charset=utf-8")
    else:
        response = Response(json_format.to_json_feed(feed), mimetype=json_format.MIMETYPE)
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.add_etag()
    response.make_conditional(request)
    return response


def _feed_scope(page: Page, of: dict[str, str]) -> tuple[Collection[str] | NameScope | None, str]:
    """The recommendations in a feed, None for all, and the name of the feed."""
    known_at = page.times.known_at
    if ident := of.get("recommendation"):
        entry = catalogue.recommendation(page.db, page.id, ident, known_at)
        if entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=ident))
        return [ident], localized_text(entry.facts, "title")
    if ident := of.get("theme"):
        theme = catalogue.themes(page.db, page.id, known_at).get(ident)
        if theme is None:
            raise NotFound(refusal("There is no theme “{theme}” in this register.", theme=ident))
        return under_theme(page.db, page.id, ident), localized_text(theme, "title")
    if ident := of.get("body"):
        tree = catalogue.body_tree(page.db, page.id, known_at)
        names = find_body(tree, ident)
        ids = recommendations_of(page.db, page.id, page.times.pair, names)
        return ids, localized_text(tree.bodies[names[0]], "name")
    return None, localized_text(page.entry.settings, "title")
