"""What a backup says about itself, and whether its files are still those that were written."""

import json
from collections.abc import Iterator
from hashlib import file_digest
from pathlib import Path
from typing import TypedDict

from domain.errors import Refused

FORMAT = "uptake-backup-1"
MANIFEST = "manifest.json"


class Manifest(TypedDict):
    """When a backup was made, from which store; its rows by part and table, and the SHA-256 of each file."""

    format: str
    made_at: str
    store: str
    rows: dict[str, dict[str, int]]
    files: dict[str, str]


def read_manifest(src: Path) -> Manifest:
    """Raises `Refused` if the folder is not a backup, or one of another version."""
    try:
        manifest: Manifest = json.loads((src / MANIFEST).read_text("utf-8"))
        if manifest["format"] != FORMAT:
            raise Refused(f"{src} has the format “{manifest['format']}”. This version of Uptake reads “{FORMAT}”.")
        _check_fields(manifest)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise Refused(f"{src} is not a backup: it has no readable {MANIFEST}.") from None
    return manifest


def check_files(src: Path) -> Manifest:
    """The manifest, after each file was read. Raises `Refused` naming every file that is missing, changed or added."""
    manifest = read_manifest(src)
    if problems := list(_problems(src, manifest["files"])):
        raise Refused(*problems)
    return manifest


def digest(file: Path) -> str:
    with file.open("rb") as opened:
        return file_digest(opened, "sha256").hexdigest()


def _check_fields(manifest: Manifest) -> None:
    """Raises `ValueError`, or another error of a wrong type, for a field that cannot be read."""
    for name, sha256 in manifest["files"].items():
        if len(sha256) != 64 or ".." in Path(name).parts or Path(name).is_absolute():
            raise ValueError(name)
    manifest["made_at"].encode()
    manifest["rows"]["log"]["stored_events"] + 0


def _problems(src: Path, files: dict[str, str]) -> Iterator[str]:
    for name, expected in files.items():
        if not (src / name).is_file():
            yield f"{name} is missing from the backup."
        elif digest(src / name) != expected:
            yield f"{name} has changed since the backup was made."
    present = {str(p.relative_to(src)) for p in src.rglob("*") if p.is_file() or p.is_symlink()} - {MANIFEST}
    for name in sorted(present - set(files)):
        yield f"{name} does not belong to the backup."
