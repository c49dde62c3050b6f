"""A person checks a package in a browser; the file stays on the machine."""

import zipfile
from pathlib import Path

from playwright.sync_api import Browser, Page

from app.services.bundles.writing import zip_files
from tests.support.repository import ROOT

PACKAGE = ROOT / "tests" / "packages" / "uptake-snapshot-1" / "small_ten_2024-02-17.zip"


def _verification_result(page: Page, file: Path) -> str:
    page.set_input_files("#package", file)
    page.wait_for_function(
        "() => { const result = document.getElementById('result'); "
        "return !result.hidden && result.innerText !== result.dataset.wait; }"
    )
    return page.inner_text("#result")


def test_a_package_is_checked_on_the_readers_own_machine(chromium: Browser, public_site: str, tmp_path: Path) -> None:
    sent: list[str] = []
    page = chromium.new_page()
    page.goto(f"{public_site}/verify/")
    page.on("request", lambda request: sent.append(request.url))
    result = _verification_result(page, PACKAGE)
    assert "files are unchanged since they were signed: the review “ten” of “small”, as of 2024-02-17" in result
    assert "which is not a key of this site" in result
    assert [url for url in sent if "/static/" not in url] == []
    with zipfile.ZipFile(PACKAGE) as archive:
        files = {i.filename: archive.read(i) for i in archive.infolist()}
    name = next(n for n in files if n.endswith("data/scorecard.json"))
    for number, (changed, said) in enumerate(
        (
            (files | {name: files[name].replace(b"no_action", b"in_effect")}, "“data/scorecard.json” has changed"),
            ({n: c for n, c in files.items() if n != name}, "“data/scorecard.json” is missing"),
        )
    ):
        file = tmp_path / f"{number}.zip"
        file.write_bytes(zip_files(changed))
        assert said in _verification_result(page, file)
    text = tmp_path / "text.zip"
    text.write_text("No zip.")
    assert "This file is not a review package" in _verification_result(page, text)
