"""A page for each body: what is asked of it and all below it alone, in part, and with others."""

from typing import Any

from flask import redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.body_lists import BodyLists, bodies_below, merged_bodies
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.presentation.answers.body_scorecards import BodyScorecard, read_body_scorecard
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.narrative.headlines import BodyCounts, HeadlinePart, body_headline, motion_line
from app.presentation.narrative.known_then import explain_absence
from domain.codes import DeadlineState
from domain.errors import NotFound, refusal
from domain.values import Body
from projections.catalogue import queries as catalogue
from projections.catalogue.body_tree import BodyTree
from projections.scorecards.queries import counts as scorecard_counts
from projections.scorecards.results import Counts


@public.get("/<register:register>/bodies/<ident:body>/")
def body(register: str, body: str) -> str | Response:
    query = read_parameters("as_of", "known_at", "show", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        tree = catalogue.body_tree(db, register, page.times.known_at)
        if body not in tree.bodies:
            raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
        if body in tree.merged_into:
            values: dict[str, Any] = {**query, "register": register, "body": tree.current(body)}
            return redirect(url_for("public.body", **values), 301)
        return _render_body(page, tree, tree.bodies[body], query)


class BodyFigures(Struct, frozen=True):
    """What was asked of a body and what became of it, at the times of a page."""

    card: BodyScorecard
    counts: Counts
    numbers: BodyCounts
    headline: list[HeadlinePart]
    reach: str


def read_body_figures(page: Page, tree: BodyTree, body: Body) -> BodyFigures:
    pair = page.times.pair
    card = read_body_scorecard(page.db, page.id, tree, body.id, pair)
    counts = card.counts(page.methodology)
    numbers = BodyCounts(
        name=isolated(localized(body, "name")),
        alone=len(card.share.alone),
        parts=len(card.parts()),
        shared=len(card.share.with_others),
        total=scorecard_counts(page.db, page.id, pair).on_scorecard,
        overdue=sum(mark.due is DeadlineState.OVERDUE for mark in card.counted(page.methodology)),
    )
    headline = body_headline(counts, numbers, past=page.times.is_past)
    return BodyFigures(
        card=card,
        counts=counts,
        numbers=numbers,
        headline=headline if numbers.shared else explain_absence(page.db, page.entry, pair, counts, headline),
        reach=" ".join(filter(None, (page.evidence_reach, motion_line(counts, past=page.times.is_past)))),
    )


def _render_body(page: Page, tree: BodyTree, body: Body, query: dict[str, str]) -> str:
    figures = read_body_figures(page, tree, body)
    return render_template(
        "public/body.html",
        **page.context("public.body", dated=True, body=body.id),
        link_times=page.link_times(),
        of=body,
        name=localized_text(body, "name"),
        above=[tree.bodies[ident] for ident in reversed(tree.with_those_above(body.id)[1:])],
        below=bodies_below(page, tree, body, figures.card),
        merged=merged_bodies(page, tree, body.id),
        counts=figures.counts,
        numbers=figures.numbers,
        blocks=build_blocks(figures.counts),
        reach=figures.reach,
        headline=figures.headline,
        notes=page_notes(page.db, page.entry, page.times, figures.counts, say_reach=False),
        lists=BodyLists(page, tree, figures.card, query),
        method=page.methodology,
    )
