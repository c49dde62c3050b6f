"""Settings: one frozen value, read once from the environment and `uptake.toml`."""

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from domain.errors import Refused


class Settings(Struct, frozen=True, kw_only=True):
    """What an installation decides. Each field is `UPTAKE_<NAME>` in the environment and `<name>` in the file."""

    data_dir: Path = Path("uptake-data")
    """Where the embedded store, the views and the locks lie."""
    database_url: str = ""
    """`postgresql://…` to keep log and views in PostgreSQL instead."""
    base_url: str = "http://127.0.0.1:8000"
    """The address under which the public sees this installation; its host names the register's origin."""
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 2
    """How many processes answer pages."""
    checkpoint_file: Path | None = None
    """Where signed checkpoints are appended outside the database; best on another disk."""
    development: bool = False
    """Also serves the page of all components, at /style/."""

    @property
    def origin(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


_NAMES = tuple(Settings.__struct_fields__)


def read_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """The settings of this process. Raises `Refused` naming each that cannot be used."""
    given: dict[str, object] = {}
    problems: list[str] = []
    file = (folder or Path.cwd()) / "uptake.toml"
    if file.is_file():
        try:
            given |= tomllib.loads(file.read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
            raise Refused(f"{file} cannot be read: {e}.") from None
        problems += [f"{file}: there is no setting “{name}”." for name in given if name not in _NAMES]
    for name in _NAMES:
        if text := environment.get(f"UPTAKE_{name.upper()}", ""):
            given[name] = text
    values: dict[str, object] = {}
    for name in _NAMES:
        if name in given:
            try:
                values[name] = _typed(name, str(given[name]))
            except ValueError as e:
                problems.append(f"The setting {name} is “{given[name]}”: {e}.")
    if problems:
        raise Refused(*problems)
    if "base_url" not in values:
        values["base_url"] = f"http://{values.get('host', Settings().host)}:{values.get('port', Settings().port)}"
    return Settings(**values)  # type: ignore[arg-type]


def _typed(name: str, text: str) -> object:
    if name in ("data_dir", "checkpoint_file"):
        return Path(text).expanduser().absolute()
    if name in ("port", "web_processes"):
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= 65535:
            raise ValueError("a whole number from 1 is needed")
        return int(text)
    if name == "development":
        if text.lower() not in ("yes", "no", "true", "false"):
            raise ValueError("yes or no is needed")
        return text.lower() in ("yes", "true")
    if name == "database_url" and urlsplit(text).scheme not in ("postgresql", "postgres"):
        raise ValueError("an address such as postgresql://user:password@host/name is needed")
    if name == "base_url" and (urlsplit(text).scheme not in ("http", "https") or not urlsplit(text).hostname):
        raise ValueError("an address such as https://tracker.example.org is needed")
    return text.rstrip("/") if name == "base_url" else text
