"""The guide for staff, and the terms, as pages of the workspace."""

import re
from collections.abc import Callable

from app.presentation.narrative.guide import render_guide, staff_guide
from tests.support.repository import ROOT
from tests.support.staff_client import Member, Members


def test_the_guide_has_a_section_for_each_heading_of_the_document(member: Members) -> None:
    page = member("rita").get("/staff/help/")
    headings = re.findall(r"^## (.+)$", (ROOT / "docs" / "for-staff.md").read_text("utf-8"), re.MULTILINE)
    assert [title for _, title in staff_guide().sections] == headings
    for anchor, _ in staff_guide().sections:
        assert f'href="#{anchor}"' in page.html
        assert f'<h2 id="{anchor}">' in page.html


def test_links_in_the_guide_lead_somewhere() -> None:
    body = str(staff_guide().body)
    anchors = set(re.findall(r' id="([^"]+)"', body))
    links = re.findall(r'href="([^"]+)"', body)
    assert [link for link in links if link.startswith("#") and link[1:] not in anchors] == []
    assert [link for link in links if not link.startswith(("#", "https://"))] == []


def test_what_is_written_in_the_guide_is_never_markup() -> None:
    guide = render_guide("# Title\n\n## It's <b>bold</b>\n\nSee [this](verifying.md) and <script>alert(1)</script>.\n")
    assert guide.sections == [("its-bboldb", "It's <b>bold</b>")]
    assert "<script>" not in guide.body
    assert "See this and" in guide.body


def test_the_terms_are_in_the_language_of_the_reader(member: Callable[[str], Member]) -> None:
    rita = member("rita")
    assert "What the terms mean" in rita.get("/staff/help/terms/").text
    rita.post("/staff/account/", name="Rita", language="ko")
    assert "용어의 뜻" in rita.get("/staff/help/terms/").text
    assert "영어로 되어 있습니다" in rita.get("/staff/help/").text
