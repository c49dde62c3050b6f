"""A register's scorecard at any pair of times."""

from datetime import date

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.dataset import build_dataset
from app.entrypoints.public.listing import LISTING_PARAMETERS, build_listing, filter_choices
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.entrypoints.public.recent_changes import count_changed_since, latest_steps
from app.entrypoints.public.scorecard_page import ScorecardPage
from app.entrypoints.public.sharing import sharing_values
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.flow import build_flow, build_table
from app.presentation.i18n.localize import localized_text
from app.presentation.narrative.headlines import scorecard_headline
from app.presentation.narrative.review_days import next_review
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts, due_counts


@public.get("/<register:register>/")
def scorecard(register: str) -> str:
    query = read_parameters("as_of", "known_at", *LISTING_PARAMETERS)
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
        scorecard_page = ScorecardPage(page)
        sentence = scorecard_headline(numbers)
        choices = filter_choices(scorecard_page)
        past = [r for r in scorecard_page.reviews if r.on < page.times.as_of]
        return render_template(
            "public/scorecard.html",
            **page.context("public.scorecard"),
            link_times=page.link_times(),
            counts=numbers,
            dues=due_counts(db, register, page.times.pair),
            blocks=build_blocks(numbers),
            headline=sentence,
            sentence_text="".join(text for text, _bucket in sentence),
            dataset=build_dataset(page),
            **sharing_values(page, "public.embed", "public.badge", localized_text(page.entry.settings, "title")),
            notes=page_notes(page.entry, page.times, numbers),
            scorecard=scorecard_page,
            listing=build_listing(scorecard_page, query, choices),
            choices=choices,
            filters=query,
            flow=build_flow(scorecard_page.histories.values(), scorecard_page.axis, scorecard_page.reach),
            flow_table=build_table(scorecard_page.histories.values(), _table_days(scorecard_page)),
            steps=latest_steps(page, scorecard_page),
            last_review=past[-1] if past else None,
            moved=count_changed_since(scorecard_page, past[-1]) if past and scorecard_page.histories else 0,
            next_review=next_review(page.schedules, page.times.as_of),
            scale=page.methodology.scale(query.get("scale")),
            method=page.methodology,
            publications=list(catalogue.publications(db, register, page.times.known_at).values()),
        )


def _table_days(scorecard_page: ScorecardPage) -> list[date]:
    """The days of the table below the chart: each review in the chart, and the last day."""
    return sorted(
        {r.on for r in scorecard_page.reviews if scorecard_page.axis.contains(r.on)} | {scorecard_page.axis.end}
    )
