"""Frames of a scorecard and of a recommendation, for pages of other sites."""

from flask import Response, render_template

from app.entrypoints.http.headers import POLICY
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page, find_recommendation
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.labels import day, instant, status_word
from app.presentation.i18n.languages import is_serif
from app.presentation.i18n.localize import is_fictional, localized_text
from app.presentation.i18n.translation import _, page_language
from app.presentation.narrative.deadlines import overdue_words
from app.presentation.narrative.headlines import condition_line
from app.presentation.narrative.keeper import keeper_of
from app.presentation.narrative.known_then import scorecard_sentence
from app.presentation.narrative.lineage import Editions, superseded_words
from app.presentation.narrative.statement import deciding_statement
from app.presentation.narrative.status_dates import since_text
from app.presentation.pictures.frame_height import FrameText, measured_words
from domain.errors import Refused, refusal
from domain.values import RecommendationFacts
from projections.scorecards.queries import counts, due_counts
from projections.scorecards.results import Counts, Standing

THEMES = ("light", "dark", "auto")
"""The last follows the setting of the reader."""
FRAME_POLICY = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *")


@public.get("/<register:register>/embed/")
def embed(register: str) -> Response:
    query = read_parameters("as_of", "known_at", "theme")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers, past = counts(db, register, page.times.pair), page.times.is_past
        return _render_frame(
            page,
            _read_theme(query),
            "public.scorecard",
            counts=numbers,
            blocks=build_blocks(numbers),
            headline=scorecard_sentence(db, page.entry, page.times.pair, numbers, past=past),
            condition=condition_line(numbers, due_counts(db, register, page.times.pair), "", past=past),
            evidence_reach=page.evidence_reach,
        )


@public.get("/<register:register>/recommendations/<ident:recommendation>/embed/")
def embed_recommendation(register: str, recommendation: str) -> Response:
    query = read_parameters("as_of", "known_at", "theme")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        facts, standing = find_recommendation(page, recommendation)
        return _render_frame(
            page,
            _read_theme(query),
            "public.recommendation",
            facts=facts,
            standing=standing,
            statement=deciding_statement(db, register, page.times.pair, standing),
            evidence_reach=page.reach_of(standing),
            continued=superseded_words(Editions(db, page.entry, page.times.pair), standing),
            recommendation=recommendation,
        )


def scorecard_frame(page: Page, numbers: Counts) -> FrameText:
    """What the frame of a scorecard says."""
    headline = scorecard_sentence(page.db, page.entry, page.times.pair, numbers, past=page.times.is_past)
    dues = due_counts(page.db, page.id, page.times.pair)
    return FrameText(
        headline="".join(text for text, _bucket in headline),
        has_chart=bool(numbers.on_scorecard),
        details=_texts(condition_line(numbers, dues, "", past=page.times.is_past)),
        notes=_notes(page, page.evidence_reach),
        sources=_sources(page),
        notice=_notice(),
        serif=is_serif(page_language()),
    )


def recommendation_frame(page: Page, facts: RecommendationFacts, standing: Standing | None) -> FrameText:
    """What the frame of a recommendation says."""
    statement = deciding_statement(page.db, page.id, page.times.pair, standing)
    due = standing.due if standing else None
    return FrameText(
        status=status_word(standing.status) if standing else _("not on the scorecard"),
        since=measured_words(since_text(standing, facts)) if standing else "",
        overdue=overdue_words(due) if due and due.state == "overdue" else "",
        title=localized_text(facts, "title"),
        details=_texts(
            measured_words(statement.marked_words) if statement else "",
            superseded_words(Editions(page.db, page.entry, page.times.pair), standing),
        ),
        notes=_notes(page, page.reach_of(standing)),
        sources=_sources(page),
        notice=_notice(),
        serif=is_serif(page_language()),
    )


def _notes(page: Page, reach: str) -> tuple[str, ...]:
    """How far the evidence reaches, and both dates, as `frame.html` shows them."""
    shown = day(page.times.as_of)
    if page.times.is_one_day:
        dates = _("As of %(day)s, as known the same day", day=shown)
    else:
        dates = _("As of %(day)s, as known on %(known)s.", day=shown, known=instant(page.times.known_at))
    return _texts(reach, measured_words(dates))


def _sources(page: Page) -> tuple[str, ...]:
    """The register and its keeper, as `frame.html` shows them."""
    keeper = keeper_of(page.entry)
    kept = _("Kept by %(name)s.", name=keeper.name) if keeper.kept_by else ""
    return _texts(localized_text(page.entry.settings, "title"), kept)


def _notice() -> str:
    invented = _("Nothing in this register is real: no state, body, person, document or address.")
    return f"{_('Invented example.')} {invented}" if is_fictional() else ""


def _texts(*texts: str) -> tuple[str, ...]:
    return tuple(filter(None, texts))


def _read_theme(query: dict[str, str]) -> str:
    """The colours of a frame: light on the pages of others, which are mostly light, unless they ask for others."""
    theme = query.get("theme", "light")
    if theme not in THEMES:
        raise Refused(refusal("There is no {name} “{value}” here.", name="theme", value=theme[:60], field="theme"))
    return theme


def _render_frame(page: Page, theme: str, endpoint: str, recommendation: str = "", **context: object) -> Response:
    of = {"recommendation": recommendation} if recommendation else {}
    html = render_template(
        f"embed/{endpoint.removeprefix('public.')}.html",
        register=page.entry.settings,
        keeper=keeper_of(page.entry),
        times=page.times,
        theme=theme,
        full=absolute_url(page_url(endpoint, register=page.id, **of, **page.link_times())),
        **context,
    )
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = FRAME_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response
