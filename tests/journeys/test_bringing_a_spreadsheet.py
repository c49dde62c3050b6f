"""A plain sheet of seventy rows becomes an open register in the browser: few clicks, and every step accessible."""

from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.support.chromium import axe_violations
from tests.support.demo_site import OVERFLOW_PIXELS, SCREENSHOTS, DemoSite, set_up_administrator
from tests.support.office_sheets import XLSX, follow_up_workbook

MOST_CLICKS = 40


class CountedPage:
    """A page that counts what a person clicks and chooses, and the pages that were seen."""

    def __init__(self, page: Page) -> None:
        self.page, self.clicks, self.pages = page, 0, [""]
        page.on("load", lambda loaded: self.pages.append(loaded.url))

    def click(self, role: str, name: str) -> None:
        self.clicks += 1
        self.page.get_by_role(role, name=name, exact=True).first.click()  # type: ignore[arg-type]
        self.page.wait_for_load_state()

    def choose(self, label: str, option: str) -> None:
        self.clicks += 2
        self.page.get_by_label(label, exact=True).select_option(label=option)

    def type(self, label: str, text: str) -> None:
        self.clicks += 1
        self.page.get_by_label(label, exact=True).first.fill(text)

    def look(self, name: str) -> None:
        """Check the page at both widths, and keep a picture of each."""
        for width in (1280, 390):
            self.page.set_viewport_size({"width": width, "height": 844})
            assert axe_violations(self.page) == [], name
            assert self.page.evaluate(OVERFLOW_PIXELS) <= 0, f"{name} is wider than {width} px"
            self.page.screenshot(path=SCREENSHOTS / f"spreadsheet-{name}-{width}.png", full_page=True)
        self.page.set_viewport_size({"width": 1280, "height": 844})


def test_from_an_office_sheet_to_the_open_register(
    start_site: Callable[..., DemoSite], chromium: Browser, tmp_path: Path
) -> None:
    site, file = start_site(), tmp_path / XLSX
    file.write_bytes(follow_up_workbook())
    page = chromium.new_context(viewport={"width": 1280, "height": 844}).new_page()
    set_up_administrator(page, site)
    page.goto(f"{site.address}/staff/registers/")
    who = CountedPage(page)
    who.click("link", "Bring your spreadsheet")
    who.look("begin")
    who.clicks += 1
    page.get_by_label("Choose a file").set_input_files(file)
    who.click("button", "Read the file")
    who.look("file")
    who.type("Title", "Audit follow-up")
    who.click("button", "Use this file: next, the sheet")
    who.look("sheet")
    who.click("button", "Next: columns")
    who.look("columns")
    who.choose("Column H, “Comments”, is", "Keep as a note")
    who.click("button", "Next: values")
    who.look("values")
    who.choose("Links to westmark.example are", "Primary, official")
    who.choose("Links to council-minutes.example are", "Primary, record")
    who.choose("Links to westmark-courier.example are", "Independent, news")
    who.click("button", "Next: preview")
    who.look("preview")
    expect(page.get_by_text("Of 70 recommendations")).to_be_visible()
    who.click("button", "Import 70 recommendations")
    who.look("rest")
    expect(page.get_by_role("heading", level=1)).to_have_text("70 recommendations are in the register")
    who.click("link", "Set up and open")
    who.click("link", "Title, description and settings")
    who.type("Kept by", "Office of the Auditor")
    who.type("Licence", "CC-BY-4.0")
    who.type("Contact", "audit@example.org")
    who.type("Where to report errors", "audit@example.org")
    who.click("button", "Change it")
    page.goto(f"{site.address}/staff/audit-follow-up/setup/")
    who.clicks += 1
    who.click("button", "Continue to the opening")
    who.look("opening")
    who.click("button", "Open it to the public")
    page.goto(f"{site.address}/audit-follow-up/")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Of 70 recommendations")
    assert who.clicks <= MOST_CLICKS, who.clicks
    assert len(who.pages) <= 25, who.pages
