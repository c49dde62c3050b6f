"""Builds the payload of a package: its data, and the renderings that people read, by this version of Uptake."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path, PurePath

from app.presentation.i18n.languages import report_languages
from app.presentation.narrative.source_dates import SourceDates
from app.services.snapshots import standalone_verifier
from app.services.snapshots.charts import draw_charts
from app.services.snapshots.compressed_zip import compress
from app.services.snapshots.disk_backed_files import DiskBackedFiles
from app.services.snapshots.document import build_document
from app.services.snapshots.formats import VERIFIER, chart_path, has_verifier, report_name
from app.services.snapshots.html_page import HtmlReport
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.package_data import CRATE, PackageSource, build_data, build_description, load_report_data
from app.services.snapshots.pdf import build_pdf
from app.services.snapshots.printed_scorecard import printed_scorecard
from app.services.snapshots.report import Report
from app.services.snapshots.report_builder import build_report, in_language
from app.services.snapshots.report_data import ReportData
from app.services.snapshots.verification_info import VerificationInfo, verification_info
from app.services.tables.csv_files import DataTable, read_table
from app.services.tables.dictionary import build_dictionary
from app.services.tables.printed_table import PrintedTable
from app.services.tables.scorecard import scorecard_table
from app.services.tables.workbook import write_workbook


def build_payload(source: PackageSource, fingerprint: str) -> DiskBackedFiles:
    """Return the files by path. `fingerprint` identifies the signing key.

    Raises `Refused` if there is no scorecard to freeze.
    """
    metadata, files = source.metadata, DiskBackedFiles()
    verification = verification_info(source.checkpoint, fingerprint)
    reports, scorecard, printed, sources = _add_reports(files, source, verification)
    files.update(build_data(source, sources))
    tables = _tables(scorecard, files, source.entry.settings.languages)
    files["scorecard.xlsx"] = compress(
        write_workbook(_cover(metadata, reports), tables, metadata.known, reports[0].keeper.name, printed)
    )
    if has_verifier(metadata.format):
        files[VERIFIER] = Path(standalone_verifier.__file__).read_bytes()
    files[CRATE] = build_description(source, files)
    return files


def _add_reports(
    files: DiskBackedFiles, source: PackageSource, verification: VerificationInfo
) -> tuple[list[Report], DataTable, list[PrintedTable], SourceDates]:
    """Add the reports and charts; the report data, the largest part, is freed on return."""
    metadata, data = source.metadata, load_report_data(source)
    reports, files["index.html"] = _build_reports(metadata, verification, data)
    languages = [report.language for report in reports]
    charts = {language: draw_charts(data, language) for language in languages}
    for language, drawn in charts.items():
        paths = {name: chart_path(metadata.format, languages, language, name) for name in drawn}
        files.update({paths[name]: content for name, content in drawn.items()})
    for name, some in groupby(reports, lambda report: report_name(metadata.format, languages, report.language)):
        printed = list(some)
        files[f"{name}.docx"] = build_document(metadata, printed, charts, data.logo)
        files[f"{name}.pdf"] = build_pdf(metadata, verification, printed, data, charts)
    table = scorecard_table(source.db, source.entry, data.standings, data.facts, source.times)
    sheets = [printed_scorecard(source.db, data, report) for report in reports]
    return reports, table, sheets, data.sources


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
            (r.words["sheets"], r.words["sheets_text"]),
        ]
    return lines


def _tables(scorecard: DataTable, files: Mapping[str, bytes], languages: Sequence[str]) -> Iterator[DataTable]:
    """Yield the tables one by one, so that memory holds only one of them."""
    yield scorecard
    yield from (read_table(PurePath(name).stem, content) for name, content in files.items() if name.endswith(".csv"))
    yield build_dictionary(languages)
