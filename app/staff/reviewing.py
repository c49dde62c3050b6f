"""Reviewing a proposal: before and after side by side, then publish, return or decline."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import redirect, render_template, url_for
from werkzeug.wrappers import Response

from app.accounts.guard import allowed, current_person
from app.staff.blind import blindness
from app.staff.blueprint import staff
from app.staff.commenting import talk
from app.staff.forms import Form
from app.staff.judging import Judgement
from app.staff.registers import register_entry
from app.staff.sources import offered
from app.web.asking import applied
from app.web.services import services
from domain import commands as c
from domain.errors import Conflict, NotFound, Refused, say
from domain.times import day_in
from projections.catalogue import queries as catalogue
from projections.scorecards.answers import Pair
from projections.scorecards.queries import standings
from projections.timeline import queries as timeline
from projections.worklist.queries import Proposal, open_proposal


@staff.get("/<register:register>/proposals/<ident:assessment>/")
@allowed("read")
def proposal(register: str, assessment: str) -> tuple[str, int]:
    return _page(register, _open(register, assessment), Form())


@staff.post("/<register:register>/proposals/<ident:assessment>/")
@allowed("publish")
def decide(register: str, assessment: str) -> tuple[str, int] | Response:
    found = _open(register, assessment)
    form = Form().read("note", "version", "action", "publish_at")
    try:
        command = _command(register, found.recommendation, assessment, form)
        if command is None:
            raise Refused(say("Choose what is to be done: publish, return or decline."))
        services().execute(command, by=current_person().id)
    except Conflict as refused:
        form.refuse(refused)
        return _page(register, _open(register, assessment), form)
    except Refused as refused:
        form.refuse(refused)
        return _page(register, found, form)
    if isinstance(command, c.PublishAssessment) and _is_open(register):
        anchor = f"a-{assessment}"
        page = url_for("public.recommendation", register=register, recommendation=found.recommendation, lang="en")
        return redirect(f"{page}#{anchor}")
    return redirect(url_for("staff.home"))


def _command(register: str, recommendation: str, assessment: str, form: Form) -> c.OfAssessment | None:
    """What was decided, upon what was seen; None where nothing was."""
    seen = int(form["version"]) if form["version"].isdigit() else None
    if form["action"] == "publish":
        return c.PublishAssessment(register, recommendation=recommendation, assessment=assessment, seen=seen)
    if form["action"] == "schedule":
        at = _hour(form["publish_at"], register_entry(register).settings.time_zone)
        return c.ScheduleAssessment(
            register, recommendation=recommendation, assessment=assessment, seen=seen, publish_at=at
        )
    if form["action"] == "return":
        return c.ReturnAssessment(
            register, recommendation=recommendation, assessment=assessment, seen=seen, note=form["note"]
        )
    if form["action"] == "decline":
        return c.DeclineAssessment(
            register, recommendation=recommendation, assessment=assessment, seen=seen, why=form["note"]
        )
    return None


def _hour(text: str, zone: str) -> datetime:
    """An hour on the register's clock as an instant. Raises `Refused`."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    except ValueError:
        raise Refused(say("Choose the day and the hour at which it is to be published.", field="publish_at")) from None


def _open(register: str, assessment: str) -> Proposal:
    with services().views.connect() as db:
        found = open_proposal(db, register, assessment)
    if found is None:
        raise NotFound(say("There is no open proposal “{id}”; it may have been published or declined.", id=assessment))
    blindness(register).refuse(found)
    return found


def _is_open(register: str) -> bool:
    with services().views.connect() as db:
        entry = catalogue.register(db, register)
    return entry is not None and entry.is_open


def _page(register: str, found: Proposal, form: Form) -> tuple[str, int]:
    of = services()
    judgement = Judgement(of, register, found.recommendation)
    with of.views.connect() as db:
        known = applied(db)
        entry = catalogue.register(db, register)
        assert entry is not None
        pair = Pair(day_in(entry.settings.time_zone, of.clock()), known)
        recommendation = catalogue.recommendation(db, register, found.recommendation, known)
        assert recommendation is not None
        held = standings(db, register, pair, found.recommendation).get(found.recommendation)
        item = next((e for e in held.elements if e.id == found.assessment.element), held) if held else None
        ident = item.assessment if item else None
        before = timeline.published(db, register, [ident] if ident else []).get(ident or "")
        near, others = offered(db, register, found.recommendation, found.assessment.evidence)
        cited = {e.id: e for e in (*near, *others)}
        elements = {e.element.id: e.element for e in catalogue.elements(db, register, known, found.recommendation)}
        cards = catalogue.cards(db, register, known, found.recommendation)
    with of.accounts.work() as accounts:
        said = talk(accounts, register, found.recommendation, found.assessment.id)
    person = current_person()
    page = render_template(
        "staff/review.html",
        entry=entry,
        facts=recommendation.facts,
        element=elements.get(found.assessment.element),
        found=found,
        before=before,
        item=item,
        evidence=[cited[e] for e in found.assessment.evidence if e in cited],
        card=next((k for k in cards if k.card.element == found.assessment.element), None),
        objections=judgement.objections(found.assessment),
        second=judgement.needs_two(found.assessment),
        own=found.proposed_by == person.id,
        may_publish=person.may("publish", register),
        version=judgement.version,
        talk=said,
        form=form,
    )
    return page, form.status
