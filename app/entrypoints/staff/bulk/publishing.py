"""Publishes many proposals together, after a page that shows every difference."""

from collections.abc import Callable

from flask import redirect, render_template, url_for
from msgspec import Struct
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.item_rows import Item, RowKey, find_items
from app.entrypoints.staff.bulk.table_filter import TABLE_FILTER, TableFilter, table_filter
from app.entrypoints.staff.bulk.table_form import MAX_ROWS, STORE, TableForm, TableRow, store_rows
from app.entrypoints.staff.confirmation import Confirmation
from app.entrypoints.staff.forms import parse_number, parse_stamp
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.overview.selection import LIST_FIELDS, expand_selection
from app.entrypoints.staff.proposals.rule_check import RuleCheck
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.sources import sources_by_id
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
from projections.worklist.queries import (
    Proposal,
    waiting_proposals,
    waiting_proposals_of,
    waiting_proposals_of_batch,
)

PROPOSALS_PER_PAGE = 25


class Difference(Struct, frozen=True):
    """What publishing a proposal changes: the assessment in force today, the proposed one, and the cited sources."""

    before: Assessment | None
    after: Assessment
    sources: dict[str, EvidenceEntry]


class PublicationPage(Struct):
    """The proposals of a page as rows, with what each changes; `following` says how many to skip for the next page.

    There is no `row_filter` where the proposals were chosen before.
    """

    rows: list[TableRow]
    differences: dict[str, Difference]
    proposals: dict[str, Proposal]
    following: int | None = None
    row_filter: TableFilter | None = None


@staff.route("/<register:register>/bulk/publish/", methods=["GET", "POST"])
@allowed("publish")
def bulk_publish(register: str) -> tuple[str, int] | Response:
    """Starts with the open proposals of a page, or from the register overview with those about its selection."""
    container, person, entry = services(), current_person(), register_entry(services(), register)
    parameters = read_parameters("skip", "by", "at", *TABLE_FILTER)
    form = TableForm().read_table("publish_at", *LIST_FIELDS)
    expand_selection(container, entry, person, form)
    page = _read_page(container, person, entry, form, parameters)
    if not form.row_keys:
        form.lists["pick"] = [row.key for row in page.rows if not row.lock]
    elif form["action"] == STORE:
        stored = store_rows(container, person, form, page.rows, _builder(entry, page, form), _confirmation(entry, form))
        if stored:
            _announce(entry, len(stored), form)
            return redirect(url_for("staff.bulk_publish", register=register))
    form.lists["pick"] = [row.key for row in page.rows if row.key in form.picked and not _is_stopped(form, row)]
    html = render_template("staff/bulk/publish.html", entry=entry, form=form, page=page)
    return html, form.status


def _confirmation(entry: RegisterEntry, form: TableForm) -> Callable[[int], Confirmation]:
    def ask(count: int) -> Confirmation:
        readers = _("Everyone can read them on the public pages and in the feeds.")
        staff_only = _("This register is not public, so only staff see them.")
        return Confirmation(
            title=_label(count, form),
            about=_publication_day(entry, form),
            happens=(
                readers if entry.is_open else staff_only,
                _("Their authors are told. The history says that you published them."),
                _("Nothing is ever deleted. An assessment can be withdrawn, with a public reason."),
            ),
            button=_label(count, form),
        )

    return ask


def _label(count: int, form: TableForm) -> str:
    if form["publish_at"]:
        return ngettext("Schedule %(num)d proposal", "Schedule %(num)d proposals", count)
    return ngettext("Publish %(num)d proposal", "Publish %(num)d proposals", count)


def _publication_day(entry: RegisterEntry, form: TableForm) -> str:
    if not form["publish_at"]:
        return ""
    at = form["publish_at"].replace("T", " ")
    return _("They go out on %(at)s (%(zone)s).", at=at, zone=entry.settings.time_zone)


def _announce(entry: RegisterEntry, count: int, form: TableForm) -> None:
    if form["publish_at"]:
        title = ngettext("%(num)d proposal is scheduled.", "%(num)d proposals are scheduled.", count)
        announce(title, _publication_day(entry, form))
        return
    announce(ngettext("%(num)d proposal is published.", "%(num)d proposals are published.", count))


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
        at = form.time("publish_at", entry.settings.time_zone)
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
        row_filter = table_filter(services, db, entry, person, parameters)
        if form.row_keys:
            proposals, following = waiting_proposals_of(db, entry.id, assessments=form.row_keys), None
        elif form.picked:
            proposals, following = waiting_proposals_of(db, entry.id, recommendations=form.picked), None
        elif stamp := parse_stamp(parameters.get("at", "")):
            by, following = parameters.get("by", ""), None
            proposals = waiting_proposals_of_batch(db, entry.id, by, stamp, limit=MAX_ROWS)
        else:
            limit = PROPOSALS_PER_PAGE + 1
            proposals = waiting_proposals(db, entry.id, skip=skip, limit=limit, about=row_filter.about)
            following = skip + PROPOSALS_PER_PAGE if len(proposals) > PROPOSALS_PER_PAGE else None
            proposals = proposals[:PROPOSALS_PER_PAGE]
        hides = blindness(services, person, entry.id).hides
        by_id = {p.assessment.id: p for p in proposals if not hides(p)}
        for key in form.row_keys:
            if key in form.picked and key not in by_id:
                words = "There is no open proposal “{id}”. It may have been published or declined."
                form.refuse(Refused(refusal(words, id=key)))
        rows, differences = _rows(services, db, person, entry, by_id)
    is_chosen = bool(form.row_keys or form.picked or parameters.get("at"))
    return PublicationPage(rows, differences, by_id, following, None if is_chosen else row_filter)


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
