"""The page of all components, for developers; available if `development` is set."""

from datetime import date

from flask import Flask, render_template

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.public.page_notes import PageNote
from app.presentation.charts.axis import Axis
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.charts.flow import STATUS_ORDER, build_flow, build_table
from app.presentation.charts.strips import build_strip
from app.presentation.charts.ticks import review_marks, year_ticks
from app.presentation.narrative.headlines import scorecard_headline
from app.presentation.narrative.review_days import ReviewDay
from domain.codes import Freshness, Kind, Status
from domain.methodology.versions import methodology_of
from domain.values import DEFAULT_METHODOLOGY, RecommendationFacts
from projections.scorecards.results import Standing
from projections.scorecards.status_history import StatusPeriod
from projections.scorecards.tally import tally

METHODOLOGY = methodology_of(DEFAULT_METHODOLOGY)
DAYS = Axis(date(2023, 8, 1), date(2026, 9, 14))
REVIEWS = [ReviewDay("report", date(2023 + n, 9, 14), "Report", n) for n in range(4)]
CALLOUTS = ("reconstructed", "reach", "stale", "legacy")
REACH = date(2026, 2, 26)


def add_style_page(app: Flask) -> None:
    app.add_url_rule("/style/", "style", style)


def style() -> str:
    read_parameters()
    histories = [_history(n) for n in range(len(STATUS_ORDER))]
    counts = tally(_standing(n, history[-1].status) for n, history in enumerate(histories))
    facts = RecommendationFacts(
        id="sample", title="Fill and keep the post", summary="", kind=Kind.CONTINUING, theme="t", addressees=(),
        publication="p", recommended_on="2023-09-14",
    )  # fmt: skip
    return render_template(
        "style.html",
        counts=counts,
        blocks=build_blocks(counts),
        headline=scorecard_headline(counts),
        method=METHODOLOGY,
        axis=DAYS,
        reviews=REVIEWS,
        marks=review_marks(DAYS, REVIEWS),
        years=year_ticks(DAYS),
        flow=build_flow(histories, DAYS, REACH),
        flow_table=build_table(histories, [r.on for r in REVIEWS]),
        facts=facts,
        strip=build_strip(histories[3], DAYS, REACH, facts.recommended_on),
        notes=[PageNote(kind, "A callout.", "The bar shows its kind.") for kind in CALLOUTS],
    )


def _history(n: int) -> tuple[StatusPeriod, ...]:
    first = _period(Status.ANNOUNCED, date(2023, 9, 14), date(2024, 1 + n, 1))
    return first, _period(STATUS_ORDER[n], first.end, date(2026, 9, 15))


def _period(status: Status, start: date, end: date) -> StatusPeriod:
    return StatusPeriod(status, start, end, METHODOLOGY.bucket(status), METHODOLOGY.rank(status))


def _standing(n: int, status: Status) -> Standing:
    return Standing(
        id=f"r{n}", kind=Kind.ONE_OFF, theme="t", status=status, bucket=METHODOLOGY.bucket(status),
        rank=METHODOLOGY.rank(status), since="2024", motion=None, confidence=None,
        freshness=Freshness.CURRENT, review_by=None, peak=None, assessment=None, legacy=False,
    )  # fmt: skip
