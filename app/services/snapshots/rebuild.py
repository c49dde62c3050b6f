"""Rebuilds a package from the events inside it, and compares its data and its renderings, apart from each other."""

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from msgspec import Struct

from app.services.snapshots import bagit, package_store
from app.services.snapshots.builder import installed_builder
from app.services.snapshots.content import build_payload
from app.services.snapshots.package_data import CRATE
from app.services.snapshots.recomputation import (
    describe_as_packed,
    differing_data,
    differing_renderings,
    explain_difference,
    open_package,
)
from app.services.snapshots.verify import VerifiedPackage, verify
from domain.errors import Refused, refusal


class RebuildVerdict(StrEnum):
    SAME = "same"
    OTHER_BUILDER = "other_builder"
    CHANGED = "changed"


class RebuildResult(Struct, frozen=True):
    """A rebuilt package, with the paths in `data/` of the files that differ. `problem` says why it is changed."""

    verified: VerifiedPackage
    file: Path
    data: Sequence[str]
    renderings: Sequence[str]
    problem: str = ""

    @property
    def verdict(self) -> RebuildVerdict:
        """Renderings may differ only if another builder made them."""
        if self.problem:
            return RebuildVerdict.CHANGED
        return RebuildVerdict.OTHER_BUILDER if self.renderings else RebuildVerdict.SAME


def rebuild(file: Path, out: Path) -> RebuildResult:
    """Verify a package, rebuild it, and write it to `out`; see `rebuild_verified`."""
    return rebuild_verified(verify(file), out)


def rebuild_verified(package: VerifiedPackage, out: Path) -> RebuildResult:
    """Rebuild a package and write it to `out`, whether or not it differs.

    Copies signature and checkpoint, which need the key. Raises `Refused` if the file is there already, and
    `NotFromEvents` if the events inside the package do not make one.
    """
    name = f"{package.metadata.name}.zip"
    if (out / name).exists():
        raise Refused(refusal("{file} already exists. Name another folder.", file=str(out / name)))
    with open_package(package) as source:
        metadata, payload = source.metadata, build_payload(source, package.signer.fingerprint)
        payload[CRATE] = describe_as_packed(source, package)
    files = bagit.build_bag_with_signature(
        metadata, payload, package.files[bagit.SIGNATURE], package.files[bagit.SIGNERS]
    )
    package_store.write_whole(out / name, lambda dest: bagit.write_bag(metadata, files, dest))
    data, renderings = differing_data(package, payload), differing_renderings(package, payload)
    problem = ""
    if data:
        problem = explain_difference(package, payload, data[0])
    elif renderings and package.metadata.made_with == installed_builder():
        problem = refusal(
            "“data/{name}” is not what its builder makes from the events, although this is that builder.",
            name=renderings[0],
        )
    return RebuildResult(package, out / name, data, renderings, problem)
