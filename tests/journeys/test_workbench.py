"""The workbench in a real browser: shortcuts, mentions, with keys alone, on a phone, in Korean, and on paper."""

import pytest
from msgspec.structs import replace
from playwright.sync_api import Browser, Page, expect

from app.services.accounts import people
from app.services.accounts.assignments import assign
from app.services.container import Services
from tests.support.chromium import axe_violations
from tests.support.demo_site import OVERFLOW_PIXELS, sign_in

OVERVIEW = "/staff/small/"
LAW = "/staff/small/recommendations/law/"
MAX_TABS = 120
MAX_KEYS_TO_THE_FORM = 6


@pytest.fixture
def page(chromium: Browser, address: str) -> Page:
    """Ana, who is signed in."""
    page = chromium.new_context(base_url=address).new_page()
    page.goto("/staff/sign-in")
    sign_in(page, "ana@example.org")
    return page


def test_from_home_to_a_sent_proposal_with_keys_alone(services: Services, page: Page) -> None:
    with services.accounts.work() as db:
        assign(db, "small", ["law"], "person-ana", by="person-ben", now=services.clock())
    page.goto("/staff/")
    keys = ["j"]
    page.keyboard.press("j")
    while "Renew the law" not in page.locator(":focus").inner_text():
        keys.append("j")
        page.keyboard.press("j")
        assert len(keys) <= MAX_KEYS_TO_THE_FORM
    keys.append("Enter")
    page.keyboard.press("Enter")
    page.wait_for_url("**/recommendations/law/**")
    if not page.url.endswith("/propose/"):
        page.keyboard.press("p")
        keys.append("p")
    page.wait_for_url("**/law/propose/")
    assert len(keys) <= MAX_KEYS_TO_THE_FORM
    _tab_to(page, "[name=status]")
    while not page.evaluate("document.activeElement.value === 'in_progress'"):
        page.keyboard.press("ArrowDown")
    _tab_to(page, "#f-effective_on")
    page.keyboard.type("2025")
    _tab_to(page, "#f-rationale")
    page.keyboard.type("The bill passed one chamber.")
    _tab_to(page, "[name=evidence]")
    page.keyboard.press("Space")
    _tab_to(page, "button:not(.vh)[value=send]")
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_contain_text("The bill passed one chamber.")
    assert "/propose/" not in page.url


def test_shortcuts_are_listed_and_silent_in_fields(services: Services, page: Page) -> None:
    page.goto(LAW)
    page.keyboard.press("?")
    dialog = page.locator("dialog.keys")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Propose a status")
    assert dialog.locator(":focus").inner_text() == "Close"
    assert list(axe_violations(page)) == []
    page.keyboard.press("p")
    assert page.url.endswith(LAW)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()

    page.keyboard.press("c")
    expect(page.locator("#f-text")).to_be_focused()
    page.keyboard.type("p? g h")
    assert page.input_value("#f-text") == "p? g h"
    assert page.url.endswith(LAW)
    page.locator("h1").click()
    page.keyboard.press("Control+p")
    page.keyboard.press("g")
    page.keyboard.press("h")
    page.wait_for_url("**/staff/")

    with services.accounts.work() as db:
        people.find_user(db, "ana@example.org").uses_shortcuts = False
    page.goto(LAW)
    assert page.locator("[data-key]").count() == 0
    page.keyboard.press("p")
    page.keyboard.press("?")
    assert page.locator("dialog").count() == 0
    assert page.url.endswith(LAW)


def test_the_overview_is_walked_and_searched_with_keys(page: Page) -> None:
    page.goto(OVERVIEW)
    titles = page.locator("table.list th.title > a").all_inner_texts()
    for key, row in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        page.keyboard.press(key)
        assert page.locator(":focus").inner_text() == titles[row]
    page.keyboard.press("?")
    keys = page.locator("dialog.keys li").all_inner_texts()
    assert {"Search", "Next in the list", "Previous in the list", "Open what has the focus"} <= {
        k.split("\n")[0] for k in keys
    }
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    expect(page.locator("#f-q")).to_be_focused()
    page.keyboard.type("renew the law")
    page.keyboard.press("Enter")
    page.wait_for_url("**q=renew**")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{LAW}")


def test_each_page_with_a_search_field_has_its_key(page: Page) -> None:
    for path in ("", "evidence/", "bulk/sources/", "bulk/facts/recommendations/", "unchanged/", "names/"):
        page.goto(OVERVIEW + path)
        if page.locator("main input[type=search]").count():
            page.keyboard.press("/")
            expect(page.locator("main input[type=search]").first).to_be_focused()


def test_the_banner_has_the_focus_on_a_page_that_opens_at_a_place(services: Services, page: Page) -> None:
    services.settings = replace(
        services.settings, smtp_url="smtp+plain://a:b@127.0.0.1:9", smtp_from="uptake@example.org"
    )
    page.goto("/staff/account/")
    # The answer then opens at this place.
    page.locator("#mail button[type=submit]").evaluate("button => { button.formAction += '#mail' }")
    page.locator("#mail button[type=submit]").click()
    page.wait_for_url("**/staff/account/#mail")
    banner = page.locator(".banner[role=status]")
    expect(banner).to_be_focused()
    expect(banner).to_be_in_viewport()


def test_no_shortcut_is_on_a_button(page: Page) -> None:
    for path in ("/staff/", "/staff/small/", LAW, "/staff/account/"):
        page.goto(path)
        assert page.locator("button[data-key], input[type=submit][data-key]").count() == 0


def test_a_name_is_offered_after_an_at_and_its_person_is_told(page: Page) -> None:
    page.goto(LAW)
    page.keyboard.press("c")
    page.keyboard.type("Mail x@example.org, and @be")
    names = page.locator("#f-text-names")
    expect(names.locator("li")).to_have_count(1)
    assert list(axe_violations(page)) == []
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert page.input_value("#f-text") == "Mail x@example.org, and @ben "
    expect(names).to_be_hidden()
    page.keyboard.type("please look.")
    _tab_to(page, "#comments button")
    page.keyboard.press("Enter")
    banner = page.locator(".banner")
    expect(banner).to_contain_text("Ben will see that you mentioned them.")
    expect(banner).to_be_focused()
    assert LAW in page.url


def test_on_a_phone_in_korean_and_on_paper(services: Services, page: Page) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "ana@example.org").language = "ko"
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(LAW)
    assert page.evaluate(OVERFLOW_PIXELS) <= 0
    assert list(axe_violations(page)) == []
    page.locator(".parts a").first.click()
    expect(page.locator("#actions")).to_be_in_viewport()
    page.emulate_media(media="print")
    expect(page.locator(".actlist")).to_be_hidden()
    expect(page.locator("#f-text")).to_be_hidden()
    expect(page.locator("#sources li").first).to_be_visible()


def _tab_to(page: Page, selector: str) -> None:
    for _ in range(MAX_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("(s) => document.activeElement.matches(s)", selector):
            return
    raise AssertionError(f"{selector} is not reached by Tab")
