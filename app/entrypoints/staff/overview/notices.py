"""The notices of a person: on Home, and as a list."""

from flask import redirect, render_template, url_for
from msgspec import Struct
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import parse_number
from app.entrypoints.staff.outcomes import announce
from app.presentation.i18n.localize import localized_text, show_originals_of
from app.presentation.i18n.translation import _
from app.presentation.narrative.status_news import title_of
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.notices.models import Notice
from app.services.notices.notices import ACCOUNT, NOTICES_PER_PAGE, Notices
from domain.errors import NotFound, refusal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.position import last_applied_at

NOTICES_ON_HOME = 5


class NoticeLine(Struct, frozen=True):
    """A notice with the title of the recommendation, or of the register, that it is about; empty for the account."""

    notice: Notice
    title: str


class NoticeList(Struct, frozen=True):
    lines: list[NoticeLine]
    total: int
    unread: int


def read_notices(services: Services, person: Person, *, skip: int = 0, limit: int) -> NoticeList:
    """Returns the newest notices of a person, and how many there are."""
    with services.accounts.work() as accounts, services.views.connect() as db:
        entries = {e.id: e for e in catalogue.registers(db) if person.may("read", e.id)}
        notices = Notices(accounts, db, person, entries)
        shown = notices.newest(skip=skip, limit=limit)
        titles: dict[tuple[str, str, str], str] = {}
        for register in {notice.register for notice in shown} - {ACCOUNT}:
            names = {n.recommendation for n in shown if n.register == register and n.recommendation}
            show_originals_of(entries[register].settings)
            found = catalogue.recommendations_of(db, register, last_applied_at(db), names)
            parts = {
                (n.recommendation, n.element) for n in shown if n.register == register and n.recommendation in found
            }
            named = catalogue.elements_by_id(db, register, last_applied_at(db), {p for p in parts if p[1]})
            titles |= {(register, *p): title_of(found[p[0]].facts, named.get(p)) for p in parts}
        lines = [_line(notice, entries.get(notice.register), titles) for notice in shown]
        return NoticeList(lines, notices.total, notices.unread)


def _line(notice: Notice, entry: RegisterEntry | None, titles: dict[tuple[str, str, str], str]) -> NoticeLine:
    register_title = localized_text(entry.settings, "title") if entry else ""
    title = titles.get((notice.register, notice.recommendation, notice.element)) or register_title
    return NoticeLine(notice, title)


@staff.get("/account/notices/")
@allowed(SIGNED_IN)
def notices() -> str:
    number = max(1, parse_number(read_parameters("page").get("page", "")) or 1)
    skip = (number - 1) * NOTICES_PER_PAGE
    page = read_notices(services(), current_person(), skip=skip, limit=NOTICES_PER_PAGE)
    following = number + 1 if skip + len(page.lines) < page.total else None
    return render_template("staff/notices.html", notices=page, number=number, following=following)


@staff.get("/account/notices/<int:number>/")
@allowed(SIGNED_IN)
def open_notice(number: int) -> Response:
    """Leads to what the notice is about; it is read then."""
    container, person = services(), current_person()
    with container.accounts.work() as accounts, container.views.connect() as db:
        registers = [e.id for e in catalogue.registers(db) if person.may("read", e.id)]
        notice = Notices(accounts, db, person, registers).find(number)
        if notice is None:
            raise NotFound(refusal("There is no such notice. Notices are deleted after 90 days."))
        notice.read_at = notice.read_at or container.clock().replace(tzinfo=None)
        return redirect(notice.path)


@staff.post("/account/notices/read/")
@allowed(SIGNED_IN)
def read_all_notices() -> Response:
    container, person = services(), current_person()
    with container.accounts.work() as accounts, container.views.connect() as db:
        registers = [e.id for e in catalogue.registers(db) if person.may("read", e.id)]
        Notices(accounts, db, person, registers).mark_all_read(container.clock())
    announce(_("All notices are marked as read."))
    return redirect(url_for("staff.notices"))
