"""The whole history as sentences, filtered by person, day and register, and as downloads."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from flask import Response, redirect, render_template, request, url_for
from msgspec import Struct
from sqlalchemy import Connection
from werkzeug.wrappers import Response as Redirect

from app.adapters.spreadsheets.formula_escapes import escape_formula
from app.entrypoints.http.guard import SIGNED_IN, allowed, colleague_name, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.streamed_files import in_this_context
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.clock import page_zone
from app.entrypoints.staff.overview.history_lines import DescribedEntry, history_lines
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.event_names import id_text
from app.presentation.i18n.localize import plain_text
from app.services.accounts.actors import Person
from app.services.container import Services
from domain.errors import Refused, refusal
from domain.times import full_day, written
from projections.catalogue import queries as catalogue
from projections.timeline import queries as timeline

LINES_PER_PAGE = 100
COLUMNS = ("entry", "recorded_at", "register", "recommendation", "person", "event", "public", "sentence")


class HistoryFilter(Struct, frozen=True):
    """Which part of the history to show; `registers` are those that the person may read."""

    registers: tuple[str, ...]
    person: str = ""
    day: date | None = None
    before: int | None = None
    zone: str = "UTC"
    """The clock whose day is meant."""

    def entries(self, db: Connection, limit: int, before: int | None) -> list[timeline.TimelineEntry]:
        """Newest first."""
        return timeline.newest(db, self.registers, before=before, limit=limit, who=self.person, recorded=self._span())

    def _span(self) -> tuple[datetime, datetime] | None:
        """The first instant of the day, and that of the next one."""
        if self.day is None:
            return None
        zone = ZoneInfo(self.zone)
        return datetime.combine(self.day, time(), zone), datetime.combine(self.day + timedelta(days=1), time(), zone)


@staff.get("/history/")
@allowed(SIGNED_IN)
def all_history() -> str | Redirect:
    if register := request.args.get("register", ""):
        return redirect(_address("", register))
    return _page(services(), current_person(), None)


@staff.get("/<register:register>/history/")
@allowed("read")
def history(register: str) -> str:
    return _page(services(), current_person(), register)


@staff.get("/history.<any(csv, jsonl):form>")
@allowed(SIGNED_IN)
def download_all_history(form: str) -> Response:
    return _download(services(), current_person(), _read_filter(services(), current_person(), None), form, "history")


@staff.get("/<register:register>/history.<any(csv, jsonl):form>")
@allowed("read")
def download_history(register: str, form: str) -> Response:
    return _download(
        services(), current_person(), _read_filter(services(), current_person(), register), form, f"{register}-history"
    )


def _page(services: Services, person: Person, register: str | None) -> str:
    history_filter = _read_filter(services, person, register)
    with services.views.connect() as db:
        entries = history_filter.entries(db, LINES_PER_PAGE + 1, history_filter.before)
        lines = list(history_lines(services, person, db, entries[:LINES_PER_PAGE]))
        ids = timeline.people(db, history_filter.registers)
        readable = [e for e in catalogue.registers(db) if person.may("read", e.id)]
    return render_template(
        "staff/history.html",
        entry=register_entry(services, register) if register else None,
        history_filter=history_filter,
        lines=lines,
        people=_people(services, ids),
        registers=readable,
        downloads={form: _address("download_", register, form=form) for form in ("csv", "jsonl")},
        older=_address("", register, before=entries[LINES_PER_PAGE - 1].position)
        if len(entries) > LINES_PER_PAGE
        else None,
    )


def _people(services: Services, ids: list[str]) -> list[tuple[str, str]]:
    """Ids with names to choose from; of people with one name, each has the id too."""
    names = {ident: colleague_name(services, ident) for ident in ids}
    same = Counter(names.values())
    labels = {i: f"{name} ({id_text(i)})" if same[name] > 1 else name for i, name in names.items()}
    return sorted(labels.items(), key=lambda pair: pair[1].casefold())


def _address(prefix: str, register: str | None, **values: Any) -> str:
    """Returns another history page with the same filter."""
    values |= {name: value for name in ("person", "day") if (value := request.args.get(name))}
    if register:
        return url_for(f"staff.{prefix}history", register=register, **values)
    return url_for(f"staff.{prefix}all_history", **values)


def _read_filter(services: Services, person: Person, register: str | None) -> HistoryFilter:
    """Raises `Refused` for parameters that are unknown or unreadable."""
    parameters = read_parameters("person", "day", "before", "register")
    before = parameters.get("before", "")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise Refused(
            refusal("“{place}” is not a position in the log. Use the link at the foot of the page.", place=before[:40])
        )
    with services.views.connect() as db:
        readable = tuple(e.id for e in catalogue.registers(db) if person.may("read", e.id))
    return HistoryFilter(
        registers=(register,) if register else readable,
        person=parameters.get("person", ""),
        day=full_day(parameters["day"]) if "day" in parameters else None,
        before=int(before) if before else None,
        zone=page_zone(),
    )


def _download(services: Services, person: Person, history_filter: HistoryFilter, form: str, name: str) -> Response:
    write, kind = (_as_csv, "text/csv; charset=utf-8") if form == "csv" else (_as_json, "application/x-ndjson")
    response = Response(in_this_context(write(_all_lines(services, person, history_filter))), content_type=kind)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response


def _all_lines(services: Services, person: Person, history_filter: HistoryFilter) -> Iterator[DescribedEntry]:
    """Yields all lines in batches, so that a long history needs no more memory than a short one."""
    before = history_filter.before
    while True:
        with services.views.connect() as db:
            entries = history_filter.entries(db, LINES_PER_PAGE * 10, before)
            lines = list(history_lines(services, person, db, entries))
        yield from lines
        if len(entries) < LINES_PER_PAGE * 10:
            return
        before = entries[-1].position


def _as_csv(lines: Iterator[DescribedEntry]) -> Iterator[bytes]:
    """CSV with a byte order mark, so that spreadsheets read Korean, and with formulas escaped."""
    yield ("\ufeff" + _row(COLUMNS)).encode()
    for line in lines:
        e = line.entry
        public = "yes" if e.event.PUBLIC else "no"
        cells = (str(e.position), written(e.recorded_at), line.register, e.recommendation, e.event.who, e.topic, public)
        yield _row([escape_formula(cell) for cell in (*cells, plain_text(line.sentence))]).encode()


def _row(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerow(cells)
    return buffer.getvalue()


def _as_json(lines: Iterator[DescribedEntry]) -> Iterator[bytes]:
    """One JSON line per event: its position, its sentence and the stored event."""
    for line in lines:
        e = line.entry
        row = {
            "entry": e.position,
            "recorded_at": written(e.recorded_at),
            "register": line.register,
            "recommendation": e.recommendation or None,
            "person": e.event.who,
            "public": e.event.PUBLIC,
            "sentence": plain_text(line.sentence),
            "event": msgspec.Raw(e.state),
        }
        yield msgspec.json.encode(row) + b"\n"
