"""Checks and imports of long files, in a thread of their own: their pages say how far they are."""

import logging
import threading
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from app.entrypoints.staff.spreadsheet.preview import Preview, make_preview, sheet_options
from app.entrypoints.staff.spreadsheet.steps import OpenImport
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import set_language
from app.services.accounts.actors import Person
from app.services.bundles.causes import ProblemGroup
from app.services.container import Services
from app.services.mapping import drafts
from app.services.mapping.importing import import_sheet
from app.services.mapping.results import RowOutcome, SheetResult
from domain.errors import Conflict, Refused

LONG_FILE_ROWS = 5000
"""Longer files are checked and imported in the background."""
BEAT_SECONDS, LOST_AFTER = 2.0, timedelta(seconds=30)
"""How often a thread says that it lives, and when it is taken for lost, as after a restart of the server."""
one_at_a_time = threading.Lock()
"""A long file takes hundreds of megabytes while it is checked or stored: in one process, others wait."""
CHECKING, STORING = "checking", "storing"
log = logging.getLogger("uptake.web")


class Progress(Struct, frozen=True):
    """How far a check or an import is."""

    what: str
    version: str
    rows: int
    began: datetime
    beat: datetime
    problems: tuple[str, ...] = ()
    """Why it was refused; empty while it runs."""

    @property
    def seconds(self) -> int:
        return int((self.beat - self.began).total_seconds())


class StoredRows(Struct, frozen=True):
    """What an import stored."""

    stored: int
    changed: int
    unchanged: int
    left_out: tuple[int, ...]
    proposals: int
    legacy: tuple[tuple[str, int], ...]
    """The marks by cause, with the number of statuses."""
    causes: tuple[tuple[str, str], ...]
    """Why rows were left out: a cause with its place, and its cure."""
    at: datetime


def is_long(opened: OpenImport) -> bool:
    return max(len(sheet.rows) for sheet in opened.workbook.sheets) > LONG_FILE_ROWS


def find_or_start_preview(services: Services, person: Person, opened: OpenImport) -> Preview | Progress:
    """The preview of these answers, or how far its making is. Raises `Refused` if the file cannot be read with them."""
    if not is_long(opened):
        return make_preview(services, person, opened)
    with services.accounts.work() as db:
        kept = drafts.find_import(db, person.id, opened.number, services.clock())
        progress = msgspec.json.decode(kept.progress, type=Progress) if kept and kept.progress else None
        content = kept.preview if kept else b""
    is_current = progress is not None and progress.version == opened.version
    is_fresh = progress is not None and datetime.now(UTC) - progress.beat < LOST_AFTER
    if progress and is_current and is_fresh and progress.problems and progress.what == CHECKING:
        raise Refused(*progress.problems)
    if content and is_current:
        preview: Preview = msgspec.msgpack.decode(zlib.decompress(content), type=Preview)
        if preview.version == opened.version:
            return preview
    if progress and is_current and is_fresh and not progress.problems:
        return progress
    return _start(services, person, opened, CHECKING, lambda: _check(services, person, opened))


def store_rows(services: Services, person: Person, opened: OpenImport, previewed: str, *, valid_rows: bool) -> None:
    """Imports the rows, at once or in the background. Raises `Refused` and stores nothing if it may not be so.

    `previewed` is the digest of the plan that the person saw.
    """

    def store() -> None:
        _store(services, person, opened, previewed, valid_rows=valid_rows)

    if is_long(opened):
        _start(services, person, opened, STORING, store)
    else:
        store()


def progress_of(services: Services, person: Person, number: int) -> Progress | None:
    """How far the storing of an import is; None if none runs."""
    with services.accounts.work() as db:
        kept = drafts.find_import(db, person.id, number, services.clock())
        progress = msgspec.json.decode(kept.progress, type=Progress) if kept and kept.progress else None
    if progress is None or progress.what != STORING:
        return None
    is_lost = datetime.now(UTC) - progress.beat >= LOST_AFTER
    return None if is_lost and not progress.problems else progress


def _check(services: Services, person: Person, opened: OpenImport) -> None:
    preview = make_preview(services, person, opened)
    with services.accounts.work() as db:
        if kept := drafts.find_import(db, person.id, opened.number, services.clock()):
            kept.preview = zlib.compress(msgspec.msgpack.encode(preview), 1)


def _store(services: Services, person: Person, opened: OpenImport, previewed: str, *, valid_rows: bool) -> None:
    options = sheet_options(opened, valid_rows=valid_rows)
    file, mapping, corrections = opened.workbook, opened.mapping, opened.corrections
    try:
        result = import_sheet(services, person, file, mapping, options, corrections, previewed=previewed)
    except Conflict:
        _forget_preview(services, person, opened)
        raise
    if result.problems and not valid_rows:
        raise Refused(*(str(group) for group in result.problems))
    with services.accounts.work() as db:
        if kept := drafts.find_import(db, person.id, opened.number, services.clock()):
            kept.step, kept.preview = "rest", b""
            kept.result = msgspec.json.encode(_stored(result, services.clock())).decode()


def _forget_preview(services: Services, person: Person, opened: OpenImport) -> None:
    """The register changed since the preview was kept, so the next page makes a new one."""
    with services.accounts.work() as db:
        if kept := drafts.find_import(db, person.id, opened.number, services.clock()):
            kept.preview = b""


def _stored(result: SheetResult, at: datetime) -> StoredRows:
    return StoredRows(
        stored=result.stored,
        changed=result.changed,
        unchanged=result.unchanged,
        left_out=tuple(row for row, outcome in result.outcomes.items() if outcome is RowOutcome.LEFT_OUT),
        proposals=result.proposals,
        legacy=tuple((group.cause, group.count) for group in result.legacy),
        causes=tuple((_with_place(group), group.cure) for group in result.problems),
        at=at,
    )


def _with_place(group: ProblemGroup) -> str:
    return f"{group.cause.rstrip('.')} ({group.place})." if group.place else group.cause


def _start(services: Services, person: Person, opened: OpenImport, what: str, work: Callable[[], None]) -> Progress:
    """Begins work in a thread, unless the rows are being stored already."""
    now = datetime.now(UTC)
    rows = max(len(sheet.rows) for sheet in opened.workbook.sheets)
    progress = Progress(what, opened.version, rows, now, now)
    with services.accounts.work() as db:
        kept = drafts.lock_import(db, person.id, opened.number, services.clock())
        running = msgspec.json.decode(kept.progress, type=Progress) if kept and kept.progress else None
        if running and running.what == STORING and not running.problems and now - running.beat < LOST_AFTER:
            return running
        if kept:
            kept.progress = msgspec.json.encode(progress).decode()
    arguments = (services, person, opened.number, progress, work)
    threading.Thread(target=_run, args=arguments, name=f"{what}-{opened.number}", daemon=True).start()
    return progress


def _run(services: Services, person: Person, number: int, progress: Progress, work: Callable[[], None]) -> None:
    set_language(person.language)
    try:
        with _beating(services, person, number, progress), one_at_a_time:
            work()
        if progress.what == STORING:
            _write(services, person, number, None)
    except Refused as refused:
        problems = tuple(str(refusal_text(r)) for r in refused.refusals)
        _write(services, person, number, msgspec.structs.replace(progress, problems=problems))
    except Exception:
        log.exception("the %s of import %s failed", progress.what, number)
        failed = ("Sorry, something went wrong on our side. We have logged the error. Try again later.",)
        _write(services, person, number, msgspec.structs.replace(progress, problems=failed))


@contextmanager
def _beating(services: Services, person: Person, number: int, progress: Progress) -> Iterator[None]:
    """Says every few seconds that the work goes on."""
    is_done = threading.Event()

    def beat() -> None:
        while not is_done.wait(BEAT_SECONDS):
            _write(services, person, number, msgspec.structs.replace(progress, beat=datetime.now(UTC)))

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        is_done.set()
        thread.join()


def _write(services: Services, person: Person, number: int, progress: Progress | None) -> None:
    with services.accounts.work() as db:
        if kept := drafts.find_import(db, person.id, number, services.clock()):
            kept.progress = msgspec.json.encode(progress).decode() if progress else ""
