"""The guide for staff, from Markdown to the HTML of a page."""

import itertools
import re
from collections.abc import Iterator, Sequence
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup, escape
from msgspec import Struct

from app.adapters.resources import data_dir

FILE = "for-staff.md"
LANGUAGE = "en"
"""The guide is written in this language only."""
_NO_LETTER = re.compile(r"[^\w\- ]")


class Guide(Struct, frozen=True):
    """`sections` are the anchors and the titles of its sections, in their order."""

    title: str
    sections: list[tuple[str, str]]
    body: Markup


@cache
def staff_guide() -> Guide:
    return render_guide((data_dir("docs") / FILE).read_text("utf-8"))


def render_guide(text: str) -> Guide:
    """Headings get anchors as on code forges. Links to other files become text, since only this one is served."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    headings = list(_headings(tokens))
    for opening, title in headings:
        opening.attrSet("id", anchor_of(title))
    title = next(title for opening, title in headings if opening.tag == "h1")
    sections = [(anchor_of(title), title) for opening, title in headings if opening.tag == "h2"]
    body = markdown.renderer.render(_framed(_without_title(tokens)), markdown.options, {})
    return Guide(title, sections, Markup(body))  # noqa: S704 - our own text; Markdown escapes HTML


def anchor_of(title: str) -> str:
    """“Next year's file” becomes “next-years-file”."""
    return _NO_LETTER.sub("", title.lower()).replace(" ", "-")


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, str]]:
    for opening, inline in itertools.pairwise(tokens):
        if opening.type == "heading_open":
            yield opening, "".join(part.content for part in inline.children or [])


def _without_title(tokens: list[Token]) -> list[Token]:
    """The page has its own first heading."""
    return tokens[3:] if tokens and tokens[0].tag == "h1" else tokens


def _framed(tokens: list[Token]) -> list[Token]:
    """Tables are named after their section and scroll by themselves; links to other files lose their address."""
    result: list[Token] = []
    section = ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        if before and before.type == "heading_open":
            section = escape("".join(part.content for part in token.children or []))
        if token.type == "table_open":
            token.attrSet("class", "data")
            region = f'<div class="scroll" tabindex="0" role="region" aria-label="{section}">'
            result += [_html(region), token, _html(f'<caption class="vh">{section}</caption>')]
        elif token.type == "table_close":
            result += [token, _html("</div>")]
        else:
            result.append(token)
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.children:
            token.children = list(_served(token.children))
    return result


def _served(children: Sequence[Token]) -> Iterator[Token]:
    keeps = True
    for token in children:
        if token.type == "link_open":
            keeps = str(token.attrGet("href")).startswith(("#", "https://"))
        if keeps or token.type not in ("link_open", "link_close"):
            yield token
        if token.type == "link_close":
            keeps = True


def _html(text: str) -> Token:
    return Token("html_block", "", 0, content=text)
