"""A package: what is in it, that anybody can check it, and that every change of a byte is found and named."""

import io
import json
import os
import random
import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import bagit
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from frictionless import validate
from pypdf import PdfReader
from rocrate.rocrate import ROCrate

from app.services.bundles.writing import zip_files
from app.services.container import Services
from app.services.snapshots.bagit import MANIFEST, build_bag
from app.services.snapshots.formats import canonical_json
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.package_reader import read_package, unpack_package
from app.services.snapshots.proof import log_root
from app.services.snapshots.rebuild import RebuildVerdict, rebuild
from app.services.snapshots.verify import verify, verify_files
from app.services.transparency.key_files import SigningKey
from app.services.transparency.signed_notes import Checkpoint, sign_checkpoint
from app.services.transparency.signing_keys import rotate_signing_key, signing_key
from domain import commands as c
from domain.errors import Refused
from tests.support.reviews import package_file
from tests.support.story import assessment


def test_a_package_verifies_without_store_and_network(package: Path, small: Services, tmp_path: Path) -> None:
    result = verify(package)
    assert result.metadata.as_of == "2024-02-17"
    assert result.metadata.reconstructed
    assert not result.metadata.signed_off
    assert not result.is_genuine
    key = tmp_path / "key"
    key.write_text(signing_key(small.settings).verifier.text)
    assert verify(package, key).is_genuine
    rotate_signing_key(small.settings)
    key.write_text(signing_key(small.settings).verifier.text)
    assert not verify(package, key).is_genuine
    key.write_text("nothing")
    with pytest.raises(Refused, match="has no Ed25519 key"):
        verify(package, key)


def test_the_tools_of_others_check_it(package: Path, tmp_path: Path) -> None:
    folder = _unpacked(package, tmp_path)
    sums = subprocess.run(["sha256sum", "--quiet", "-c", "manifest-sha256.txt"], cwd=folder, capture_output=True)
    assert sums.returncode == 0
    identity = (folder / "allowed_signers").read_text().split()[0]
    check = ["ssh-keygen", "-Y", "verify", "-f", "allowed_signers", "-I", identity, "-n", "uptake-snapshot"]
    check += ["-s", "manifest-sha256.txt.sig"]
    manifest = (folder / MANIFEST).read_bytes()
    good = subprocess.run(check, cwd=folder, input=manifest, capture_output=True)
    assert good.returncode == 0, good.stderr
    assert b'Good "uptake-snapshot" signature' in good.stdout
    assert subprocess.run(check, cwd=folder, input=b"0" + manifest[1:], capture_output=True).returncode != 0
    bagit.Bag(str(folder)).validate()
    report = validate(str(folder / "data" / "datapackage.json"))
    assert report.valid, report.flatten(["message"])


def test_the_crate_is_read_as_one(package: Path, tmp_path: Path) -> None:
    crate = ROCrate(_unpacked(package, tmp_path) / "data")
    assert crate.root_dataset["name"] == "A small register. Ten years on"
    assert crate.root_dataset["datePublished"] == "2026-03-02"
    crate_files = {e.id for e in crate.data_entities}
    package_files = {str(p.relative_to(tmp_path / "out" / package.stem / "data")) for p in _files(tmp_path / "out")}
    assert crate_files == package_files - {"ro-crate-metadata.json"}


def test_the_report_is_tagged_bookmarked_and_carries_its_fonts(frozen: FrozenReview) -> None:
    pdf = PdfReader(io.BytesIO(package_file(frozen, "report.pdf")))
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert b"pdfuaid:part" in root["/Metadata"].get_data()
    titles = [str(item.title) for item in pdf.outline if not isinstance(item, list)]
    assert "Ten years on" in titles
    text = "".join(page.extract_text() for page in pdf.pages)
    for words in ("A small register", "Of 3 recommendations", "Sworn in."):
        assert words in text, words
    assert "평가 방법 요약" not in text
    korean = PdfReader(io.BytesIO(package_file(frozen, "report.ko.pdf")))
    assert korean.trailer["/Root"]["/Lang"] == "ko"
    text = "".join(page.extract_text() for page in korean.pages)
    for words in ("작은 등록부", "평가 방법 요약"):
        assert words in text, words
    assert "Methodology in brief" not in text
    fonts = {
        str(font["/BaseFont"])
        for page in pdf.pages
        for font in (f.get_object() for f in page["/Resources"]["/Font"].values())
    }
    assert fonts
    assert all("+" in f for f in fonts), "every font is embedded"


@pytest.mark.skipif(
    not shutil.which("soffice") and not os.environ.get("CI"),
    reason="LibreOffice is not on this machine; CI installs it",
)
def test_an_office_opens_the_document_and_the_workbook(frozen: FrozenReview, tmp_path: Path) -> None:
    for name, kind in (
        ("report.docx", "txt:Text"),
        ("report.ko.docx", "txt:Text"),
        ("scorecard.xlsx", "csv:Text - txt - csv (StarCalc):44,34,76"),
    ):
        (tmp_path / name).write_bytes(package_file(frozen, name))
        command = ["soffice", f"-env:UserInstallation=file://{tmp_path}/profile", "--headless", "--convert-to", kind]
        subprocess.run([*command, name], cwd=tmp_path, check=True, capture_output=True, timeout=120)
    assert "Renew the law" in (tmp_path / "report.txt").read_text("utf-8")
    assert "작은 등록부" in (tmp_path / "report.ko.txt").read_text("utf-8")
    assert "A small register" in (tmp_path / "scorecard.csv").read_text("utf-8")


def test_what_is_inside_answers_as_the_register_does(frozen: FrozenReview, small: Services) -> None:
    scorecard = json.loads(package_file(frozen, "scorecard.json"))
    assert scorecard["as_of"] == "2024-02-17"
    assert {r["id"]: r["status"] for r in scorecard["recommendations"]} == {
        "law": "no_action",
        "post": "partly",
        "talks": "not_assessed",
    }
    assert package_file(frozen, "scorecard.json") == msgspec.json.encode(scorecard, order="sorted")
    assessments = package_file(frozen, "bundle/assessments.csv").decode()
    assert "law-1" in assessments
    assert "law-2" not in assessments, "it was effective later than the day of review"
    assert "law-3" not in package_file(frozen, "bundle/withdrawals.csv").decode()
    for name in ("index.html", "report.ko.pdf", "report.ko.docx", "scorecard.xlsx", "CITATION.cff", "compare.json"):
        assert package_file(frozen, name)
    page = package_file(frozen, "index.html").decode()
    assert "<script" not in page
    style = page.split("<style>")[1].split("</style>")[0]
    assert "url(" not in style
    assert "@import" not in style


def test_nothing_private_is_in_it(small: Services, tmp_path: Path) -> None:
    secret = "canary-of-the-analyst"
    proposal = assessment(status="in_progress", effective_on="2024-05-10", reason="world_changed", rationale=secret)
    proposal = msgspec.structs.replace(proposal, evidence=("story",))
    small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    frozen = freeze_review(small, "small", "ten", by="ana")
    lines = package_file(frozen, "events.jsonl").splitlines()
    assert len(lines) == small.views.position().count - 1
    assert sum(line.startswith(b'{"leaf":') for line in lines) >= 1
    assert secret.encode() not in frozen.file.read_bytes()
    for name in ("report.pdf", "report.ko.pdf", "scorecard.xlsx", "report.docx"):
        assert secret not in _text(name, package_file(frozen, name))


def test_it_is_made_again_from_its_events(package: Path, tmp_path: Path) -> None:
    result = rebuild(package, tmp_path / "again")
    assert (result.verdict, [*result.data, *result.renderings]) == (RebuildVerdict.SAME, [])
    assert (tmp_path / "again" / package.name).read_bytes() == package.read_bytes()
    with pytest.raises(Refused, match="already exists. Name another folder"):
        rebuild(package, tmp_path / "again")


def test_every_changed_byte_is_found_and_named(package: Path) -> None:
    content, chance = package.read_bytes(), random.Random(8244)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        places = sorted((i.header_offset, i.filename.split("/", 1)[1]) for i in archive.infolist())
        directory = archive.start_dir
    ends = [start for start, _ in places[1:]] + [directory]
    at = [chance.randrange(start, end) for (start, _), end in zip(places, ends, strict=True)]  # each file once
    at += [chance.randrange(len(content)) for _ in range(700)]
    at += [chance.randrange(places[-1][0], len(content)) for _ in range(100)]
    at += [chance.randrange(places[8][0]) for _ in range(200)]  # the tag files
    for place in at:
        changed = bytearray(content)
        changed[place] ^= 1 << chance.randrange(8)
        with pytest.raises(Refused) as refused:
            folder, files = unpack_package(bytes(changed), "x.zip")
            verify_files(folder, files)
        (sentence,) = refused.value.refusals
        file_name = [name for start, name in places if start <= place][-1]
        assert file_name in sentence or place >= directory, sentence


def test_a_change_with_a_right_sum_in_the_zip_is_found_too(package: Path) -> None:
    folder, files = read_package(package)
    for name, message in (
        ("data/scorecard.json", "“data/scorecard.json” has changed: its SHA-256 is not"),
        ("manifest-sha256.txt", "“manifest-sha256.txt” has changed"),
        ("allowed_signers", "“allowed_signers” has changed"),
        ("tagmanifest-sha256.txt", "Line 1 of “tagmanifest-sha256.txt” has changed"),
    ):
        changed = files | {name: b"0" + files[name]}
        with pytest.raises(Refused, match=message):
            verify_files(folder, changed)
    without = {n: content for n, content in files.items() if n != "data/compare.json"}
    with pytest.raises(Refused, match="“data/compare.json” is missing, although"):
        verify_files(folder, without)
    with pytest.raises(Refused, match="“data/more.txt” is not listed"):
        verify_files(folder, files | {"data/more.txt": b"more"})
    with pytest.raises(Refused, match="was renamed. Its name was “small_ten_2024-02-17”"):
        verify_files("another", files)


def test_a_changed_log_signed_again_needs_its_checkpoint(package: Path, small: Services) -> None:
    """The list of files fits and the checkpoint does not; one who signs a new checkpoint has another key."""
    original, own, chance = verify(package), signing_key(small.settings), random.Random(8244)
    forger = SigningKey(own.name, Ed25519PrivateKey.generate())
    for number in range(100):
        lines = original.lines
        n, m = sorted(chance.sample(range(len(lines)), 2))
        match number % 4:
            case 0:
                del lines[n]
            case 1:
                lines[n], lines[m] = lines[m], lines[n]
            case 2:
                lines.insert(n, lines[m])
            case _:
                lines[n] = lines[n][:-9] + bytes([lines[n][-9] ^ 1]) + lines[n][-8:]
        payload = original.payload | {"events.jsonl": b"".join(line + b"\n" for line in lines)}
        with pytest.raises(Refused, match="The events are not those in the signed checkpoint"):
            verify_files(original.metadata.name, build_bag(original.metadata, payload, own))
        with pytest.raises(Refused, match="No key that is known here signed this checkpoint"):
            verify_files(original.metadata.name, build_bag(original.metadata, payload, forger))
        note = sign_checkpoint(Checkpoint(own.name, len(lines), log_root(lines)), own.name, forger.private)
        metadata = msgspec.structs.replace(original.metadata, log_position=len(lines))
        payload |= {"checkpoint": note.encode(), "snapshot.json": canonical_json(metadata)}
        files = build_bag(metadata, payload, forger)
        assert not verify_files(metadata.name, files, own.verifier.public).is_genuine


def test_what_is_no_snapshot_is_refused_with_a_sentence(package: Path, tmp_path: Path) -> None:
    content = package.read_bytes()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/data/bomb", b"0" * 10_000_000)
    cases = {
        "text.zip": (b"No zip.", "is not a zip, or it is incomplete"),
        "empty.zip": (b"", "is not a zip, or it is incomplete"),
        "cut.zip": (content[: len(content) // 2], "is not a zip, or it is incomplete"),
        "bomb.zip": (packed.getvalue(), "it claims more content than it can have"),
        "path.zip": (zip_files({"a/../../etc/passwd": b"x"}), "are not in one folder with plain names"),
        "root.zip": (zip_files({"/etc/passwd": b"x"}), "are not in one folder with plain names"),
        "two.zip": (zip_files({"a/x": b"x", "b/x": b"x"}), "are not in one folder with plain names"),
        "other.zip": (zip_files({"a/x": b"x"}), "“bagit.txt” is missing: the snapshot is incomplete"),
        "more.zip": (content + b"x", "The zip has changed at byte|is not a zip"),
    }
    for name, (data, message) in cases.items():
        (tmp_path / name).write_bytes(data)
        with pytest.raises(Refused, match=message):
            verify(tmp_path / name)
    with pytest.raises(Refused, match="cannot be read: No such file"):
        verify(tmp_path / "none.zip")


@pytest.mark.parametrize("file", sorted((Path(__file__).parents[3] / "packages").glob("*/*.zip")), ids=str)
def test_packages_of_every_past_version_verify(file: Path) -> None:
    assert verify(file).metadata.register == "small"


@pytest.mark.parametrize("file", sorted((Path(__file__).parents[3] / "packages").glob("*/*.zip")), ids=str)
def test_the_data_of_every_past_package_is_rebuilt_byte_for_byte(file: Path, tmp_path: Path) -> None:
    """Its renderings (pages, documents, charts, program) follow the version that makes them; its data never changes."""
    result = rebuild(file, tmp_path)
    assert result.verdict is not RebuildVerdict.CHANGED
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(result.file) as after:
        data = [n for n in before.namelist() if "/data/" in n and not re.search(r"\.(html|pdf|docx|xlsx|svg|py)$", n)]
        assert len(data) > 15
        assert [n for n in data if before.read(n) != after.read(n)] == []


def test_there_is_a_package_of_every_format() -> None:
    from app.services.snapshots.formats import FORMAT

    assert list((Path(__file__).parents[3] / "packages" / FORMAT).glob("*.zip"))


def _files(folder: Path) -> list[Path]:
    return [p for p in folder.rglob("*") if p.is_file() and "data" in p.parts]


def _unpacked(package: Path, tmp_path: Path) -> Path:
    with zipfile.ZipFile(package) as archive:
        archive.extractall(tmp_path / "out")
    return tmp_path / "out" / package.stem


def _text(name: str, content: bytes) -> str:
    if name.endswith(".pdf"):
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(n).decode("utf-8", "replace") for n in archive.namelist())
