"""Stores, finds, publishes and removes copies of sources."""

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from app.services.accounts.actors import Actor, authorize
from app.services.container import Services
from app.services.locker.file_types import FileType, detect_file_type
from app.services.locker.image_metadata import strip_metadata
from app.services.locker.models import EvidenceNote, StoredFile
from domain.commands import KeepFile
from domain.errors import NotFound, Refused, refusal

LOCK_ID = 8246
MAX_TEXT_LENGTH = 4000


class SourceCopy(Struct, frozen=True):
    """Bytes that passed the checks. `original` is the digest of the uploaded bytes."""

    content: bytes
    kind: FileType
    original: str

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def check_copy(services: Services, content: bytes) -> SourceCopy:
    """Check uploaded bytes and strip metadata from pictures. Raises `Refused` about the field `file`."""
    max_mb = services.settings.largest_file_mb
    if len(content) > max_mb * 2**20:
        raise Refused(refusal("The file is larger than {n} MB. Choose a smaller file.", n=max_mb, field="file"))
    kind, original = detect_file_type(content), sha256(content).hexdigest()
    if kind.is_image:
        content, kind = strip_metadata(content, kind)
    return SourceCopy(content, kind, original)


def store_copy(
    services: Services, actor: Actor, register: str, evidence: str, copy: SourceCopy, *, rights: str = "", url: str = ""
) -> None:
    """Keep a copy for an item of evidence, for staff only. Raises `NotAllowed`, `Refused` if it is there already."""
    authorize(actor, KeepFile, register)
    rights = check_text(rights, "rights")
    with services.accounts.work() as db:
        lock_copies(db)
        if db.scalars(_of(register, evidence).where(StoredFile.sha256 == copy.sha256)).first():
            raise Refused(refusal("This file is already saved for this source.", field="file"))
        db.add(
            StoredFile(
                register=register,
                evidence=evidence,
                sha256=copy.sha256,
                original=copy.original,
                kind=copy.kind.name,
                size=len(copy.content),
                captured_at=naive_utc(services.clock()),
                captured_by=actor.id,
                url=url,
                rights=rights,
            )
        )
        db.flush()  # from here on no other transaction removes these bytes
        services.blobs.put(copy.content)
        command = KeepFile(register, evidence=evidence, sha256=copy.sha256, kind=copy.kind.name, size=len(copy.content))
        services.execute_for(actor, command)


def files_of(db: Session, register: str, evidence: Collection[str], *, public: bool = False) -> list[StoredFile]:
    """The copies of some items, oldest first; with `public` only the public ones."""
    query = select(StoredFile).where(StoredFile.register == register, StoredFile.evidence.in_(evidence))
    if public:
        query = query.where(StoredFile.is_public)
    return list(db.scalars(query.order_by(StoredFile.id)))


def find_file(db: Session, register: str, evidence: str, digest: str) -> StoredFile:
    """Find one copy of an item. Raises `NotFound`."""
    file = db.scalars(_of(register, evidence).where(StoredFile.sha256 == digest)).one_or_none()
    if file is None:
        raise NotFound(refusal("There is no such file here. It may have been deleted."))
    return file


def notes_of(db: Session, register: str, evidence: Collection[str], *, public: bool = False) -> list[EvidenceNote]:
    """The notes on some items, oldest first; with `public` only the public ones."""
    query = select(EvidenceNote).where(EvidenceNote.register == register, EvidenceNote.evidence.in_(evidence))
    if public:
        query = query.where(EvidenceNote.is_public)
    return list(db.scalars(query.order_by(EvidenceNote.id)))


def set_visibility(file: StoredFile, rights: str, *, public: bool) -> None:
    """Set the legal basis and the visibility of a copy. Raises `Refused` for a public copy without a legal basis."""
    file.rights = check_text(rights, "rights")
    if public and not file.rights:
        raise Refused(
            refusal(
                "Enter the licence or legal basis for showing the file to everyone. It is shown with the file.",
                field="rights",
            )
        )
    file.is_public = public


def remove_copy(services: Services, db: Session, file: StoredFile) -> None:
    """Remove a copy; deletes its bytes with the last item that has them. The log still records the copy."""
    lock_copies(db)
    db.delete(file)
    db.flush()
    if not db.scalar(select(func.count()).where(StoredFile.sha256 == file.sha256)):
        services.blobs.drop(file.sha256)


def check_text(text: str, field: str) -> str:
    """Strip a text and check its length. Raises `Refused`."""
    if len(text) > MAX_TEXT_LENGTH:
        raise Refused(refusal("Shorten it to {n} characters.", n=MAX_TEXT_LENGTH, field=field))
    return text.strip()


def naive_utc(at: datetime) -> datetime:
    """An instant in UTC without time zone, as these tables store it."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _of(register: str, evidence: str) -> Select[StoredFile]:
    return select(StoredFile).where(StoredFile.register == register, StoredFile.evidence == evidence)


def lock_copies(db: Session) -> None:
    """Block other stores and removals until this transaction ends, so that shared bytes are counted correctly."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text(f"SELECT pg_advisory_xact_lock({LOCK_ID})"))
