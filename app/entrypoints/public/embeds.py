"""Badges for pages of other sites."""

from flask import Response, render_template

from app.entrypoints.http.picture_response import picture_response
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page, find_recommendation
from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.translation import _
from app.presentation.pictures.badge import badge_values
from domain.codes import Bucket
from projections.scorecards.queries import counts


@public.get("/<register:register>/badge.svg")
def badge(register: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        numbers = counts(db, register, page.times.pair)
    value = _("%(n)s of %(all)s done", n=numbers.buckets[Bucket.DONE], all=numbers.rated)
    return _badge_response(badge_values("Uptake", f"{value}, {_badge_days(page, page.evidence_reach)}", None))


@public.get("/<register:register>/recommendations/<ident:recommendation>/badge.svg")
def badge_of_recommendation(register: str, recommendation: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        _facts, standing = find_recommendation(page, recommendation)
    status = standing.status if standing else None
    value = status_word(status) if status else _("not on the scorecard")
    return _badge_response(
        badge_values(
            "Uptake", f"{value}, {_badge_days(page, page.reach_of(standing))}", status.value if status else None
        )
    )


def _badge_days(page: Page, reach: str) -> str:
    """The day of a badge, and how far the evidence reaches if that is before it."""
    day = day_text(page.times.as_of.isoformat(), "short")
    if not reach:
        return day
    return _("%(day)s, evidence to %(last)s", day=day, last=day_text(page.entry.settings.evidence_to, "short"))


def _badge_response(values: dict[str, object]) -> Response:
    return picture_response(render_template("embed/badge.svg", **values), "image/svg+xml")
