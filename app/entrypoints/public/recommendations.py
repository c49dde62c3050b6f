"""All recommendations of a register with their statuses, as they were registered."""

from flask import render_template

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.presentation.narrative.headlines import list_headline
from app.presentation.narrative.known_then import explain_absence
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts, standings_of
from projections.scorecards.summaries import recommendations_in_order

PAGE_ROWS = 100


@public.get("/<register:register>/recommendations/")
def recommendations(register: str) -> str:
    query = read_parameters("as_of", "known_at", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        pair = page.times.pair
        scorecard = counts(db, register, pair)
        pages = max(1, -(-scorecard.on_scorecard // PAGE_ROWS))
        number = read_page_number(query, pages)
        ids = recommendations_in_order(db, register, pair, start=(number - 1) * PAGE_ROWS, limit=PAGE_ROWS)
        facts = catalogue.recommendations_of(db, register, pair.known_at, ids)
        standings = standings_of(db, register, pair, ids)
        return render_template(
            "public/recommendations.html",
            **page.context("public.recommendations", dated=True),
            link_times=page.link_times(),
            reach=page.evidence_reach,
            headline=explain_absence(db, page.entry, pair, scorecard, list_headline(scorecard.on_scorecard)),
            notes=page_notes(db, page.entry, page.times, scorecard, say_reach=False),
            rows=[(facts[ident].facts, standings[ident]) for ident in ids],
            total=scorecard.on_scorecard,
            number=number,
            pages=pages,
        )
