"""Charts as files: drawings (SVG) and pictures (PNG) that say what they show, of which days, and from whom."""

from flask import Response
from markupsafe import Markup

from app.entrypoints.http.picture_response import picture_response
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.compare import TIMES, read_compared_page
from app.entrypoints.public.notable_days import NotableDay, notable_days
from app.entrypoints.public.page import Page, find_recommendation
from app.entrypoints.public.scorecard_page import MAX_DRAWN_ROWS, draw_histories
from app.presentation.charts.axis import build_axis
from app.presentation.charts.bands import build_bands
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.charts.moves import build_move_chart
from app.presentation.charts.notes import chart_notes
from app.presentation.charts.strips import build_strip
from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.comparison import comparison_headline, evidence_reach
from app.presentation.narrative.keeper import keeper_of
from app.presentation.narrative.known_then import scorecard_sentence
from app.presentation.narrative.review_days import review_days
from app.presentation.pictures.chart_file import (
    WIDTH,
    ChartTexts,
    draw_blocks,
    draw_history,
    draw_moves,
    draw_over_time,
)
from app.presentation.pictures.raster import png_of
from domain.errors import NotFound, refusal
from domain.times import first_day
from projections.scorecards.comparison import count_moves
from projections.scorecards.queries import counts
from projections.scorecards.status_history import status_histories

FORM_RULE = "<any(svg, png):form>"
PNG_SCALE = 2.0
"""Pixels to a unit, for sharp pictures on paper."""


@public.get(f"/<register:register>/charts/over-time.{FORM_RULE}")
def over_time_chart(register: str, form: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        number = counts(db, register, page.times.pair).on_scorecard
        if not number:
            raise NotFound(refusal("There is nothing to draw on that day. Choose a later day."))
        if number > MAX_DRAWN_ROWS:
            raise NotFound(refusal("This register has too many recommendations for this chart."))
        drawn, until = draw_histories(page, number), page.entry.settings.evidence_to
        chart = build_bands(drawn.histories.values(), drawn.axis, first_day(until) if until else None)
        days = [(found.x, _day_words(found)) for found in notable_days(page, drawn)]
        total = chart.flow.total
        title = ngettext("Status over time, always out of %(num)d", "Status over time, always out of %(num)d", total)
        texts = _texts(page, title, "public.scorecard", page.evidence_reach, *chart_notes(chart))
    return _chart_response(draw_over_time(texts, chart, drawn.axis, days), form)


@public.get(f"/<register:register>/charts/scorecard.{FORM_RULE}")
def scorecard_chart(register: str, form: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
        sentence = scorecard_sentence(db, page.entry, page.times.pair, numbers, past=page.times.is_past)
        words = "".join(part for part, _bucket in sentence)
        texts = _texts(page, words, "public.scorecard", page.evidence_reach)
    statuses = [(s, numbers.totals[s]) for s in STATUS_ORDER if numbers.totals[s]]
    return _chart_response(draw_blocks(texts, build_blocks(numbers), statuses), form)


@public.get(f"/<register:register>/recommendations/<ident:recommendation>/chart.{FORM_RULE}")
def recommendation_chart(register: str, recommendation: str, form: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        facts, standing = find_recommendation(page, recommendation)
        times, until = page.times, page.entry.settings.evidence_to
        history = status_histories(db, register, times.known_at, times.as_of, [recommendation]).get(recommendation)
        if not history:
            raise NotFound(refusal("There is nothing to draw on that day. Choose a later day."))
        axis = build_axis([history[0].start], review_days(page.schedules, times.as_of), times.as_of)
        strip = build_strip(history, axis, first_day(until) if until else None, facts.recommended_on)
        texts = _texts(
            page,
            localized_text(facts, "title"),
            "public.recommendation",
            page.reach_of(standing),
            recommendation=recommendation,
        )
    return _chart_response(draw_history(texts, strip, axis), form)


@public.get(f"/<register:register>/compare/chart.{FORM_RULE}")
def comparison_chart(register: str, form: str) -> Response:
    query = read_parameters(*TIMES)
    with services().views.connect() as db:
        page, times = read_compared_page(services(), db, register, query)
        moves = count_moves(db, register, times.start, times.end)
        if not moves.total:
            raise NotFound(refusal("There is nothing to draw on that day. Choose a later day."))
        words = "".join(part for part, _bucket in comparison_headline(moves, times.days))
        first = _("when recommended") if times.since_recommended else day_text(times.first.as_of.isoformat(), "short")
        known = _("As known on %(day)s.", day=day_text(times.second.known_day.isoformat()))
        reach = evidence_reach(times.days, page.entry.settings.evidence_to)
        address = absolute_url(page_url("public.compare", register=register, **times.query(services().clock())))
        source = " ".join(filter(None, (_source(page), known, reach, address)))
        texts = ChartTexts(Markup(words).striptags(), localized_text(page.entry.settings, "title"), source)  # noqa: S704
    second = day_text(times.second.as_of.isoformat(), "short")
    return _chart_response(draw_moves(texts, build_move_chart(moves), first, second), form)


def _day_words(found: NotableDay) -> str:
    change = found.change
    moved = _(
        "%(before)s to %(after)s", before=status_word(change.before.status), after=status_word(change.after.status)
    )
    return f"{day_text(found.on)}: {localized_text(found.facts, 'title')}, {moved}. {found.more_words}"


def _texts(page: Page, title: str, endpoint: str, *notes: str, **of: str) -> ChartTexts:
    """The texts around a chart of a page at its pair of times, with the address that always shows the same."""
    times = page.times
    days = _(
        "As of %(day)s, as known on %(known)s.",
        day=day_text(times.as_of.isoformat()),
        known=day_text(times.known_day.isoformat()),
    )
    address = absolute_url(page_url(endpoint, register=page.id, **of, **times.query(page.services.clock())))
    source = f"{_source(page)} {days} {address}"
    return ChartTexts(title, localized_text(page.entry.settings, "title"), source, tuple(filter(None, notes)))


def _source(page: Page) -> str:
    return _("Source: %(keeper)s.", keeper=keeper_of(page.entry).name)


def _chart_response(drawing: str, form: str) -> Response:
    if form == "svg":
        return picture_response(drawing, "image/svg+xml")
    return picture_response(png_of(drawing, WIDTH, PNG_SCALE), "image/png")
