"""The secrets that sign sessions and encrypt second factors; created once, readable by the owner only."""

import json
import os
import secrets
from hashlib import sha256
from pathlib import Path

import msgspec
from msgspec import Struct

from app.adapters.key_settings import key_source
from app.adapters.settings import Settings
from domain.errors import Refused
from projections.engine.private_files import make_private_folder

LOST = "If it is lost, also from backups,"


class WebSecrets(Struct, frozen=True):
    session: str
    salt: str
    totp: str

    @property
    def fingerprint(self) -> str:
        """Says which secrets these are, and nothing about them."""
        return f"SHA256:{sha256(msgspec.json.encode(self)).hexdigest()}"


def load_web_secrets(settings: Settings) -> WebSecrets:
    """Load the secrets of this installation; creates them if there are none. Several machines have the same.

    Raises `Refused` if they cannot be read, or if the installation has secrets and this machine lacks them.
    """
    source = key_source(settings, "web")
    if not source.exists() and not source.is_set:
        _refuse_if_others_have_them(settings, source.file)
        _make(source.file)
    try:
        return WebSecrets(**json.loads(source.read()))
    except (ValueError, TypeError):
        cure = source.cure if source.is_set else f"{source.cure} {_cure(settings)}"
        raise Refused(f"{source.place} does not contain the web keys. {cure}") from None


def make_web_secrets(settings: Settings) -> None:
    """Make new secrets in place of lost ones. Raises `Refused` if this machine has some or settings do."""
    source = key_source(settings, "web")
    if source.is_set:
        raise Refused(f"The web key comes from the setting {source.setting}. Unset it first, to make a new web key.")
    if source.exists():
        raise Refused(f"{source.file} is there. Remove it first, to make a new web key.")
    _make(source.file)


def _cure(settings: Settings) -> str:
    """What to do about a file of this machine that is not the web key, besides putting it back."""
    if settings.database_url:
        return f"A machine that runs has it. {LOST} remove the file and run “uptake key accept --new-web-key”."
    return f"{LOST} remove it: then everyone needs another password and another second factor."


def _refuse_if_others_have_them(settings: Settings, file: Path) -> None:
    if not settings.database_url:
        return
    from app.adapters.jobs_db.shared_values import shared_value

    if shared_value(settings, "web key"):
        raise Refused(
            f"{file} is missing, and this installation has a web key. Copy the file from a machine that runs, or "
            f"name it in UPTAKE_WEB_KEY_FILE. {LOST} run “uptake key accept --new-web-key”."
        )


def _make(file: Path) -> None:
    make_private_folder(file.parent)
    values = {name: secrets.token_urlsafe(48) for name in WebSecrets.__struct_fields__}
    new = file.with_suffix(f".{secrets.token_hex(8)}.new")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as opened:
        json.dump(values, opened)
    try:
        os.link(new, file)  # the first process wins
    except FileExistsError:
        pass
    finally:
        new.unlink()
