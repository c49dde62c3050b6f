"""Verifies the form of a package without a store or network, and names the first file that was changed.

This is what every verifier does, also those that are not part of Uptake. `recomputation` does what only Uptake can.
"""

import re
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from app.services.snapshots import sshsig
from app.services.snapshots.bagit import (
    MANIFEST,
    PAYLOAD,
    SIGNATURE,
    SIGNERS,
    TAGS,
    Files,
    build_bag_with_signature,
)
from app.services.snapshots.deposit_metadata import DATACITE, ZENODO
from app.services.snapshots.formats import (
    ADDED_FIELDS,
    VERIFIER,
    canonical_json,
    has_report_for_each_language,
    has_verifier,
    names_publisher,
)
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_data import CHECKPOINT
from app.services.snapshots.package_reader import read_package
from app.services.snapshots.proof import log_root
from app.services.transparency import signed_notes
from app.services.transparency.key_list import KeyList, distrust
from app.services.transparency.signed_notes import Verifier
from domain.errors import Refused, refusal

TAG_FILES = ("bagit.txt", "bag-info.txt", MANIFEST, SIGNATURE, SIGNERS, "VERIFY.md", TAGS)
PAYLOAD_FILES = (
    *("CITATION.cff", "bundle/evidence.csv", "bundle/register.json", CHECKPOINT, "compare.json", "datapackage.json"),
    *("events.jsonl", "index.html", "methodology.json", "proof.json", "report.docx", "report.pdf"),
    *("ro-crate-metadata.json", "scorecard.json", "scorecard.xlsx", "snapshot.json"),
)
"""The files that every payload contains, whatever its manifest lists."""
_TABLES_AND_SIGN_OFFS = (
    r"bundle/(?:[a-z][a-z_]*\.csv|datapackage\.json)|sign-offs/(?:(?:list|draft)\.json|[1-9][0-9]?\.sig)"
)
_LANGUAGE = r"[a-z]{2,3}(?:-[A-Za-z]{2,4})?"
_OTHER_FILES_OF_ONE_REPORT = re.compile(rf"data/(?:{_TABLES_AND_SIGN_OFFS}|charts/[a-z][a-z-]*\.[a-z]{{2,3}}\.svg)")
_OTHER_FILES = re.compile(
    rf"data/(?:{_TABLES_AND_SIGN_OFFS}|report\.{_LANGUAGE}\.(?:docx|pdf)|charts/(?:{_LANGUAGE}/)?[a-z][a-z-]*\.svg"
    r"|(?:bundle/)?logo\.png)"
)
"""The tables, sign-offs, charts, reports and the logo, which depend on the register."""


class VerifiedPackage(Struct, frozen=True):
    """A verified package. `root` is the root of the log, in hexadecimal.

    `is_genuine` says that it was signed with the key that a person named as the publisher's.
    """

    metadata: SnapshotMetadata
    files: Files
    manifest: str
    signer: Verifier
    root: str
    is_genuine: bool

    @property
    def payload(self) -> Files:
        return {n.removeprefix(PAYLOAD): c for n, c in self.files.items() if n.startswith(PAYLOAD)}

    @property
    def lines(self) -> list[bytes]:
        return self.files[f"{PAYLOAD}events.jsonl"].split(b"\n")[:-1]


def verify(file: Path, key: Path | None = None) -> VerifiedPackage:
    """Verify a package file. `key` names its publisher's key. Raises `Refused` with the first problem."""
    return verify_files(*read_package(file), read_key(key) if key else None)


def verify_files(folder: str, files: Files, public: bytes | None = None) -> VerifiedPackage:
    """Verify files in memory; `public` is the publisher's key, if it is known."""
    _require_files(TAG_FILES, files)
    tags = {n: c for n, c in files.items() if not n.startswith(PAYLOAD) and n != TAGS}
    payload = {n: c for n, c in files.items() if n.startswith(PAYLOAD)}
    _check_manifest(files[TAGS], tags, TAGS)
    _check_manifest(files[MANIFEST], payload, MANIFEST)
    signer = _read_signer(files[SIGNERS])
    sshsig.verify_signature(files[MANIFEST], files[SIGNATURE], signer.public)
    metadata = _read_metadata(files, folder)
    _check_names(metadata, files)
    _check_form(metadata, files, signer)
    package = VerifiedPackage(
        metadata=_with_translations(metadata),
        files=files,
        manifest=sha256(files[MANIFEST]).hexdigest(),
        signer=signer,
        root="",
        is_genuine=public == signer.public,
    )
    return msgspec.structs.replace(package, root=_verify_log(package))


def apply_key_list(
    package: VerifiedPackage, listing: KeyList, start: bytes | None = None, existed_by: str = ""
) -> tuple[VerifiedPackage, str]:
    """Judge the signer by a publisher's list instead of one key; returns the reason too, if it is not genuine.

    `start` and `existed_by` are those of `key_list.distrust`.
    """
    reason = distrust(listing, package.signer, package.metadata.known_at, start, existed_by)
    return msgspec.structs.replace(package, is_genuine=not reason), reason


def _check_names(metadata: SnapshotMetadata, files: Files) -> None:
    names = [*PAYLOAD_FILES, *([VERIFIER] if has_verifier(metadata.format) else [])]
    names += [DATACITE, ZENODO] if names_publisher(metadata.format) else []
    required = [*TAG_FILES, *(PAYLOAD + name for name in names)]
    _require_files(required, files)
    others = _OTHER_FILES if has_report_for_each_language(metadata.format) else _OTHER_FILES_OF_ONE_REPORT
    for name in files:
        if name not in required and not others.fullmatch(name):
            raise Refused(refusal("“{name}” is not a file of a package: it was added.", name=name))


def _check_form(metadata: SnapshotMetadata, files: Files, signer: Verifier) -> None:
    """Raise `Refused` unless all besides the payload is what follows from payload, key and signature."""
    payload = {n.removeprefix(PAYLOAD): files[n] for n in sorted(files) if n.startswith(PAYLOAD)}
    signers = sshsig.allowed_signers(metadata.origin, signer.public)
    expected = build_bag_with_signature(metadata, payload, files[SIGNATURE], signers)
    for name in TAG_FILES:
        if files[name] != expected[name]:
            raise Refused(refusal("“{name}” has changed: it does not follow from the files in “data”.", name=name))
    if list(files) != list(expected):
        raise Refused("The files are in another order than those of a package.")


def _require_files(names: Sequence[str], files: Files) -> None:
    for name in names:
        if name not in files:
            raise Refused(refusal("“{name}” is missing: the snapshot is incomplete.", name=name))


def _check_manifest(listing: bytes, files: Mapping[str, bytes], name: str) -> None:
    """Raise `Refused` unless the manifest lists exactly these files with their digests."""
    digests: dict[str, str] = {}
    for number, line in enumerate(listing.decode("utf-8", "replace").splitlines(), 1):
        digest, gap, path = line.partition("  ")
        if len(digest) != 64 or not gap or path in digests:
            raise Refused(refusal("Line {number} of “{name}” has changed.", number=number, name=name))
        digests[path] = digest
    for path, content in files.items():
        if path not in digests:
            raise Refused(
                refusal("“{path}” is not listed in “{name}”: it was added, or its line was.", path=path, name=name)
            )
        if sha256(content).hexdigest() != digests[path]:
            raise Refused(
                refusal("“{path}” has changed: its SHA-256 is not the one in “{name}”.", path=path, name=name)
            )
    if missing := sorted(set(digests) - set(files)):
        raise Refused(refusal("“{path}” is missing, although “{name}” lists it.", path=missing[0], name=name))


def _read_signer(signers: bytes) -> Verifier:
    line = signers.decode("utf-8", "replace")
    return Verifier(line.split(" ", 1)[0], sshsig.parse_public_key(line))


def _read_metadata(files: Files, folder: str) -> SnapshotMetadata:
    try:
        content = files[f"{PAYLOAD}snapshot.json"]
        plain = msgspec.json.decode(content)
        if canonical_json(plain) != content:
            raise ValueError
        _check_format(plain["format"])
        metadata = msgspec.json.decode(content, type=SnapshotMetadata)
        if not metadata.is_consistent:
            raise ValueError
    except (KeyError, TypeError, ValueError, RecursionError, msgspec.MsgspecError):
        raise Refused(refusal("“data/snapshot.json” cannot be read, so this is not a snapshot.")) from None
    if metadata.name != folder:
        raise Refused(
            refusal("The folder “{folder}” was renamed. Its name was “{name}”.", folder=folder, name=metadata.name)
        )
    return metadata


def _check_format(format_: str) -> None:
    if format_ not in ADDED_FIELDS:
        raise Refused(refusal("The format “{format}” is newer than this version of Uptake.", format=format_[:40]))


def _with_translations(metadata: SnapshotMetadata) -> SnapshotMetadata:
    """With the Korean summary where later formats have it."""
    if metadata.summary_ko and not metadata.translations:
        return msgspec.structs.replace(metadata, translations={"ko": {"summary": metadata.summary_ko}})
    return metadata


def _verify_log(package: VerifiedPackage) -> str:
    """Return the root of the packaged log. Raises `Refused` unless the checkpoint signs it."""
    try:
        note, lines = package.files[f"{PAYLOAD}{CHECKPOINT}"].decode(), package.lines
    except (KeyError, UnicodeDecodeError):
        raise Refused(refusal("The checkpoint or the events are missing: the snapshot is incomplete.")) from None
    checkpoint = signed_notes.open_note(note, [package.signer])
    _, ((name, signature), *others) = signed_notes.parse_note(note)
    if others or signed_notes.write_note(checkpoint, name, signature) != note or checkpoint.origin != name:
        raise Refused("The checkpoint is not in the form that a package has.")
    computed = log_root(lines)
    if (checkpoint.size, checkpoint.root) != (len(lines), computed) or package.metadata.log_position != len(lines):
        raise Refused(
            refusal(
                "The events are not those in the signed checkpoint: {events} lines against {size}.",
                events=len(lines),
                size=checkpoint.size,
            )
        )
    return computed.hex()


def read_key(file: Path) -> bytes:
    """Return the key in a file: an OpenSSH line, or a verifier key as `uptake key show` prints it.

    Raises `Refused` if there is none.
    """
    try:
        text = file.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError) as e:
        raise Refused(f"{file} cannot be read: {getattr(e, 'strerror', None) or 'it is not text'}.") from None
    try:
        if "ssh-ed25519" in text:
            return sshsig.parse_public_key(text)
        return signed_notes.parse_verifier(text.split()[0] if text else "").public
    except Refused:
        raise Refused(
            f"{file} has no Ed25519 key. Copy the line “ssh-ed25519 AAAA…” from the publisher’s page /verify/ into it, "
            "or what “uptake key show” prints there."
        ) from None
