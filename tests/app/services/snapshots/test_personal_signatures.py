"""People sign the draft of a review with their own keys: what counts as a signature, and how it is sent."""

import io
import json
import subprocess
import sys
from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.personal_signatures import draft_bytes, fingerprint, read_signature, sign_off_files
from app.services.snapshots.recomputation import NotFromEvents, verify_data
from app.services.snapshots.standalone_verifier import UNKNOWN_SIGNER
from app.services.snapshots.verify import verify
from domain import commands as c
from domain.errors import Refused
from domain.review.state import SignOff
from projections.reviews.queries import reviews
from tests.support.clock import Clock
from tests.support.pages import Browser
from tests.support.reviews import YEARLY_REVIEW_DUE, package_file
from tests.support.ssh_keys import FIDO, check_with_ssh, sign_with_fido, sign_with_ssh
from tests.support.staff_client import Members, send_form

PAGE = "/staff/small/reviews/yearly/2026-09-14/"
OF = {"review": "yearly", "as_of": "2026-09-14"}
DRAFT = b'{"as_of":"2026-09-14"}'


def test_a_signature_is_what_ssh_keygen_makes_and_checks(tmp_path: Path) -> None:
    plain = read_signature(sign_with_ssh(tmp_path, DRAFT), DRAFT)
    assert (tmp_path / "ed25519.pub").read_text().startswith(plain.key)
    assert check_with_ssh(tmp_path, DRAFT, plain.text.encode())
    fido = read_signature(sign_with_fido(DRAFT), DRAFT)
    assert fido.key.startswith(f"{FIDO.decode()} ")
    assert check_with_ssh(tmp_path, DRAFT, fido.text.encode())
    assert fingerprint(plain).startswith("SHA256:") and fingerprint(plain) != fingerprint(fido)


def test_a_signature_stands_beside_the_key_that_made_it() -> None:
    """Another key in the record would name a person who did not sign."""
    metadata = SnapshotMetadata(
        register="small",
        review="yearly",
        as_of="2026-09-14",
        known_at="",
        log_position=1,
        origin="x",
        reconstructed=False,
        signed_off=True,
        summary="So it stands.",
    )
    draft = draft_bytes("small", "yearly", "2026-09-14", "So it stands.", {})
    signature, other = (read_signature(sign_with_fido(draft), draft) for _ in range(2))
    sign_off = SignOff("ben", datetime(2026, 9, 1, tzinfo=UTC), "Ben", signature)
    assert "sign-offs/1.sig" in sign_off_files(metadata, [sign_off])
    forged = replace(sign_off, signature=replace(signature, key=other.key))
    with pytest.raises(Refused, match="made by another key"):
        sign_off_files(metadata, [forged])


def test_what_is_no_signature_of_this_draft_is_refused(tmp_path: Path) -> None:
    good = sign_with_ssh(tmp_path, DRAFT)
    for text in (
        b"",
        b"\xff",
        good[:-40],
        good.replace(b"BEGIN SSH", b"BEGIN PGP"),
        good * 20,
        sign_with_ssh(tmp_path, DRAFT, kind="rsa"),
        sign_with_ssh(tmp_path, DRAFT, namespace="uptake-snapshot"),
        sign_with_fido(DRAFT, flags=0),
    ):
        with pytest.raises(Refused, match="This is not a signature by an Ed25519 key"):
            read_signature(text, DRAFT)
    with pytest.raises(Refused, match="The signature is not one of this draft"):
        read_signature(good, DRAFT + b" ")


def test_an_editor_signs_off_with_a_key_of_their_own(member: Members, small: Services, tmp_path: Path) -> None:
    ben = member("ben")
    ben.get(f"{PAGE}draft.json", status=404)
    small.execute(c.DraftSummary("small", **OF, summary="So it stands."), by="ana")
    draft = ben.client.get(f"{PAGE}draft.json")
    assert draft.json["summary"] == "So it stands."
    assert "attachment" in draft.headers["Content-Disposition"]
    signature = sign_with_ssh(tmp_path, draft.data)
    other = send_form(
        ben, PAGE, action="draft", summary="Another.", signature=(io.BytesIO(signature), "draft.json.sig")
    )
    assert "You chose a signature. Sign the review off with it" in other.text
    wrong = send_form(ben, PAGE, action="sign", signature=(io.BytesIO(DRAFT), "draft.json.sig"))
    assert wrong.status_code == 400 and "This is not a signature by an Ed25519 key" in wrong.text
    signed = send_form(ben, PAGE, action="sign", signature=(io.BytesIO(signature), "draft.json.sig"))
    assert signed.status_code == 302
    small.execute(c.DraftSummary("small", **OF, summary="It changed."), by="ana")
    old = send_form(ben, PAGE, action="sign", signature=(io.BytesIO(signature), "draft.json.sig"))
    assert "The signature is not one of this draft." in old.text
    small.execute(c.DraftSummary("small", **OF, summary="So it stands."), by="ana")
    file = (io.BytesIO(signature), "draft.json.sig")
    send_form(ben, PAGE, action="sign", signature=file, shows_name="yes")
    with small.views.connect() as db:
        (sign_off,) = reviews(db, "small")["yearly"].days["2026-09-14"].sign_offs
    assert (sign_off.by, sign_off.name) == ("person-ben", "Ben") and sign_off.signature
    assert f"with the key {fingerprint(sign_off.signature)}" in ben.get(PAGE).text
    member("rita").get(f"{PAGE}draft.json", status=403)


def test_a_package_has_the_signatures_and_what_checks_them(
    member: Members, small: Services, clock: Clock, tmp_path: Path
) -> None:
    small.execute(c.DraftSummary("small", **OF, summary="So it stands."), by="ana")
    draft = member("ben").client.get(f"{PAGE}draft.json").data
    signature = (io.BytesIO(sign_with_ssh(tmp_path, draft)), "draft.json.sig")
    send_form(member("ben"), PAGE, action="sign", signature=signature, shows_name="yes")
    send_form(member("ada"), PAGE, action="sign")
    clock.now = YEARLY_REVIEW_DUE
    frozen = freeze_review(small, "small", "yearly", by="ada", as_of="2026-09-14")
    rows = json.loads(package_file(frozen, "sign-offs/list.json"))
    assert [(row["number"], row["name"], "key" in row) for row in rows] == [(1, "Ben", True), (2, "", False)]
    assert package_file(frozen, "sign-offs/draft.json") == draft
    assert check_with_ssh(tmp_path, draft, package_file(frozen, "sign-offs/1.sig"))
    signed_on, key = "3 March 2026", rows[0]["key"].split()[1]
    digest = b64encode(sha256(b64decode(key)).digest()).decode()[:-1]
    named = f"Signed by Ben on {signed_on}, with the key SHA256:{digest}."
    page = " ".join(package_file(frozen, "index.html").decode().split())
    assert f"Signed off. {named} Signed by an editor on {signed_on}." in page
    assert named in Browser(create_app(small).test_client()).get("/small/reviews/yearly/2026-09-14/").text
    package = verify(frozen.file)
    verify_data(package)
    program = tmp_path / "verify.py"
    program.write_bytes(package_file(frozen, "verify.py"))
    assert subprocess.run([sys.executable, program, frozen.file], check=False).returncode == UNKNOWN_SIGNER
    forged = package.files | {
        "data/sign-offs/list.json": b'[{"at":"2026-03-01T00:00:00.000000Z","name":"Eve","number":1}]'
    }
    with pytest.raises(NotFromEvents, match="sign-offs/list.json"):
        verify_data(replace(package, files=forged))
