"""Rebuilds a package from the events inside it, and compares the two byte for byte."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from sqlalchemy.exc import OperationalError

from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.rows import REMOVED_TITLE
from app.services.snapshots import bagit, package_store
from app.services.snapshots.content import CHECKPOINT, build_payload
from app.services.snapshots.formats import VERIFIER
from app.services.snapshots.metadata import installed_versions
from app.services.snapshots.verify import VerifiedPackage, verify
from domain.errors import Refused, refusal
from domain.values import EvidenceText, arrange_translations


class RebuildResult(Struct, frozen=True):
    """A rebuilt package. `first_difference` is the first file that differs, or empty."""

    verified: VerifiedPackage
    file: Path
    first_difference: str


def rebuild(file: Path, out: Path) -> RebuildResult:
    """Verify a package, rebuild it, and write it to `out`.

    Copies signature and checkpoint, which need the key, and the program, which later versions of Uptake replace.
    """
    package = verify(file)
    name = f"{package.metadata.name}.zip"
    if (out / name).exists():
        raise Refused(refusal("{file} already exists. Name another folder.", file=str(out / name)))
    payload = _rebuild_payload(package)
    files = bagit.build_bag_with_signature(
        package.metadata, payload, package.files[bagit.SIGNATURE], package.files[bagit.SIGNERS]
    )
    package_store.write_whole(out / name, lambda dest: bagit.write_bag(package.metadata, files, dest))
    names = [*package.files, *(n for n in files if n not in package.files)]
    first_difference = next(
        (n for n in names if n.startswith(bagit.PAYLOAD) and files.get(n) != package.files.get(n)), ""
    )
    if not first_difference:
        first_difference = next((n for n in names if files.get(n) != package.files.get(n)), "")
    return RebuildResult(package, out / name, first_difference)


def _rebuild_payload(package: VerifiedPackage) -> Mapping[str, bytes]:
    """Build the payload. Raises `Refused` even for events that no valid register has: anyone can sign a package."""
    try:
        return build_payload(
            package.metadata,
            package.lines,
            _evidence_texts(package),
            package.payload[CHECKPOINT],
            package.signer.fingerprint,
            package.payload.get(VERIFIER, b""),
        )
    except (Refused, OSError, OperationalError):
        raise
    except Exception as e:
        why = f"{type(e).__name__}: {e}"[:200]
        raise Refused(refusal("The events inside it do not make a package: {why}.", why=why)) from None


def differing_versions(package: VerifiedPackage) -> list[str]:
    """List the installed packages whose version differs from the one that made the package."""
    installed = installed_versions()
    return [
        f"{n} {installed.get(n, '–')} instead of {v}"
        for n, v in package.metadata.made_with.items()
        if installed.get(n) != v
    ]


def _evidence_texts(package: VerifiedPackage) -> dict[str, EvidenceText]:
    text = package.payload["bundle/evidence.csv"].decode()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {
        row["id"]: EvidenceText(
            title=row["title"], url=row["url"], summary=row["summary"], translations=_translations(row)
        )
        for row in rows
        if row["title"] not in ("", REMOVED_TITLE)
    }


def _translations(row: dict[str, str]) -> dict[str, dict[str, str]]:
    """The texts of a row in columns such as `summary_ko`."""
    found = {name: SHEETS_BY_NAME["evidence"].find_translation(name) for name in row}
    return arrange_translations((c.language, c.original, row[name]) for name, c in found.items() if c)
