"""A register's scorecard at any pair of times."""

from datetime import date

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.dataset import dataset
from app.entrypoints.public.listing import PARAMETERS, choices, listed
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import notes_on
from app.entrypoints.public.recent_changes import changed_since, latest_steps
from app.entrypoints.public.scorecard_page import Board
from app.entrypoints.public.sharing import sharing
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.flow import build_flow, build_table
from app.presentation.i18n.localize import localized_text
from app.presentation.narrative.headlines import scorecard_headline
from app.presentation.narrative.review_days import next_review
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts


@public.get("/<register:register>/")
def scorecard(register: str) -> str:
    given = read_parameters("as_of", "known_at", *PARAMETERS)
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        numbers = counts(db, register, page.times.pair)
        board = Board(page)
        sentence = scorecard_headline(numbers)
        offered = choices(board)
        past = [r for r in board.reviews if r.on < page.times.as_of]
        return render_template(
            "public/scorecard.html",
            **page.context("public.scorecard"),
            link_times=page.link_times(),
            counts=numbers,
            blocks=build_blocks(numbers),
            headline=sentence,
            sentence_text="".join(text for text, _bucket in sentence),
            dataset=dataset(page),
            **sharing(page, "public.embed", "public.badge", localized_text(page.entry.settings, "title")),
            notes=notes_on(page.entry, page.times, numbers),
            board=board,
            listing=listed(board, given, offered),
            choices=offered,
            filters=given,
            flow=build_flow(board.lives.values(), board.axis, board.reach),
            flow_table=build_table(board.lives.values(), _table_days(board)),
            steps=latest_steps(page, board),
            last_review=past[-1] if past else None,
            moved=changed_since(board, past[-1]) if past and board.lives else 0,
            next_review=next_review(page.schedules, page.times.as_of),
            scale=page.methodology.scale(given.get("scale")),
            method=page.methodology,
            publications=list(catalogue.publications(db, register, page.times.known_at).values()),
        )


def _table_days(board: Board) -> list[date]:
    """The days of the table under the chart: each review that the chart shows, and its last day."""
    return sorted({r.on for r in board.reviews if board.axis.contains(r.on)} | {board.axis.end})
