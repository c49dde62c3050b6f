"""Who was asked: all bodies of a register as a tree, with what is their own by status."""

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import page_notes
from app.presentation.answers.body_numbers import BodyNumbers, count_bodies
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.i18n.ordering import bodies_in_tree_order
from app.presentation.narrative.headlines import bodies_headline
from app.presentation.narrative.known_then import explain_absence
from domain.values import Body
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts

PAGE_ROWS = 100


class BodyInTree(Struct, frozen=True):
    """`depth` counts the bodies above it."""

    body: Body
    depth: int
    numbers: BodyNumbers


@public.get("/<register:register>/bodies/")
def bodies(register: str) -> str:
    query = read_parameters("as_of", "known_at", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        tree = catalogue.body_tree(db, register, page.times.known_at)
        numbers = count_bodies(db, register, tree, page.times.pair)
        rows = [BodyInTree(b, depth, numbers[b.id]) for b, depth in bodies_in_tree_order(tree) if b.id in numbers]
        pages = max(1, -(-len(rows) // PAGE_ROWS))
        number = read_page_number(query, pages)
        own = sum(1 for row in rows if row.numbers.own)
        scorecard = counts(db, register, page.times.pair)
        headline = bodies_headline(len(rows), own, past=page.times.is_past)
        return render_template(
            "public/bodies.html",
            **page.context("public.bodies", dated=True),
            link_times=page.link_times(),
            reach=page.evidence_reach,
            headline=explain_absence(db, page.entry, page.times.pair, scorecard, headline),
            notes=page_notes(db, page.entry, page.times, scorecard, say_reach=False),
            rows=rows[(number - 1) * PAGE_ROWS : number * PAGE_ROWS],
            statuses=[s for s in STATUS_ORDER if any(row.numbers.by_status[s] for row in rows)],
            number=number,
            pages=pages,
        )
