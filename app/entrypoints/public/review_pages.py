"""The list of reviews, and the page of a frozen review with its numbers, package and errata."""

from datetime import UTC, date, datetime

from flask import Response, render_template
from markupsafe import Markup
from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.citations import FORMAT_RULE, Citation, citation_response
from app.entrypoints.public.page import Page, permanent_links
from app.entrypoints.public.page_notes import PageNote
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.localize import isolated, language_of, localized, localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.headlines import HeadlinePart, scorecard_headline
from app.presentation.narrative.keeper import keeper_of
from app.presentation.narrative.review_days import ReviewDay, review_days
from app.services.container import Services
from app.services.snapshots.review_schedule import ReviewOccurrence, review_occurrences
from domain.errors import NotFound, refusal
from domain.times import days_after, first_day, full_day, written
from domain.values import Snapshot
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import counts, due_counts
from projections.scorecards.results import Counts, TimePair

UPCOMING_DAYS = 400
"""How many days ahead upcoming reviews are listed."""


class ListedReview(Struct, frozen=True):
    """One review occurrence, with its counts if it is frozen."""

    plan: ReviewOccurrence
    day: ReviewDay
    counts: Counts | None


class LaterCorrection(Struct, frozen=True):
    at: datetime
    title: str
    why: str
    recommendation: str


@public.get("/<register:register>/reviews/")
def reviews(register: str) -> str:
    read_parameters()
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        until = days_after(page.times.today, UPCOMING_DAYS)
        days = {(d.id, d.on): d for d in review_days(page.schedules, until)}
        listed = [
            ListedReview(p, _review_day(days, p), _frozen_counts(page, p))
            for p in review_occurrences(db, register, until)
        ]
        return render_template(
            "public/reviews.html",
            **page.context("public.reviews", dated=False),
            frozen=[item for item in listed if item.counts],
            upcoming=[x for x in reversed(listed) if x.plan.freeze_at > services().clock()],
            not_frozen=[x for x in listed if not x.counts and x.plan.freeze_at <= services().clock()],
        )


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/")
def review(register: str, review: str, as_of: str) -> str:
    """A frozen review. Its numbers belong to its pair of times and never change."""
    read_parameters()
    with services().views.connect() as db:
        page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
        times = TimePair(full_day(as_of), snapshot.known_at)
        numbers = counts(db, register, times)
        where = {"register": register, "review": review, "as_of": as_of}
        before = _previous_frozen(db, register, plan)
        return render_template(
            "public/review.html",
            **page.context("public.reviews", dated=False)
            | permanent_links("public.review", **where)
            | {"path": page_url("public.review", **where)},
            plan=plan,
            snapshot=snapshot,
            title=localized_text(plan.schedule, "title"),
            day=full_day(as_of),
            counts=numbers,
            dues=due_counts(db, register, times),
            blocks=build_blocks(numbers),
            headline=_headline(plan, numbers),
            notes=_snapshot_notes(snapshot),
            summary=[p for p in localized_text(snapshot, "summary").split("\n\n") if p.strip()],
            errata=_errata(page, plan, snapshot),
            before=before,
            name=package_name(register, plan),
            digest=" ".join(snapshot.manifest[n : n + 4] for n in range(0, 64, 4)),
            citation_text=_citation_text(page, plan, snapshot),
            where=where,
            method=page.methodology,
        )


@public.get(f"/<register:register>/reviews/<ident:review>/<day:as_of>/cite.{FORMAT_RULE}")
def cite_review(register: str, review: str, as_of: str, form: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
        address = page_url("public.review", register=register, review=review, as_of=as_of)
        citation = Citation(
            f"uptake-{package_name(register, plan)}",
            f"{localized_text(page.entry.settings, 'title')}. {localized_text(plan.schedule, 'title')}",
            _citation_note(page, plan, snapshot),
            absolute_url(address),
            snapshot.known_at.astimezone(UTC).date(),
            language_of(page.entry.settings, "title"),
            keeper_of(page.entry).name,
        )
        return citation_response(citation, form)


def find_frozen_review(
    services: Services, db: Connection, register: str, review: str, as_of: str
) -> tuple[Page, ReviewOccurrence, Snapshot]:
    """A frozen review of an open register. Raises `NotFound` with a sentence."""
    page = Page(services, db, register, {})
    for plan in review_occurrences(db, register, full_day(as_of)):
        if plan.schedule.id == review and plan.as_of == as_of and plan.preparation.snapshot:
            return page, plan, plan.preparation.snapshot
    raise NotFound(refusal("No review “{review}” of {day} is frozen in this register.", review=review, day=as_of))


def package_name(register: str, plan: ReviewOccurrence) -> str:
    return f"{register}_{plan.schedule.id}_{plan.as_of}"


def _review_day(days: dict[tuple[str, date], ReviewDay], plan: ReviewOccurrence) -> ReviewDay:
    on = full_day(plan.as_of)
    return days.get((plan.schedule.id, on)) or ReviewDay(
        plan.schedule.id, on, localized_text(plan.schedule, "title"), None
    )


def _frozen_counts(page: Page, plan: ReviewOccurrence) -> Counts | None:
    snapshot = plan.preparation.snapshot
    return counts(page.db, page.id, TimePair(full_day(plan.as_of), snapshot.known_at)) if snapshot else None


def _headline(plan: ReviewOccurrence, numbers: Counts) -> list[HeadlinePart]:
    title = isolated(localized(plan.schedule, "title"))
    return [(_("%(review)s, %(day)s. ", review=title, day=day_text(plan.as_of)), None), *scorecard_headline(numbers)]


def _snapshot_notes(snapshot: Snapshot) -> list[PageNote]:
    notes = []
    if snapshot.reconstructed:
        day = day_text(snapshot.known_at.astimezone(UTC).date().isoformat())
        notes.append(
            PageNote(
                "reconstructed",
                _("Reconstructed on %(day)s.", day=day),
                _(
                    "This review was made after its day, from evidence dated up to that day. It was not "
                    "published at the time."
                ),
            )
        )
    if not snapshot.signed_off:
        notes.append(PageNote("legacy", _("Not signed off."), _("It was frozen without two signatures.")))
    return notes


def _errata(page: Page, plan: ReviewOccurrence, snapshot: Snapshot) -> list[LaterCorrection]:
    """Corrections of the frozen content, published after the review was frozen."""
    later = assessments.withdrawals(page.db, page.id, after=snapshot.log_position)
    facts = catalogue.recommendations(page.db, page.id, page.times.known_at)
    return [
        LaterCorrection(w.at, localized(facts[w.recommendation].facts, "title"), w.reason, w.recommendation)
        for w in later
        if not w.assessment or _is_in_snapshot(page, plan, snapshot, w.assessment)
    ]


def _is_in_snapshot(page: Page, plan: ReviewOccurrence, snapshot: Snapshot, assessment: str) -> bool:
    """Whether a frozen review rests on an assessment."""
    published = assessments.publication(page.db, page.id, assessment)
    if published is None or published.position > snapshot.log_position:
        return False
    return first_day(published.assessment.effective_on) <= full_day(plan.as_of)


def _previous_frozen(db: Connection, register: str, plan: ReviewOccurrence) -> ReviewOccurrence | None:
    """The frozen review of the same series before this one."""
    same = (p for p in review_occurrences(db, register, full_day(plan.as_of)) if p.schedule.id == plan.schedule.id)
    return next((p for p in same if p.as_of < plan.as_of and p.preparation.snapshot), None)


def _citation_note(page: Page, plan: ReviewOccurrence, snapshot: Snapshot) -> str:
    return _(
        "Review as of %(day)s, as known at %(known)s. Methodology %(method)s. SHA-256 of the manifest: %(digest)s.",
        day=day_text(plan.as_of),
        known=written(snapshot.known_at),
        method=page.entry.settings.methodology,
        digest=snapshot.manifest,
    )


def _citation_text(page: Page, plan: ReviewOccurrence, snapshot: Snapshot) -> str:
    title, review = localized(page.entry.settings, "title"), localized(plan.schedule, "title")
    named = (isolated(text) for text in (keeper_of(page.entry).marked_name, title, review))
    return Markup("{}. {}. {}. {}").format(*named, _citation_note(page, plan, snapshot))
