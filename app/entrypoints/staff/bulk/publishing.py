"""Publishes many proposals together, after a page that shows every difference."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import msgspec
from flask import redirect, render_template, url_for
from msgspec import Struct
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.item_rows import Item, RowKey, find_items
from app.entrypoints.staff.bulk.table_form import STORE, TableForm, TableRow, store_rows
from app.entrypoints.staff.evidence.sources import sources_by_id
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.proposals.reviewing import publication_time
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.people import Person
from app.services.container import Services
from domain import commands as c
from domain.batch import BatchRefused
from domain.errors import Refused, refusal
from domain.ordering import item_key
from domain.times import day_in
from domain.values import Assessment
from projections.assessments import queries as assessments
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.engine.position import last_applied_at
from projections.scorecards.queries import standings
from projections.scorecards.results import TimePair
from projections.worklist.queries import Proposal, waiting_proposals, waiting_proposals_of

PROPOSALS_PER_PAGE = 25


class Difference(Struct, frozen=True):
    """What publishing a proposal changes: the assessment in force today, the proposed one, and the cited sources."""

    before: Assessment | None
    after: Assessment
    sources: dict[str, EvidenceEntry]


class PublicationPage(Struct):
    """The proposals of a page as rows, with what each changes; `following` says how many to skip for the next page."""

    rows: list[TableRow]
    differences: dict[str, Difference]
    proposals: dict[str, Proposal]
    following: int | None = None


@staff.route("/<register:register>/bulk/publish/", methods=["GET", "POST"])
@allowed("publish")
def bulk_publish(register: str) -> tuple[str, int] | Response:
    """Starts with the open proposals of a page, or from the register overview with those about its selection."""
    container, person, entry = services(), current_person(), register_entry(services(), register)
    parameters = read_parameters("skip", "stored")
    form = TableForm().read_table("publish_at")
    page = _read_page(container, person, entry, form, parameters)
    if not form.row_keys:
        form.lists["pick"] = [row.key for row in page.rows if not row.lock]
    elif form["action"] == STORE and _is_confirmed(form):
        stored = store_rows(container, person, form, page.rows, _builder(entry, page, form))
        if stored:
            return redirect(url_for("staff.bulk_publish", register=register, stored=len(stored)))
    elif form["action"] == STORE:
        form.add("", _("The selection has changed. Look at the number on the button, and press it again."))
    form.lists["pick"] = [row.key for row in page.rows if row.key in form.picked and not _is_stopped(form, row)]
    confirmed = confirmation(
        [(row.key, row.version) for row in page.rows if row.key in form.picked], form["publish_at"]
    )
    html = render_template(
        "staff/bulk/publish.html", entry=entry, form=form, page=page, parameters=parameters, confirmed=confirmed
    )
    return html, form.status


def confirmation(versions: Sequence[tuple[str, str]], publish_at: str) -> str:
    """A digest of the selected proposals, of the versions in which they are shown, and of the time of publication."""
    return sha256(msgspec.json.encode([sorted(versions), publish_at])).hexdigest()[:16]


def _is_confirmed(form: TableForm) -> bool:
    versions = [(key, form[f"version.{key}"]) for key in form.picked]
    return form["confirmed"] == confirmation(versions, form["publish_at"])


def _is_stopped(form: TableForm, row: TableRow) -> bool:
    return bool(row.lock) or form.is_wrong(row.key)


def _builder(
    entry: RegisterEntry, page: PublicationPage, form: TableForm
) -> Callable[[TableRow], list[c.OfAssessment]]:
    """Returns the function that makes the command of a row."""

    def build(row: TableRow) -> list[c.OfAssessment]:
        recommendation, version = page.proposals[row.key].recommendation, form.version(row)
        if not form["publish_at"]:
            return [
                c.PublishAssessment(
                    entry.id, recommendation=recommendation, assessment=row.key, expected_version=version
                )
            ]
        at = publication_time(form["publish_at"], entry.settings.time_zone)
        return [
            c.ScheduleAssessment(
                entry.id,
                recommendation=recommendation,
                assessment=row.key,
                expected_version=version,
                publish_at=at,
            )
        ]

    return build


def _read_page(
    services: Services, person: Person, entry: RegisterEntry, form: TableForm, parameters: dict[str, str]
) -> PublicationPage:
    """Adds an error for each proposal that was sent and is not open any more."""
    skip = parse_number(parameters.get("skip", "")) or 0
    with services.views.connect() as db:
        if form.row_keys:
            proposals, following = waiting_proposals_of(db, entry.id, assessments=form.row_keys), None
        elif form.picked:
            proposals, following = waiting_proposals_of(db, entry.id, recommendations=form.picked), None
        else:
            proposals = waiting_proposals(db, entry.id, skip=skip, limit=PROPOSALS_PER_PAGE + 1)
            following = skip + PROPOSALS_PER_PAGE if len(proposals) > PROPOSALS_PER_PAGE else None
            proposals = proposals[:PROPOSALS_PER_PAGE]
        hides = blindness(services, person, entry.id).hides
        by_id = {p.assessment.id: p for p in proposals if not hides(p)}
        for key in form.row_keys:
            if key in form.picked and key not in by_id:
                words = "There is no open proposal “{id}”. It may have been published or declined."
                form.refuse(Refused(refusal(words, id=key)))
        rows, differences = _rows(services, db, person, entry, by_id)
    return PublicationPage(rows, differences, by_id, following)


def _rows(
    services: Services, db: Connection, person: Person, entry: RegisterEntry, proposals: dict[str, Proposal]
) -> tuple[list[TableRow], dict[str, Difference]]:
    keys = {i: RowKey(p.recommendation, p.assessment.element) for i, p in proposals.items()}
    items = {item.key: item for item in find_items(services, db, entry.id, set(keys.values()))}
    refusals = _refusals(services, person, entry.id, proposals)
    rows, differences = [], {}
    filed = [i for i in proposals if keys[i] in items]
    for ident in sorted(filed, key=lambda i: item_key(items[keys[i]].facts)):
        item, proposal = items[keys[ident]], proposals[ident]
        check = RuleCheck(services, entry.id, proposal.recommendation)
        rows.append(_row(entry, item, proposal, refusals.get(ident, "")))
        differences[ident] = _difference(services, db, person, entry, check, proposal)
    return rows, differences


def _refusals(services: Services, person: Person, register: str, proposals: dict[str, Proposal]) -> dict[str, str]:
    """Why proposals cannot be published now, by id."""
    commands = [
        c.PublishAssessment(register, recommendation=p.recommendation, assessment=i) for i, p in proposals.items()
    ]
    try:
        services.check_all(commands, by=person.id)
    except BatchRefused as batch:
        return {
            commands[index].assessment: " ".join(str(refusal_text(r)) for r in refused.refusals)
            for index, refused in batch.by_index.items()
        }
    return {}


def _row(entry: RegisterEntry, item: Item, proposal: Proposal, lock: str) -> TableRow:
    return TableRow(
        key=proposal.assessment.id,
        title=item.title,
        address=url_for("staff.proposal", register=entry.id, assessment=proposal.assessment.id),
        about=item.about,
        author=proposal.proposed_by,
        version=item.version,
        lock=lock,
    )


def _difference(
    services: Services, db: Connection, person: Person, entry: RegisterEntry, check: RuleCheck, proposal: Proposal
) -> Difference:
    today = day_in(entry.settings.time_zone, services.clock())
    standing = standings(db, entry.id, TimePair(today, last_applied_at(db)), proposal.recommendation).get(
        proposal.recommendation
    )
    element = proposal.assessment.element
    item = next((e for e in standing.elements if e.id == element), standing) if standing else None
    in_force = item.assessment if item else None
    before = assessments.by_id(db, entry.id, [in_force]).get(in_force) if in_force else None
    try:
        after = check.publication(proposal.assessment, person.id).assessment
    except Refused:
        after = proposal.assessment  # the row says why it cannot be published
    cited = {*after.evidence, *(before.evidence if before else ())}
    return Difference(before, after, sources_by_id(services, db, entry.id, cited))
