"""Adds many sources: pasted addresses become a table, which is filled from the pages themselves."""

import secrets
from collections.abc import Mapping, Sequence
from urllib.parse import urlsplit

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from app.adapters.spreadsheets.cells import CellSheet
from app.adapters.spreadsheets.reading import read_file, read_pasted
from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.bulk.table_form import (
    Column,
    ShownText,
    TableForm,
    TableRow,
    handle_table_buttons,
    store_rows,
)
from app.entrypoints.staff.evidence.source_form import source_classes, source_refusals
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.typed_days import parse_day
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.source_titles import plain_source_title
from app.presentation.i18n.translation import _
from app.services.bundles.ids import id_of
from app.services.container import Services
from app.services.locker.page_reading import PageReading, read_pages
from app.services.sources import sources_by_id
from domain import commands as c
from domain.codes import SourceClass
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.text import comparable_address, is_web_address
from domain.values import EvidenceFacts, EvidenceText
from projections.catalogue.entries import EvidenceEntry, RegisterEntry
from projections.sources.queries import find_by_address

READ, HOSTS = "read", "hosts"
"""The buttons that read addresses, and that set the kind of all sources of a host."""
MAX_SOURCES = 100
MAX_FILE_BYTES = 4 * 2**20
FIELDS = ("url", "title", "publisher", "published_on", "language", "class", "summary", "archived_url")
SYNONYMS = {"address": "url", "link": "url", "source": "url", "date": "published_on", "published": "published_on"}


@staff.route("/<register:register>/bulk/sources/", methods=["GET", "POST"])
@allowed("propose")
def bulk_sources(register: str) -> tuple[str, int] | Response:
    """First a field for addresses, then a table of sources to complete and store."""
    container, entry = services(), register_entry(services(), register)
    parameters = read_parameters("stored")
    form = TableForm(_columns(entry)).read_table("addresses")
    form.read(*(name for name in request.form if name.startswith("host.")))
    if request.method == "POST" and form["action"] == READ:
        _read_addresses(container, form)
    stored_sources = _stored_sources(container, register, form) if form.row_keys else {}
    rows = [_row(entry, form, key, stored_sources) for key in form.row_keys]
    if form["action"] == HOSTS:
        _set_classes(form, rows)
    elif not handle_table_buttons(form, rows) and request.method == "POST" and form["action"] != READ:
        taken: set[str] = set()
        stored = store_rows(
            container, current_person(), form, rows, lambda row: [_command(container, register, form, row, taken)]
        )
        if stored and not form.errors:
            return redirect(url_for("staff.bulk_sources", register=register, stored=len(stored)))
        rows = [row for row in rows if row.key not in stored]
    page = render_template(
        "staff/bulk/sources.html",
        entry=entry,
        form=form,
        rows=rows,
        hosts=_hosts(form, rows),
        classes=source_classes(),
        parameters=parameters,
        reads_pages=container.settings.capture,
        most=MAX_SOURCES,
    )
    return page, form.status


def _columns(entry: RegisterEntry) -> list[Column]:
    return [
        Column("title", _("Title")),
        Column("publisher", _("Publisher")),
        Column("published_on", _("Published on")),
        Column("language", _("Language")),
        Column("class", _("Kind of source"), "choice", source_classes()),
        Column("url", _("Address")),
        Column("archived_url", _("Archived copy"), is_folded=True),
        Column("summary", _("What it shows"), "long", language=entry.settings.languages[0]),
    ]


def _read_addresses(services: Services, form: TableForm) -> None:
    """Fill the rows of the form from pasted addresses or a file, and from the pages if the site fetches them."""
    try:
        found = read_source_cells(_sheet(form))
    except Refused as refused:
        form.refuse(Refused(*(r.about("addresses") for r in refused.refusals)))
        return
    pages = read_pages(services.fetcher, (cells["url"] for cells in found)) if services.settings.capture else {}
    keys = [str(number) for number in range(1, len(found) + 1)]
    form.lists |= {"row": keys, "pick": keys}
    for key, cells in zip(keys, found, strict=True):
        reading = pages.get(cells["url"], PageReading())
        metadata = reading.metadata
        values = {
            "title": metadata.title,
            "publisher": metadata.publisher,
            "published_on": metadata.published_on,
            "language": metadata.language,
            "class": metadata.source_class,
            "summary": metadata.description,
        } | {name: text for name, text in cells.items() if text}
        form.values |= {f"{name}.{key}": text for name, text in values.items()}
        form.values[f"about.{key}"] = str(refusal_text(reading.problem)) if reading.problem else ""


def _sheet(form: TableForm) -> CellSheet:
    """What was pasted, or the first sheet of an uploaded file. Raises `Refused`."""
    file = request.files.get("file")
    if file is not None and file.filename:
        content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise Refused(refusal("The file is larger than {most} MB.", most=MAX_FILE_BYTES // 2**20))
        return read_file(file.filename, content).sheets[0]
    if not form["addresses"]:
        raise Refused(refusal("Paste at least one address."))
    return read_pasted(form["addresses"]).sheets[0]


def read_source_cells(sheet: CellSheet) -> list[dict[str, str]]:
    """The cells of each source by field. Raises `Refused` for rows without an address, and for too many rows.

    A first row without an address names the columns; without it, each row has an address, and perhaps a title.
    """
    rows = list(sheet.rows)
    heading = rows.pop(0).cells if rows and not any(map(is_web_address, rows[0].cells)) else ()
    fields = [_field(text) for text in heading]
    found = [_cells(row.cells, fields) for row in rows]
    problems = [
        refusal("Line {line} has no address that starts with http:// or https://.", line=row.number)
        for row, cells in zip(rows, found, strict=True)
        if not cells["url"]
    ]
    if not rows:
        problems = [refusal("Paste at least one address.")]
    if len(rows) > MAX_SOURCES:
        problems = [refusal("Paste at most {most} addresses at once. You pasted {n}.", most=MAX_SOURCES, n=len(rows))]
    if problems:
        raise Refused(*problems[:10])
    return found


def _field(heading: str) -> str:
    labels = {str(label).lower(): name for name, label in _labels().items()}
    text = heading.strip().lower()
    return text if text in FIELDS else SYNONYMS.get(text) or labels.get(text, "")


def _labels() -> Mapping[str, str]:
    return {
        "url": _("Address"),
        "title": _("Title"),
        "publisher": _("Publisher"),
        "published_on": _("Published on"),
        "language": _("Language"),
        "class": _("Kind of source"),
        "summary": _("What it shows"),
        "archived_url": _("Archived copy"),
    }


def _cells(cells: Sequence[str], fields: Sequence[str]) -> dict[str, str]:
    texts = [cell.strip() for cell in cells]
    url = next((text for text in texts if is_web_address(text)), "")
    if fields:
        named = {field: text for field, text in zip(fields, texts, strict=False) if field}
        return named | {"url": named.get("url") or url}
    others = [text for text in texts if text and text != url]
    return {"url": url, "title": others[0] if others else ""}


def _stored_sources(services: Services, register: str, form: TableForm) -> dict[str, EvidenceEntry]:
    """The stored sources with the addresses of the form, by comparable address."""
    with services.views.connect() as db:
        ids = find_by_address(db, register, [form[f"url.{key}"] for key in form.row_keys])
        stored = sources_by_id(services, db, register, ids.values())
    return {address: stored[ident] for address, ident in ids.items() if ident in stored}


def _row(entry: RegisterEntry, form: TableForm, key: str, stored: Mapping[str, EvidenceEntry]) -> TableRow:
    url = form[f"url.{key}"]
    same = stored.get(comparable_address(url)) if url else None
    earlier = [k for k in form.row_keys[: form.row_keys.index(key)] if _same_address(form[f"url.{k}"], url)]
    lock = ""
    if same:
        lock = _("Already a source of this register: “%(title)s” (%(id)s).", title=plain_source_title(same), id=same.id)
    elif earlier:
        lock = _("The same address as in row %(row)s.", row=earlier[0])
    about = form[f"about.{key}"]
    return TableRow(
        key=key,
        title=url or _("Row %(row)s", row=key),
        address=url_for("staff.source", register=entry.id, evidence=same.id) if same else "",
        shown=[ShownText(_("Not read"), about)] if about else [],
        lock=lock,
    )


def _same_address(one: str, other: str) -> bool:
    return bool(one) and comparable_address(one) == comparable_address(other)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _hosts(form: TableForm, rows: Sequence[TableRow]) -> list[tuple[str, int]]:
    """The hosts of several rows, with the number of rows."""
    counts: dict[str, int] = {}
    for row in rows:
        if host := _host(form.cell(row, "url")):
            counts[host] = counts.get(host, 0) + 1
    return [(host, n) for host, n in counts.items() if n > 1]


def _set_classes(form: TableForm, rows: Sequence[TableRow]) -> None:
    for row in rows:
        if kind := form[f"host.{_host(form.cell(row, 'url'))}"]:
            form.values[f"class.{row.key}"] = kind


def _command(services: Services, register: str, form: TableForm, row: TableRow, taken: set[str]) -> c.NoteEvidence:
    """Raises `Refused` by column."""
    cells, problems = form.cells(row), []
    try:
        cells["published_on"] = parse_day(cells["published_on"])
    except Refused as refused:
        problems += [r.about("published_on") for r in refused.refusals]
        cells["published_on"] = ""
    typed = Form()
    typed.values = {f"src_{name}": text for name, text in cells.items()}
    problems += [r.about((r.field or "").removeprefix("src_")) for r in source_refusals(typed)]
    if problems:
        raise Refused(*problems)
    facts = EvidenceFacts(
        id=_free_id(services, register, cells["title"], taken),
        publisher=cells["publisher"],
        source_class=SourceClass(cells["class"]),
        published_on=cells["published_on"],
        accessed_on=services.clock().date().isoformat(),
        language=cells["language"],
    )
    text = EvidenceText(
        title=cells["title"], url=cells["url"], archived_url=cells["archived_url"], summary=cells["summary"]
    )
    return c.NoteEvidence(register, facts=facts, text=text, key=secrets.token_hex(16), salt=secrets.token_hex(16))


def _free_id(services: Services, register: str, title: str, taken: set[str]) -> str:
    """An id made of the title that no source has; `taken` are those of this table."""
    stem = id_of(title) or "source"
    ident, number = stem, 1
    while ident in taken or services.tracker.find(Evidence, evidence_id(register, ident)) is not None:
        number += 1
        ident = f"{stem}-{number}"
    taken.add(ident)
    return ident
