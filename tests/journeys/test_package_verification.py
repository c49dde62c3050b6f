"""A person checks a package in a browser; the file stays on the machine."""

import zipfile
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from msgspec.structs import replace
from playwright.sync_api import Browser, FilePayload, Page

from app.services.bundles.writing import zip_files
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.log_proof import package_proof
from app.services.snapshots.standalone_verifier import CHANGED, GENUINE, UNKNOWN_SIGNER
from app.services.transparency.signed_notes import parse_note, sign_checkpoint
from app.services.transparency.signing_keys import checkpoint_key, rotate_signing_key
from app.services.transparency.tlog_proof import parse_proof
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


def test_the_page_checks_the_proof_of_the_log(chromium: Browser, address: str, small: Services, tmp_path: Path) -> None:
    package = freeze_review(small, "small", "ten", by="ana").file
    proof = parse_proof(package_proof(small, "small", "ten", "2024-02-17"))
    other = freeze_review(small, "small", "yearly", by="ana")
    checkpoint = parse_note(proof.note)[0]
    stranger = sign_checkpoint(checkpoint, checkpoint_key(small.settings).name, Ed25519PrivateKey.generate())
    cases = (
        (proof.text, "Genuine.", f"The log proves it: it is entry {proof.index + 1} of {checkpoint.size} of the log"),
        ("No proof.", "The proof does not fit.", "This file is not a proof of a log."),
        (
            replace(proof, index=proof.index - 1).text,
            "The proof does not fit.",
            "its path does not lead from the entry",
        ),
        (replace(proof, path=proof.path[1:]).text, "The proof does not fit.", "its path does not lead from the entry"),
        (
            package_proof(small, "small", "yearly", other.name[-10:]),
            "The proof does not fit.",
            "its entry does not name this package",
        ),
        (
            replace(proof, note=stranger).text,
            "Not proved by the log of this site.",
            "but no key of this site signed that checkpoint.",
        ),
    )
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{address}/verify/")
    for number, (text, verdict, sentence) in enumerate(cases):
        file = tmp_path / f"{number}.tlog-proof"
        file.write_text(text)
        page.set_input_files("#proof", file)
        result = _verification_result(page, package)
        assert (verdict in result, sentence in result) == (True, True), result
        assert "files are unchanged since they were signed: the review “ten” of “small”" in result
    assert_accessible(page, "verdict-unproved")
    page.set_input_files("#package", [])
    assert page.inner_text("#result") == "Choose the package too."
    page.set_input_files("#proof", [])
    assert page.locator("#result").is_hidden()


def test_a_package_that_is_dated_after_its_key_was_replaced_is_not_genuine(
    chromium: Browser, address: str, small: Services
) -> None:
    package = freeze_review(small, "small", "ten", by="ana").file
    rotate_signing_key(small.settings, datetime(2025, 1, 1, tzinfo=UTC))
    page = chromium.new_page()
    page.goto(f"{address}/verify/")
    result = _verification_result(page, package)
    assert "Intact, signer unknown." in result
    assert "but is dated after 2025-01-01T00:00:00.000000Z, when that key was replaced." in result
