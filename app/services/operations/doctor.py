"""Examines an installation and reports findings as sentences."""

import shutil
import sqlite3
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

from msgspec import Struct
from sqlalchemy import select

from app.adapters.local_hosts import is_local_host
from app.adapters.objects import open_objects
from app.adapters.old_stores import describe_old_store
from app.adapters.record import is_prepared
from app.adapters.settings import Settings
from app.services.accounts.provider import Provider
from app.services.container import Services
from app.services.installation_keys import require_same_keys
from app.services.locker.models import StoredFile
from app.services.mail.smtp import MailServerUnavailable, connection
from app.services.operations.backups.runs import backup_status
from app.services.operations.liveness import FRESH_SECONDS, ages, skipped_sentence
from app.services.snapshots.publishing_address import address_problem
from app.services.snapshots.timestamping import reviews_to_timestamp
from app.services.snapshots.timestamps import read_certificates
from app.services.transparency.log_length import describe, is_unfinished, missing_end
from app.services.transparency.policy import read_policy
from app.services.transparency.signing_keys import checkpoint_key, key_list
from app.services.transparency.witnessing import quorum_problem
from domain.errors import Refused
from projections.engine.position import skipped_topics

MIN_FREE_BYTES = 500 * 2**20
MAX_NAMES = 5


class Finding(Struct, frozen=True):
    ok: bool
    sentence: str


def examine(settings: Settings, open_services: Callable[[Settings], Services]) -> list[Finding]:
    """All findings, good and bad; never raises for a broken installation."""
    return list(_findings(settings, open_services))


def _findings(settings: Settings, open_services: Callable[[Settings], Services]) -> Iterator[Finding]:
    where = "PostgreSQL" if settings.database_url else str(settings.data_dir)
    yield Finding(True, f"The public address is {settings.base_url}, the store is in {where}.")
    if not is_prepared(settings):
        yield Finding(False, f"There is no store in {where}. Create one with “uptake init”.")
        return
    if settings.data_dir.is_dir():
        yield _private(settings.data_dir)
        if old := describe_old_store(settings):
            yield Finding(False, f"Texts and people that are removed now stay in {old}.")
    if not settings.database_url:
        yield from _disk(settings)
    try:
        services = open_services(settings)
        position, (row, _) = services.catch_up(), services.log.last()
    except Refused as refused:
        yield Finding(False, " ".join(refused.refusals))
        return
    except Exception as e:
        yield Finding(False, f"The store cannot be opened: {str(e).splitlines()[0]}")
        return
    yield Finding(row == position.row, f"The pages' tables hold {position.count:,} events, up to row {row} of the log.")
    if position.skipped:
        with services.views.connect() as db:
            names = ", ".join(skipped_topics(db))
        yield Finding(False, f"{skipped_sentence(position.skipped)} They are: {names}.")
    yield _clock(services)
    yield _length(services)
    yield from _keys(settings)
    yield from _worker(services)
    yield from _objects(services)
    yield _mail(settings)
    yield from _provider(settings)
    yield from _timestamps(settings, services)
    yield from _witnesses(services)
    services.close()


def _keys(settings: Settings) -> Iterator[Finding]:
    try:
        require_same_keys(settings)
        problem = address_problem(settings)
        checkpoint_key(settings)
        for key in key_list(settings).keys:
            if key.is_current and key.compromised_since:
                compromised = f"The key {key.fingerprint} is compromised and still signs {key.use}."
                yield Finding(False, f"{compromised} Replace it with “uptake key rotate”.")
    except Refused as refused:
        problem = refused.refusals[0]
    if problem:
        yield Finding(False, str(problem))
    elif is_local_host(settings.origin):
        yield Finding(
            True, f"This installation is for trials: reviews that it freezes say that {settings.origin} is local."
        )


def _disk(settings: Settings) -> Iterator[Finding]:
    free = shutil.disk_usage(settings.data_dir).free
    yield Finding(free > MIN_FREE_BYTES, f"{free // 2**20:,} MB are free where the store is.")
    try:
        with closing(sqlite3.connect(settings.data_dir / "log.sqlite")) as db:
            answer = db.execute("PRAGMA quick_check").fetchone()[0]
    except sqlite3.Error as e:
        answer = str(e)
    yield Finding(answer == "ok", f"The log's file is {'sound' if answer == 'ok' else 'damaged: ' + answer}.")


def _private(folder: Path) -> Finding:
    """Whether other accounts of this machine can use a file or folder of the data folder."""
    shared = [path for path in (folder, *sorted(folder.rglob("*"))) if _mode(path) & 0o077]
    if not shared:
        return Finding(True, f"Only this account can use the files in {folder}.")
    names = ", ".join(str(path) for path in shared[:MAX_NAMES]) + (" and others" if shared[MAX_NAMES:] else "")
    return Finding(False, f"Other accounts of this machine can use {names}. Run “chmod -R go= {folder}”.")


def _mode(path: Path) -> int:
    """The permissions of a path; 0 for one that was deleted in the meantime, and for a link, which has none."""
    try:
        mode = path.lstat().st_mode
    except FileNotFoundError:
        return 0
    return 0 if stat.S_ISLNK(mode) else mode


def _mail(settings: Settings) -> Finding:
    if not settings.smtp_url:
        return Finding(True, "No mail server is set up, so Uptake sends no e-mail.")
    try:
        with connection(settings):
            return Finding(True, f"The mail server accepts e-mail from {settings.smtp_from}.")
    except MailServerUnavailable as e:
        return Finding(False, str(e))


def _provider(settings: Settings) -> Iterator[Finding]:
    if not settings.oidc_issuer:
        return
    try:
        Provider(settings).check()
        yield Finding(True, f"Staff can sign in at {settings.oidc_issuer}. It answers.")
    except Refused as refused:
        yield Finding(False, f"No one can sign in at {settings.oidc_issuer}: {refused}")


def _timestamps(settings: Settings, services: Services) -> Iterator[Finding]:
    if not settings.tsa_url or not settings.tsa_cert:
        return
    try:
        read_certificates(settings.tsa_cert)
    except Refused as refused:
        yield Finding(False, f"No review can be time-stamped: {refused}")
        return
    late = len(reviews_to_timestamp(services))
    yield Finding(not late, f"{late or 'No'} frozen reviews wait for a time-stamp of {settings.tsa_url}.")


def _witnesses(services: Services) -> Iterator[Finding]:
    if services.settings.witness_policy is None:
        return
    try:
        problem = quorum_problem(read_policy(services.settings.witness_policy), services.jobs)
    except Refused as refused:
        problem = f"No witness can be asked: {refused}"
    yield Finding(not problem, problem or "The newest checkpoint has the cosignatures that the policy asks for.")


def _length(services: Services) -> Finding:
    services.log.read_corrections()
    try:
        if end := missing_end(services.settings, services.log.count, services.log.losses):
            return Finding(False, " ".join(describe(services, end)))
        if is_unfinished(services):
            return Finding(False, "The acceptance of a loss was interrupted. Run “uptake log accept-loss” again.")
    except Refused as refused:  # a key is missing
        return Finding(False, f"The length of the log cannot be compared: {refused}")
    return Finding(True, "The log has all entries that its checkpoints and packages cover.")


def _clock(services: Services) -> Finding:
    if problem := services.log.clock_problem():
        cure = (
            "Set the clock right. If it is right now, run “uptake log accept-clock”, "
            "or “uptake log correct-stamps” if the newest entry is in the future."
        )
        return Finding(False, f"{problem} {cure}")
    skew = services.log.skew_seconds()
    return Finding(True, f"The clock is {abs(skew):.1f} seconds {'behind' if skew < 0 else 'ahead'}, which is allowed.")


def _worker(services: Services) -> Iterator[Finding]:
    since = ages(services)
    if since.backup is None:
        yield Finding(True, "There is no backup yet. Make one with “uptake backup”.")
    else:
        yield Finding(True, f"The last backup was made {since.backup // 86400:.0f} days ago.")
    if backups := backup_status(services):
        sentence = backups.problem or "The scheduled backups pass their trial restores."
        yield Finding(backups.problem is None, f"{sentence} “uptake backup list” shows them.")
    if since.worker is None:
        sentence = "No worker has run yet, so nothing is frozen, sent or backed up when it is due."
        yield Finding(False, f"{sentence} Start one with “uptake up” or “uptake worker”.")
    else:
        yield Finding(since.worker < FRESH_SECONDS, f"The worker was last alive {since.worker:.0f} seconds ago.")


def _objects(services: Services) -> Iterator[Finding]:
    if services.settings.objects:
        try:
            open_objects(services.settings).check()
        except Refused as refused:
            yield Finding(False, str(refused))
            return
        yield Finding(True, f"Packages and copies are in {services.settings.objects}, which can be written and read.")
    yield _stored_copies(services)


def _stored_copies(services: Services) -> Finding:
    with services.accounts.work() as db:
        digests = sorted(set(db.scalars(select(StoredFile.sha256))))
    damaged = [digest for digest in digests if not _is_whole(services, digest)]
    if damaged:
        names = ", ".join(damaged)
        return Finding(False, f"Of {len(digests):,} saved copies of sources, these are damaged or missing: {names}.")
    return Finding(True, f"All {len(digests):,} saved copies of sources are unchanged.")


def _is_whole(services: Services, digest: str) -> bool:
    try:
        services.blobs.get(digest)
    except Refused:
        return False
    return True
