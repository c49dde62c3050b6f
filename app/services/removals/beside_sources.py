"""What is stored about a source beside the log: copies, notes, link checks, and the words in forms and files."""

import json
import zlib
from collections.abc import Collection, Iterable, Iterator

from msgspec.structs import asdict
from sqlalchemy import ColumnElement, MetaData, Table, delete, select
from sqlalchemy.orm import Session

from app.services.drafts.models import Draft, KeptForm, SentForm
from app.services.locker.copies import lock_copies
from app.services.locker.models import StoredFile
from app.services.mapping.models import SavedMapping, SheetImport
from app.services.problem_reports.models import ProblemReport
from domain.values import EvidenceText, translations_by_name

MIN_BYTES = 12
"""Shorter texts in UTF-8 are not looked for: they stand in many forms and files that say something else."""


def tables_with(session: Session, *columns: str) -> list[Table]:
    """The tables in the database that have these columns."""
    stored = MetaData()
    stored.reflect(session.connection())
    return [t for t in stored.sorted_tables if all(column in t.c for column in columns)]


def delete_copies(session: Session, *conditions: ColumnElement[bool]) -> set[str]:
    """Delete copies of sources; returns the digests of the bytes that no copy has any more."""
    lock_copies(session)
    digests = set(session.scalars(select(StoredFile.sha256).where(*conditions)))
    session.execute(delete(StoredFile).where(*conditions))
    return digests - set(session.scalars(select(StoredFile.sha256).where(StoredFile.sha256.in_(digests))))


def delete_beside(session: Session, register: str, evidence: str) -> set[str]:
    """Delete everything about a source; returns the digests of the bytes that no copy has any more."""
    digests = delete_copies(session, StoredFile.register == register, StoredFile.evidence == evidence)
    for table in tables_with(session, "register", "evidence"):
        session.execute(delete(table).where(table.c.register == register, table.c.evidence == evidence))
    return digests


def words_of(texts: Iterable[EvidenceText]) -> set[str]:
    """The texts by which forms and files that hold them are found."""
    fields = [text for t in texts for text in [*asdict(t).values(), *translations_by_name(t).values()]]
    return {text for text in fields if isinstance(text, str) and len(text.encode()) >= MIN_BYTES}


def delete_with_words(session: Session, register: str, words: Collection[str]) -> int:
    """Delete what people typed or uploaded for a register and what holds one of these texts; returns how many."""
    found = [row for row, held in _typed_and_uploaded(session, register) if _holds(held, words)] if words else []
    for row in found:
        session.delete(row)
    return len(found)


def _typed_and_uploaded(session: Session, register: str) -> Iterator[tuple[object, bytes]]:
    """Drafts, forms, files and reports, one at a time, each with what it holds."""
    for draft in session.scalars(select(Draft).where(Draft.register.in_([register, ""]))):
        yield draft, _texts_in(draft.fields)
    for form in session.scalars(select(KeptForm).where(KeptForm.register.in_([register, ""]))):
        yield form, _texts_in(form.fields)
    for sent in session.scalars(select(SentForm)):
        yield sent, sent.answer.encode()
    for begun in session.scalars(select(SheetImport).where(SheetImport.register.in_([register, ""]))):
        answers = f"{begun.mapping}\n{begun.corrections}\n".encode()
        yield begun, answers + _plain(begun.workbook) + _plain(begun.preview)
    for saved in session.scalars(select(SavedMapping).where(SavedMapping.register == register)):
        yield saved, _plain(saved.rows)
    for report in session.scalars(select(ProblemReport)):
        yield report, _plain(report.content)


def _texts_in(fields: str) -> bytes:
    return "\n".join(text for texts in json.loads(fields).values() for text in texts).encode()


def _plain(compressed: bytes) -> bytes:
    return zlib.decompress(compressed) if compressed else b""


def _holds(held: bytes, words: Collection[str]) -> bool:
    return any(word.encode() in held for word in words)
