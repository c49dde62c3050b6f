"""The pictures of links to pages of this site."""

from collections.abc import Sequence
from datetime import UTC
from typing import Any

from flask import Response
from markupsafe import Markup

from app.entrypoints.http.picture_response import picture_response
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.body import read_body_figures
from app.entrypoints.public.compare import TIMES, read_compared_page
from app.entrypoints.public.page import Page, find_recommendation
from app.entrypoints.public.review_pages import find_frozen_review, frozen_headline, reach_then
from app.entrypoints.public.theme import theme_figures
from app.presentation.charts.axis import build_axis
from app.presentation.charts.bucket_blocks import bucket_starts, build_blocks
from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.charts.moves import CountedMove, build_move_chart
from app.presentation.charts.strips import build_strip
from app.presentation.i18n.labels import BUCKET, day_text, status_word
from app.presentation.i18n.languages import is_serif
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.comparison import comparison_headline, evidence_reach
from app.presentation.narrative.deadlines import overdue_words
from app.presentation.narrative.headlines import HeadlinePart, condition_line
from app.presentation.narrative.known_then import scorecard_sentence
from app.presentation.narrative.lineage import Editions, superseded_words
from app.presentation.narrative.review_days import review_days
from app.presentation.narrative.statement import deciding_statement
from app.presentation.narrative.status_dates import since_words
from app.presentation.pictures.link_preview import Label, draw_preview
from domain.codes import DeadlineState, Status
from domain.errors import NotFound, refusal
from domain.times import first_day, full_day
from domain.values import RecommendationFacts, Theme
from projections.catalogue import queries as catalogue
from projections.scorecards.comparison import count_moves
from projections.scorecards.listed import ListFilter, ScorecardList
from projections.scorecards.queries import counts, due_counts
from projections.scorecards.results import Counts, Standing, TimePair
from projections.scorecards.status_history import status_histories


@public.get("/card.png")
def site_picture() -> Response:
    """The picture of pages that are about no register: every status once."""
    read_parameters()
    width = 100 / len(STATUS_ORDER)
    blocks = [(status, n * width, width - 0.5) for n, status in enumerate(STATUS_ORDER)]
    words, text = _("Who acted on what was recommended?"), _("Dated, sourced and checkable.")
    picture = draw_preview(absolute_url("/"), words, "", blocks, text, serif=is_serif(page_language()))
    return picture_response(picture, "image/png")


@public.get("/<register:register>/card.png")
def picture(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
        dues = due_counts(db, register, page.times.pair)
        past = page.times.is_past
        sentence = scorecard_sentence(db, page.entry, page.times.pair, numbers, past=past)
        return _counts_response(page, numbers, sentence, condition_line(numbers, dues, page.evidence_reach, past=past))


@public.get("/<register:register>/themes/<ident:theme>/card.png")
def picture_of_theme(register: str, theme: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = ScorecardList(db, register, page.times.pair, ListFilter(theme=theme)).count()
        found = catalogue.themes(db, register, page.times.known_at).get(theme)
        if found is None and not numbers.counts.on_scorecard:
            raise NotFound(refusal("There is no theme “{theme}” in this register.", theme=theme))
        figures = theme_figures(page, found or Theme(id=theme, title=theme), numbers)
        return _counts_response(page, figures.counts, figures.headline, figures.reach)


@public.get("/<register:register>/bodies/<ident:body>/card.png")
def picture_of_body(register: str, body: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        tree = catalogue.body_tree(db, register, page.times.known_at)
        if body not in tree.bodies:
            raise NotFound(refusal("There is no body “{body}” in this register.", body=body))
        figures = read_body_figures(page, tree, tree.bodies[tree.current(body)])
        return _counts_response(page, figures.counts, figures.headline, figures.reach)


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/card.png")
def picture_of_review(register: str, review: str, as_of: str) -> Response:
    """A frozen review: what it said of its day, as it was frozen."""
    read_parameters()
    with services().views.connect() as db:
        page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
        times = TimePair(full_day(as_of), snapshot.known_at)
        numbers, dues = counts(db, register, times), due_counts(db, register, times)
        text = condition_line(numbers, dues, reach_then(page, snapshot, times), past=True)
        foot = _dates_line(as_of, snapshot.known_at.astimezone(UTC).date().isoformat())
        return _counts_response(page, numbers, frozen_headline(plan, numbers), text, foot)


@public.get("/<register:register>/compare/card.png")
def picture_of_comparison(register: str) -> Response:
    query = read_parameters(*TIMES)
    with services().views.connect() as db:
        page, times = read_compared_page(services(), db, register, query)
        moves = count_moves(db, register, times.start, times.end)
        blocks, labels = _moved_blocks(build_move_chart(moves).rows)
        words = _plain(comparison_headline(moves, times.days))
        reach = evidence_reach(times.days, page.entry.settings.evidence_to)
        known = _("As known on %(day)s.", day=day_text(times.second.known_day.isoformat()))
        return _preview_response(page, words, known, blocks, reach, labels=labels)


@public.get("/<register:register>/recommendations/<ident:recommendation>/card.png")
def picture_of_recommendation(register: str, recommendation: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        facts, standing = find_recommendation(page, recommendation)
        times, until = page.times, page.entry.settings.evidence_to
        histories = status_histories(db, register, times.known_at, times.as_of, [recommendation])
        statement = deciding_statement(db, register, times.pair, standing)
        continued = superseded_words(Editions(db, page.entry, times.pair), standing)
        history = histories.get(recommendation, ())
        axis = build_axis([h.start for h in history], review_days(page.schedules, times.as_of), times.as_of)
        strip = build_strip(history, axis, first_day(until) if until else None, facts.recommended_on)
        words = " ".join(filter(None, (page.reach_of(standing), continued, statement.words if statement else "")))
        return _preview_response(
            page,
            localized_text(facts, "title"),
            _page_dates(page),
            [(s.status, s.x, s.width) for s in strip.segments],
            words,
            status=_status_words(standing, facts),
            labels=[Label(status_word(Status(code)), status=code) for code in dict.fromkeys(s for s, _ in strip.lines)],
            thin={n for n, s in enumerate(strip.segments) if s.carried},
        )


def _counts_response(
    page: Page, numbers: Counts, headline: Sequence[HeadlinePart], text: str, foot: str = ""
) -> Response:
    """The picture of a page that counts: its headline, and the blocks with the number of each bucket."""
    labels = [Label(f"{BUCKET[bucket]} {numbers.buckets[bucket]}", x) for bucket, x in bucket_starts(numbers)]
    blocks = [(b.status, b.x, b.width) for b in build_blocks(numbers)]
    return _preview_response(page, _plain(headline), foot or _page_dates(page), blocks, text, labels=labels)


def _moved_blocks(rows: Sequence[CountedMove]) -> tuple[list[tuple[str, float, float]], list[Label]]:
    """What changed, in the colours of the new statuses, then what did not."""
    total, x, blocks = sum(row.number for row in rows), 0.0, list[tuple[str, float, float]]()
    labels = dict[str, Label]()
    numbers = {is_same: sum(r.number for r in rows if (r.before is r.after) is is_same) for is_same in (False, True)}
    for row in rows:
        is_same = row.before is row.after
        word = _("Unchanged") if is_same else _("Changed or new")
        labels.setdefault(word, Label(f"{word} {numbers[is_same]}", x))
        width = 100 * row.number / total
        blocks.append(("" if is_same or not row.after else row.after.value, x, width - 0.3))
        x += width
    return blocks, list(labels.values())


def _status_words(standing: Standing | None, facts: RecommendationFacts) -> tuple[str, str]:
    """The status with its first day, or with its deadline if that has passed.

    What is on no scorecard has the square of what is not assessed.
    """
    if standing is None:
        return Status.NOT_ASSESSED.value, _("not on the scorecard")
    is_overdue = standing.due is not None and standing.due.state is DeadlineState.OVERDUE
    since = overdue_words(standing.due) if is_overdue and standing.due else since_words(standing, facts)
    word = status_word(standing.status)
    return standing.status.value, f"{word}, {since}" if since else word


def _plain(headline: Sequence[HeadlinePart]) -> str:
    return Markup("").join(text for text, _bucket in headline).striptags()


def _preview_response(
    page: Page,
    headline: str,
    foot: str,
    blocks: Sequence[tuple[str, float, float]],
    text: str,
    **more: Any,
) -> Response:
    name, serif = localized_text(page.entry.settings, "title"), is_serif(page_language())
    return picture_response(draw_preview(name, headline, foot, blocks, text, serif=serif, **more), "image/png")


def _page_dates(page: Page) -> str:
    return _dates_line(page.times.as_of.isoformat(), page.times.known_day.isoformat())


def _dates_line(as_of: str, known_on: str) -> str:
    return _("As of %(day)s, as known on %(known)s", day=day_text(as_of), known=day_text(known_on))
