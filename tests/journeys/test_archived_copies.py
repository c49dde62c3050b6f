"""The link to an archived copy, which has a line of its own, can be tapped on a phone."""

from playwright.sync_api import Browser

from app.services.container import Services
from domain import commands as c
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.values import EvidenceText

COPY = "https://web.archive.org/web/2026/https://example.org/oath"


def test_the_link_to_an_archived_copy_is_high_enough(address: str, small: Services, chromium: Browser) -> None:
    facts = small.tracker.load(Evidence, evidence_id("small", "oath")).facts
    text = EvidenceText(title="The oath", url="https://example.org/oath", archived_url=COPY, summary="Taken.")
    small.execute(c.AmendEvidence("small", facts=facts, text=text, key="k", salt="s", why="It may go."), by="ben")
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/small/recommendations/post/")
    boxes = page.evaluate(
        "address => [...document.querySelectorAll('.evidence a')].filter((a) => a.getAttribute('href') === address)"
        ".map((a) => a.getBoundingClientRect().height)",
        COPY,
    )
    assert boxes
    assert min(boxes) >= 24
