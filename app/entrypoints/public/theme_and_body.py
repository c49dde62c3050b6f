"""A page for each theme and each body, with the scorecard of its own recommendations."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.listing import build_listing
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.scorecard_page import ScorecardPage
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.ordering import bodies_in_order
from app.presentation.narrative.headlines import body_headline, theme_headline
from domain.errors import NotFound, refusal
from domain.values import Body, Theme
from projections.scorecards.deadlines import tally_due
from projections.scorecards.tally import tally


@public.get("/<register:register>/themes/<ident:theme>/")
def theme(register: str, theme: str) -> str:
    query = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        scorecard_page = ScorecardPage(page)
        if theme not in scorecard_page.themes and not any(t.id == theme for t in scorecard_page.themes_in_use):
            raise NotFound(refusal("There is no theme “{theme}” in this register.", theme=theme))
        return _render_portion(page, scorecard_page, "theme", scorecard_page.theme(theme), query)


@public.get("/<register:register>/bodies/<ident:body>/")
def body(register: str, body: str) -> str:
    query = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        scorecard_page = ScorecardPage(page)
        if body not in scorecard_page.bodies:
            raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
        return _render_portion(page, scorecard_page, "body", scorecard_page.bodies[body], query)


def _render_portion(
    page: Page, scorecard_page: ScorecardPage, kind: str, subject: Theme | Body, query: dict[str, str]
) -> str:
    listing = build_listing(scorecard_page, {**query, kind: subject.id}, {})
    rows = [
        row
        for row in scorecard_page.rows.values()
        if (subject.id in row.facts.addressees if kind == "body" else row.standing.theme == subject.id)
    ]
    numbers = tally(row.standing for row in rows)
    name = localized_text(subject, "name" if kind == "body" else "title")
    return render_template(
        "public/theme_and_body.html",
        **page.context(f"public.{kind}", dated=True, **{kind: subject.id}),
        link_times=page.link_times(),
        kind=kind,
        of=subject,
        name=name,
        parent=scorecard_page.bodies.get(getattr(subject, "parent", "")),
        children=bodies_in_order(b for b in scorecard_page.bodies.values() if b.parent == subject.id)
        if kind == "body"
        else [],
        counts=numbers,
        dues=tally_due(row.standing.due for row in rows),
        blocks=build_blocks(numbers),
        headline=(body_headline if kind == "body" else theme_headline)(numbers, name),
        notes=page_notes(page.entry, page.times, numbers),
        scorecard=scorecard_page,
        listing=listing,
        method=page.methodology,
    )
