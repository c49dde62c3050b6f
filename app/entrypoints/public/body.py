"""A page for each body: what is asked of it and all below it alone, in part, and with others."""

from typing import Any

from flask import redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.listing import build_listing
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.scorecard_page import ScorecardPage, ScorecardRow
from app.presentation.answers.body_scorecards import BodyScorecard, body_scorecard
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.i18n.ordering import bodies_in_order
from app.presentation.narrative.headlines import body_headline
from domain.errors import NotFound, refusal
from domain.values import Body, Element
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.scorecards.deadlines import tally_due
from projections.scorecards.results import ElementStanding


class OwnPart(Struct, frozen=True):
    """An element that is asked of the body, of a recommendation that is asked of others too."""

    row: ScorecardRow
    element: Element
    standing: ElementStanding


class MergedBody(Struct, frozen=True):
    """A body that became part of another one on a day."""

    body: Body
    into: Body
    on: str
    why: str


class SharedRow(Struct, frozen=True):
    row: ScorecardRow
    others: list[Body]


@public.get("/<register:register>/bodies/<ident:body>/")
def body(register: str, body: str) -> str | Response:
    query = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        scorecard_page = ScorecardPage(page)
        tree = scorecard_page.tree
        if body not in tree.bodies:
            raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
        if body in tree.merged_into:
            values: dict[str, Any] = {**query, "register": register, "body": tree.current(body)}
            return redirect(url_for("public.body", **values), 301)
        return _render_body(page, scorecard_page, tree.bodies[body], query)


def _render_body(page: Page, scorecard_page: ScorecardPage, body: Body, query: dict[str, str]) -> str:
    tree = scorecard_page.tree
    standings = {i: row.standing for i, row in scorecard_page.rows.items()}
    card = body_scorecard(tree.with_parts(body.id), standings, scorecard_page.asked, page.times.pair)
    counts = card.counts(page.methodology, page.times.pair)
    own_parts = _own_parts(card, scorecard_page)
    shared = _shared_rows(card, scorecard_page)
    name = localized_text(body, "name")
    return render_template(
        "public/body.html",
        **page.context("public.body", dated=True, body=body.id),
        link_times=page.link_times(),
        of=body,
        name=name,
        parent=tree.bodies.get(tree.parent(body.id)),
        children=bodies_in_order(tree.bodies[b] for b in tree.parts(body.id)),
        merged=_merged_bodies(page, tree, body.id),
        counts=counts,
        dues=tally_due(s.due for s in card.counted(page.methodology, page.times.pair)),
        blocks=build_blocks(counts),
        headline=body_headline(
            counts, isolated(localized(body, "name")), len(card.share.alone), len(own_parts), len(shared)
        ),
        notes=page_notes(page.entry, page.times, counts),
        scorecard=scorecard_page,
        listing=build_listing(scorecard_page, query, {}, frozenset(card.share.alone)),
        own_parts=own_parts,
        shared=shared,
        method=page.methodology,
    )


def _merged_bodies(page: Page, tree: BodyTree, body: str) -> list[MergedBody]:
    """The merges that made others part of a body, as known then, also those of bodies merged before into these."""
    merges = catalogue.merges(page.db, page.id, page.times.known_at)
    of = [merges[ident].merge for ident in tree.earlier_names(body)]
    return [MergedBody(tree.bodies[m.body], tree.bodies[m.into], m.on, m.why) for m in of]


def _own_parts(card: BodyScorecard, scorecard_page: ScorecardPage) -> list[OwnPart]:
    return [
        OwnPart(scorecard_page.rows[i], scorecard_page.rows[i].elements[e.id], e)
        for i, own in card.share.parts.items()
        for e in card.standings[i].elements
        if e.id in own
    ]


def _shared_rows(card: BodyScorecard, scorecard_page: ScorecardPage) -> list[SharedRow]:
    tree = scorecard_page.tree
    return [
        SharedRow(scorecard_page.rows[i], [tree.bodies[b] for b in dict.fromkeys(tree.current(b) for b in others)])
        for i, others in card.share.with_others.items()
    ]
