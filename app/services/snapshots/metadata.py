"""The metadata of a snapshot: everything its package is built from, except the public log."""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta, Struct

from app.adapters.setting_values import HOST
from app.services.snapshots.formats import FORMAT
from domain.times import full_day, instant, written

Name = Annotated[str, Meta(pattern=r"\A[A-Za-z][A-Za-z0-9_-]*\Z")]
"""The name of a language, of a field, or of a Python package. Letters in ASCII sort alike in every language."""


class SnapshotMetadata(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of `snapshot.json`. `log_position` is the number of events included.

    `reconstructed` says that the review was frozen later than its scheduled instant. `made_with` names the
    builder that gives the same bytes again. The first format has a Korean summary and no `translations`.
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
    translations: dict[Name, dict[Name, str]] = {}
    made_with: dict[Name, str] = {}
    doi: str = ""

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
    def is_consistent(self) -> bool:
        """Whether the texts are written as Uptake writes them. Raises `Refused` if a date is none."""
        are_dates = self.day.isoformat() == self.as_of and written(self.known) == self.known_at
        return are_dates and bool(HOST.fullmatch(self.origin) and self.register and self.review)

    @property
    def address(self) -> str:
        """The permanent address of the review."""
        return review_address(self.origin, self.register, self.review, self.as_of)


def review_address(origin: str, register: str, review: str, as_of: str) -> str:
    return f"https://{origin}/{register}/reviews/{review}/{as_of}/"
