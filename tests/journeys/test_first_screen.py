"""What a reader sees of a recommendation before scrolling, in a real browser."""

import json
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser

BOTTOMS = """() => ["h1.item-title", ".standing .tag-big", ".standing .statement", ".standing .reach"]
    .map((place) => document.querySelector(place).getBoundingClientRect().bottom)"""


@pytest.mark.parametrize(("width", "language"), [(390, ""), (320, ""), (390, "/ko"), (320, "/ko")])
def test_status_statement_and_reach_end_on_the_first_screen(
    public_site: str, chromium: Browser, width: int, language: str
) -> None:
    """In this order, for every recommendation of the demo register."""
    with urlopen(f"{public_site}/api/v1/registers/dprk-enablers/scorecard") as answer:
        ids = [r["id"] for r in json.load(answer)["recommendations"]]
    page = chromium.new_page(viewport={"width": width, "height": 844})
    for ident in ids:
        page.goto(f"{public_site}{language}/dprk-enablers/recommendations/{ident}/")
        bottoms = page.evaluate(BOTTOMS)
        assert bottoms == sorted(bottoms), ident
        assert bottoms[-1] <= 800, f"{ident} ends at {bottoms[-1]} px"
    page.close()
    assert len(ids) == 31
