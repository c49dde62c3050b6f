"""Putting copies of sources into the locker, finding them, showing them to everybody, taking them away."""

from collections.abc import Collection
from datetime import UTC, datetime
from hashlib import sha256

from msgspec import Struct
from sqlalchemy import Select, func, select, text
from sqlalchemy.orm import Session

from app.services.accounts.people import Actor, authorize
from app.services.container import Services
from app.services.locker.file_types import Kind, kind_of
from app.services.locker.image_metadata import stripped
from app.services.locker.models import EvidenceNote, KeptFile
from domain.commands import KeepFile
from domain.errors import NotFound, Refused, refusal

ONE_AT_A_TIME = 8246
LONGEST_TEXT = 4000


class Copy(Struct, frozen=True):
    """Bytes that may be kept. `original` is the digest of what was brought."""

    content: bytes
    kind: Kind
    original: str

    @property
    def sha256(self) -> str:
        return sha256(self.content).hexdigest()


def judged(services: Services, content: bytes) -> Copy:
    """What was brought, as it may be kept. Raises `Refused` about the field `file`."""
    most = services.settings.largest_file_mb
    if len(content) > most * 2**20:
        raise Refused(refusal("The file is larger than {n} MB. Choose a smaller file.", n=most, field="file"))
    kind, original = kind_of(content), sha256(content).hexdigest()
    if kind.is_picture:
        content, kind = stripped(content, kind)
    return Copy(content, kind, original)


def keep(
    services: Services, actor: Actor, register: str, evidence: str, copy: Copy, *, rights: str = "", url: str = ""
) -> None:
    """Keep a copy for an item of evidence, for staff only. Raises `NotAllowed`, `Refused` if it is there already."""
    authorize(actor, KeepFile, register)
    rights = fitting(rights, "rights")
    with services.accounts.work() as db:
        _alone(db)
        if db.scalars(_of(register, evidence).where(KeptFile.sha256 == copy.sha256)).first():
            raise Refused(refusal("This file is already saved for this source.", field="file"))
        db.add(
            KeptFile(
                register=register,
                evidence=evidence,
                sha256=copy.sha256,
                original=copy.original,
                kind=copy.kind.name,
                size=len(copy.content),
                captured_at=naive(services.clock()),
                captured_by=actor.id,
                url=url,
                rights=rights,
            )
        )
        db.flush()  # from here on nobody takes the same bytes away
        services.blobs.put(copy.content)
        kept = KeepFile(register, evidence=evidence, sha256=copy.sha256, kind=copy.kind.name, size=len(copy.content))
        services.execute_for(actor, kept)


def files_of(db: Session, register: str, evidence: Collection[str], *, public: bool = False) -> list[KeptFile]:
    """The copies of some items, oldest first; only those for everybody where `public`."""
    query = select(KeptFile).where(KeptFile.register == register, KeptFile.evidence.in_(evidence))
    if public:
        query = query.where(KeptFile.is_public)
    return list(db.scalars(query.order_by(KeptFile.id)))


def file_of(db: Session, register: str, evidence: str, digest: str) -> KeptFile:
    """One copy of an item. Raises `NotFound`."""
    found = db.scalars(_of(register, evidence).where(KeptFile.sha256 == digest)).one_or_none()
    if found is None:
        raise NotFound(refusal("There is no such file here. It may have been deleted."))
    return found


def notes_of(db: Session, register: str, evidence: Collection[str], *, public: bool = False) -> list[EvidenceNote]:
    """The notes on some items in the same way."""
    query = select(EvidenceNote).where(EvidenceNote.register == register, EvidenceNote.evidence.in_(evidence))
    if public:
        query = query.where(EvidenceNote.is_public)
    return list(db.scalars(query.order_by(EvidenceNote.id)))


def show(file: KeptFile, rights: str, *, public: bool) -> None:
    """Say by which right it may be shown, and to whom it is. Raises `Refused` where everybody is to see it by none."""
    file.rights = fitting(rights, "rights")
    if public and not file.rights:
        raise Refused(
            refusal(
                "Enter the licence or legal basis for showing the file to everyone. It is shown with the file.",
                field="rights",
            )
        )
    file.is_public = public


def remove(services: Services, db: Session, file: KeptFile) -> None:
    """Take a copy away; its bytes go with the last item that has them. The log still says that it was kept."""
    _alone(db)
    db.delete(file)
    db.flush()
    if not db.scalar(select(func.count()).where(KeptFile.sha256 == file.sha256)):
        services.blobs.drop(file.sha256)


def fitting(text: str, field: str) -> str:
    """A text of staff's own, as it is kept. Raises `Refused` where it is too long."""
    if len(text) > LONGEST_TEXT:
        raise Refused(refusal("Shorten it to {n} characters.", n=LONGEST_TEXT, field=field))
    return text.strip()


def naive(at: datetime) -> datetime:
    """An instant as these tables keep it: in UTC, without saying so."""
    return at.astimezone(UTC).replace(tzinfo=None)


def _of(register: str, evidence: str) -> Select[KeptFile]:
    return select(KeptFile).where(KeptFile.register == register, KeptFile.evidence == evidence)


def _alone(db: Session) -> None:
    """Until the end of this transaction nobody else keeps or removes: the last item with some bytes is the last."""
    if db.get_bind().dialect.name == "postgresql":
        db.execute(text(f"SELECT pg_advisory_xact_lock({ONE_AT_A_TIME})"))
