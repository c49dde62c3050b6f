"""The secrets that sign sessions and encrypt second factors; created once, readable by the owner only."""

import json
import os
import secrets
from pathlib import Path

from msgspec import Struct

from app.adapters.settings import Settings
from domain.errors import Refused
from projections.engine.private_files import make_private_folder


class WebSecrets(Struct, frozen=True):
    session: str
    salt: str
    totp: str


def load_web_secrets(settings: Settings) -> WebSecrets:
    """Load the secrets of this installation; creates them if there are none. Several machines share the file."""
    file = settings.data_dir / "keys" / "web.json"
    if not file.is_file():
        _make(file)
    try:
        return WebSecrets(**json.loads(file.read_text("utf-8")))
    except (ValueError, TypeError):
        raise Refused(f"{file} does not contain the web keys. Put the right file back, or remove it.") from None


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
