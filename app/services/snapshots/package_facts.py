"""What a stored package says of itself, for the sentences on the page of its review."""

import zipfile
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from app.adapters.settings import Settings
from app.presentation.i18n.languages import report_languages
from app.presentation.narrative.source_dates import SourceDates
from app.presentation.narrative.strict_reading import StrictReading
from app.services.snapshots import package_store
from app.services.snapshots.bagit import PAYLOAD
from app.services.snapshots.formats import has_report_for_each_language, report_name
from domain.errors import Refused
from domain.values import DEFAULT_LANGUAGES

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject

MAX_REMEMBERED = 1_000


class PackageFacts(Struct, frozen=True):
    """The publisher's host, the dates of the sources, the strict reading, and the names of the reports by language.

    `sources` and `strict` are None for a format without them. `reports` is empty where one file holds all languages.
    """

    origin: str
    sources: SourceDates | None = None
    strict: StrictReading | None = None
    reports: tuple[tuple[str, str], ...] = ()


class _Scorecard(Struct):
    sources: SourceDates | None = None
    strict: StrictReading | None = None


class _Metadata(Struct):
    format: str
    origin: str


class _Register(Struct):
    languages: tuple[str, ...] = DEFAULT_LANGUAGES


def read_package_facts(settings: Settings, package: str) -> PackageFacts:
    """`package` is the digest of the file. Where it is missing, the publisher is this site."""
    try:
        return _read(package_store.get(settings, package))
    except (Refused, OSError):
        return PackageFacts(settings.origin)


@lru_cache(maxsize=MAX_REMEMBERED)
def _read(package: "Path | RemoteObject") -> PackageFacts:
    """A stored package never changes, so it is read once."""
    with package.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        names = {name.partition(f"/{PAYLOAD}")[2]: name for name in archive.namelist()}
        metadata = msgspec.json.decode(archive.read(names["snapshot.json"]), type=_Metadata)
        scorecard = msgspec.json.decode(archive.read(names["scorecard.json"]), type=_Scorecard)
        register = msgspec.json.decode(archive.read(names["bundle/register.json"]), type=_Register)
    return PackageFacts(
        metadata.origin, scorecard.sources, scorecard.strict, _reports(metadata.format, register.languages)
    )


def _reports(format_: str, languages: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    if not has_report_for_each_language(format_):
        return ()
    written = report_languages(languages)
    return tuple((language, report_name(format_, written, language)) for language in written)
