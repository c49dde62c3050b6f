"""Makes a package again from the events inside it, and compares the two byte for byte."""

import csv
import io
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct
from sqlalchemy.exc import OperationalError

from app.services.snapshots import bagit, package_store
from app.services.snapshots.content import CHECKPOINT, build_payload
from app.services.snapshots.metadata import installed_versions
from app.services.snapshots.verify import VerifiedPackage, verify
from domain.errors import Refused, refusal
from domain.values import EvidenceText


class RebuildResult(Struct, frozen=True):
    """`differs` is the first file that came out otherwise, empty where all are the same."""

    verified: VerifiedPackage
    file: Path
    differs: str


def rebuild(file: Path, out: Path) -> RebuildResult:
    """Verify, make again, write to a folder. Signature and checkpoint are copied: they need the key."""
    found = verify(file)
    name = f"{found.face.name}.zip"
    if (out / name).exists():
        raise Refused(refusal("{file} is there already; name another folder.", file=str(out / name)))
    made = _made(found)
    files = bagit.build_bag_with_signature(found.face, made, found.files[bagit.SIGNATURE], found.files[bagit.SIGNERS])
    package_store.write_whole(out / name, lambda dest: bagit.write_bag(found.face, files, dest))
    names = [*found.files, *(n for n in files if n not in found.files)]
    differs = next((n for n in names if n.startswith(bagit.PAYLOAD) and files.get(n) != found.files.get(n)), "")
    if not differs:
        differs = next((n for n in names if files.get(n) != found.files.get(n)), "")
    return RebuildResult(found, out / name, differs)


def _made(found: VerifiedPackage) -> Mapping[str, bytes]:
    """A stranger can sign events that no register could have had, and tables that are none."""
    try:
        return build_payload(
            found.face, found.lines, _texts(found), found.payload[CHECKPOINT], found.signer.fingerprint
        )
    except (Refused, OSError, OperationalError):
        raise
    except Exception as e:
        why = f"{type(e).__name__}: {e}"[:200]
        raise Refused(refusal("No package can be made from the events inside it: {why}.", why=why)) from None


def differing_versions(found: VerifiedPackage) -> list[str]:
    """What is installed here in another version than the package was made with."""
    here = installed_versions()
    return [f"{n} {here.get(n, '–')} instead of {v}" for n, v in found.face.made_with.items() if here.get(n) != v]


def _texts(found: VerifiedPackage) -> dict[str, EvidenceText]:
    text = found.payload["bundle/evidence.csv"].decode()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    return {
        row["id"]: EvidenceText(
            title=row["title"], url=row["url"], summary=row["summary"], summary_ko=row["summary_ko"]
        )
        for row in rows
        if row["title"]
    }
