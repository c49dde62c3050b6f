"""Builds the payload of a package from its metadata, its public log and the texts of its evidence only."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path, PurePath

import msgspec
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf, resolve
from app.presentation.answers.compared_times import ComparedTimes
from app.presentation.answers.comparisons import serialize_comparison
from app.presentation.answers.serializers import in_item_order, serialize_scorecard
from app.presentation.i18n.languages import report_languages
from app.presentation.i18n.localize import originals_in
from app.presentation.i18n.status_words import chosen_scale, display_scale
from app.services.bundles.exporting import export_bundle
from app.services.bundles.writing import bundle_files
from app.services.snapshots import standalone_verifier
from app.services.snapshots.charts import draw_charts
from app.services.snapshots.description import build_citation, describe_crate, describe_data_package
from app.services.snapshots.disk_backed_files import DiskBackedFiles
from app.services.snapshots.document import build_document
from app.services.snapshots.formats import VERIFIER, canonical_json, has_verifier, package_json
from app.services.snapshots.html_page import HtmlReport
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_views import open_views
from app.services.snapshots.pdf import build_pdf
from app.services.snapshots.proof import build_proof
from app.services.snapshots.public_log import PackedLog, Texts
from app.services.snapshots.report import Report
from app.services.snapshots.report_builder import build_report, in_language
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.uncompressed_zip import store_uncompressed
from app.services.snapshots.verification_info import VerificationInfo, verification_info
from app.services.tables.csv_files import DataTable, read_table
from app.services.tables.dictionary import build_dictionary
from app.services.tables.scorecard import scorecard_table
from app.services.tables.workbook import write_workbook
from domain.errors import Refused
from domain.methodology.versions import methodology_of
from domain.times import first_day, written
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.reviews.queries import last_frozen_before
from projections.scorecards.comparison import compare

CHECKPOINT = "checkpoint"


def build_payload(
    metadata: SnapshotMetadata,
    lines: Sequence[bytes],
    evidence_by_id: Texts,
    checkpoint: bytes,
    fingerprint: str,
    program: bytes = b"",
) -> DiskBackedFiles:
    """Return the files by path. `fingerprint` identifies the signing key; `program` replaces today's `verify.py`.

    Raises `Refused` if there is no scorecard to freeze.
    """
    with open_views(PackedLog(lines, evidence_by_id)) as db:
        entry = catalogue.register(db, metadata.register)
        if entry is None:
            raise Refused(f"The log of this package holds no register “{metadata.register}”.")
        files, times = DiskBackedFiles(), _as_of(entry, metadata.as_of, metadata.known)
        files.update(_bundle_files(db, metadata, times))
        verification, settings = verification_info(checkpoint, fingerprint), entry.as_known(metadata.known).settings
        with originals_in(settings.languages[0]), display_scale(chosen_scale(settings)):
            reports, scorecard = _add_reports(files, db, metadata, entry, times, verification)
    tables = _tables(scorecard, files, entry.settings.languages)
    files["scorecard.xlsx"] = store_uncompressed(
        write_workbook(_cover(metadata, reports), tables, metadata.known, reports[0].keeper.name)
    )
    files["events.jsonl"] = b"\n".join([*lines, b""])
    files[CHECKPOINT] = checkpoint
    if has_verifier(metadata.format):
        files[VERIFIER] = program or Path(standalone_verifier.__file__).read_bytes()
    files["proof.json"] = canonical_json(build_proof(lines))
    files["ro-crate-metadata.json"] = describe_crate(metadata, reports[0], files)
    return files


def _add_reports(
    files: DiskBackedFiles,
    db: Connection,
    metadata: SnapshotMetadata,
    entry: RegisterEntry,
    times: AsOf,
    verification: VerificationInfo,
) -> tuple[list[Report], DataTable]:
    """Add the reports, charts and JSON files; the report data, the largest part, is freed on return."""
    since = _comparison_start(db, metadata, entry)
    comparison = in_item_order(db, metadata.register, compare(db, metadata.register, since.pair, times.pair))
    data = ReportData(db, metadata, entry, times, comparison, since)
    if not data.standings:
        raise Refused(f"No recommendation was on the scorecard of “{metadata.register}” on {metadata.as_of}.")
    reports, files["index.html"] = _build_reports(metadata, verification, data)
    chart_files = draw_charts(data)
    scorecard = msgspec.structs.replace(serialize_scorecard(db, entry, times), log_position=metadata.log_position)
    methodology = methodology_of(entry.settings.methodology)
    files.update(
        {
            "CITATION.cff": build_citation(metadata, reports[0]),
            **_json_files(
                metadata.format,
                {
                    "compare.json": serialize_comparison(
                        db, metadata.register, ComparedTimes(since, times, since_recommended=False)
                    ),
                    "methodology.json": methodology,
                    "scorecard.json": msgspec.to_builtins(scorecard) | {"sources": data.sources},
                    "snapshot.json": metadata,
                },
            ),
            "report.docx": build_document(metadata, reports),
            "report.pdf": build_pdf(metadata, verification, reports, data, chart_files, methodology.version),
            **{f"charts/{name}": content for name, content in chart_files.items()},
        }
    )
    return reports, scorecard_table(db, entry, data.standings, data.facts, times)


def _json_files(format_: str, answers: Mapping[str, object]) -> dict[str, bytes]:
    return {name: package_json(format_, name, answer) for name, answer in answers.items()}


def _bundle_files(db: Connection, metadata: SnapshotMetadata, times: AsOf) -> dict[str, bytes]:
    """Return the CSV files and their description."""
    bundle = export_bundle(db, metadata.register, times.pair)
    assert bundle is not None
    files = bundle_files(bundle)
    description = {"datapackage.json": describe_data_package(metadata, bundle)}
    return description | {f"bundle/{name}": content for name, content in files.items()}


def _build_reports(
    metadata: SnapshotMetadata, verification: VerificationInfo, data: ReportData
) -> tuple[list[Report], bytes]:
    """Return the report in each language, shortened for PDF and document, and the HTML page with all of it."""
    page, reports = HtmlReport(metadata, verification, data), []
    for language in report_languages(data.entry.settings.languages):
        with in_language(language):
            full_report = build_report(data, language)
            page.add(full_report)
        reports.append(full_report.shortened)
        del full_report
    return reports, page.finish()


def _as_of(entry: RegisterEntry, as_of: str, instant: datetime) -> AsOf:
    return resolve(entry, instant, instant, as_of, written(instant))


def _comparison_start(db: Connection, metadata: SnapshotMetadata, entry: RegisterEntry) -> AsOf:
    """Compare with the previous snapshot of this review, or with the day of the first recommendation."""
    earlier = last_frozen_before(db, metadata.register, metadata.review, metadata.as_of)
    if earlier and (last := earlier[1].snapshot):
        return _as_of(entry, earlier[0], last.known_at)
    recommended = catalogue.recommendations(db, metadata.register, metadata.known).values()
    first = min((first_day(r.facts.recommended_on) for r in recommended), default=metadata.day)
    return _as_of(entry, min(first, metadata.day).isoformat(), metadata.known)


def _cover(metadata: SnapshotMetadata, reports: Sequence[Report]) -> list[tuple[str, str]]:
    lines = []
    for r in reports:
        lines += [
            (r.register, r.title),
            ("", r.headline),
            (r.words["as_of"], r.as_of),
            (r.words["known"], r.known),
            *r.kept,
            *(("", note) for _kind, note in r.notes),
            (r.words["address"], metadata.address),
        ]
    return lines


def _tables(scorecard: DataTable, files: Mapping[str, bytes], languages: Sequence[str]) -> Iterator[DataTable]:
    """Yield the tables one by one, so that memory holds only one of them."""
    yield scorecard
    yield from (read_table(PurePath(name).stem, content) for name, content in files.items() if name.endswith(".csv"))
    yield build_dictionary(languages)
