"""Unpacks a bundle in a zip in memory, within limits."""

import io
import zipfile

from app.adapters.spreadsheets.zips import LimitedZip, ZipLimits, ZipRefused
from app.services.bundles.problems import BundleProblem, BundleRefused, refuse_file
from domain.errors import Refusal, refusal

MAX_MEMBER_BYTES = 64 * 2**20
MAX_TOTAL_BYTES = 256 * 2**20
MAX_MEMBERS = 1000
_MAX_ENTRIES = 100 * MAX_MEMBERS


def unpack(name: str, content: bytes, reason_if_not_zip: Refusal, *, deep: bool = False) -> dict[str, bytes]:
    """Return the members of a zip by name, without an optional top folder. Raises `BundleRefused`.

    `reason_if_not_zip` is the reason for anything that is not a zip; `deep` allows nested folders, as in spreadsheets.
    """
    if not zipfile.is_zipfile(io.BytesIO(content)):
        damaged = refusal("the zip is damaged.", cure="Make it again.")
        raise refuse_file(name, damaged if content[:2] == b"PK" else reason_if_not_zip)
    limits = ZipLimits(
        members=MAX_MEMBERS,
        member_bytes=MAX_MEMBER_BYTES,
        total_bytes=MAX_TOTAL_BYTES,
        depth=10 if deep else 2,
        entries=_MAX_ENTRIES,
    )
    try:
        archive = LimitedZip(content, limits)
        top = "" if deep else _top_folder(list(archive.members))
        return {member.removeprefix(top): archive.read(member) for member in archive.members}
    except ZipRefused as e:
        raise BundleRefused(BundleProblem(name, 0, "", reason) for reason in e.reasons) from None


def _top_folder(names: list[str]) -> str:
    tops = {name.partition("/")[0] if "/" in name else "" for name in names}
    return f"{top}/" if len(tops) == 1 and (top := tops.pop()) else ""
