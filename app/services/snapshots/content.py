"""The payload of a package: a function of its face, its public log and the texts of its evidence, and nothing else."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import PurePath

import msgspec
from sqlalchemy import Connection

from app.presentation.answers.as_of import Times, ask
from app.presentation.answers.serializers import compare_answer, scorecard_answer
from app.presentation.i18n.languages import RECORD_LANGUAGES
from app.services.bundles.exporting import exported
from app.services.bundles.writing import bundle_files
from app.services.snapshots.charts import charts
from app.services.snapshots.description import citation, crate, data_package
from app.services.snapshots.disk_backed_files import Spool
from app.services.snapshots.document import document
from app.services.snapshots.html_page import Page
from app.services.snapshots.metadata import Face, canonical
from app.services.snapshots.package_views import views_of
from app.services.snapshots.pdf import pdf
from app.services.snapshots.proof import proof
from app.services.snapshots.public_log import PackedLog, Texts
from app.services.snapshots.report import Report
from app.services.snapshots.report_builder import report, speaking
from app.services.snapshots.report_data import Told
from app.services.snapshots.uncompressed_zip import stored
from app.services.snapshots.verification_info import Seal, seal_of
from app.services.tables.csv_files import Table, read
from app.services.tables.dictionary import dictionary
from app.services.tables.scorecard import scorecard_table
from app.services.tables.workbook import workbook
from domain.errors import Refused
from domain.methodology.versions import methodology_of
from domain.times import first_day, written
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.reviews.queries import last_frozen_before
from projections.scorecards.comparison import compare

CHECKPOINT = "checkpoint"


def payload(face: Face, lines: Sequence[bytes], texts: Texts, checkpoint: bytes, fingerprint: str) -> Spool:
    """The files by path; `fingerprint` is that of the key that signs.

    Raises `Refused` where there is no scorecard to freeze.
    """
    with views_of(PackedLog(lines, texts)) as db:
        entry = catalogue.register(db, face.register)
        if entry is None:
            raise Refused(f"The log of this package holds no register “{face.register}”.")
        made, times = Spool(), _times(entry, face.as_of, face.known)
        made.update(_bundle(db, face, times))
        reports, scorecard = _report(made, db, face, entry, times, seal_of(checkpoint, fingerprint))
    made["scorecard.xlsx"] = stored(workbook(_cover(face, reports), _tables(scorecard, made), face.known))
    made["events.jsonl"] = b"\n".join([*lines, b""])
    made[CHECKPOINT] = checkpoint
    made["proof.json"] = canonical(proof(lines))
    made["ro-crate-metadata.json"] = crate(face, reports[0], made)
    return made


def _report(
    made: Spool, db: Connection, face: Face, entry: RegisterEntry, times: Times, seal: Seal
) -> tuple[list[Report], Table]:
    """Make what is read of it, by people and programs; what it is told from, the largest part, is then let go."""
    since = _since(db, face, entry)
    told = Told(db, face, entry, times, compare(db, face.register, since.pair, times.pair), since)
    if not told.held:
        raise Refused(f"No recommendation was on the scorecard of “{face.register}” on {face.as_of}.")
    reports, made["index.html"] = _told(face, seal, told)
    drawn = charts(told)
    scorecard = msgspec.structs.replace(scorecard_answer(db, entry, times), log_position=face.log_position)
    method = methodology_of(entry.settings.methodology)
    made.update(
        {
            "CITATION.cff": citation(face, reports[0]),
            "compare.json": canonical(compare_answer(db, face.register, since, times)),
            "methodology.json": canonical(method),
            "report.docx": document(face, reports),
            "report.pdf": pdf(face, seal, reports, told, drawn, method.version),
            "scorecard.json": canonical(scorecard),
            "snapshot.json": canonical(face),
            **{f"charts/{name}": content for name, content in drawn.items()},
        }
    )
    return reports, scorecard_table(told.held, told.facts, times)


def _bundle(db: Connection, face: Face, times: Times) -> dict[str, bytes]:
    """The tables as files, with their description."""
    bundle = exported(db, face.register, times.pair)
    assert bundle is not None
    files = bundle_files(bundle)
    described = {"datapackage.json": data_package(face, bundle)}
    return described | {f"bundle/{name}": content for name, content in files.items()}


def _told(face: Face, seal: Seal, told: Told) -> tuple[list[Report], bytes]:
    """The report in each language, as the PDF and the document need it, and the page that holds all of it."""
    page, reports = Page(face, seal, told), []
    for language in RECORD_LANGUAGES:
        with speaking(language):
            whole = report(told, language)
            page.add(whole)
        reports.append(whole.shortened)
        del whole
    return reports, page.whole()


def _times(entry: RegisterEntry, as_of: str, known: datetime) -> Times:
    return ask(entry, known, known, as_of, written(known))


def _since(db: Connection, face: Face, entry: RegisterEntry) -> Times:
    """Since the previous snapshot of this review, else since the day of the first recommendation."""
    earlier = last_frozen_before(db, face.register, face.review, face.as_of)
    if earlier and (last := earlier[1].snapshot):
        return _times(entry, earlier[0], last.known_at)
    recommended = catalogue.recommendations(db, face.register, face.known).values()
    first = min((first_day(r.facts.recommended_on) for r in recommended), default=face.day)
    return _times(entry, min(first, face.day).isoformat(), face.known)


def _cover(face: Face, reports: Sequence[Report]) -> list[tuple[str, str]]:
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


def _tables(scorecard: Table, files: Mapping[str, bytes]) -> Iterator[Table]:
    """One after the other, so that no more than one of them is held."""
    yield scorecard
    yield from (read(PurePath(name).stem, content) for name, content in files.items() if name.endswith(".csv"))
    yield dictionary()
