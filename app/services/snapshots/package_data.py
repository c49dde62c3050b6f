"""Builds the data of a package: the files that follow from its events alone, the same in every later version."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

import msgspec
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf
from app.presentation.answers.compared_times import ComparedTimes
from app.presentation.answers.comparisons import serialize_comparison
from app.presentation.answers.serializers import in_item_order, serialize_scorecard
from app.presentation.i18n.languages import report_languages
from app.presentation.i18n.localize import originals_in
from app.presentation.i18n.status_words import chosen_scale, display_scale
from app.presentation.i18n.translation import texts_in
from app.presentation.narrative.review_days import review_days
from app.presentation.narrative.source_dates import SourceDates
from app.presentation.narrative.strict_reading import StrictReading
from app.services.bundles.exporting import export_bundle
from app.services.bundles.logo_settings import LOGO
from app.services.bundles.writing import bundle_files
from app.services.snapshots.comparison_start import ComparisonStart, find_comparison_start, times_of
from app.services.snapshots.deposit_metadata import (
    DATACITE,
    ZENODO,
    Deposit,
    describe_for_datacite,
    describe_for_zenodo,
)
from app.services.snapshots.description import build_citation, describe_crate, describe_data_package
from app.services.snapshots.disk_backed_files import DiskBackedFiles
from app.services.snapshots.face import derive_face
from app.services.snapshots.formats import canonical_json, has_strict_reading, names_publisher, package_json
from app.services.snapshots.heading import ReportHeading, build_heading
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_views import open_views
from app.services.snapshots.personal_signatures import sign_off_files
from app.services.snapshots.proof import build_proof
from app.services.snapshots.public_log import PackedLog, Texts
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.strict_reading import strict_reading
from domain.errors import Refused
from domain.methodology.versions import methodology_of
from domain.review.schedule import due_at
from domain.review.state import SignOff
from domain.values import Logo
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.engine.batches import END_OF_TIME
from projections.reviews.queries import last_frozen_before
from projections.scorecards.comparison import compare
from projections.scorecards.queries import counts

CHECKPOINT, CRATE = "checkpoint", "ro-crate-metadata.json"


class PackageSource(Struct, frozen=True, dict=True):
    """What every file of a package is built from: its own events as projections, and the times to look at."""

    db: Connection
    metadata: SnapshotMetadata
    sign_offs: tuple[SignOff, ...]
    entry: RegisterEntry
    times: AsOf
    since: ComparisonStart
    lines: Sequence[bytes]
    checkpoint: bytes
    log: PackedLog

    @property
    def packed_strict_reading(self) -> StrictReading | None:
        """The strict reading, if the format of the package has it."""
        return self.strict_reading if has_strict_reading(self.metadata.format) else None

    @cached_property
    def strict_reading(self) -> StrictReading:
        end_of_day = due_at(self.metadata.day, self.entry.settings.time_zone)
        return strict_reading(self.db, self.log, self.metadata, end_of_day)


@contextmanager
def open_source(
    claimed: SnapshotMetadata, lines: Sequence[bytes], evidence_by_id: Texts, checkpoint: bytes
) -> Iterator[PackageSource]:
    """Yield the source of a package whose metadata is derived from its events; see `derive_face`."""
    log = PackedLog(lines, evidence_by_id)
    with open_views(log) as db:
        entry = catalogue.register(db, claimed.register)
        if entry is None:
            raise Refused(f"The log of this package holds no register “{claimed.register}”.")
        metadata, sign_offs = derive_face(db, log, claimed, entry)
        times, settings = times_of(entry, metadata.as_of, metadata.known), entry.as_known(metadata.known).settings
        with originals_in(settings.languages[0]), display_scale(chosen_scale(settings)):
            since = find_comparison_start(db, metadata, entry)
            yield PackageSource(db, metadata, sign_offs, entry, times, since, lines, checkpoint, log)


def load_report_data(source: PackageSource) -> ReportData:
    """Load what the reports show. Raises `Refused` if no recommendation was on the scorecard."""
    db, metadata, times = source.db, source.metadata, source.times
    comparison = in_item_order(
        db, metadata.register, compare(db, metadata.register, source.since.times.pair, times.pair)
    )
    data = ReportData(
        db, metadata, source.entry, times, comparison, source.since, source.sign_offs, source.packed_strict_reading
    )
    if not data.standings:
        raise Refused(f"No recommendation was on the scorecard of “{metadata.register}” on {metadata.as_of}.")
    return data


def build_data(source: PackageSource, sources: SourceDates | None = None) -> DiskBackedFiles:
    """Return the files by path, all but the description of the package, which names the other files too.

    `sources` are those of the report data, which is loaded for them if it is not at hand. Raises as `load_report_data`.
    """
    sources = sources or load_report_data(source).sources
    db, metadata, files = source.db, source.metadata, DiskBackedFiles()
    scorecard = replace(serialize_scorecard(db, source.entry, source.times), log_position=metadata.log_position)
    times = ComparedTimes(source.since.times, source.times, since_recommended=False)
    answers: Mapping[str, object] = {
        "compare.json": serialize_comparison(db, metadata.register, times),
        "methodology.json": methodology_of(source.entry.settings.methodology),
        "scorecard.json": msgspec.to_builtins(scorecard) | {"sources": sources, "strict": source.packed_strict_reading},
        "snapshot.json": metadata,
    }
    files.update({name: package_json(metadata.format, name, answer) for name, answer in answers.items()})
    files.update(_bundle_files(source))
    files.update(sign_off_files(metadata, source.sign_offs))
    files["events.jsonl"] = b"\n".join([*source.lines, b""])
    files[CHECKPOINT] = source.checkpoint
    files["proof.json"] = canonical_json(build_proof(source.lines))
    files["CITATION.cff"] = build_citation(metadata, _heading(source))
    if names_publisher(metadata.format):
        files.update(_publisher_files(source))
    return files


def build_description(source: PackageSource, names: Iterable[str]) -> bytes:
    """Describe the package as an RO-Crate; `names` are the paths of all other files, sorted."""
    return describe_crate(source.metadata, _heading(source), names)


def _bundle_files(source: PackageSource) -> dict[str, bytes]:
    """Return the CSV files and their description."""
    bundle = export_bundle(source.db, source.metadata.register, source.times.pair)
    assert bundle is not None
    if not names_publisher(source.metadata.format):
        bundle = replace(bundle, logo=Logo())
    description = {"datapackage.json": describe_data_package(source.metadata, bundle)}
    return description | {f"bundle/{name}": content for name, content in bundle_files(bundle).items()}


def _publisher_files(source: PackageSource) -> dict[str, bytes]:
    """What registries of DOIs ask for, and the logo where there is one."""
    db, metadata = source.db, source.metadata
    earlier = last_frozen_before(db, metadata.register, metadata.review, metadata.as_of)
    snapshot = earlier[1].snapshot if earlier else None
    deposit = Deposit(
        metadata,
        {language: _heading(source, language) for language in report_languages(source.entry.settings.languages)},
        list(catalogue.publications(db, metadata.register, metadata.known).values()),
        snapshot.doi if snapshot else "",
    )
    logo = catalogue.logo(db, metadata.register, END_OF_TIME).png
    return {
        DATACITE: describe_for_datacite(deposit),
        ZENODO: describe_for_zenodo(deposit),
        **({LOGO: logo} if logo else {}),
    }


def _heading(source: PackageSource, language: str = "") -> ReportHeading:
    """The heading in a language, or else in the first one of the report."""
    db, metadata, settings = source.db, source.metadata, source.entry.settings
    with texts_in(language or report_languages(settings.languages)[0]):
        schedules = catalogue.reviews(db, metadata.register, metadata.known).values()
        numbers = counts(db, metadata.register, source.times.pair)
        return build_heading(metadata, settings, review_days(schedules, source.times.as_of), numbers)
