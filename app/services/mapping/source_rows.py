"""Collects the sources that the cells of a sheet name: one for each address in the whole file."""

from collections.abc import Callable, Iterable, Sequence

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.ids import IdMaker
from app.services.bundles.rows import Bundle
from app.services.mapping.field_reading import FieldReader, Place
from app.services.mapping.links import Link, find_links, host_of, place_of
from app.services.mapping.public_texts import public_text
from app.services.mapping.templates import TemplateSource
from app.services.mapping.types import SheetMapping
from domain.codes import SourceClass
from domain.text import is_web_address

ReadDay = Callable[[CellRow, str], str]
"""Reads the day in a field of a row."""
HEADER = ["id", "title", "publisher", "url", "published_on", "source_class", "summary"]


class SourceBook:
    """The ids of sources: as stored, or made. New ones are rows of `evidence.csv`, as a template describes them."""

    def __init__(
        self,
        mapping: SheetMapping,
        stored: Bundle | None,
        language: str,
        described: Iterable[TemplateSource] = (),
    ) -> None:
        self._described = {_key(s.url or s.title): s for s in described}
        evidence = stored.evidence if stored else ()
        self._by_address = {_key(r.text.url): r.fact.id for r in evidence if r.text.url}
        self._by_title = {_key(r.text.title): r.fact.id for r in evidence if not r.text.url}
        self._stored = {r.fact.id for r in evidence}
        self._maker = IdMaker(self._stored, "source")
        self._hosts = mapping.hosts
        self._publisher = public_text("publisher", language)
        self._summary = public_text("source", language)
        self.records: list[tuple[int, list[str]]] = []

    def cite(self, link: Link, line: int, title: str = "", publisher: str = "", on: str = "") -> str:
        """The id of a source that a row names."""
        known = self._by_address if link.address else self._by_title
        key = _key(link.address or link.title)
        if key not in known:
            known[key] = self._add(link, line, title, publisher, on)
        return known[key]

    def choose(self, chosen: str, line: int) -> str:
        """The id of the source that was chosen by its id, its address or its title."""
        if chosen in self._stored:
            return chosen
        return self.cite(Link(chosen) if is_web_address(chosen) else Link("", chosen), line)

    def _add(self, link: Link, line: int, title: str, publisher: str, on: str) -> str:
        own = self._described.get(_key(link.address or link.title), TemplateSource())
        title, publisher, on = title or own.title, publisher or own.publisher, on or own.published_on
        host = host_of(link.address) if link.address else ""
        choice = self._hosts.get(host)
        name = " ".join((title or link.title).split()) or place_of(link.address)
        publisher = publisher or (choice.publisher if choice else "") or host or self._publisher
        source_class = own.source_class or (choice.source_class if choice else "") or SourceClass.UNCLASSIFIED.value
        ident = self._maker.make(place_of(link.address) if link.address else name)
        summary = own.summary or self._summary
        self.records.append((line, [ident, name, publisher, link.address, on, source_class, summary]))
        return ident


class SourceReader:
    """Reads the sources in the cells of a row."""

    def __init__(self, fields: FieldReader, book: SourceBook, read_day: ReadDay) -> None:
        self._fields, self._book, self._read_day = fields, book, read_day
        self._is_described = any(fields.has(f) for f in ("source_title", "source_publisher", "source_on"))

    def cited(self, row: CellRow, places: Sequence[Place], linked: Iterable[Place] = ()) -> list[str]:
        """The ids of the sources in some columns of a row, and behind the texts of others."""
        links: dict[str, Link] = {}
        for place in places:
            text = row.cell(place.index)
            target = self._fields.link(row, place.index)
            if text.strip() or target:
                for link in find_links(text, place.separator, target):
                    links.setdefault(link.address or link.title, link)
        for place in linked:
            target = self._fields.link(row, place.index)
            if is_web_address(target):
                links.setdefault(target, Link(target))
        if not links:
            return []
        title, publisher, on = self._description(row) if self._is_described else ("", "", "")
        title = title if len(links) == 1 else ""
        return list(dict.fromkeys(self._book.cite(link, row.number, title, publisher, on) for link in links.values()))

    def _description(self, row: CellRow) -> tuple[str, str, str]:
        on = self._read_day(row, "source_on") if self._fields.has("source_on") else ""
        return self._fields.text(row, "source_title"), self._fields.text(row, "source_publisher"), on


def _key(text: str) -> str:
    """An address or title as it is compared: the scheme, `www.` and a slash at the end make no other source."""
    text = text.strip()
    if "://" not in text:
        return " ".join(text.split()).casefold()
    _scheme, _, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}".rstrip("/")
