"""Plain words: no text that a person reads uses a word from the list."""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from app.entrypoints.cli import message_catalogue
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from tests.support.template_files import TEXTS

BANNED = (
    *("whoever", "whomever", "nobody", "somebody", "anew", "upon", "hence", "thereof", "whereupon"),
    *("mend", "mended", "mends", "mending"),
    *("of ours", "for good", "for ever", "at will", "is to be", "are to be", "as it stands", "falls due"),
    *("stands in the way", "in the place of", "what is asked for"),
)
"""Archaic words and idioms; plain words for them are in docs/glossary.md."""
ROOT = Path(__file__).parents[2]
PATTERN = re.compile(rf"\b(?:{'|'.join(re.escape(word) for word in BANNED)})\b", re.IGNORECASE)
Place = tuple[str, str]
"""Where a text is, and the text."""


def banned_words(texts: Iterable[Place]) -> list[str]:
    """Each use of a banned word, with the place of its text."""
    return [f"{place}: “{found[0]}” in “{text}”" for place, text in texts for found in PATTERN.finditer(text)]


def messages() -> Iterator[Place]:
    """All but the texts of the first methodology: frozen packages hold them, so they cannot change."""
    published = {s.meaning for s in UPTAKE_2026_1.statuses} | {r.sentence for r in UPTAKE_2026_1.rules}
    for message in message_catalogue.collect_messages():
        for text in message.id if isinstance(message.id, tuple) else (message.id,):
            if text in published:
                continue
            yield message.locations[0][0] if message.locations else "", str(text)


def template_strings() -> Iterator[Place]:
    """The texts of templates, with their comments; names of variables are one word each and cannot match."""
    yield from ((f"templates/{name}", line) for name, text in TEXTS.items() for line in text.splitlines())


def document_lines() -> Iterator[Place]:
    """The lines of all documents in Markdown."""
    for path in (*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))):
        yield from ((str(path.relative_to(ROOT)), line) for line in path.read_text(encoding="utf-8").splitlines())


def docstrings_and_comments() -> Iterator[Place]:
    """Of all code and all tests; other strings may be data."""
    for folder in ("app", "domain", "projections", "benchmarks", "tests", "docs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            place, source = str(path.relative_to(ROOT)), path.read_text(encoding="utf-8")
            if place == str(Path(__file__).relative_to(ROOT)):
                continue
            for token in tokenize.generate_tokens(io.StringIO(source).readline):
                if token.type == tokenize.COMMENT:
                    yield place, token.string
            for statement in ast.walk(ast.parse(source)):
                match statement:  # a string that stands alone documents what is around or before it
                    case ast.Expr(value=ast.Constant(value=str(text))):
                        yield place, text


def test_messages_use_plain_words() -> None:
    texts = list(messages())
    assert len(texts) > 1000
    assert banned_words(texts) == []


def test_templates_use_plain_words() -> None:
    assert banned_words(template_strings()) == []


def test_documents_use_plain_words() -> None:
    assert {"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "docs/glossary.md"} <= {
        place for place, _ in document_lines()
    }
    assert banned_words(document_lines()) == []


def test_docstrings_and_comments_use_plain_words() -> None:
    texts = list(docstrings_and_comments())
    assert len(texts) > 2000
    assert banned_words(texts) == []


@pytest.mark.parametrize("text", ["Nobody waits.", "This stays for good.", "It is to be read.", "Mend it."])
def test_a_banned_word_is_reported(text: str) -> None:
    assert len(banned_words([("here", text)])) == 1
    assert banned_words([("here", "The recommendation is amended, hereby recommended.")]) == []
