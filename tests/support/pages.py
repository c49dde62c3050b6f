"""Fetches pages and checks the HTML of every one: a page that any test sees is a page that is well made."""

from collections import Counter
from itertools import pairwise
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient

SELF_MADE = {"http://127.0.0.1", "http://localhost"}


class Page:
    """A page that passed every check."""

    def __init__(self, path: str, status: int, root: Element, text: str) -> None:
        self.path, self.status, self.root, self.html = path, status, root, text

    @property
    def heading(self) -> str:
        return words(next(self.root.iter("h1")))

    @property
    def text(self) -> str:
        return " ".join(words(next(self.root.iter("body"))).split())

    def links(self) -> list[str]:
        """Addresses on this site that the page leads to, absolute from its root."""
        found = [a.get("href", "") for a in self.root.iter("a")]
        found += [link.get("href", "") for link in self.root.iter("link")]
        joined = [urljoin(self.path, href) for href in found if href and not href.startswith("#")]
        return [j for j in joined if not urlsplit(j).netloc and not urlsplit(j).scheme]

    def table(self, caption: str) -> list[list[str]]:
        """The rows of a table by the beginning of its caption."""
        for table in self.root.iter("table"):
            if words(next(table.iter("caption"))).startswith(caption):
                return [[words(c).strip() for c in row if c.tag in ("td", "th")] for row in table.iter("tr")]
        raise AssertionError(f"no table “{caption}” on {self.path}")


class Browser:
    """Looks at pages through a test client."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, status: int = 200, **query: str) -> Page:
        answer = self.client.get(path, query_string=query or None)
        assert answer.status_code == status, f"{path}: {answer.status_code}\n{answer.text[:2000]}"
        assert answer.mimetype == "text/html"
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        return checked_page(answer.request.full_path.rstrip("?"), status, answer.text)


def checked_page(path: str, status: int, html: str) -> Page:
    """Parse HTML strictly and check everything that holds for every page."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    root: Any = parser.parse(html)
    page = Page(path, status, root, html)
    check(page)
    return page


def words(element: Element) -> str:
    return "".join(element.itertext())


def check(page: Page) -> None:
    """Everything that holds for every page."""
    root = page.root
    every = [e for e in root.iter() if isinstance(e.tag, str)]
    assert root.get("lang"), "a page says its language"
    assert words(next(root.iter("title"))).strip().endswith("| Uptake")
    assert len(list(root.iter("h1"))) == 1, "one first heading"
    _headings_in_order(every)
    ids = Counter(e.get("id") for e in every if e.get("id"))
    assert [i for i, n in ids.items() if n > 1] == [], "ids are used once"
    for e in every:
        assert e.get("style") is None, f"inline style on {e.tag}"
        assert not [a for a in e.attrib if a.startswith("on")], f"inline script on {e.tag}"
        data = e.tag == "script" and e.get("type") == "application/ld+json"
        own = e.tag == "script" and (e.get("src") or "").startswith("/static/") and not words(e)
        assert data or own or e.tag not in ("script", "style"), f"<{e.tag}> on a page"
        for name in ("aria-labelledby", "aria-describedby", "for"):
            for ref in (e.get(name) or "").split():
                assert ref in ids, f"{name}={ref} names nothing"
        href = e.get("href", "")
        if e.tag == "a" or e.tag == "{http://www.w3.org/2000/svg}use":
            assert href or e.get("{http://www.w3.org/1999/xlink}href"), "a link leads somewhere"
        if href.startswith("#") and len(href) > 1:
            assert href[1:] in ids, f"{href} leads nowhere on {page.path}"
        if e.tag == "img":
            assert e.get("alt") is not None
        if e.tag in ("input", "select", "textarea") and e.get("type") != "hidden":
            labelled = any(x.tag == "label" and x.get("for") == e.get("id") for x in every)
            assert labelled or e.get("aria-label"), f"<{e.tag} name={e.get('name')}> has no label"
        if e.tag == "a":
            assert words(e).strip() or e.get("aria-label"), "a link has words"
        if e.tag == "table":
            assert e.find("caption") is not None
        if e.tag == "th":
            assert e.get("scope")
        if e.get("role") == "img":
            assert e.get("aria-labelledby"), "a drawing is named"
    _references_of_drawings(root, ids)


def _headings_in_order(every: list[Element]) -> None:
    levels = [int(e.tag[1]) for e in every if e.tag in ("h1", "h2", "h3", "h4")]
    for before, after in pairwise(levels):
        assert after <= before + 1, f"h{after} follows h{before}"


def _references_of_drawings(root: Element, ids: Counter[str | None]) -> None:
    for e in root.iter():
        fill = e.get("fill") or ""
        if fill.startswith("url(#"):
            assert fill[5:-1] in ids, f"{fill} is drawn by nothing"
