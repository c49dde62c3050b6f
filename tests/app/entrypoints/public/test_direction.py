"""Texts of a register may be written from right to left on any page, so that each says its own direction."""

import re
from pathlib import Path

import pytest

TEMPLATES = Path(__file__).parents[4] / "templates"
CONTENT = re.compile(
    r"<(?!title|option)(\w+)((?:[^<>{}]|\{\{[^{}]*\}\}|\{%[^{}]*%\})*)>"
    r"\{\{-? ?(?:localized|original|in_own_language|localized_title)\("
)
FILES = [
    path
    for folder in ("public", "components")
    for path in sorted((TEMPLATES / folder).rglob("*.html"))
    if "staff" not in path.parts and CONTENT.search(path.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_an_element_with_a_text_of_the_record_takes_its_direction_from_the_text(path: Path) -> None:
    elements = CONTENT.findall(path.read_text(encoding="utf-8"))
    assert [attributes for _, attributes in elements if 'dir="auto"' not in attributes] == []
