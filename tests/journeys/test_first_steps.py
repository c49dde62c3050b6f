"""One person, alone, from an empty workspace to a register that the public reads, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.demo_site import DemoSite, assert_accessible, phone_in_dark_mode, set_up_administrator, sign_in
from tests.support.keystrokes import Recorder

MAX_CLICKS = 75
"""One for each field, since this person never presses Tab; most of them name the register and its first facts."""
NEXT_STEP = ".todo-list .now a.btn"


@pytest.fixture
def empty_site(tmp_path: Path) -> Iterator[DemoSite]:
    prepared = tmp_path / "prepared"
    prepared.mkdir()
    site = DemoSite(tmp_path, prepared)
    yield site
    site.close()


def _fill(who: Recorder, **fields: str) -> None:
    for name, text in fields.items():
        target = who.page.locator(f"[name='{name}']").first
        if target.evaluate("e => e.tagName") == "SELECT":
            target.select_option(text)
            who.clicks += 2  # opens the list and chooses
        else:
            who.click(target)
            who.type(text)


def _take_step(who: Recorder, **fields: str) -> None:
    who.click(NEXT_STEP)
    _fill(who, **fields)


def _home(who: Recorder) -> None:
    who.click(who.page.get_by_role("link", name="Home", exact=True).first)


def _prepare(who: Recorder) -> None:
    """Everything up to the recommendations."""
    keeper = {"kept_by": "Ada", "report_errors": "https://example.org/", "licence": "CC0-1.0"}
    _take_step(who, id="alone", title="Alone", peer_review="never", **keeper)
    who.click("text=Create the register")
    _home(who)
    about = {"authors": "An author", "publisher": "A publisher", "published_on": "2024-01-15", "language": "en"}
    _take_step(who, id="report", title="The report", url="https://example.org/r", **about)
    who.click("main button:not(.vh)[value=one]")
    _home(who)
    _take_step(who, id="ministry", name="Ministry")
    who.click("main button:not(.vh)[value=one]")
    _home(who)
    _take_step(who, id="general", title="General")
    who.click("main button:not(.vh)[value=one]")
    _home(who)
    asked = {"theme": "general", "addressees": "ministry", "publication": "report", "recommended_on": "2024-01-15"}
    _take_step(who, id="figures", title="Publish the figures", summary="Each year.", kind="one_off", **asked)
    who.click("main button:not(.vh)[value=one]")
    _home(who)


def _write_and_approve_criteria(who: Recorder) -> None:
    who.click(NEXT_STEP)
    who.click("main [name=pick]")
    texts = {"counts": "All figures are published.", "does_not_count": "A draft.", "sources_needed": "The website."}
    _fill(who, **{f"{name}.figures": text for name, text in texts.items()})
    who.click("main button:not(.vh)[value=store]")
    expect(who.page.get_by_text("You may approve it yourself.")).to_be_visible()
    _home(who)
    who.click(NEXT_STEP)
    who.click("main [name=pick]")
    who.click("main button:not(.vh)[value=store]")
    _home(who)


def _assess(who: Recorder) -> None:
    who.click(NEXT_STEP)
    who.click("label:has([value=implemented])")
    if not who.page.locator("[name=src_url]").is_visible():
        who.click("summary:has-text('source') >> nth=0")
    source = {"src_title": "The figures", "src_publisher": "Ministry", "src_published_on": "2024-06-01"}
    _fill(who, effective_on="2024-06", src_url="https://example.org/figures", **source)
    _fill(who, src_class="official", src_summary="It lists all figures.")
    who.click("main button:not(.vh)[value=add_source]")
    _fill(who, rationale="All figures are there.")
    who.click("main button:not(.vh)[value=send]")


def test_a_person_alone_comes_to_an_open_register(empty_site: DemoSite, chromium: Browser) -> None:
    page = chromium.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.set_default_timeout(8000)
    set_up_administrator(page, empty_site)
    expect(page.get_by_role("heading", name="Welcome. Your workspace is empty")).to_be_visible()
    assert_accessible(page, "first-steps")
    who = Recorder(page)
    _prepare(who)
    expect(page.get_by_role("heading", name="First steps: 4 of 7 done").first).to_be_visible()
    assert_accessible(page, "first-steps-4")
    _write_and_approve_criteria(who)
    _assess(who)
    _home(who)
    who.click("text=Review (1)")
    who.click("main button:not(.vh)[value=publish]")
    _home(who)
    expect(page.get_by_text("First steps: 6 of 7 done").first).to_be_visible()
    who.click(NEXT_STEP)
    who.click("text=Continue to the opening")
    who.click("main button:not(.vh)[name=confirmed][value=yes]")
    page.goto(f"{empty_site.address}/alone/recommendations/figures/")
    expect(page.get_by_text("All figures are there.").first).to_be_visible()
    expect(page.get_by_role("link", name="Edit this recommendation")).to_be_visible()
    assert_accessible(page, "slim-bar")
    assert who.clicks <= MAX_CLICKS, who.clicks
    phone = phone_in_dark_mode(chromium)
    phone.goto(f"{empty_site.address}/staff/sign-in")
    sign_in(phone, "ada@example.org")
    for address, name in (("", "home"), ("account/notices/", "notices"), ("help/", "help"), ("demos/", "samples")):
        phone.goto(f"{empty_site.address}/staff/{address}")
        assert_accessible(phone, f"{name}-phone")
