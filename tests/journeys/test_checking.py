"""Somebody who was handed a package checks it in a browser; the file stays on the machine."""

import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.services.bundles.writing import zipped
from tests.journeys.test_reading import chromium, site  # noqa: F401 fixtures

PACKAGE = Path(__file__).parents[1] / "packages" / "uptake-snapshot-1" / "small_ten_2024-02-17.zip"


def _told(page: Page, file: Path) -> str:
    page.set_input_files("#package", file)
    page.wait_for_function(
        "() => { const told = document.getElementById('result'); "
        "return !told.hidden && told.innerText !== told.dataset.wait; }"
    )
    return page.inner_text("#result")


def test_a_package_is_checked_on_the_readers_own_machine(chromium: Browser, site: str, tmp_path: Path) -> None:  # noqa: F811
    sent: list[str] = []
    page = chromium.new_page()
    page.goto(f"{site}/verify/")
    page.on("request", lambda request: sent.append(request.url))
    told = _told(page, PACKAGE)
    assert "files are as they were signed: the review “ten” of “small”, as of 2024-02-17" in told
    assert "which is none of this site’s" in told
    assert [url for url in sent if "/static/" not in url] == []
    with zipfile.ZipFile(PACKAGE) as archive:
        files = {i.filename: archive.read(i) for i in archive.infolist()}
    name = next(n for n in files if n.endswith("data/scorecard.json"))
    for number, (changed, said) in enumerate(
        (
            (files | {name: files[name].replace(b"no_action", b"in_effect")}, "“data/scorecard.json” was changed"),
            ({n: c for n, c in files.items() if n != name}, "“data/scorecard.json” is missing"),
        )
    ):
        file = tmp_path / f"{number}.zip"
        file.write_bytes(zipped(changed))
        assert said in _told(page, file)
    text = tmp_path / "text.zip"
    text.write_text("No zip.")
    assert "This file is no package of a review" in _told(page, text)
