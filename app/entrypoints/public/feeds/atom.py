"""A feed as Atom, RFC 4287."""

from xml.etree import ElementTree as Xml

from app.presentation.narrative.feed_entries import Feed, FeedEntry, entry_text
from domain.times import written

ATOM = "http://www.w3.org/2005/Atom"
LANG = "{http://www.w3.org/XML/1998/namespace}lang"
MIMETYPE = "application/atom+xml"


def to_atom(feed: Feed) -> bytes:
    Xml.register_namespace("", ATOM)
    root = Xml.Element(f"{{{ATOM}}}feed", {LANG: feed.language})
    _add_element(root, "id", feed.id)
    _add_element(root, "title", feed.title)
    if feed.reach:
        _add_element(root, "subtitle", feed.reach)
    _add_element(root, "updated", written(feed.updated))
    _add_element(_add_element(root, "author"), "name", feed.author)
    _add_element(root, "generator", "Uptake")
    _add_element(root, "link", rel="self", type=MIMETYPE, href=feed.own)
    _add_element(root, "link", rel="alternate", type="text/html", href=feed.page)
    for entry in feed.entries:
        root.append(_entry_element(entry, feed.language))
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry_element(entry: FeedEntry, language: str) -> Xml.Element:
    element = Xml.Element(f"{{{ATOM}}}entry")
    _add_element(element, "id", entry.id)
    _add_element(element, "title", entry.title)
    _add_element(element, "published", written(entry.published))
    _add_element(element, "updated", written(entry.updated))
    _add_element(element, "link", rel="alternate", type="text/html", href=entry.url)
    if entry.earlier_url:
        _add_element(element, "link", rel="related", type="text/html", href=entry.earlier_url)
    for code in entry.codes:
        _add_element(element, "category", term=code)
    own = {} if entry.language == language else {LANG: entry.language}
    _add_element(element, "summary", entry_text(entry), **own)
    return element


def _add_element(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element
