"""Packages that are right, and packages that are wrong in one way each: `python -m tests.support.package_corpus FOLDER`.

All are small. The files of most hold a few words, and their log has five events that no register has: only their form can
be verified. Those made from the events of a register are right or wrong also in what they say.
"""

import json
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from app.services.bundles.writing import zip_files
from app.services.snapshots import sshsig, standalone_verifier
from app.services.snapshots.bagit import (
    MANIFEST,
    PAYLOAD,
    SIGNATURE,
    SIGNERS,
    TAGS,
    build_bag,
    build_manifest,
)
from app.services.snapshots.deposit_metadata import DATACITE, ZENODO
from app.services.snapshots.formats import (
    VERIFIER,
    canonical_json,
    chart_path,
    has_verifier,
    names_publisher,
    package_json,
)
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_data import CRATE, build_data, build_description
from app.services.snapshots.proof import log_root
from app.services.snapshots.recomputation import is_rendering, open_package
from app.services.snapshots.standalone_verifier import CHANGED, FORMATS, GENUINE, UNKNOWN_SIGNER
from app.services.snapshots.verify import PAYLOAD_FILES, verify
from app.services.transparency.key_files import SigningKey
from app.services.transparency.signed_notes import Checkpoint, Verifier, sign_checkpoint, write_note

ORIGIN = "uptake.example"
PUBLISHER = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"publisher".ljust(32)))
STRANGER = SigningKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(b"stranger".ljust(32)))
LINES = [b'{"topic":"a"}', b'{"leaf":"' + b"0f" * 32 + b'"}', b'{"topic":"b"}', b'{"topic":"c"}', b'{"topic":"d"}']
Payload = dict[str, bytes]
Files = dict[str, bytes]


@dataclass(frozen=True)
class Case:
    """A package, and what every verifier says of its form.

    `recomputed` is what Uptake says, which also compares the data with the events; `problem` is in its sentence.
    """

    name: str
    content: bytes
    outcome: int
    recomputed: int = CHANGED
    problem: str = ""


def all_cases() -> list[Case]:
    cases = [
        *_right(),
        *_from_events(),
        *_wrong_zips(),
        *_wrong_files(),
        *_wrong_contents(),
        *_of_weak_keys(),
        *_wrong_bytes(),
    ]
    assert len({case.name for case in cases}) == len(cases)
    return cases


def key_line() -> str:
    """The publisher's key, as a person writes it to a file."""
    return sshsig.allowed_signers(ORIGIN, PUBLISHER.verifier.public).decode()


def face(**fields: Any) -> SnapshotMetadata:
    values: dict[str, Any] = {
        "register": "small",
        "review": "ten",
        "as_of": "2024-02-17",
        "known_at": "2026-03-02T12:00:00.000000Z",
        "log_position": len(LINES),
        "origin": ORIGIN,
        "reconstructed": False,
        "signed_off": False,
    }
    return SnapshotMetadata(**values | fields)


def face_fields() -> dict[str, Any]:
    fields: dict[str, Any] = json.loads(canonical_json(face()))
    return fields


def payload(metadata: SnapshotMetadata, key: SigningKey = PUBLISHER, lines: list[bytes] = LINES) -> Payload:
    """The files of a payload, of which only the face, the events and the checkpoint mean anything here."""
    files = {name: f"This is {name}.\n".encode() for name in PAYLOAD_FILES}
    if has_verifier(metadata.format):
        files[VERIFIER] = Path(standalone_verifier.__file__).read_bytes()
    if names_publisher(metadata.format):
        files |= dict.fromkeys((DATACITE, ZENODO), b"{}")
    note = sign_checkpoint(Checkpoint(key.name, len(lines), log_root(lines)), key.name, key.private)
    return files | {
        "snapshot.json": canonical_json(metadata),
        "events.jsonl": b"".join(line + b"\n" for line in lines),
        "checkpoint": note.encode(),
        chart_path(metadata.format, ["en"], "en", "lives"): b"<svg/>",
        "bundle/themes.csv": b"id\n",
    }


def package(metadata: SnapshotMetadata | None = None, key: SigningKey = PUBLISHER, **changed: bytes | None) -> bytes:
    """A package whose payload is changed before it is signed; `None` leaves a file out."""
    metadata = metadata or face()
    files = payload(metadata, key) | {name.replace("__", "/"): c for name, c in changed.items()}
    return _zipped(_bag(metadata, files, key), metadata.name)


def _bag(metadata: SnapshotMetadata, files: dict[str, bytes | None] | Payload, key: SigningKey = PUBLISHER) -> Files:
    present = {name: content for name, content in sorted(files.items()) if content is not None}
    return dict(build_bag(metadata, present, key))


def _zipped(files: Files, folder: str = "") -> bytes:
    return zip_files({f"{folder or face().name}/{name}": content for name, content in files.items()})


def _right() -> Iterator[Case]:
    for format_ in FORMATS:
        yield Case(f"right-{format_}", package(face(format=format_)), GENUINE)
        yield Case(f"right-{format_}-of-a-stranger", package(face(format=format_), STRANGER), UNKNOWN_SIGNER)
    yield Case("right-without-events", _with_lines([]), GENUINE)
    yield Case("right-with-one-event", _with_lines(LINES[:1]), GENUINE)
    yield Case("right-with-many-events", _with_lines(LINES * 13), GENUINE)
    yield Case("right-with-korean", package(face(summary="이러하다. “So.”\n\t\x07")), GENUINE)
    yield Case("right-with-a-backslash", package(face(summary="\\\\ud800 \u2028\x7f\ufeff")), GENUINE)
    yield Case("right-with-translations", package(face(translations={"ko": {"summary": "이러하다."}})), GENUINE)
    yield Case("right-with-versions", package(face(made_with={"python-docx": "1.2.0", "uptake": "0.1.0"})), GENUINE)
    yield Case("right-with-another-table", package(**{"bundle__responses.csv": b"id\n"}), GENUINE)
    yield Case("right-with-a-logo", package(**{"logo.png": b"x", "bundle__logo.png": b"x"}), GENUINE)
    yield Case("right-with-a-doi", package(face(doi="10.5281/zenodo.7")), GENUINE)
    korean = {"report.ko.pdf": b"x", "report.ko.docx": b"x", "charts__ko__lives.svg": b"<svg/>"}
    yield Case("right-with-a-report-in-korean", package(**korean), GENUINE)
    yield Case("right-with-a-report-of-a-region", package(**{"report.pt-BR.pdf": b"x"}), GENUINE)
    yield Case("right-with-empty-files", package(**{"index.html": b"", "report.pdf": b""}), GENUINE)
    lies = {VERIFIER: b"print('GENUINE')\n"}
    yield Case("right-of-a-stranger-with-a-program-that-lies", package(None, STRANGER, **lies), UNKNOWN_SIGNER)
    renamed = SigningKey("other.example", PUBLISHER.private)
    yield Case("right-of-another-address", package(face(origin="other.example"), renamed), GENUINE)


def _from_events() -> Iterator[Case]:
    """The events of a register: with what follows from them, and with one file that says something else.

    The publisher signed all of them, and the form is right. Only one who makes the data again finds the difference.
    """
    metadata, files = payload_from_events()

    def signed(key: SigningKey = PUBLISHER, **changed: bytes) -> bytes:
        merged = files | {name.replace("__", "/"): content for name, content in changed.items()}
        plain = msgspec.json.decode(merged["snapshot.json"], type=SnapshotMetadata)
        return _zipped(_bag(plain, merged, key), plain.name)

    note = sign_checkpoint(Checkpoint(ORIGIN, metadata.log_position, log_root(_lines(files))), ORIGIN, STRANGER.private)
    yield Case("right-from-events", signed(), GENUINE, GENUINE)
    yield Case("right-from-events-of-a-stranger", signed(STRANGER, checkpoint=note.encode()), *[UNKNOWN_SIGNER] * 2)
    faces: dict[str, tuple[dict[str, Any], str]] = {
        "reconstructed": (
            {"reconstructed": False},
            "“data/snapshot.json” .* reconstructed is false, by the events true",
        ),
        "signed-off": ({"signed_off": False}, "“data/snapshot.json” .* signed_off is false, by the events true"),
        "summary": ({"summary": "All is done."}, '“data/snapshot.json” .* summary is "All is done.", by the events'),
        "translation": ({"translations": {}}, "“data/snapshot.json” .* translations.ko is null, by the events {"),
        "known-at": ({"known_at": "2026-03-09T00:00:00.000000Z"}, "“data/CITATION.cff” .* line 2 is"),
        "known-before-its-day": ({"known_at": "2024-02-01T00:00:00.000000Z"}, "before the end of the review’s day"),
        "day": ({"as_of": "2024-02-18"}, "schedule no review “ten” for 2024-02-18"),
        "review": ({"review": "yearly"}, "schedule no review “yearly” for 2024-02-17"),
        "register": ({"register": "large"}, "holds no register “large”"),
    }
    for name, (fields, problem) in faces.items():
        face_content = package_json(metadata.format, "snapshot.json", msgspec.structs.replace(metadata, **fields))
        yield Case(f"forged-{name}", signed(**{"snapshot.json": face_content}), GENUINE, CHANGED, problem)
    strict = files["scorecard.json"].replace(b'"other_status":', b'"other_status":1')
    problem = "“data/scorecard.json” .* strict.other_status is 1"
    yield Case("forged-strict-reading", signed(**{"scorecard.json": strict}), GENUINE, CHANGED, problem)
    for name, old, new in (
        ("scorecard.json", b'"status":"partly"', b'"status":"done"'),
        ("compare.json", b'"no_action"', b'"done"'),
        ("methodology.json", b"uptake-2026.1", b"uptake-2026.9"),
        ("proof.json", b'"position":', b'"position":1'),
        ("datapackage.json", b"A small register", b"A large register"),
        ("ro-crate-metadata.json", b"Ten years on", b"Nine years on"),
        ("CITATION.cff", b"A small register", b"A large register"),
        ("bundle/register.json", b"Asia/Seoul", b"Asia/Tokyo"),
        ("bundle/assessments.csv", b"Sworn in.", b"Not sworn."),
        ("bundle/evidence.csv", b"official", b"press"),
        ("bundle/more.csv", b"", b"id\n"),
    ):
        before = files.get(name, b"")
        assert old in before, name
        forged = before.replace(old, new, 1) if old else new
        problem = f"“data/{name}” does not follow from the events"
        yield Case(f"forged-{name.replace('/', '-')}", signed(**{name: forged}), GENUINE, CHANGED, problem)


def payload_from_events() -> tuple[SnapshotMetadata, Payload]:
    """The data that follows from the events of the newest kept package, with a few words in place of its renderings."""
    kept = verify(next((Path(__file__).parents[1] / "packages" / FORMATS[-1]).glob("*.zip")))
    note = sign_checkpoint(Checkpoint(ORIGIN, len(kept.lines), log_root(kept.lines)), ORIGIN, PUBLISHER.private)
    metadata = msgspec.structs.replace(kept.metadata, origin=ORIGIN)
    files = kept.files | {f"{PAYLOAD}checkpoint": note.encode()}
    with open_package(msgspec.structs.replace(kept, metadata=metadata, files=files)) as source:
        words = {name: content for name, content in payload(face()).items() if is_rendering(name)}
        data = words | dict(build_data(source))
        return source.metadata, data | {CRATE: build_description(source, sorted(data))}


def _lines(files: Payload) -> list[bytes]:
    return files["events.jsonl"].split(b"\n")[:-1]


def _with_lines(lines: list[bytes]) -> bytes:
    metadata = face(log_position=len(lines))
    return _zipped(_bag(metadata, payload(metadata, lines=lines)))


def _wrong_zips() -> Iterator[Case]:
    """The files are right; the zip is not the one form."""
    files = _bag(face(), payload(face()))
    good = _zipped(files)
    folder = face().name
    wrong: dict[str, bytes] = {
        "empty": b"",
        "text": b"No zip.",
        "end-record-alone": b"PK\5\6" + bytes(18),
        "cut-by-a-byte": good[:-1],
        "cut-in-half": good[: len(good) // 2],
        "byte-before": b"\0" + good,
        "byte-after": good + b"\0",
        "comment": good[:-2] + struct.pack("<H", 5) + b"hello",
        "program-before": b"#!/bin/sh\n" + good,
        "twice": good + good,
        "another-order": _zipped(dict(reversed(files.items()))),
        "payload-first": _zipped({n: files[n] for n in sorted(files, key=lambda n: not n.startswith(PAYLOAD))}),
        "two-payload-files-swapped": _zipped(_swapped(files)),
        "no-folder": zip_files(files),
        "second-folder": zip_files(
            {f"{folder}/{n}": c for n, c in files.items()} | {"other/data/report.pdf": b"forged"}
        ),
        "second-folder-first": zip_files(
            {"other/data/report.pdf": b"forged"} | {f"{folder}/{n}": c for n, c in files.items()}
        ),
        "folder-renamed": _zipped(files, "small_ten_2024-02-18"),
        "folder-in-capitals": _zipped(files, folder.capitalize()),
        "folder-in-folder": _zipped(files, f"x/{folder}"),
        "name-with-dots": zip_files({f"{folder}/{n}": c for n, c in files.items()} | {f"{folder}/../x": b"x"}),
        "name-with-backslash": zip_files({f"{folder}/{n}": c for n, c in files.items()} | {f"{folder}/data\\x": b"x"}),
        "name-with-other-letters": _zipped(files | {"data/bundle/thеmes.csv": b"x"}),
        "name-in-two-cases": _zipped(files | {"data/Report.pdf": b"forged"}),
    }
    wrong |= {f"zip-{name}": content for name, content in _archives(files, folder).items()}
    wrong |= {f"field-{name}": content for name, content in _changed_fields(good).items()}
    for name, content in wrong.items():
        yield Case(f"zip-{name}" if not name.startswith(("zip-", "field-")) else name, content, CHANGED)


def _swapped(files: Files) -> Files:
    names = list(files)
    names[-1], names[-2] = names[-2], names[-1]
    return {name: files[name] for name in names}


def _archives(files: Files, folder: str) -> dict[str, bytes]:
    """The same files as Python writes them otherwise."""

    def write(kind: int = zipfile.ZIP_STORED, more: tuple[str, ...] = (), comment: bytes = b"", **fields: Any) -> bytes:
        buffer = BytesIO()
        with zipfile.ZipFile(buffer, "w", kind) as archive:
            for name, content in [*files.items(), *((name, b"forged") for name in more)]:
                info = zipfile.ZipInfo(f"{folder}/{name}", (1980, 1, 1, 0, 0, 0))
                info.create_system, info.external_attr, info.compress_type = 3, 0o644 << 16, kind
                for field, value in fields.items():
                    setattr(info, field, value)
                archive.writestr(info, content)
            archive.comment = comment
        return buffer.getvalue()

    doubled = write(more=("data/report.pdx",)).replace(b"report.pdx", b"report.pdf")
    return {
        "deflated": write(zipfile.ZIP_DEFLATED),
        "bzip2": write(zipfile.ZIP_BZIP2),
        "lzma": write(zipfile.ZIP_LZMA),
        "later": write(date_time=(2024, 2, 17, 12, 0, 0)),
        "of-windows": write(create_system=0),
        "executable": write(external_attr=0o755 << 16),
        "links": write(external_attr=0o120777 << 16),
        "extra-field": write(extra=struct.pack("<HH4s", 0xCAFE, 4, b"more")),
        "internal-attributes": write(internal_attr=1),
        "archive-comment": write(comment=b"signed by the publisher"),
        "a-name-twice": doubled,
    }


def _changed_fields(good: bytes) -> dict[str, bytes]:
    """One field of the zip's structure each, in the first local header, the first entry of the directory, and the end."""
    directory, end = good.index(b"PK\1\2"), len(good) - 22
    fields = {
        **{f"local-{name}": at for name, at in _LOCAL.items()},
        **{f"directory-{name}": directory + at for name, at in _DIRECTORY.items()},
        **{f"end-{name}": end + at for name, at in _END.items()},
    }
    return {name: good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :] for name, at in fields.items()}


_LOCAL = {"mark": 0, "version": 4, "flags": 6, "method": 8, "time": 10, "date": 12, "crc": 14, "packed-size": 18}
_LOCAL |= {"size": 22, "name-length": 26, "extra-length": 28, "name": 30}
_DIRECTORY = {"mark": 0, "made-by": 4, "version": 6, "flags": 8, "method": 10, "time": 12, "date": 14, "crc": 16}
_DIRECTORY |= {"packed-size": 20, "size": 24, "name-length": 28, "extra-length": 30, "comment-length": 32, "disk": 34}
_DIRECTORY |= {"internal": 36, "rights": 40, "offset": 42, "name": 46}
_END = {"mark": 0, "disk": 4, "first-disk": 6, "here": 8, "entries": 10, "size": 12, "offset": 16, "comment-length": 20}


def _wrong_files() -> Iterator[Case]:
    """A file is changed, added or left out after signing, with lists that fit as far as they can without the key."""
    files = _bag(face(), payload(face()))

    def case(name: str, changed: Files) -> Case:
        return Case(f"files-{name}", _zipped(changed), CHANGED)

    for name in files:
        short = name.removeprefix(PAYLOAD).replace("/", "-")
        yield case(f"{short}-changed", files | {name: files[name] + b" "})
        yield case(f"{short}-missing", {n: c for n, c in files.items() if n != name})
    for name in (*(n for n in files if not n.startswith(PAYLOAD) and n != TAGS), "extra.txt", "data/extra.txt"):
        changed = files | {name: files.get(name, b"") + b"\n"}
        yield case(f"{name.replace('/', '-')}-changed-and-listed", _relisted(changed))
    forged = files | {"data/scorecard.json": b"{}"}
    yield case("scorecard-forged-and-listed", _relisted(forged, payload_too=True))
    yield case(
        "signature-of-a-stranger", _relisted(files | {SIGNATURE: sshsig.sign(files[MANIFEST], STRANGER.private)})
    )
    yield case(
        "signers-of-a-stranger", _relisted(files | {SIGNERS: sshsig.allowed_signers(ORIGIN, STRANGER.verifier.public)})
    )
    yield case(
        "signers-without-namespace",
        _relisted(files | {SIGNERS: key_line().replace(' namespaces="uptake-snapshot"', "").encode()}),
    )
    yield case("signers-with-two-keys", _relisted(files | {SIGNERS: files[SIGNERS] * 2}))
    yield case("signers-of-another-name", _relisted(files | {SIGNERS: files[SIGNERS].replace(b"uptake.", b"forged.")}))
    yield case("signers-without-key", _relisted(files | {SIGNERS: b"uptake.example\n"}))
    yield case("signature-in-one-line", _relisted(files | {SIGNATURE: _in_one_line(files[SIGNATURE])}))
    yield case(
        "signature-of-another-namespace",
        _relisted(files | {SIGNATURE: files[SIGNATURE].replace(b"dXB0YWtl", b"dXB0YWtm")}),
    )
    yield case("signature-with-large-s", _relisted(files | {SIGNATURE: _with_large_s(files[MANIFEST])}))
    yield case(
        "guide-of-another-format",
        _relisted(files | {"VERIFY.md": standalone_verifier.GUIDES[FORMATS[0]].replace("{origin}", ORIGIN).encode()}),
    )
    yield case(
        "guide-that-leads-elsewhere",
        _relisted(
            files | {"VERIFY.md": files["VERIFY.md"].replace(b"https://uptake.example", b"https://forged.example")}
        ),
    )
    yield case("list-with-a-star", _relisted(files | {MANIFEST: files[MANIFEST].replace(b"  data", b" *data")}))
    yield case("list-with-a-path-outside", _relisted(files | {MANIFEST: files[MANIFEST] + b"0" * 64 + b"  ../x\n"}))
    yield case(
        "list-in-another-order", _relisted(files | {MANIFEST: b"".join(reversed(files[MANIFEST].splitlines(True)))})
    )
    yield case("list-in-capitals", _relisted(files | {MANIFEST: files[MANIFEST].upper()}))
    yield case("list-with-carriage-returns", _relisted(files | {MANIFEST: files[MANIFEST].replace(b"\n", b"\r\n")}))


def _relisted(files: Files, *, payload_too: bool = False) -> Files:
    """With the lists that anyone can make again."""
    if payload_too:
        inner = {n.removeprefix(PAYLOAD): c for n, c in files.items() if n.startswith(PAYLOAD)}
        files = files | {MANIFEST: build_manifest(inner, PAYLOAD)}
    tags = {n: c for n, c in files.items() if not n.startswith(PAYLOAD) and n != TAGS}
    return files | {TAGS: build_manifest(tags)}


def _in_one_line(signature: bytes) -> bytes:
    first, *body, last, end = signature.split(b"\n")
    return b"\n".join([first, b"".join(body), last, end])


def _raw_signature(manifest: bytes, key: SigningKey) -> bytes:
    """The 64 bytes at the end of the armoured signature."""
    armored = sshsig.sign(manifest, key.private)
    return standalone_verifier.decoded(b"".join(armored.split(b"\n")[1:-2]))[-64:]


def _with_large_s(manifest: bytes) -> bytes:
    """The same signature with the order of the curve added to its number, which careless programs accept."""
    raw = _raw_signature(manifest, PUBLISHER)
    s = int.from_bytes(raw[32:], "little") + standalone_verifier.ORDER
    return sshsig.armor(raw[:32] + s.to_bytes(32, "little"), PUBLISHER.verifier.public)


def _wrong_contents() -> Iterator[Case]:
    """The publisher's own key signs a payload that no package has."""

    def case(name: str, content: bytes) -> Case:
        return Case(f"signed-{name}", content, CHANGED)

    metadata, plain = face(), payload(face())
    for name in PAYLOAD_FILES:
        yield case(f"without-{name.replace('/', '-')}", _signed_as_it_is({n: c for n, c in plain.items() if n != name}))
    yield case("without-the-program", package(**{VERIFIER: None}))
    yield case("old-format-with-the-program", _signed_as_it_is(payload(face()), face(format=FORMATS[1])))
    yield case("without-datacite", package(**{DATACITE: None}))
    yield case("without-zenodo", package(**{ZENODO: None}))
    for name in (
        "report.ko.pdf",
        "report.ko.docx",
        "charts__ko__lives.svg",
        "logo.png",
        "bundle__logo.png",
        DATACITE,
        ZENODO,
    ):
        kind = name.replace("__", "-")
        yield case(f"old-format-with-{kind}", package(face(format=FORMATS[2]), **{name: b"x"}))
    for name in (
        "report.ko.svg",
        "report.korean.pdf",
        "report..pdf",
        "charts__ko__en__lives.svg",
        "charts__lives.ko.svg",
    ):
        yield case(f"with-{name.replace('__', '-')}", package(**{name: b"x"}))
    yield case("with-a-page", package(**{"extra.html": b"x"}))
    yield case("with-a-program", package(**{"bundle__run.sh": b"x"}))
    yield case("with-a-folder-in-a-folder", package(**{"bundle__more__x.csv": b"x"}))
    yield case("unknown-format", _signed_as_it_is(plain, face(format="uptake-snapshot-99")))
    yield case(
        "face-with-spaces", package(**{"snapshot.json": json.dumps(json.loads(canonical_json(metadata))).encode()})
    )
    yield case(
        "face-with-a-name-twice",
        package(**{"snapshot.json": canonical_json(metadata).replace(b'"review"', b'"review":"x","review"')}),
    )
    yield case("face-that-is-a-list", package(**{"snapshot.json": b"[]"}))
    yield case("face-that-is-no-json", package(**{"snapshot.json": b"{"}))
    yield case("face-that-is-no-text", package(**{"snapshot.json": b"\xff"}))
    yield case(
        "face-with-half-a-letter",
        package(**{"snapshot.json": canonical_json(metadata).replace(b'"summary":""', b'"summary":"\\ud800"')}),
    )
    yield case(
        "face-without-origin", package(**{"snapshot.json": canonical_json(metadata).replace(b'"origin"', b'"orifin"')})
    )
    yield case("face-of-another-size", package(**{"snapshot.json": canonical_json(face(log_position=4))}))
    yield case("face-with-a-fraction", package(**{"snapshot.json": canonical_json(metadata).replace(b":5,", b":5.0,")}))
    yield case("face-of-another-review", package(**{"snapshot.json": canonical_json(face(review="nine"))}))
    yield case("face-without-a-day", package(**{"snapshot.json": canonical_json(face(known_at="yesterday"))}))
    yield case("face-of-another-origin", package(**{"snapshot.json": canonical_json(face(origin="forged.example"))}))
    for name, changed in _FACES.items():
        yield case(f"face-{name}", _with_face(face_fields() | changed))
    plain_face = canonical_json(metadata)
    for name, content in {
        "without-a-needed-field": plain_face.replace(b'"signed_off":false,', b""),
        "that-is-deep": plain_face[:-1] + b',"x":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        "with-a-mark-before": b"\xef\xbb\xbf" + plain_face,
        "with-broken-text": plain_face.replace(b'"summary":""', b'"summary":"\xff"'),
        "in-two-bytes": plain_face.decode().encode("utf-16"),
    }.items():
        yield case(f"face-{name}", _with_face(face_fields(), content))
    for name, lines in {
        "event-removed": LINES[1:],
        "event-added": [*LINES, LINES[0]],
        "events-swapped": [LINES[2], LINES[1], LINES[0], *LINES[3:]],
        "event-changed": [LINES[0].replace(b"a", b"z"), *LINES[1:]],
        "hash-in-capitals": [LINES[0], LINES[1].replace(b"0f", b"0F"), *LINES[2:]],
        "hash-with-spaces": [LINES[0], LINES[1].replace(b"0f0f", b"0f 0f"), *LINES[2:]],
        "hash-too-short": [LINES[0], b'{"leaf":"0f"}', *LINES[2:]],
        "hash-with-more": [LINES[0], LINES[1].replace(b"}", b',"x":1}'), *LINES[2:]],
        "hash-that-is-a-number": [LINES[0], b'{"leaf":7}', *LINES[2:]],
    }.items():
        yield case(name, package(**{"events.jsonl": b"".join(line + b"\n" for line in lines)}))
    yield case("events-without-end", package(**{"events.jsonl": b"\n".join(LINES)}))
    for name, note in _wrong_notes(plain["checkpoint"].decode()).items():
        yield case(f"checkpoint-{name}", package(checkpoint=note.encode()))


def _with_face(fields: dict[str, Any], content: bytes = b"") -> bytes:
    """Signed by the publisher, with all that follows from a face, or with the given text in place of it."""
    key = SigningKey(fields["origin"], PUBLISHER.private)
    as_text = json.dumps(fields, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()
    files = dict(sorted((payload(face(), key) | {"snapshot.json": content or as_text}).items()))
    manifest = standalone_verifier.make_tags(fields, files, key.verifier.public, bytes(64))[MANIFEST]
    signature = _raw_signature(manifest, key)
    return _bagged(fields, files, key.verifier.public, signature)


def _bagged(fields: dict[str, Any], files: Payload, public: bytes, signature: bytes) -> bytes:
    tags = standalone_verifier.make_tags(fields, files, public, signature)
    bag = {name: tags[name] for name in standalone_verifier.TAGS} | {PAYLOAD + n: c for n, c in files.items()}
    return _zipped(bag, "{register}_{review}_{as_of}".format(**fields))


_FACES: dict[str, dict[str, Any]] = {
    "with-an-unknown-field": {"x": "y"},
    "with-an-unknown-number": {"x": 2**60},
    "with-a-long-number": {"x": 10**400},
    "with-a-large-fraction": {"x": 1e22},
    "with-a-small-fraction": {"x": 1e-05},
    "with-no-number": {"x": float("nan")},
    "with-no-end": {"summary": float("inf")},
    "with-a-prototype": {"__proto__": {"a": "b"}},
    "with-a-prototype-of-texts": {"translations": {"__proto__": {"summary": "b"}}},
    "with-names-that-sort-otherwise": {"made_with": {"\U0001f600": "a", "\uffee": "b"}},
    "with-a-name-and-a-line-feed": {"made_with": {"uptake\n": "1"}},
    "with-digits-of-another-script": {"known_at": "٢٠٢٦-03-02T12:00:00.000000Z"},
    "with-no-day-of-the-calendar": {"as_of": "2024-02-31"},
    "with-no-year": {"as_of": "0000-01-01"},
    "with-today": {"as_of": "today"},
    "with-a-day-that-is-a-number": {"as_of": 20240217},
    "with-no-instant-of-the-calendar": {"known_at": "2026-99-99T12:00:00.000000Z"},
    "with-a-leap-second": {"known_at": "2026-06-30T23:59:60.000000Z"},
    "with-the-hour-24": {"known_at": "2026-03-02T24:00:00.000000Z"},
    "with-an-instant-without-seconds": {"known_at": "2026-03-02T12:00Z"},
    "with-an-instant-of-one-decimal": {"known_at": "2026-03-02T12:00:00.5Z"},
    "with-an-instant-of-colons": {"known_at": "2026-03-02T:::Z"},
    "with-a-register-that-is-a-number": {"register": 5},
    "without-a-review": {"review": ""},
    "with-a-position-that-is-a-text": {"log_position": "5"},
    "with-a-position-that-is-true": {"log_position": True},
    "with-a-word-for-yes": {"reconstructed": "no"},
    "with-nothing-for-no": {"signed_off": None},
    "with-a-summary-that-is-a-number": {"summary": 4},
    "with-a-list-of-translations": {"translations": []},
    "with-a-translation-that-is-a-text": {"translations": {"ko": "b"}},
    "with-a-version-that-is-a-number": {"made_with": {"uptake": 3}},
    "without-versions": {"made_with": None},
    "with-a-command-for-an-origin": {"origin": "$(touch${IFS}x).example"},
    "with-an-option-for-an-origin": {"origin": "-I"},
    "with-a-quotation-mark-in-its-origin": {"origin": 'a"b'},
    "with-a-path-in-its-origin": {"origin": "a/../b"},
    "with-an-origin-in-other-letters": {"origin": "m\u00fcller.example"},
}
"""What a key can sign although no package has it, by what is wrong."""


def _signed_as_it_is(files: Payload, metadata: SnapshotMetadata | None = None) -> bytes:
    """Signed by the publisher, whatever is in it; the tag files are those of the newest format."""
    metadata = metadata or face()
    known = metadata if metadata.format in FORMATS else face()
    files = files | ({"snapshot.json": canonical_json(metadata)} if "snapshot.json" in files else {})
    return _zipped(_bag(known, files))


def _wrong_notes(note: str) -> dict[str, str]:
    body, last = note.split("\n\n")
    origin, size, root = body.split("\n")
    blob = last.split(" ")[2]
    stranger = sign_checkpoint(Checkpoint(ORIGIN, len(LINES), log_root(LINES)), ORIGIN, STRANGER.private)
    elsewhere = sign_checkpoint(Checkpoint("else.example", len(LINES), log_root(LINES)), ORIGIN, PUBLISHER.private)
    return {
        "empty": "",
        "without-signature": f"{body}\n\n",
        "with-two-signatures": note + last,
        "with-a-comment": note + "\nmore\n",
        "of-a-stranger": stranger,
        "of-another-log": elsewhere,
        "with-another-size": note.replace("\n5\n", "\n6\n"),
        "with-zeros": note.replace("\n5\n", "\n05\n"),
        "with-an-extension": f"{origin}\n{size}\n{root}\nmore\n\n{last}",
        "with-another-name": f"{body}\n\n{last.replace(ORIGIN, 'else.example')}",
        "without-dash": f"{body}\n\n{last.replace('—', '-')}",
        "cut": f"{body}\n\n{last[:-10]}\n",
        "with-loose-bits": f"{body}\n\n{last.replace(blob.strip(), _with_loose_bits(blob.strip()))}",
        "with-carriage-returns": note.replace("\n", "\r\n"),
        "with-a-mark-before": f"\ufeff{note}",
    }


def _with_loose_bits(blob: str) -> str:
    """Base64 of the same bytes, with bits set that no byte holds."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    kept = blob.rstrip("=")
    return kept[:-1] + letters[letters.index(kept[-1]) ^ 1] + "=" * (len(blob) - len(kept))


def _of_weak_keys() -> Iterator[Case]:
    """Anyone can make a signature that fits a key of small order, whatever is signed."""
    field, eighth = standalone_verifier.FIELD, standalone_verifier.EIGHTH
    files = payload(face())
    signature = (1).to_bytes(32, "little") + bytes(32)
    for y in (0, 1, field - 1, eighth, field - eighth, field, field + 1):
        for sign in (0, 1):
            public = (y | sign << 255).to_bytes(32, "little")
            key_id = Verifier(ORIGIN, public).key_id
            note = write_note(Checkpoint(ORIGIN, len(LINES), log_root(LINES)), ORIGIN, key_id + signature)
            inner = dict(sorted((files | {"checkpoint": note.encode()}).items()))
            yield Case(f"weak-key-{y % 1000}-{sign}", _bagged(face_fields(), inner, public, signature), CHANGED)


def _wrong_bytes() -> Iterator[Case]:
    """One bit of the zip's structure each, where a forger would look."""
    good = package()
    directory = good.index(b"PK\1\2")
    for number in range(60):
        at = directory + int.from_bytes(sha256(str(number).encode()).digest()[:4], "big") % (len(good) - directory)
        changed = bytearray(good)
        changed[at] ^= 1 << number % 8
        yield Case(f"bit-{number}", bytes(changed), CHANGED)
    hidden = _with_gap(good)
    yield Case("bytes-between-files-and-directory", hidden, CHANGED)


def _with_gap(good: bytes) -> bytes:
    """A forged file between the last file and the directory, which only programs that read from the front see."""
    directory, end = good.index(b"PK\1\2"), len(good) - 22
    name, content = f"{face().name}/data/report.pdf".encode(), b"forged"
    head = struct.pack(
        "<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name), 0
    )
    extra = head + name + content
    offset = struct.pack("<L", directory + len(extra))
    return good[:directory] + extra + good[directory : end + 16] + offset + good[end + 20 :]


def main(folder: Path, write: Callable[[str], object] = print) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "key").write_text(key_line(), "utf-8")
    cases = all_cases()
    for case in cases:
        (folder / f"{case.name}.zip").write_bytes(case.content)
    for name, outcomes in (
        ("outcomes.json", {case.name: case.outcome for case in cases}),
        ("outcomes-with-events.json", {case.name: case.recomputed for case in cases}),
    ):
        by_file = {f"{case}.zip": outcome for case, outcome in outcomes.items()}
        (folder / name).write_text(json.dumps(by_file, indent=1) + "\n", "utf-8")
    write(f"{len(cases)} packages are in {folder}.")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
