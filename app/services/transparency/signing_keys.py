"""The keys that sign: one for checkpoints and one for packages, readable by their owner only, made by `uptake init`.

`keys/signing.pem` signs packages, `keys/checkpoints.pem` checkpoints. An installation from before there were two has
the first only; it signs both until it is replaced. `keys/public.json` lists the public keys that ever signed; on
PostgreSQL the list is in the database, where all machines of the installation have it from. Settings can name the
private keys (`app/adapters/key_settings.py`).
"""

import os
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import Struct
from msgspec.structs import replace

from app.adapters.jobs_db.shared_values import set_shared_value, shared_value
from app.adapters.key_settings import KEY_FILES, has_key_settings, key_source
from app.adapters.record import system_clock
from app.adapters.settings import Settings
from app.services.transparency.key_files import SigningKey, read_key, read_key_file, write_key_file, write_private_file
from app.services.transparency.key_list import USES, KeyList, ListedKey, Use, listed_key, succession_text
from app.services.transparency.signed_notes import Verifier, sign_text
from domain.errors import NotFound, Refusal, Refused, refusal
from domain.times import written

LOG_ID_BYTES = 8
LIST_NAME = "public keys"
"""Under which the list is among the values that machines have in common."""


class FormerKey(Struct, frozen=True):
    """A key in `keys/former.json`, where versions before the list of keys kept those that were replaced."""

    name: str
    public: str

    @property
    def verifier(self) -> Verifier:
        return Verifier(self.name, bytes.fromhex(self.public))


def create_keys(settings: Settings, at: datetime | None = None) -> None:
    """Make the keys of a new installation, once. One that has a key for packages keeps what it has.

    The key for checkpoints is named after the log, which is the host and an id: another log on the same host, such as
    that of an installation set up again, has another one. The key for packages is named after the host.
    Raises `Refused` on another machine of an installation that has keys.
    """
    if has_key_settings(settings) or _file(settings, "packages").is_file():
        return
    if shared_list(settings):
        raise Refused(
            f"{_file(settings, 'packages')} is missing, and the installation in this database has keys. Copy keys/ "
            "from a machine that runs, or name the files in UPTAKE_PACKAGES_KEY_FILE and UPTAKE_CHECKPOINTS_KEY_FILE."
        )
    log = new_log_name(settings)
    # In this order: a key for packages alone is an installation from before there were two.
    write_key_file(_file(settings, "checkpoints"), SigningKey(log, Ed25519PrivateKey.generate()))
    write_key_file(_file(settings, "packages"), SigningKey(settings.origin, Ed25519PrivateKey.generate()))
    stamp = written(at or system_clock())
    keys = [listed_key(_current(settings, use).verifier, use, valid_from=stamp) for use in USES]
    write_private_file(_list_file(settings), msgspec.json.encode(keys), replace=False)


def new_log_name(settings: Settings) -> str:
    """An origin that no other log has."""
    return f"{settings.origin}/{secrets.token_hex(LOG_ID_BYTES)}"


def signing_key(settings: Settings) -> SigningKey:
    """Return the key that signs packages. Raises `Refused` without one."""
    return _current(settings, "packages")


def checkpoint_key(settings: Settings) -> SigningKey:
    """Return the key that signs checkpoints; its name is their origin, which never changes. Raises `Refused`."""
    return _current(settings, "checkpoints")


def host_problem(settings: Settings) -> Refusal | None:
    """What is wrong if the key was made for another host than the site has now: signatures would name the old one."""
    key = signing_key(settings)
    if key.name == settings.origin:
        return None
    return refusal(
        "The signing key is of {key}, but the address of this site is {address}. Set UPTAKE_BASE_URL to the right "
        "address, or make a key for it with “uptake key rotate”.",
        key=key.name,
        address=settings.base_url,
    )


def known_keys(settings: Settings) -> list[Verifier]:
    """Return the public keys of all signing keys, the current ones first, that for packages before the others."""
    return list(dict.fromkeys(key.verifier for key in key_list(settings).keys))


def key_list(settings: Settings) -> KeyList:
    """Return the list of public keys, current ones first. It does not need the private ones."""
    if (shared := shared_list(settings)) is not None:
        return _in_order(shared)
    return local_key_list(settings)


def local_key_list(settings: Settings) -> KeyList:
    """Return the list as this machine has it in its files."""
    former_file = settings.data_dir / "keys" / "former.json"
    former = msgspec.json.decode(former_file.read_bytes(), type=list[FormerKey]) if former_file.is_file() else []
    current = []
    for use in USES:
        with suppress(Refused):
            current.append((use, _current(settings, use).verifier))
    keys = {(key.use, key.verifier): key for key in _file_list(settings)}
    for use, verifier in [*current, *((use, f.verifier) for f in reversed(former) for use in USES)]:
        keys.setdefault((use, verifier), listed_key(verifier, use))
    now = [replace(keys.pop(entry), until="") for entry in current]
    return _in_order([*now, *keys.values()])


def _in_order(keys: Sequence[ListedKey]) -> KeyList:
    """Current keys first, those for packages before the others."""
    return KeyList(keys=tuple(sorted(keys, key=lambda k: USES.index(k.use) if k.is_current else len(USES))))


def require_replaceable(settings: Settings, uses: Sequence[Use]) -> None:
    """Raises `Refused` if a key comes from where Uptake cannot write."""
    for use in uses:
        source = key_source(settings, use)
        folder = next(path for path in (source.file.parent, *source.file.parents) if path.exists())
        if source.text or not os.access(folder, os.W_OK):
            raise Refused(
                f"Uptake cannot replace the key for {use}: {source.place} is not a file that it can write. Write "
                "the new keys to another folder with “uptake key rotate --out FOLDER”, then set them on every machine."
            )


def rotate_signing_key(
    settings: Settings,
    at: datetime | None = None,
    uses: Sequence[Use] = USES,
    log_name: str = "",
    out: Path | None = None,
) -> SigningKey:
    """Replace keys; lists the old public keys and destroys the old private ones. Returns the key for packages.

    The old key signs that the new one comes after it. A new key for packages is named after the current host; the name
    of the key for checkpoints stays, since it names the log; `log_name` is for one that goes on without its lost end.
    With `out`, the new keys are written to that folder only, which has none. Raises `Refused`.
    """
    if out is None:
        require_replaceable(settings, uses)
    else:
        _require_without_keys(out)
    stamp, keys = written(at or system_clock()), list(key_list(settings).keys)
    old = {use: _current(settings, use) for use in USES}
    new = dict(old)
    added = []
    for use in uses:
        name = settings.origin if use == "packages" else log_name or old[use].name
        new[use] = SigningKey(name, Ed25519PrivateKey.generate())
        note = sign_text(succession_text(use, new[use].verifier, stamp), old[use].name, old[use].private)
        added.append(listed_key(new[use].verifier, use, valid_from=stamp, succession=note))
    keys = [replace(key, until=stamp) if key.use in uses and key.is_current else key for key in keys]
    if out:
        _write_keys_out(settings, out, new, uses)
    write_list(settings, [*added, *keys])
    if not out:
        _write_keys(settings, new, uses)
    return new["packages"]


def _write_keys(settings: Settings, new: Mapping[Use, SigningKey], uses: Sequence[Use]) -> None:
    for use in reversed(USES):  # that for checkpoints first: without one, the key for packages would sign them
        if use in uses or not key_source(settings, use).is_set:
            write_key_file(_file(settings, use), new[use], replace=True)


def _require_without_keys(folder: Path) -> None:
    """Raises `Refused` naming a key file in a folder: what is in it may be nowhere else."""
    for name in KEY_FILES.values():
        if os.path.lexists(folder / name):
            raise Refused(f"{folder / name} is there already, and no key is overwritten. Name another folder.")


def _write_keys_out(settings: Settings, out: Path, new: Mapping[Use, SigningKey], uses: Sequence[Use]) -> None:
    """Write new keys to a folder, with the one for checkpoints if it is still that for packages.

    Raises `Refused` if the folder cannot be written, or if another process writes keys there.
    """
    for use in USES:
        if use not in uses and key_source(settings, use).exists():
            continue
        try:
            write_key_file(out / KEY_FILES[use], new[use])
        except OSError as e:
            raise Refused(f"{out} cannot be written: {e.strerror or e}. Name another folder.") from None
        if read_key_file(out / KEY_FILES[use]).verifier != new[use].verifier:
            raise Refused(f"Another process writes keys to {out}. Name another folder.")


def mark_compromised(settings: Settings, fingerprint: str, since: datetime) -> bool:
    """List a key as compromised since an instant; returns whether it still signs. Raises `NotFound` and `Refused`."""
    keys, stamp = key_list(settings).keys, written(since)
    marked = [key for key in keys if key.fingerprint == fingerprint]
    if not marked:
        raise NotFound(f"There is no key {fingerprint[:60]} here. “uptake key show” lists the fingerprints.")
    if (earlier := marked[0].compromised_since) and stamp > earlier:
        raise Refused(f"The key is listed as compromised since {earlier}. Name an earlier instant.")
    keys = tuple(replace(key, compromised_since=stamp) if key in marked else key for key in keys)
    write_list(settings, keys)
    return any(key.is_current for key in marked)


def shared_list(settings: Settings) -> list[ListedKey] | None:
    """The list that all machines have in common; None on one machine, or before the first start."""
    if not settings.database_url:
        return None
    stored = shared_value(settings, LIST_NAME)
    return None if stored is None else msgspec.json.decode(stored, type=list[ListedKey])


def write_list(settings: Settings, keys: Sequence[ListedKey]) -> None:
    if settings.database_url:
        set_shared_value(settings, LIST_NAME, msgspec.json.encode(keys).decode())
    else:
        write_private_file(_list_file(settings), msgspec.json.encode(keys))


def _file_list(settings: Settings) -> list[ListedKey]:
    file = _list_file(settings)
    return msgspec.json.decode(file.read_bytes(), type=list[ListedKey]) if file.is_file() else []


def _current(settings: Settings, use: Use) -> SigningKey:
    """The key for a use. Raises `Refused` without one, or if the installation has another one by now."""
    key = local_key(settings, use)
    if instead := key_instead(settings, use, key.verifier):
        raise Refused(other_key(settings, use, key.verifier.fingerprint, instead.fingerprint))
    return key


def key_instead(settings: Settings, use: Use, verifier: Verifier) -> Verifier | None:
    """The key that the installation has by its list in place of one of this machine; None if it has this one.

    On one machine, a key that is not in the list was put there by hand, and is the one that the installation has.
    """
    shared = shared_list(settings)
    keys = [k for k in (_file_list(settings) if shared is None else shared) if k.use == use]
    current = [k.verifier for k in keys if k.is_current]
    if not current or verifier in current or (shared is None and verifier not in [k.verifier for k in keys]):
        return None
    return current[0]


def other_key(settings: Settings, use: str, here: str, there: str) -> str:
    """That this machine has another key than the installation, and what to do."""
    source = key_source(settings, use)
    if not settings.database_url:
        return (
            f"The key for {use} was replaced: {source.place} has {here}, and {_list_file(settings)} names {there}. Put "
            f"the new key in its place, or name the file with it in UPTAKE_{use.upper()}_KEY_FILE. To go on with the "
            "key that is there, run “uptake key accept”."
        )
    return (
        f"This machine has another key for {use} than the installation: {source.place} has {here}, and the database "
        f"names {there}. Give it the key of the machines that run: copy keys/{KEY_FILES[use]} to it, or name that file "
        f"in UPTAKE_{use.upper()}_KEY_FILE. If you changed the key on purpose, run “uptake key accept” on this machine."
    )


def local_key(settings: Settings, use: Use) -> SigningKey:
    """The key for a use that this machine has.

    An installation with one key for both uses it until it is replaced. Raises `Refused`.
    """
    source = key_source(settings, use)
    if use == "checkpoints" and not source.exists() and not source.is_set:
        shared = local_key(settings, "packages")
        keys = shared_list(settings) or _file_list(settings)
        listed = [key.verifier for key in keys if key.use == use and key.is_current]
        if not listed or shared.verifier in listed:
            return shared
    return read_key(source)


def _file(settings: Settings, use: Use) -> Path:
    return key_source(settings, use).file


def _list_file(settings: Settings) -> Path:
    return settings.data_dir / "keys" / "public.json"
