"""A source gets its copy in a real browser, on a phone and in the dark; an editor shows it; a stranger saves it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.journeys.test_keeping import SHOTS, Office, _looked_at, _settle, _sign_in, _stranger
from tests.support.chromium import browser as running_browser
from tests.support.sample_files import HTML_BYTES, SVG_BYTES


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    made = Office(tmp_path)
    yield made
    made.close()


def test_a_copy_is_kept_shown_and_saved(office: Office, tmp_path: Path) -> None:
    SHOTS.mkdir(exist_ok=True)
    (tmp_path / "drawing.pdf").write_bytes(SVG_BYTES)
    (tmp_path / "page.exe").write_bytes(HTML_BYTES)
    with running_browser() as chromium:
        page = _stranger(chromium, 390, "dark")
        _settle(page, office.welcome(), email="ada@example.org", name="Ada")
        _sign_in(page, "ada@example.org")
        for name in ("new-search", "new-source", "evidence"):
            page.goto(f"{office.address}/staff/dprk-enablers/{name}/")
            _looked_at(page, f"{name}-phone-dark")
        page.click("main .elements a >> nth=0")
        source = page.url.rstrip("/").rsplit("/", 1)[1]
        page.set_input_files("#f-file", tmp_path / "drawing.pdf")
        page.fill("#f-rights", "Public domain")
        page.click("text=Keep this copy")
        assert "An SVG picture can carry programs" in page.inner_text(".summary")
        assert page.input_value("#f-rights") == "Public domain"
        page.set_input_files("#f-file", tmp_path / "page.exe")
        page.click("text=Keep this copy")
        page.fill("#f-note", "Read in full.")
        page.click("text=Write it down")
        page.click("text=Show it to everybody >> nth=0")
        _looked_at(page, "source-phone-dark")

        copy = page.locator("main a", has_text="Save the copy").get_attribute("href")
        assert copy
        public = f"{office.address}/dprk-enablers/evidence/{source}/{copy.rsplit('/', 1)[1]}"
        stranger = chromium.new_page()
        stranger.goto(f"{office.address}/about/")
        with stranger.expect_download() as saved:
            stranger.evaluate("url => { location.href = url }", public)
        assert saved.value.suggested_filename == f"{source}-{copy.rsplit('/', 1)[1][:8]}.html"
        assert Path(saved.value.path()).read_bytes() == HTML_BYTES
        assert stranger.url.endswith("/about/"), "it was saved, and never shown"
