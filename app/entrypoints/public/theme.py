"""A page for each theme, with the scorecard of its recommendations."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.listing import build_listing
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.scorecard_page import ScorecardPage
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.narrative.headlines import theme_headline
from domain.errors import NotFound, refusal
from domain.values import Theme
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
        return _render_theme(page, scorecard_page, scorecard_page.theme(theme), query)


def _render_theme(page: Page, scorecard_page: ScorecardPage, theme: Theme, query: dict[str, str]) -> str:
    standings = [row.standing for row in scorecard_page.rows.values() if row.standing.theme == theme.id]
    numbers = tally(standings)
    name = localized_text(theme, "title")
    return render_template(
        "public/theme.html",
        **page.context("public.theme", dated=True, theme=theme.id),
        link_times=page.link_times(),
        of=theme,
        name=name,
        counts=numbers,
        dues=tally_due(s.due for s in standings),
        blocks=build_blocks(numbers),
        headline=theme_headline(numbers, isolated(localized(theme, "title"))),
        notes=page_notes(page.entry, page.times, numbers),
        scorecard=scorecard_page,
        listing=build_listing(scorecard_page, {**query, "theme": theme.id}, {}),
        method=page.methodology,
    )
