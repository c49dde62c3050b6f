"""Each guide of docs/how-to does what it says when its blocks are followed literally in a copy of the code."""

from pathlib import Path

import pytest

from tests.how_to.guide import ROOT, Copy

GUIDES = sorted(path.name for path in (ROOT / "docs" / "how-to").glob("*.md"))
TESTED_ELSEWHERE = {"add-a-field-to-an-event.md": ROOT / "tests" / "stored_events" / "test_add_a_field.py"}


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_every_guide_is_followed() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    for guide in GUIDES:
        test = TESTED_ELSEWHERE.get(guide)
        assert (guide in test.read_text(encoding="utf-8")) if test else f'follow("{guide}")' in text, guide


def test_add_a_public_page(copy: Copy) -> None:
    copy.follow("add-a-public-page.md")


def test_add_a_command(copy: Copy) -> None:
    copy.follow("add-a-command.md")


def test_add_a_version_of_the_methodology(copy: Copy) -> None:
    copy.follow("add-a-methodology-version.md")


def test_add_an_interface_language(copy: Copy, tmp_path: Path) -> None:
    copy.follow("add-an-interface-language.md")
    copy.run(f"python -m tests.how_to.french_pages {tmp_path / 'site'}")
