"""The face of a snapshot: all that its package is made from, beside the public log."""

from datetime import date, datetime
from importlib.metadata import version

import msgspec
from msgspec import Struct

from domain.times import full_day, instant

FORMAT = "uptake-snapshot-1"
RECORDED_PACKAGES = ("python-docx", "typst", "uptake", "xlsxwriter")
"""In the order in which canonical JSON writes them."""


class SnapshotMetadata(Struct, frozen=True, kw_only=True):
    """`snapshot.json` of a package. `log_position` is the number of events that it stands on.

    `reconstructed` says that the package was put together later than the review's own instant. `made_with` names the
    versions under which the same bytes come out again.
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
    made_with: dict[str, str] = {}

    @property
    def day(self) -> date:
        return full_day(self.as_of)

    @property
    def known(self) -> datetime:
        return instant(self.known_at)

    @property
    def name(self) -> str:
        """Of the package, its folder and its file."""
        return f"{self.register}_{self.review}_{self.as_of}"

    @property
    def address(self) -> str:
        """Where the review can be read for good."""
        return f"https://{self.origin}/{self.register}/reviews/{self.review}/{self.as_of}/"


def installed_versions() -> dict[str, str]:
    return {name: version(name) for name in RECORDED_PACKAGES}


def canonical_json(data: object) -> bytes:
    """JSON of RFC 8785: for texts, whole numbers and lists, which is all that packages hold."""
    return msgspec.json.encode(data, order="sorted")
