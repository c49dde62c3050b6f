"""Many rows at once in a real browser: an analyst fills tables, an editor approves and publishes in a few pages."""

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from app.services.container import Services
from domain import commands as c
from domain.codes import Kind
from domain.values import RecommendationFacts
from projections.worklist.queries import open_proposals
from tests.support.chromium import axe_violations
from tests.support.demo_site import OVERFLOW_PIXELS, sign_in

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")  # raised by the sign-in library
ITEMS = 12


@pytest.fixture
def address(staff_app: Flask, services: Services) -> Iterator[str]:
    """A site with a dozen recommendations that have no success criteria and no status."""
    for number in range(1, ITEMS + 1):
        facts = RecommendationFacts(
            id=f"new-{number}", title=f"Publish report {number} on the state of the offices", summary="Publish it.",
            kind=Kind.ONE_OFF, theme="offices", addressees=("ministry",), publication="report",
            recommended_on="2023-09", number=str(number),
        )  # fmt: skip
        services.execute(c.RegisterRecommendation("small", facts=facts), by="person-ada")
    server = make_server("127.0.0.1", 0, staff_app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.mark.parametrize("width", [1280, 390])
def test_a_dozen_items_get_criteria_and_a_status_in_a_handful_of_pages(
    services: Services, address: str, chromium: Browser, width: int
) -> None:
    ana, ben = (_signed_in(chromium, address, name, width) for name in ("ana", "ben"))
    faults: list[str] = []

    ana.goto(f"{address}/staff/small/bulk/criteria/?q=report")
    _check(ana, faults, "criteria")
    for box in ana.locator("input[name=pick]").all():
        box.check()
    ana.get_by_text("Copy to the selected rows").click()
    ana.locator("[id='f-fill.counts']").fill("The report is published.")
    ana.locator("[id='f-fill.does_not_count']").fill("A promise to publish it.")
    ana.get_by_role("button", name="Copy", exact=True).click()
    ana.locator("[id='f-counts.new-1']").fill("")
    ana.get_by_role("button", name="Save the selected rows as drafts").click()
    _check(ana, faults, "criteria-wrong")
    ana.locator("[id='f-counts.new-1']").fill("Report 1 is published.")
    ana.get_by_role("button", name="Save the selected rows as drafts").click()
    expect(ana.get_by_text(f"{ITEMS} drafts are saved.")).to_be_visible()

    ben.goto(f"{address}/staff/small/bulk/approvals/")
    _check(ben, faults, "approvals")
    for box in ben.locator("input[name=pick]").all():
        box.check()
    ben.get_by_role("button", name="Approve the selected drafts").click()
    ben.get_by_role("button", name=f"Approve {ITEMS} drafts").click()
    expect(ben.get_by_text(f"{ITEMS} drafts are approved.")).to_be_visible()

    ana.goto(f"{address}/staff/small/")
    for number in range(1, ITEMS + 1):
        ana.locator(f"#pick-new-{number}").check()
    ana.get_by_role("button", name="Propose status changes").click()
    ana.get_by_text("Copy to the selected rows").click()
    ana.locator("[id='f-fill.status']").select_option("implemented")
    ana.locator("[id='f-fill.effective_on']").fill("4 March 2025")
    ana.locator("[id='f-fill.evidence']").fill("https://example.org/oath")
    ana.locator("[id='f-fill.rationale']").fill("The ministry published it.")
    ana.get_by_role("button", name="Copy", exact=True).click()
    ana.get_by_role("button", name="Check the selected rows").click()
    expect(ana.get_by_text("This row is right.")).to_have_count(ITEMS)
    _check(ana, faults, "statuses")
    with ana.expect_navigation():
        ana.get_by_role("button", name="Propose the selected rows").click()

    ben.goto(f"{address}/staff/small/bulk/publish/")
    _check(ben, faults, "publish")
    ben.locator("input[name=pick]").first.uncheck()
    ben.get_by_role("button", name="Continue with the selected rows").click()
    _check(ben, faults, "confirm-publish")
    ben.get_by_role("button", name=f"Publish {ITEMS - 1} proposals").click()
    expect(ben.get_by_text(f"{ITEMS - 1} proposals are published.")).to_be_visible()
    with services.views.connect() as db:
        assert [p.recommendation for p in open_proposals(db, "small")] == ["new-1"]
    assert not faults, "\n".join(faults)


def _signed_in(chromium: Browser, address: str, name: str, width: int) -> Page:
    page = chromium.new_context(viewport={"width": width, "height": 844}).new_page()
    page.goto(f"{address}/staff/sign-in")
    sign_in(page, f"{name}@example.org")
    return page


def _check(page: Page, faults: list[str], name: str) -> None:
    """Add what is wrong with a page."""
    if folder := os.environ.get("PICTURES"):
        width = page.viewport_size["width"] if page.viewport_size else 0
        page.screenshot(path=Path(folder) / f"{name}-{width}.png", full_page=True)
    faults += [f"{name}: {fault}" for fault in axe_violations(page)]
    if page.evaluate(OVERFLOW_PIXELS) > 0:
        faults.append(f"{name}: wider than the window")
