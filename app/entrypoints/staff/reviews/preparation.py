"""Prepares a review: what changed, what is stale, the summary, two signatures, the time; then freezes it."""

from collections.abc import Mapping
from datetime import datetime

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.services.accounts.people import Person, authorize
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review_for
from app.services.snapshots.review_schedule import ReviewOccurrence, find_occurrence, review_occurrences
from domain import commands as c
from domain.codes import Confidence, Freshness
from domain.errors import NotFound, Refused, refusal
from domain.review.aggregate import SIGNATURES_NEEDED
from domain.times import days_after, full_day, instant
from projections.assessments import queries as assessments
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.comparison import compare
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.worklist.queries import open_proposals

LIST_AHEAD_DAYS = 400
"""How many days ahead coming reviews are listed."""
ACTIONS: dict[str, type[c.Command]] = {
    "draft": c.DraftSummary,
    "sign": c.SignOffReview,
    "embargo": c.EmbargoReview,
    "freeze": c.FreezeReview,
}
"""The command behind each button of the page."""


@staff.get("/<register:register>/reviews/")
@allowed("read")
def stocktakings(register: str) -> str:
    with services().views.connect() as db:
        entry = _entry(db, register)
        now = services().clock()
        upcoming = review_occurrences(db, register, days_after(now.date(), LIST_AHEAD_DAYS))
    return render_template("staff/reviews.html", entry=entry, plans=upcoming, now=now, needed=SIGNATURES_NEEDED)


@staff.route("/<register:register>/reviews/<ident:review>/<day:as_of>/", methods=["GET", "POST"])
@allowed("read")
def stocktaking(register: str, review: str, as_of: str) -> tuple[str, int] | Response:
    now = services().clock()
    with services().views.connect() as db:
        entry = _entry(db, register)
        plan = find_occurrence(db, register, review, as_of, now)
        prepared = plan.preparation
        form = Form(summary=prepared.summary, **summaries_by_name(prepared.translations)).read()
        state = _review_state(services(), current_person(), db, entry, plan)
    if request.method == "POST":
        form.read("summary", "freeze_at").read_translations("summary")
        try:
            _act(services(), current_person(), register, plan, form)
            return redirect(url_for("staff.stocktaking", register=register, review=review, as_of=as_of))
        except Refused as refused:
            form.refuse(refused)
    page = render_template(
        "staff/review.html", entry=entry, plan=plan, form=form, now=now, needed=SIGNATURES_NEEDED, **state
    )
    return page, form.status


def summaries_by_name(translations: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The summaries in other languages by the names of their fields in the form."""
    return {f"summary_{language}": texts["summary"] for language, texts in translations.items() if "summary" in texts}


def _act(services: Services, person: Person, register: str, plan: ReviewOccurrence, form: Form) -> None:
    action = request.form.get("action", "")
    if action not in ACTIONS:
        raise Refused(refusal("Choose one of the buttons."))
    authorize(person, ACTIONS[action], register)
    occurrence = {"review": plan.schedule.id, "as_of": plan.as_of}
    match action:
        case "draft":
            command: c.Command = c.DraftSummary(
                register, **occurrence, summary=form["summary"], translations=form.translations("summary")
            )
        case "sign":
            command = c.SignOffReview(register, **occurrence)
        case "embargo":
            command = c.EmbargoReview(register, **occurrence, freeze_at=_instant(form["freeze_at"]))
        case _:
            freeze_review_for(services, person, register, plan.schedule.id, as_of=plan.as_of)
            return
    services.execute_for(person, command)


def _instant(text: str) -> datetime:
    try:
        return instant(text)
    except Refused as refused:
        raise Refused(*(r.about("freeze_at") for r in refused.refusals)) from None


def _review_state(
    services: Services, person: Person, db: Connection, entry: RegisterEntry, plan: ReviewOccurrence
) -> dict[str, object]:
    """Template values for preparing the review, as of today."""
    known_at, day = last_applied_at(db), full_day(plan.as_of)
    hides = blindness(services, person, entry.id).hides
    on = min(day, services.clock().date())
    pair = TimePair(on, known_at)
    standing_by_id = standings(db, entry.id, pair)
    earlier = [
        p
        for p in review_occurrences(db, entry.id, day)
        if p.schedule.id == plan.schedule.id and p.as_of < plan.as_of and p.preparation.snapshot
    ]
    before = None
    if earlier and (last := earlier[0].preparation.snapshot):
        before = TimePair(full_day(earlier[0].as_of), last.known_at)
    comparison = compare(db, entry.id, before, pair).rows if before else ()
    ids = {s.id: [i for i in (s.assessment, *(e.assessment for e in s.elements)) if i] for s in standing_by_id.values()}
    in_force = assessments.by_id(db, entry.id, [i for assessment_ids in ids.values() for i in assessment_ids])
    return {
        "facts": {i: e.facts for i, e in catalogue.recommendations(db, entry.id, known_at).items()},
        "before": before,
        "moved": [row for row in comparison if row.learned or row.changed],
        "late": [s for s in standing_by_id.values() if s.freshness in (Freshness.STALE, Freshness.DUE)],
        "unassessed": [s for s in standing_by_id.values() if s.assessment is None and not s.elements],
        "sourceless": [s for s in standing_by_id.values() if any(not in_force[i].evidence for i in ids[s.id])],
        "doubtful": [s for s in standing_by_id.values() if s.confidence is Confidence.LOW],
        "waiting": [p for p in open_proposals(db, entry.id) if not hides(p)],
        "on": on,
    }


def _entry(db: Connection, register: str) -> RegisterEntry:
    entry = catalogue.register(db, register)
    if entry is None:
        raise NotFound(refusal("There is no register “{register}” here.", register=register))
    return entry
