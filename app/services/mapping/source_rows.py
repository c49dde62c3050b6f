"""Collects the sources that the cells of a sheet name: one for each address in the whole file."""

from collections.abc import Callable, Iterable, Sequence

from msgspec.structs import replace

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.ids import IdMaker
from app.services.bundles.rows import Bundle, EvidenceRow
from app.services.mapping.field_reading import FieldReader, Place
from app.services.mapping.links import Link, find_links, host_of, place_of
from app.services.mapping.public_texts import public_text
from app.services.mapping.templates import TemplateSource
from app.services.mapping.types import SheetMapping
from domain.codes import SourceClass
from domain.text import is_web_address

ReadDay = Callable[[CellRow, str], str]
"""Reads the day in a field of a row."""
HEADER = ["id", "title", "publisher", "url", "published_on", "source_class", "summary", "archived_url"]
_DESCRIPTION = ("source_title", "source_publisher", "source_on", "source_archived")
_UNDESCRIBED = TemplateSource()


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
        self.has_archived = any(source.archived_url for source in self._described.values())
        evidence = stored.evidence if stored else ()
        self._by_address = {_key(r.text.url): r.fact.id for r in evidence if r.text.url}
        self._by_title = {_key(r.text.title): r.fact.id for r in evidence if not r.text.url}
        self._stored = {r.fact.id: r for r in evidence}
        self._maker = IdMaker(self._stored, "source")
        self._hosts = mapping.hosts
        self._publisher = public_text("publisher", language)
        self._summary = public_text("source", language)
        self.records: list[tuple[int, list[str]]] = []
        self.amended: dict[str, EvidenceRow] = {}
        """Stored sources for which the file has another archived copy, by id."""

    def cite(self, link: Link, line: int, described: TemplateSource = _UNDESCRIBED) -> str:
        """The id of a source that a row names, and perhaps describes."""
        known = self._by_address if link.address else self._by_title
        key = _key(link.address or link.title)
        if key not in known:
            known[key] = self._add(link, line, described)
        else:
            self.amend(link, line, described)
        return known[key]

    def amend(self, link: Link, line: int, described: TemplateSource) -> None:
        """Note the archived copy that the file has for a stored source, if it is another one."""
        key = _key(link.address or link.title)
        row = self._stored.get((self._by_address if link.address else self._by_title).get(key, ""))
        own = self._described.get(key, _UNDESCRIBED)
        archived_url = described.archived_url or own.archived_url
        if row and archived_url and archived_url != row.text.archived_url:
            text = replace(row.text, archived_url=archived_url)
            self.amended.setdefault(row.fact.id, replace(row, line=line, text=text))

    def choose(self, chosen: str, line: int) -> str:
        """The id of the source that was chosen by its id, its address or its title."""
        if chosen in self._stored:
            return chosen
        return self.cite(Link(chosen) if is_web_address(chosen) else Link("", chosen), line)

    def _add(self, link: Link, line: int, described: TemplateSource) -> str:
        own = self._described.get(_key(link.address or link.title), _UNDESCRIBED)
        title, publisher = described.title or own.title, described.publisher or own.publisher
        on, archived = described.published_on or own.published_on, described.archived_url or own.archived_url
        host = host_of(link.address) if link.address else ""
        choice = self._hosts.get(host)
        name = " ".join((title or link.title).split()) or place_of(link.address)
        publisher = publisher or (choice.publisher if choice else "") or host or self._publisher
        source_class = own.source_class or (choice.source_class if choice else "") or SourceClass.UNCLASSIFIED.value
        ident = self._maker.make(place_of(link.address) if link.address else name)
        summary = own.summary or self._summary
        self.records.append((line, [ident, name, publisher, link.address, on, source_class, summary, archived]))
        return ident


class SourceReader:
    """Reads the sources in the cells of a row."""

    def __init__(self, fields: FieldReader, book: SourceBook, read_day: ReadDay) -> None:
        self._fields, self._book, self._read_day = fields, book, read_day
        self._is_described = any(map(fields.has, _DESCRIPTION))

    def cited(self, row: CellRow, places: Sequence[Place], linked: Iterable[Place] = ()) -> list[str]:
        """The ids of the sources in some columns of a row, and behind the texts of others."""
        links = self._links(row, places, linked)
        if not links:
            return []
        described = self._description(row, is_single=len(links) == 1) if self._is_described else _UNDESCRIBED
        return list(dict.fromkeys(self._book.cite(link, row.number, described) for link in links))

    def amend_stored(self, row: CellRow, places: Sequence[Place], linked: Iterable[Place] = ()) -> None:
        """Note the archived copies of sources of what is stored already."""
        if self._fields.has("source_archived") or self._book.has_archived:
            links = self._links(row, places, linked)
            own = TemplateSource(archived_url=self._fields.text(row, "source_archived") if len(links) == 1 else "")
            for link in links:
                self._book.amend(link, row.number, own)

    def _links(self, row: CellRow, places: Sequence[Place], linked: Iterable[Place]) -> list[Link]:
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
        return list(links.values())

    def _description(self, row: CellRow, *, is_single: bool) -> TemplateSource:
        """What a row says of its sources; title and archived copy can only be those of a single one."""
        return TemplateSource(
            title=self._fields.text(row, "source_title") if is_single else "",
            publisher=self._fields.text(row, "source_publisher"),
            published_on=self._read_day(row, "source_on") if self._fields.has("source_on") else "",
            archived_url=self._fields.text(row, "source_archived") if is_single else "",
        )


def _key(text: str) -> str:
    """An address or title as it is compared: the scheme, `www.` and a slash at the end make no other source."""
    text = text.strip()
    if "://" not in text:
        return " ".join(text.split()).casefold()
    _scheme, _, rest = text.partition("://")
    host, slash, path = rest.partition("/")
    return f"{host.lower().removeprefix('www.')}{slash}{path}".rstrip("/")
