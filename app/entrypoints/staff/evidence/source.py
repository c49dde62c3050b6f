"""The page of one source: what rests on it, its copies, its notes and its link."""

from collections.abc import Callable

from flask import redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.languages import SOURCE, language_choices
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.locker import link_checks
from app.services.locker.copies import files_of, notes_of
from app.services.shown_versions import shown_version
from app.services.sources import sources_by_id
from domain.errors import NotFound, Refused, refusal
from domain.ids import evidence_id
from domain.values import DevelopmentFacts
from projections.assessments.proposals import CitingAssessment, citing
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.engine.position import last_applied_at
from projections.sources.queries import citing_positions

CITING_PER_PAGE = 20


@staff.get("/<register:register>/evidence/<ident:evidence>/")
@allowed("read")
def source(register: str, evidence: str) -> tuple[str, int]:
    return _page(services(), current_person(), register, evidence, Form(language=SOURCE))


@staff.post("/<register:register>/evidence/<ident:evidence>/link/")
@allowed("propose")
def accept_link(register: str, evidence: str) -> tuple[str, int] | Response:
    """Accept the current page as showing what is cited; later link checks compare with it."""

    def act() -> None:
        with services().accounts.work() as db:
            check = link_checks.checks_of(db, register, [evidence]).get(evidence)
            if check and check.digest:
                link_checks.expect_content(services(), db, register, evidence, check.digest)

    done = _("Later checks compare with the page as it is now.")
    return act_on_source(services(), current_person(), register, evidence, Form(), act, done)


def act_on_source(
    services: Services, person: Person, register: str, evidence: str, form: Form, act: Callable[[], None], done: str
) -> tuple[str, int] | Response:
    """Run an action on an existing source, and say `done`; show its page again, with errors if refused."""
    find_source(services, register, evidence)
    try:
        act()
    except NotFound:
        raise
    except Refused as refused:
        form.refuse(refused)
        return _page(services, person, register, evidence, form)
    services.mark_copies_changed()
    announce(done)
    return redirect(url_for("staff.source", register=register, evidence=evidence))


def find_source(services: Services, register: str, evidence: str) -> tuple[EvidenceEntry, bool]:
    """Returns a source, and whether it is public. Raises `NotFound`."""
    with services.views.connect() as db:
        entry = sources_by_id(services, db, register, [evidence]).get(evidence)
        public = catalogue.evidence(db, register, services.clock(), [evidence])
    if entry is None:
        raise NotFound(refusal("There is no source “{id}” in this register.", id=evidence))
    return entry, evidence in public


def source_version(services: Services, register: str, evidence: str) -> int:
    """The version of a source that a page shows."""
    with services.views.connect() as db:
        return shown_version(services, db, evidence_id(register, evidence))


def _page(services: Services, person: Person, register: str, evidence: str, form: Form) -> tuple[str, int]:
    entry = register_entry(services, register)
    source_entry, public = find_source(services, register, evidence)
    with services.views.connect() as db:
        skip = parse_number(request.args.get("skip", "")) or 0
        cited_by, following = _cited_by(services, person, db, register, evidence, skip)
        items = [c.recommendation for c in cited_by if isinstance(c, CitingAssessment)]
        recommendations = catalogue.recommendations_of(db, register, last_applied_at(db), set(items))
    with services.accounts.work() as accounts:
        files = files_of(accounts, register, [evidence])
        form.values = {f"rights-{f.sha256}": f.rights for f in files} | form.values
        page = render_template(
            "staff/source.html",
            entry=entry,
            source=source_entry,
            public=public,
            cited_by=cited_by,
            recommendations=recommendations,
            following=following,
            files=files,
            notes=notes_of(accounts, register, [evidence]),
            check=link_checks.checks_of(accounts, register, [evidence]).get(evidence),
            form=form,
            languages=language_choices(),
            may_capture=services.settings.capture,
            checks_links=services.settings.check_links,
            largest=services.settings.largest_file_mb,
        )
    return page, form.status


def _cited_by(
    services: Services, person: Person, db: Connection, register: str, evidence: str, skip: int
) -> tuple[list[CitingAssessment | DevelopmentFacts], int | None]:
    """One page of what cites a source, newest first, and how many to skip for the next; hidden proposals are left out.

    Of several versions of one assessment on the page, the newest is shown.
    """
    positions = citing_positions(db, register, evidence, skip=skip, limit=CITING_PER_PAGE + 1)
    blind = blindness(services, person, register)
    shown: dict[str, CitingAssessment | DevelopmentFacts] = {}
    for c in citing(db, register, positions[:CITING_PER_PAGE]):
        if isinstance(c, DevelopmentFacts):
            shown[f"{c.id}/"] = c
        elif c.is_published or not blind.hides_work_of(c.by, c.recommendation):
            shown.setdefault(c.assessment.id, c)
    return list(shown.values()), skip + CITING_PER_PAGE if len(positions) > CITING_PER_PAGE else None
