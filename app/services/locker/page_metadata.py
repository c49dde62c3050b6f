"""Reads what a web page says about itself: title, publisher, day, language, kind and description."""

import json
import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from html.parser import HTMLParser

from msgspec import Struct

from app.services.bundles.typed_dates import parse_typed_date
from domain.codes import SourceClass
from domain.errors import Refused

MAX_TEXT = 1000
MAX_BLOCKS = 20
"""How many blocks of JSON-LD are read."""
TITLES = ("og:title", "citation_title", "dc.title", "dcterms.title", "twitter:title")
PUBLISHERS = ("og:site_name", "citation_publisher", "dc.publisher", "dcterms.publisher", "application-name")
DAYS = (
    *("article:published_time", "citation_publication_date", "citation_date", "citation_online_date"),
    *("dcterms.issued", "dc.date.issued", "dc.date", "dcterms.date", "datepublished", "date"),
)
LANGUAGES = ("content-language", "dc.language", "dcterms.language", "citation_language", "og:locale")
DESCRIPTIONS = ("og:description", "description", "dc.description", "dcterms.description", "dcterms.abstract")
CLASSES = {
    "NewsArticle": SourceClass.NEWS,
    "ReportageNewsArticle": SourceClass.NEWS,
    "AnalysisNewsArticle": SourceClass.NEWS,
    "ScholarlyArticle": SourceClass.ANALYSIS,
    "Legislation": SourceClass.OFFICIAL,
    "GovernmentOrganization": SourceClass.OFFICIAL,
}
"""What kind of source a page is that names itself, or its publisher, by a type of schema.org."""
_DAY = re.compile(r"(\d{4})(?:[-/](\d{2})(?:[-/](\d{2}))?)?(?![\d])", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}", re.ASCII)


class PageMetadata(Struct, frozen=True):
    """Each is empty if the page does not say it. `published_on` is as precise as the page has it."""

    title: str = ""
    publisher: str = ""
    published_on: str = ""
    language: str = ""
    source_class: str = ""
    description: str = ""


def read_metadata(content: bytes, charset: str = "") -> PageMetadata:
    """Read the metadata of an HTML page; empty for anything else. Never raises."""
    reader = _HeadReader()
    with suppress(AssertionError, RecursionError, ValueError):  # the parser gives up on some malformed markup
        reader.feed(_decoded(content, charset))
    things = [thing for text in reader.blocks[:MAX_BLOCKS] for thing in _things(text)]
    article = next((t for t in things if "headline" in t or "datePublished" in t), {})
    publisher = article.get("publisher")
    return PageMetadata(
        title=reader.first(*TITLES) or _text(article.get("headline")) or clean_text(reader.title),
        publisher=_text(publisher) or reader.first(*PUBLISHERS),
        published_on=parse_day(_text(article.get("datePublished"))) or parse_day(reader.first(*DAYS)),
        language=language_of(reader.language or _text(article.get("inLanguage")) or reader.first(*LANGUAGES)),
        source_class=_class(article, publisher),
        description=reader.first(*DESCRIPTIONS) or _text(article.get("description")),
    )


class _HeadReader(HTMLParser):
    """Collects the title, the language, the meta elements by lower-case name, and the blocks of JSON-LD."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.language, self.title = "", ""
        self.metas: dict[str, str] = {}
        self.blocks: list[str] = []
        self._reads = ""

    def first(self, *names: str) -> str:
        return next((text for name in names if (text := self.metas.get(name))), "")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "html":
            self.language = self.language or values.get("lang", "")
        elif tag == "meta":
            name = (
                values.get("property") or values.get("name") or values.get("itemprop") or values.get("http-equiv", "")
            )
            if text := clean_text(values.get("content", "")):
                self.metas.setdefault(name.lower(), text)
        elif tag == "title" and not self.title:
            self._reads = tag
        elif tag == "script" and values.get("type", "").lower() == "application/ld+json":
            self._reads = tag
            self.blocks.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._reads:
            self._reads = ""

    def handle_data(self, data: str) -> None:
        if self._reads == "title":
            self.title += data
        elif self._reads == "script":
            self.blocks[-1] += data


def _decoded(content: bytes, charset: str) -> str:
    """The text of a page in the encoding of its header, else of its own meta element, else UTF-8."""
    own = re.search(rb"<meta[^>]{0,200}?charset=[\"']?([A-Za-z0-9_-]{2,40})", content[:4096], re.IGNORECASE)
    for name in (charset, own[1].decode("ascii") if own else ""):
        try:
            if name:
                return content.decode(name, "replace")
        except LookupError:
            continue
    return content.decode("utf-8-sig", "replace")


def _things(text: str) -> Iterator[Mapping[str, object]]:
    """The objects of a block of JSON-LD, also those in lists and in a graph."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return
    waiting = [data]
    while waiting:
        value = waiting.pop(0)
        if isinstance(value, list):
            waiting += value[:MAX_BLOCKS]
        elif isinstance(value, dict):
            yield value
            waiting += [value["@graph"]] if "@graph" in value else []


def _class(article: Mapping[str, object], publisher: object) -> str:
    types = [article.get("@type"), publisher.get("@type") if isinstance(publisher, dict) else None]
    names = [name for kind in types for name in (kind if isinstance(kind, list) else [kind]) if isinstance(name, str)]
    return next((CLASSES[name].value for name in names if name in CLASSES), "")


def _text(value: object) -> str:
    """The text of a value of JSON-LD: itself, its name, or that of the first of several."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get("name", "")
    return clean_text(value) if isinstance(value, str) else ""


def clean_text(text: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split())[:MAX_TEXT]


def parse_day(text: str) -> str:
    """A day as `2024`, `2024-05` or `2024-05-20`; empty if it cannot be read or has two readings."""
    match = _DAY.match(text)
    try:
        return parse_typed_date("-".join(part for part in match.groups() if part) if match else text) if text else ""
    except Refused:
        return ""


def language_of(text: str) -> str:
    """The primary part of a language tag such as `en-GB` or `ko_KR`."""
    match = _LANGUAGE.match(text.lower())
    return match[0] if match else ""
