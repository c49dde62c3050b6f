"""Two people keep a register in a real browser: one proposes a reversal, is refused, corrects it; another publishes."""

from playwright.sync_api import Browser

from tests.support.demo_site import (
    DemoSite,
    accept_invitation,
    assert_accessible,
    invite,
    phone_in_dark_mode,
    set_up_administrator,
    sign_in,
)


def test_a_reversal_is_proposed_refused_mended_published_and_withdrawn(chromium: Browser, site: DemoSite) -> None:
    first = chromium.new_page()
    set_up_administrator(first, site)
    link = invite(first, site, "ana@example.org", "analyst")
    assert_accessible(first, "people")

    author = phone_in_dark_mode(chromium)
    accept_invitation(author, link, name="Ana")
    assert_accessible(author, "home-phone-dark")
    author.goto(f"{site.address}/staff/dprk-enablers/")
    assert_accessible(author, "desk-phone-dark")
    author.click("text=Propose a status >> nth=0")
    where = author.url
    author.check("#s-reversed")
    author.fill("#f-effective_on", "2026")
    author.fill("#f-rationale", "A test of the form; the office was closed.")
    author.locator("#f-reason").evaluate("field => { field.closest('details').open = true }")
    author.select_option("#f-reason", "world_changed")
    author.click("text=Send to a second person")
    assert "cause" in author.inner_text(".summary").lower()
    assert author.input_value("#f-rationale") == "A test of the form; the office was closed."
    assert_accessible(author, "refused-phone-dark")
    author.check("#s-no_action", force=True)
    author.check("#s-in_progress")
    author.locator(".evpick input").first.check()
    author.click("text=Send to a second person")
    author.get_by_text("Sent to a second person").first.wait_for()
    assert_accessible(author, "proposed-phone-dark")
    assert author.locator("text=Publish now").count() == 0

    public = chromium.new_page()
    recommendation = where.split("/recommendations/")[1].split("/")[0]
    page_of_it = f"{site.address}/dprk-enablers/recommendations/{recommendation}/"
    public.goto(page_of_it)
    assert "A test of the form" not in public.content()
    first.goto(f"{site.address}/staff/")
    first.click("[id^=q-review] + .queue a >> nth=0")
    assert_accessible(first, "review")
    first.get_by_role("button", name="Publish", exact=True).click()
    published = first.get_by_role("link", name="See the page").get_attribute("href")
    assert published
    public.goto(page_of_it)
    assert "A test of the form" in public.content()

    ident = published.split("#a-")[1]
    author.goto(f"{site.address}/staff/dprk-enablers/assessments/{ident}/withdraw/")
    assert "you need the role editor" in author.inner_text("main")
    first.goto(f"{site.address}/staff/dprk-enablers/assessments/{ident}/withdraw/")
    first.click("text=The new assessment >> nth=0")
    assert_accessible(first, "withdraw")
    first.fill("#f-why", "It was a test of the form.")
    first.press("#f-replaced_by", "Enter")
    first.get_by_role("button", name="Continue", exact=True).click()
    assert_accessible(first, "confirm-withdrawal")
    public.goto(f"{site.address}/dprk-enablers/corrections/")
    assert "It was a test of the form." not in public.inner_text("main")
    first.get_by_role("button", name="Withdraw it", exact=True).click()
    public.goto(f"{site.address}/dprk-enablers/corrections/")
    assert "It was a test of the form." in public.inner_text("main")
    assert public.context.cookies() == []


def test_what_is_stored_is_changed_and_the_history_told(chromium: Browser, site: DemoSite) -> None:
    page = phone_in_dark_mode(chromium)
    set_up_administrator(page, site)
    staff = f"{site.address}/staff/dprk-enablers"
    for address, name in (
        (f"{staff}/facts/reviews/", "reviews"),
        (f"{staff}/facts/settings/dprk-enablers/", "settings"),
        (f"{staff}/translations/?show=all", "translations"),
        (f"{staff}/setup/", "setup"),
        (f"{staff}/history/", "history"),
        (f"{site.address}/staff/history/", "history-of-all"),
        (f"{site.address}/staff/account/tokens/", "tokens"),
        (f"{site.address}/staff/confirm", "confirm"),
    ):
        page.goto(address)
        assert_accessible(page, f"{name}-phone-dark")
    page.goto(f"{staff}/facts/settings/dprk-enablers/")
    page.fill("#f-title", "A better title")
    page.fill("#f-why", "It says more.")
    page.click("text=Change it")
    page.click("text=Change it in public")
    page.goto(f"{site.address}/dprk-enablers/")
    assert "A better title" in page.inner_text("main")
    page.goto(f"{staff}/history/")
    assert "The settings of the register were changed. Reason: It says more." in page.inner_text("main")


def test_what_was_typed_outlives_the_session(chromium: Browser, site: DemoSite) -> None:
    page = chromium.new_page()
    set_up_administrator(page, site)
    page.goto(f"{site.address}/staff/dprk-enablers/")
    page.click("text=Propose a status >> nth=0")
    page.check("#s-announced")
    page.fill("#f-effective_on", "2026")
    page.fill("#f-rationale", "Typed for an hour.")
    page.locator(".evpick input").first.check()
    site.end_sessions()
    page.click("text=Send to a second person")
    page.wait_for_url("**/sign-in**")
    sign_in(page, "ada@example.org")
    page.wait_for_url("**/propose/")
    assert page.input_value("#f-rationale") == "Typed for an hour."
    assert page.is_checked("#s-announced")
    assert page.locator(".evpick input").first.is_checked()
    assert_accessible(page, "form-filled-again")
