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
        raise Refused(f"{source.place} does not contain the web keys. {source.cure}") from None


def _refuse_if_others_have_them(settings: Settings, file: Path) -> None:
    if not settings.database_url:
        return
    from app.adapters.jobs_db.shared_values import shared_value

    if shared_value(settings, "web key"):
        raise Refused(
            f"{file} is missing, and this installation has a web key. Copy the file from a machine that runs, or "
            "name it in UPTAKE_WEB_KEY_FILE."
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
