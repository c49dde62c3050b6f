"""Printed pages: no page of paper ends with the head of a table."""

import io

from playwright.sync_api import Browser
from pypdf import PdfReader

from app.services.container import Services
from app.services.snapshots.freeze import freeze_review

STEP_PX, STEPS = 40, 28
CAPTION, FIRST_ROW = "Status at each review", "Renew the law"


def test_the_head_of_a_table_is_printed_with_its_first_row(chromium: Browser, small: Services, address: str) -> None:
    """Wherever it falls on the page."""
    freeze_review(small, "small", "ten", by="ana")
    page = chromium.new_page()
    page.goto(f"{address}/small/reviews/ten/2024-02-17/")
    page.evaluate("document.querySelector('#matrix').before(document.createElement('div'))")
    pages_with_head = set()
    for step in range(STEPS):
        page.evaluate(f"document.querySelector('#matrix').previousSibling.style.height = '{step * STEP_PX}px'")
        pdf = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
        texts = ["".join(p.extract_text().split()) for p in pdf.pages]
        number, text = next((n, t) for n, t in enumerate(texts) if _joined(CAPTION) in t)
        assert _joined(FIRST_ROW) in text.partition(_joined(CAPTION))[2], f"page {number + 1} ends with the head"
        pages_with_head.add(number)
    assert len(pages_with_head) > 1, "it fell on the end of a page"


def _joined(text: str) -> str:
    return "".join(text.split())
