"""A page for each theme, with the scorecard of its recommendations."""

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.listing import ListReader
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.register_names import RegisterNames
from app.entrypoints.public.scorecard_page import ScorecardPage, draw_histories
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.narrative.headlines import HeadlinePart, condition_line, theme_headline
from app.presentation.narrative.known_then import explain_absence
from domain.errors import NotFound, refusal
from domain.values import Theme
from projections.scorecards.listed import ListCounts
from projections.scorecards.results import Counts


@public.get("/<register:register>/themes/<ident:theme>/")
def theme(register: str, theme: str) -> str:
    query = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        names = RegisterNames.of(page)
        reader = ListReader(page, names, theme)
        numbers = reader.whole.count()
        if theme not in names.themes and not numbers.counts.on_scorecard:
            raise NotFound(refusal("There is no theme “{theme}” in this register.", theme=theme))
        return _render_theme(page, names, reader, names.theme(theme), numbers, query)


class ThemeFigures(Struct, frozen=True):
    counts: Counts
    headline: list[HeadlinePart]
    reach: str


def theme_figures(page: Page, theme: Theme, numbers: ListCounts) -> ThemeFigures:
    """What became of the recommendations under a theme."""
    headline = theme_headline(numbers.counts, isolated(localized(theme, "title")), past=page.times.is_past)
    return ThemeFigures(
        counts=numbers.counts,
        headline=explain_absence(page.db, page.entry, page.times.pair, numbers.counts, headline),
        reach=condition_line(numbers.counts, numbers.dues, page.evidence_reach, past=page.times.is_past),
    )


def _render_theme(
    page: Page, names: RegisterNames, reader: ListReader, theme: Theme, of: ListCounts, query: dict[str, str]
) -> str:
    figures, name = theme_figures(page, theme, of), localized_text(theme, "title")
    numbers = figures.counts
    listed = reader.read(query, numbers.on_scorecard)
    drawn = draw_histories(page, numbers.on_scorecard, listed.ids, of.first_recommended)
    rows = ScorecardPage(page, listed.ids, names=names, drawn=drawn)
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
        scorecard=rows,
        listing=reader.listing(query, listed, rows),
        method=page.methodology,
    )
