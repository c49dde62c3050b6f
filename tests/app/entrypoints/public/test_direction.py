"""Texts of a register and pages of the interface may be written from left to right or from right to left."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[4]
TEMPLATES = ROOT / "templates"
TEXT = re.compile(r"(?<![\w.])(?:localized|original|in_own_language|localized_title|body_label)\(")
ALONE = re.compile(r'dir="auto">\s*(?:\{\{-? item_number\([^}]*\}\}|\{% if \w+ %\})?\{\{-? ?$')
"""The beginning of an element whose whole content is a text."""
WITH_DIRECTION = {"current_status.html", "assessment_side.html", "recommendation.html", "public_now.html"}
"""Pass a text to a macro, which prints it in an element with a direction."""
FILES = [
    path
    for path in sorted(TEMPLATES.rglob("*.html"))
    if "snapshots" not in path.parts and TEXT.search(path.read_text(encoding="utf-8"))
]
STYLES = [
    *sorted((ROOT / "app" / "static" / "css").glob("*.css")),
    *sorted((ROOT / "app" / "static").glob("fonts-*.css")),
]
PHYSICAL = re.compile(
    r"(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right)|(?<![\w-])(?:left|right)\s*:"
    r"|(?:text-align|float|clear)\s*:\s*(?:left|right)|border-(?:top|bottom)-(?:left|right)-radius"
)
FOUR_SIDES = re.compile(
    r"(?:margin|padding|inset|border-width)\s*:\s*([^\s;}]+) ([^\s;}]+) ([^\s;}]+) ([^\s;}]+)\s*[;}]"
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_a_text_of_the_record_has_its_own_direction(path: Path) -> None:
    """It fills an element with `dir="auto"`, and has none itself, or it is isolated in the middle of a sentence."""
    text = path.read_text(encoding="utf-8")
    places = [text[: found.start()] for found in TEXT.finditer(text)]
    printed = [before for before in places if before.rfind("{{") > before.rfind("}}")]
    bare = [before[-60:] for before in printed if not before.endswith("isolated(") and not ALONE.search(before)]
    assert bare == [] or path.name in WITH_DIRECTION


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_style_sheets_say_start_and_end_not_left_and_right(path: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert PHYSICAL.findall(text) == []
    assert [sides for sides in FOUR_SIDES.findall(text) if sides[1] != sides[3]] == []
