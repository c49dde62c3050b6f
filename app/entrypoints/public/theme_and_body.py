"""A page for each theme and each body, with the scorecard of its own recommendations."""

from flask import render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.listing import listed
from app.entrypoints.public.page import Page
from app.entrypoints.public.page_notes import notes_on
from app.entrypoints.public.scorecard_page import Board
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.localize import localized_text
from app.presentation.narrative.headlines import body_headline, theme_headline
from domain.errors import NotFound, refusal
from domain.values import Body, Theme
from projections.scorecards.tally import tally


@public.get("/<register:register>/themes/<ident:theme>/")
def theme(register: str, theme: str) -> str:
    given = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        board = Board(page)
        if theme not in board.themes and not any(t.id == theme for t in board.themes_in_use):
            raise NotFound(refusal("There is no theme “{theme}” in this register.", theme=theme))
        return _portion(page, board, "theme", board.theme(theme), given)


@public.get("/<register:register>/bodies/<ident:body>/")
def body(register: str, body: str) -> str:
    given = read_parameters("as_of", "known_at", "sort", "page")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        board = Board(page)
        if body not in board.bodies:
            raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
        return _portion(page, board, "body", board.bodies[body], given)


def _portion(page: Page, board: Board, kind: str, of: Theme | Body, given: dict[str, str]) -> str:
    listing = listed(board, {**given, kind: of.id}, {})
    mine = [
        line
        for line in board.lines.values()
        if (of.id in line.facts.addressees if kind == "body" else line.standing.theme == of.id)
    ]
    numbers = tally(line.standing for line in mine)
    name = localized_text(of, "name" if kind == "body" else "title")
    return render_template(
        "public/theme_and_body.html",
        **page.context(f"public.{kind}", dated=True, **{kind: of.id}),
        link_times=page.link_times(),
        kind=kind,
        of=of,
        name=name,
        parent=board.bodies.get(getattr(of, "parent", "")),
        children=[b for b in board.bodies.values() if b.parent == of.id] if kind == "body" else [],
        counts=numbers,
        blocks=build_blocks(numbers),
        headline=(body_headline if kind == "body" else theme_headline)(numbers, name),
        notes=notes_on(page.entry, page.times, numbers),
        board=board,
        listing=listing,
        method=page.methodology,
    )
