"""A feed as Atom, RFC 4287."""

from xml.etree import ElementTree as Xml

from app.presentation.narrative.feed_entries import Feed, FeedEntry
from domain.times import written

ATOM = "http://www.w3.org/2005/Atom"
MIMETYPE = "application/atom+xml"


def atom(feed: Feed) -> bytes:
    Xml.register_namespace("", ATOM)
    root = Xml.Element(f"{{{ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": feed.language})
    _add(root, "id", feed.id)
    _add(root, "title", feed.title)
    _add(root, "updated", written(feed.updated))
    _add(_add(root, "author"), "name", "Uptake")
    _add(root, "link", rel="self", type=MIMETYPE, href=feed.own)
    _add(root, "link", rel="alternate", type="text/html", href=feed.page)
    for entry in feed.entries:
        root.append(_entry(entry))
    return bytes(Xml.tostring(root, encoding="utf-8", xml_declaration=True))


def _entry(entry: FeedEntry) -> Xml.Element:
    element = Xml.Element(f"{{{ATOM}}}entry")
    _add(element, "id", entry.id)
    _add(element, "title", entry.title)
    _add(element, "published", written(entry.published))
    _add(element, "updated", written(entry.updated))
    _add(element, "link", rel="alternate", type="text/html", href=entry.url)
    for code in entry.codes:
        _add(element, "category", term=code)
    _add(element, "summary", entry.text or entry.title)
    return element


def _add(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{ATOM}}}{name}", attributes)
    element.text = text
    return element
