"""The metadata of a snapshot: everything its package is built from, except the public log."""

from datetime import date, datetime
from importlib.metadata import version

from msgspec import Struct

from app.services.snapshots.formats import FORMAT
from domain.times import full_day, instant

RECORDED_PACKAGES = ("python-docx", "typst", "uptake", "xlsxwriter")
"""Sorted, as canonical JSON writes them."""


class SnapshotMetadata(Struct, frozen=True, kw_only=True):
    """The content of `snapshot.json`. `log_position` is the number of events included.

    `reconstructed` says that the review was frozen later than its scheduled instant. `made_with` names the package
    versions that give the same bytes again. The first format has a Korean summary and no `translations`.
    """

    format: str = FORMAT
    register: str
    review: str
    as_of: str
    known_at: str
    log_position: int
    origin: str
    reconstructed: bool
    signed_off: bool
    summary: str = ""
    summary_ko: str = ""
    translations: dict[str, dict[str, str]] = {}
    made_with: dict[str, str] = {}

    @property
    def day(self) -> date:
        return full_day(self.as_of)

    @property
    def known(self) -> datetime:
        return instant(self.known_at)

    @property
    def name(self) -> str:
        """The name of the package, its folder and its file."""
        return f"{self.register}_{self.review}_{self.as_of}"

    @property
    def address(self) -> str:
        """The permanent address of the review."""
        return f"https://{self.origin}/{self.register}/reviews/{self.review}/{self.as_of}/"


def installed_versions() -> dict[str, str]:
    return {name: version(name) for name in RECORDED_PACKAGES}
