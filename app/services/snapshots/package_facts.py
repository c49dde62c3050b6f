"""What a stored package says of itself, for the sentences on the page of its review."""

import zipfile
from functools import lru_cache
from pathlib import Path

import msgspec
from msgspec import Struct

from app.adapters.settings import Settings
from app.presentation.narrative.source_dates import SourceDates
from app.presentation.narrative.strict_reading import StrictReading
from app.services.snapshots import package_store
from app.services.snapshots.bagit import PAYLOAD
from domain.errors import Refused

MAX_REMEMBERED = 1_000


class PackageFacts(Struct, frozen=True):
    """The publisher's host, the dates of the sources, and the strict reading; None for a format without them."""

    origin: str
    sources: SourceDates | None = None
    strict: StrictReading | None = None


class _Scorecard(Struct):
    sources: SourceDates | None = None
    strict: StrictReading | None = None


class _Metadata(Struct):
    origin: str


def read_package_facts(settings: Settings, package: str) -> PackageFacts:
    """`package` is the digest of the file. Where it is missing, the publisher is this site."""
    try:
        return _read(package_store.get(settings, package))
    except (Refused, OSError):
        return PackageFacts(settings.origin)


@lru_cache(maxsize=MAX_REMEMBERED)
def _read(file: Path) -> PackageFacts:
    """A stored package never changes, so it is read once."""
    with zipfile.ZipFile(file) as archive:
        names = {name.partition(f"/{PAYLOAD}")[2]: name for name in archive.namelist()}
        origin = msgspec.json.decode(archive.read(names["snapshot.json"]), type=_Metadata).origin
        scorecard = msgspec.json.decode(archive.read(names["scorecard.json"]), type=_Scorecard)
    return PackageFacts(origin, scorecard.sources, scorecard.strict)
