"""A source gets its copy in a real browser, on a phone and in the dark; an editor shows it; a stranger saves it."""

from pathlib import Path

from tests.support.demo_site import DemoSite, assert_accessible, phone_in_dark_mode, set_up_administrator
from tests.support.pages import Browser
from tests.support.sample_files import HTML_BYTES, SVG_BYTES


def test_a_copy_is_kept_shown_and_saved(chromium: Browser, site: DemoSite, tmp_path: Path) -> None:
    (tmp_path / "drawing.pdf").write_bytes(SVG_BYTES)
    (tmp_path / "page.exe").write_bytes(HTML_BYTES)
    page = phone_in_dark_mode(chromium)
    set_up_administrator(page, site)
    for name in ("new-search", "new-source", "evidence"):
        page.goto(f"{site.address}/staff/dprk-enablers/{name}/")
        assert_accessible(page, f"{name}-phone-dark")
    page.click("main .elements a >> nth=0")
    source = page.url.rstrip("/").rsplit("/", 1)[1]
    page.set_input_files("#f-file", tmp_path / "drawing.pdf")
    page.fill("#f-rights", "Public domain")
    page.click("text=Save this copy")
    assert "SVG pictures can contain programs" in page.inner_text(".summary")
    assert page.input_value("#f-rights") == "Public domain"
    page.set_input_files("#f-file", tmp_path / "page.exe")
    page.click("text=Save this copy")
    page.fill("#f-note", "Read in full.")
    page.click("text=Save the note")
    page.click("text=Make it public >> nth=0")
    page.click("text=Make it public >> nth=-1")
    assert_accessible(page, "source-phone-dark")

    copy = page.locator("main a", has_text="Download the copy").get_attribute("href")
    assert copy
    public = f"{site.address}/dprk-enablers/evidence/{source}/{copy.rsplit('/', 1)[1]}"
    stranger = chromium.new_page()
    stranger.goto(f"{site.address}/about/")
    with stranger.expect_download() as saved:
        stranger.evaluate("url => { location.href = url }", public)
    assert saved.value.suggested_filename == f"{source}-{copy.rsplit('/', 1)[1][:8]}.html"
    assert Path(saved.value.path()).read_bytes() == HTML_BYTES
    assert stranger.url.endswith("/about/"), "it was saved, and never shown"
