"""The list of reviews, and the page of a frozen review with its recommendations, package and corrections."""

from datetime import UTC, date

from flask import Response, render_template
from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.citations import FORMAT_RULE, citation_response
from app.entrypoints.public.page import Page, page_links
from app.entrypoints.public.page_notes import PageNote
from app.entrypoints.public.review_citations import ReviewCitation
from app.entrypoints.public.review_corrections import build_corrections, read_numbers
from app.entrypoints.public.review_matrix import FrozenDay, build_matrix
from app.presentation.charts.bucket_blocks import build_blocks
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.languages import own_name
from app.presentation.i18n.localize import isolated, localized, localized_text
from app.presentation.i18n.removal_sentences import withdrawal_sentence
from app.presentation.i18n.translation import _
from app.presentation.narrative.frozen_notes import frozen_notes, reach_on_day
from app.presentation.narrative.headlines import HeadlinePart, condition_line, scorecard_headline
from app.presentation.narrative.review_days import ReviewDay, planned_until, review_days
from app.presentation.narrative.strict_reading import NAMED_ROWS
from app.services.container import Services
from app.services.removals.packages import withdrawal_of
from app.services.snapshots.package_facts import PackageFacts, read_package_facts
from app.services.snapshots.personal_signatures import signers
from app.services.snapshots.review_schedule import ReviewOccurrence, find_snapshot, review_occurrences
from domain.errors import Refused, refusal
from domain.times import full_day
from domain.values import Snapshot
from projections.catalogue import queries as catalogue
from projections.responses import queries as responses
from projections.scorecards.corrected_rows import count_corrected
from projections.scorecards.queries import counts
from projections.scorecards.results import Counts, TimePair

FROZEN_ON_A_PAGE = 50


class ListedReview(Struct, frozen=True):
    """One review occurrence; if it is frozen, with its counts and with who signed it off.

    `corrected` counts its rows that read differently today.
    """

    plan: ReviewOccurrence
    day: ReviewDay
    counts: Counts | None = None
    signed_by: str = ""
    corrected: int = 0


@public.get("/<register:register>/reviews/")
def reviews(register: str) -> str:
    query, now = read_parameters("page"), services().clock()
    with services().views.connect() as db:
        page = Page(services(), db, register, {})
        until = planned_until(page.times.today)
        days = {(d.id, d.on): d for d in review_days(page.schedules, until)}
        plans = review_occurrences(db, register, until)
        frozen = [plan for plan in plans if plan.preparation.snapshot]
        pages = max(1, -(-len(frozen) // FROZEN_ON_A_PAGE))
        number = read_page_number(query, pages)
        here = frozen[(number - 1) * FROZEN_ON_A_PAGE : number * FROZEN_ON_A_PAGE]
        names = page.names()
        planned = [ListedReview(plan, _review_day(days, plan)) for plan in plans if not plan.preparation.snapshot]
        return render_template(
            "public/reviews.html",
            **page.context("public.reviews", dated=False),
            frozen=[_listed_frozen(page, plan, _review_day(days, plan), names) for plan in here],
            upcoming=[x for x in reversed(planned) if x.plan.freeze_at > now],
            not_frozen=[x for x in planned if x.plan.freeze_at <= now],
            number=number,
            pages=pages,
        )


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/")
def review(register: str, review: str, as_of: str) -> str:
    """A frozen review. Its numbers belong to its pair of times and never change."""
    query = read_parameters("page", "show")
    if query.get("show", "corrected") != "corrected":
        raise Refused(
            refusal("There is no {name} “{value}” here.", name="show", value=query["show"][:60], field="show")
        )
    with services().views.connect() as db:
        page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
        package = read_package_facts(services().settings, snapshot.package)
        where = {"register": register, "review": review, "as_of": as_of}
        return render_template(
            "public/review.html",
            **page.context("public.reviews", dated=False)
            | page_links("public.review", where)
            | {"path": page_url("public.review", **where)}
            | _frozen_content(page, plan, snapshot, query),
            plan=plan,
            snapshot=snapshot,
            title=localized_text(plan.schedule, "title"),
            day=full_day(as_of),
            notes=_snapshot_notes(page, plan, package),
            publisher=package.origin,
            withdrawn=withdrawal_sentence(withdrawal_of(services().settings, plan.preparation)),
            reports=[(language, name, own_name(language)) for language, name in package.reports],
            summary=[p for p in localized_text(snapshot, "summary").split("\n\n") if p.strip()],
            before=_previous_frozen(db, register, plan),
            name=package_name(register, plan),
            digest=" ".join(snapshot.manifest[n : n + 4] for n in range(0, 64, 4)),
            citation_text=isolated(ReviewCitation(page, plan, snapshot, package.origin).text),
            where=where,
            method=page.methodology,
            only_corrected="show" in query,
        )


def _frozen_content(page: Page, plan: ReviewOccurrence, snapshot: Snapshot, query: dict[str, str]) -> dict[str, object]:
    """What the review says of its day, and what reads differently today."""
    db, times = page.db, TimePair(full_day(plan.as_of), snapshot.known_at)
    frozen = read_numbers(page, times)
    numbers, dues = frozen.counts, frozen.dues
    days = {(d.id, d.on): d for d in review_days([plan.schedule], times.as_of)}
    content = {
        "counts": numbers,
        "blocks": build_blocks(numbers),
        "headline": frozen_headline(plan, numbers),
        "reach": condition_line(numbers, dues, reach_then(page, snapshot, times), past=True),
        "dues": dues,
        "answered": responses.count_answered(db, page.id, times.as_of, times.known_at),
        "positions": responses.counts_by_position(db, page.id, times.as_of, times.known_at),
        "corrections": build_corrections(page, snapshot, times, frozen, query),
        "frozen_times": {"as_of": plan.as_of, "known_at": snapshot.known_at.isoformat()},
        "compared_times": _compared_times(plan, snapshot),
    }
    if "show" not in query:
        review = FrozenDay(_review_day(days, plan), times, page.times.known_at)
        content["matrix"] = build_matrix(db, page.id, review, numbers.on_scorecard, query)
    return content


def _compared_times(plan: ReviewOccurrence, snapshot: Snapshot) -> dict[str, str]:
    """The frozen pair of times and the same day as known today, for the address of a comparison."""
    return {"from": plan.as_of, "known_from": snapshot.known_at.isoformat(), "to": plan.as_of}


@public.get(f"/<register:register>/reviews/<ident:review>/<day:as_of>/cite.{FORMAT_RULE}")
def cite_review(register: str, review: str, as_of: str, form: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
        origin = read_package_facts(services().settings, snapshot.package).origin
        return citation_response(ReviewCitation(page, plan, snapshot, origin).file, form)


def find_frozen_review(
    services: Services, db: Connection, register: str, review: str, as_of: str
) -> tuple[Page, ReviewOccurrence, Snapshot]:
    """A frozen review of an open register. Raises `NotFound` with a sentence."""
    page = Page(services, db, register, {})
    return (page, *find_snapshot(db, register, review, as_of))


def package_name(register: str, plan: ReviewOccurrence) -> str:
    return f"{register}_{plan.schedule.id}_{plan.as_of}"


def _review_day(days: dict[tuple[str, date], ReviewDay], plan: ReviewOccurrence) -> ReviewDay:
    on = full_day(plan.as_of)
    return days.get((plan.schedule.id, on)) or ReviewDay(
        plan.schedule.id, on, localized_text(plan.schedule, "title"), None
    )


def _listed_frozen(page: Page, plan: ReviewOccurrence, day: ReviewDay, names: dict[str, str]) -> ListedReview:
    snapshot = plan.preparation.snapshot
    assert snapshot is not None
    at = TimePair(full_day(plan.as_of), snapshot.known_at)
    corrected = count_corrected(page.db, page.id, at, page.times.known_at)
    return ListedReview(plan, day, counts(page.db, page.id, at), _signed_by(plan, names), corrected)


def _signed_by(plan: ReviewOccurrence, names: dict[str, str]) -> str:
    """Who signed a frozen review off; empty if it was frozen without their signatures."""
    snapshot = plan.preparation.snapshot
    if snapshot is None or not snapshot.signed_off:
        return ""
    return ", ".join(names.get(s.by, s.name or _("an editor")) for s in plan.preparation.sign_offs)


def frozen_headline(plan: ReviewOccurrence, numbers: Counts) -> list[HeadlinePart]:
    title = isolated(localized(plan.schedule, "title"))
    return [
        (_("%(review)s, %(day)s. ", review=title, day=day_text(plan.as_of)), None),
        *scorecard_headline(numbers, past=True),
    ]


def reach_then(page: Page, snapshot: Snapshot, times: TimePair) -> str:
    """How far the evidence reached when the review was frozen, if that was before its day."""
    evidence_to = page.entry.as_known(snapshot.known_at).settings.evidence_to
    return reach_on_day(page.db, page.id, evidence_to, times)


def _snapshot_notes(page: Page, plan: ReviewOccurrence, package: PackageFacts) -> list[PageNote]:
    """The callouts of its package, in the language of the page."""
    snapshot = plan.preparation.snapshot
    assert snapshot is not None
    named = [row.id for row in package.strict.other_statuses[:NAMED_ROWS]] if package.strict else []
    entries = catalogue.recommendations_of(page.db, page.id, snapshot.known_at, named)
    notes = frozen_notes(
        known_day=snapshot.known_at.astimezone(UTC).date().isoformat(),
        reconstructed=snapshot.reconstructed,
        signed_off=snapshot.signed_off,
        origin=package.origin,
        sources=package.sources,
        strict=package.strict,
        titles={ident: localized_text(entry.facts, "title") for ident, entry in entries.items()},
        signers=signers(plan.preparation.sign_offs, page.entry.settings.time_zone),
    )
    return [PageNote(note.kind, note.lead, note.text) for note in notes]


def _previous_frozen(db: Connection, register: str, plan: ReviewOccurrence) -> ReviewOccurrence | None:
    """The frozen review of the same series before this one."""
    same = (p for p in review_occurrences(db, register, full_day(plan.as_of)) if p.schedule.id == plan.schedule.id)
    return next((p for p in same if p.as_of < plan.as_of and p.preparation.snapshot), None)
