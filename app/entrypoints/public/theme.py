"""A page for each theme, with the scorecard of its recommendations."""

from collections.abc import Collection

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.listing import build_listing
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.scorecard_page import ScorecardPage
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.narrative.headlines import HeadlinePart, condition_line, theme_headline
from app.presentation.narrative.known_then import explain_absence
from domain.errors import NotFound, refusal
from domain.values import Theme
from projections.scorecards.deadlines import tally_due
from projections.scorecards.results import Counts, Standing
from projections.scorecards.summaries import recommendations_of_theme
from projections.scorecards.tally import tally


@public.get("/<register:register>/themes/<ident:theme>/")
def theme(register: str, theme: str) -> str:
    query = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        ids = recommendations_of_theme(db, register, page.times.pair, theme)
        scorecard_page = ScorecardPage(page, only=ids)
        if theme not in scorecard_page.themes and not ids:
            raise NotFound(refusal("There is no theme “{theme}” in this register.", theme=theme))
        return _render_theme(page, scorecard_page, scorecard_page.theme(theme), query)


class ThemeFigures(Struct, frozen=True):
    counts: Counts
    headline: list[HeadlinePart]
    reach: str


def theme_figures(page: Page, theme: Theme, standings: Collection[Standing]) -> ThemeFigures:
    """What became of the recommendations under a theme."""
    numbers, dues = tally(standings), tally_due(s.due for s in standings)
    headline = theme_headline(numbers, isolated(localized(theme, "title")), past=page.times.is_past)
    return ThemeFigures(
        counts=numbers,
        headline=explain_absence(page.db, page.entry, page.times.pair, numbers, headline),
        reach=condition_line(numbers, dues, page.evidence_reach, past=page.times.is_past),
    )


def _render_theme(page: Page, scorecard_page: ScorecardPage, theme: Theme, query: dict[str, str]) -> str:
    standings = [row.standing for row in scorecard_page.rows.values()]
    figures, name = theme_figures(page, theme, standings), localized_text(theme, "title")
    numbers = figures.counts
    return render_template(
        "public/theme.html",
        **page.context("public.theme", dated=True, theme=theme.id),
        link_times=page.link_times(),
        of=theme,
        name=name,
        counts=numbers,
        reach=figures.reach,
        blocks=build_blocks(numbers),
        headline=figures.headline,
        notes=page_notes(page.db, page.entry, page.times, numbers, say_reach=not numbers.on_scorecard),
        scorecard=scorecard_page,
        listing=build_listing(scorecard_page, {**query, "theme": theme.id}, {}),
        method=page.methodology,
    )
