"""The payload of a package: a function of its face, its public log and the texts of its evidence, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

import msgspec
from sqlalchemy import Connection

from app.presentation.answers.as_of import AsOf, resolve
from app.presentation.answers.serializers import compare_answer, scorecard_answer
from app.presentation.i18n.languages import RECORD_LANGUAGES
from app.services.bundles.exporting import export_bundle
from app.services.bundles.writing import bundle_files
from app.services.snapshots.charts import draw_charts
from app.services.snapshots.description import build_citation, describe_crate, describe_data_package
from app.services.snapshots.disk_backed_files import DiskBackedFiles
from app.services.snapshots.document import build_document
from app.services.snapshots.html_page import HtmlReport
from app.services.snapshots.metadata import SnapshotMetadata, canonical_json
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
    face: SnapshotMetadata, lines: Sequence[bytes], texts: Texts, checkpoint: bytes, fingerprint: str
) -> DiskBackedFiles:
    """The files by path; `fingerprint` is that of the key that signs.

    Raises `Refused` where there is no scorecard to freeze.
    """
    with open_views(PackedLog(lines, texts)) as db:
        entry = catalogue.register(db, face.register)
        if entry is None:
            raise Refused(f"The log of this package holds no register “{face.register}”.")
        made, times = DiskBackedFiles(), _times(entry, face.as_of, face.known)
        made.update(_bundle(db, face, times))
        reports, scorecard = _report(made, db, face, entry, times, verification_info(checkpoint, fingerprint))
    made["scorecard.xlsx"] = store_uncompressed(
        write_workbook(_cover(face, reports), _tables(scorecard, made), face.known)
    )
    made["events.jsonl"] = b"\n".join([*lines, b""])
    made[CHECKPOINT] = checkpoint
    made["proof.json"] = canonical_json(build_proof(lines))
    made["ro-crate-metadata.json"] = describe_crate(face, reports[0], made)
    return made


def _report(
    made: DiskBackedFiles,
    db: Connection,
    face: SnapshotMetadata,
    entry: RegisterEntry,
    times: AsOf,
    seal: VerificationInfo,
) -> tuple[list[Report], DataTable]:
    """Make what is read of it, by people and programs; what it is told from, the largest part, is then let go."""
    since = _since(db, face, entry)
    told = ReportData(db, face, entry, times, compare(db, face.register, since.pair, times.pair), since)
    if not told.held:
        raise Refused(f"No recommendation was on the scorecard of “{face.register}” on {face.as_of}.")
    reports, made["index.html"] = _told(face, seal, told)
    drawn = draw_charts(told)
    scorecard = msgspec.structs.replace(scorecard_answer(db, entry, times), log_position=face.log_position)
    method = methodology_of(entry.settings.methodology)
    made.update(
        {
            "CITATION.cff": build_citation(face, reports[0]),
            "compare.json": canonical_json(compare_answer(db, face.register, since, times)),
            "methodology.json": canonical_json(method),
            "report.docx": build_document(face, reports),
            "report.pdf": build_pdf(face, seal, reports, told, drawn, method.version),
            "scorecard.json": canonical_json(scorecard),
            "snapshot.json": canonical_json(face),
            **{f"charts/{name}": content for name, content in drawn.items()},
        }
    )
    return reports, scorecard_table(told.held, told.facts, times)


def _bundle(db: Connection, face: SnapshotMetadata, times: AsOf) -> dict[str, bytes]:
    """The tables as files, with their description."""
    bundle = export_bundle(db, face.register, times.pair)
    assert bundle is not None
    files = bundle_files(bundle)
    described = {"datapackage.json": describe_data_package(face, bundle)}
    return described | {f"bundle/{name}": content for name, content in files.items()}


def _told(face: SnapshotMetadata, seal: VerificationInfo, told: ReportData) -> tuple[list[Report], bytes]:
    """The report in each language, as the PDF and the document need it, and the page that holds all of it."""
    page, reports = HtmlReport(face, seal, told), []
    for language in RECORD_LANGUAGES:
        with in_language(language):
            whole = build_report(told, language)
            page.add(whole)
        reports.append(whole.shortened)
        del whole
    return reports, page.whole()


def _times(entry: RegisterEntry, as_of: str, known: datetime) -> AsOf:
    return resolve(entry, known, known, as_of, written(known))


def _since(db: Connection, face: SnapshotMetadata, entry: RegisterEntry) -> AsOf:
    """Since the previous snapshot of this review, else since the day of the first recommendation."""
    earlier = last_frozen_before(db, face.register, face.review, face.as_of)
    if earlier and (last := earlier[1].snapshot):
        return _times(entry, earlier[0], last.known_at)
    recommended = catalogue.recommendations(db, face.register, face.known).values()
    first = min((first_day(r.facts.recommended_on) for r in recommended), default=face.day)
    return _times(entry, min(first, face.day).isoformat(), face.known)


def _cover(face: SnapshotMetadata, reports: Sequence[Report]) -> list[tuple[str, str]]:
    lines = []
    for r in reports:
        lines += [
            (r.register, r.title),
            ("", r.headline),
            (r.words["as_of"], r.as_of),
            (r.words["known"], r.known),
            *(("", note) for _kind, note in r.notes),
            (r.words["address"], face.address),
        ]
    return lines


def _tables(scorecard: DataTable, files: Mapping[str, bytes]) -> Iterator[DataTable]:
    """One after the other, so that no more than one of them is held."""
    yield scorecard
    yield from (read_table(PurePath(name).stem, content) for name, content in files.items() if name.endswith(".csv"))
    yield build_dictionary()
