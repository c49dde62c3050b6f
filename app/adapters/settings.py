"""Settings: one frozen value, read once from the environment and `uptake.toml`."""

import os
import re
import tomllib
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct

from app.adapters.logs import LOG_FORMATS
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
    proxies: int = 0
    """How many proxies of ours stand in front, each of which adds to X-Forwarded-For whom it was asked by."""
    checkpoint_file: Path | None = None
    """Where signed checkpoints are appended outside the database; best on another disk."""
    tsa_url: str = ""
    """The authority that time-stamps frozen reviews (RFC 3161); none are time-stamped without it."""
    tsa_cert: Path | None = None
    """The authority's root certificate, as PEM: only answers that lead to it are kept."""
    smtp_url: str = ""
    """`smtp://user:password@host` to send e-mail; none is sent without it. The schemes are listed in
    `app/services/mail/smtp.py`."""
    smtp_from: str = ""
    """The sender of e-mail, such as `Uptake <uptake@example.org>`."""
    oidc_issuer: str = ""
    """The provider at which staff may sign in (OpenID Connect)."""
    oidc_client_id: str = ""
    """By this and the secret the provider knows us."""
    oidc_client_secret: str = ""
    oidc_label: str = ""
    """What people call the provider; its host, unless this is given."""
    private_webhooks: bool = False
    """Webhooks may also go to machines of this network, and without TLS."""
    largest_file_mb: int = 25
    """How large a kept copy of a source may be, in MB."""
    capture: bool = False
    """Whether staff may have the server fetch a copy of a source from its address."""
    check_links: bool = False
    """Whether the worker looks at the addresses of public sources, one after the other, each once a week."""
    log: str = LOG_FORMATS[0]
    """Whether processes log lines for people, or JSON."""
    metrics_token: str = ""
    """Whoever sends it may read /metrics; nothing is counted without one."""
    development: bool = False
    """Also serves the page of all components, at /style/."""

    @property
    def origin(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


_FIELDS = tuple(Settings.__struct_fields__)
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")
_PROVIDER_FIELDS = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")


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
        problems += [f"{file}: there is no setting “{name}”." for name in given if name not in _FIELDS]
    for name in _FIELDS:
        if text := environment.get(f"UPTAKE_{name.upper()}", ""):
            given[name] = text
    values: dict[str, object] = {}
    for name in _FIELDS:
        if name in given:
            try:
                values[name] = _typed(name, str(given[name]))
            except ValueError as e:
                shown = re.sub(r"//[^/]*@", "//…@", str(given[name]))  # no password in a sentence
                problems.append(f"The setting {name} is “{shown}”: {e}.")
    if values.get("smtp_url") and not values.get("smtp_from"):
        problems.append("E-mail is to be sent, but nobody is its sender; set smtp_from, such as uptake@example.org.")
    if values.get("tsa_url") and not values.get("tsa_cert"):
        problems.append("Reviews are to be time-stamped; set tsa_cert to a file with the authority’s root certificate.")
    problems += _provider_problems({name: str(values.get(name, "")) for name in _PROVIDER_FIELDS})
    if problems:
        raise Refused(*problems)
    if "base_url" not in values:
        values["base_url"] = f"http://{values.get('host', Settings().host)}:{values.get('port', Settings().port)}"
    return Settings(**values)  # type: ignore[arg-type]


def _typed(name: str, text: str) -> object:
    if name in ("data_dir", "checkpoint_file", "tsa_cert"):
        return Path(text).expanduser().absolute()
    if name in ("port", "web_processes", "largest_file_mb", "proxies"):
        least = 0 if name == "proxies" else 1
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= 65535:
            raise ValueError(f"a whole number from {least} is needed")
        return int(text)
    if name in ("capture", "check_links", "development", "private_webhooks"):
        if text.lower() not in ("yes", "no", "true", "false"):
            raise ValueError("yes or no is needed")
        return text.lower() in ("yes", "true")
    if name == "database_url" and urlsplit(text).scheme not in ("postgresql", "postgres"):
        raise ValueError("an address such as postgresql://user:password@host/name is needed")
    if name == "log" and text not in LOG_FORMATS:
        raise ValueError(f"{' or '.join(LOG_FORMATS)} is needed")
    if name == "smtp_url" and text:
        _check_smtp(text)
    if name == "smtp_from" and not re.fullmatch(r"([^<>@\r\n]+ <)?[^\s<>@,]+@[^\s<>@,]+>?", text):
        raise ValueError("an address such as uptake@example.org or Uptake <uptake@example.org> is needed")
    if name in ("base_url", "tsa_url", "oidc_issuer"):
        url, host = urlsplit(text), {"base_url": "tracker", "tsa_url": "time", "oidc_issuer": "login"}[name]
        if url.scheme not in ("http", "https") or not url.hostname or url.username or url.port == 0:
            raise ValueError(f"an address such as https://{host}.example.org is needed")
        if name == "oidc_issuer" and url.scheme == "http" and url.hostname not in _LOCAL_HOSTS:
            raise ValueError("a provider on another machine is asked under TLS only; begin it with https://")
    return text.rstrip("/") if name == "base_url" else text


def _provider_problems(given: dict[str, str]) -> list[str]:
    missing = [name for name, value in given.items() if not value]
    if len(missing) == len(given):
        return []
    if missing:
        return [f"Staff are to sign in at a provider; set {' and '.join(missing)} too."]
    if any(find_spec(package) is None for package in ("authlib", "requests")):
        return ["Staff are to sign in at a provider, which needs two more packages; install “uptake[oidc]”."]
    return []


def _check_smtp(text: str) -> None:
    url = urlsplit(text)
    if url.scheme not in ("smtp", "smtps", "smtp+plain") or not url.hostname:
        raise ValueError("an address such as smtp://user:password@mail.example.org:587 is needed")
    if url.scheme == "smtp+plain" and url.username and url.hostname not in _LOCAL_HOSTS:
        raise ValueError("a password is sent to another machine only under TLS; begin it with smtp:// or smtps://")
