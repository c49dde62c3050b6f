"""All themes of a register, with their recommendations by status."""

from collections import Counter

from flask import render_template

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n.ordering import themes_in_order
from app.presentation.narrative.headlines import themes_headline
from app.presentation.narrative.known_then import explain_absence
from domain.values import Theme
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts
from projections.scorecards.summaries import statuses_by_theme

PAGE_ROWS = 100


@public.get("/<register:register>/themes/")
def themes(register: str) -> str:
    query = read_parameters("as_of", "known_at", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = statuses_by_theme(db, register, page.times.pair)
        known = catalogue.themes(db, register, page.times.known_at)
        rows = themes_in_order(known.get(ident) or Theme(id=ident, title=ident) for ident in known.keys() | numbers)
        pages = max(1, -(-len(rows) // PAGE_ROWS))
        number = read_page_number(query, pages)
        scorecard = counts(db, register, page.times.pair)
        headline = themes_headline(scorecard.on_scorecard, len(numbers))
        return render_template(
            "public/themes.html",
            **page.context("public.themes", dated=True),
            link_times=page.link_times(),
            reach=page.evidence_reach,
            headline=explain_absence(db, page.entry, page.times.pair, scorecard, headline),
            notes=page_notes(db, page.entry, page.times, scorecard, say_reach=False),
            rows=rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
            numbers={theme.id: numbers.get(theme.id) or Counter() for theme in rows},
            statuses=[status for status in STATUS_ORDER if scorecard.totals[status]],
            totals=scorecard,
            number=number,
            pages=pages,
        )
