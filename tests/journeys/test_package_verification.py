"""A person checks a package in a browser; the file stays on the machine."""

import zipfile
from pathlib import Path

from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from playwright.sync_api import Browser, FilePayload, Page

from app.services.bundles.writing import zip_files
from app.services.container import Services
from app.services.snapshots.standalone_verifier import CHANGED, GENUINE, UNKNOWN_SIGNER
from tests.support.demo_site import assert_accessible
from tests.support.package_corpus import PUBLISHER, all_cases
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
    assert "Intact, signer unknown." in result
    assert "which is not a valid key of this site" in result
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


def test_the_page_says_what_each_package_is(chromium: Browser, address: str, small: Services) -> None:
    """Of every package the page says what Uptake and the program in the package say."""
    pem = PUBLISHER.private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (small.settings.data_dir / "keys" / "signing.pem").write_bytes(f"{PUBLISHER.name}\n".encode() + pem)
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/verify/")
    outcomes = {"genuine": GENUINE, "unknown": UNKNOWN_SIGNER, "changed": CHANGED}
    cases, said, shown = all_cases(), {}, set[str]()
    for case in cases:
        page.evaluate("document.getElementById('result').className = ''")
        file: FilePayload = {"name": "package.zip", "mimeType": "application/zip", "buffer": case.content}
        page.set_input_files("#package", file)
        found = page.wait_for_function(
            "() => /verdict-(genuine|unknown|unable|changed)/.exec(document.getElementById('result').className)?.[1]"
        )
        kind = str(found.json_value())
        said[case.name] = outcomes[kind]
        if kind not in shown:
            shown.add(kind)
            assert_accessible(page, f"verdict-{kind}")
    assert said == {case.name: case.outcome for case in cases}
    assert shown == set(outcomes)
