"""Settings: one frozen value, read once from the environment and `uptake.toml`."""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import urlsplit

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.logs import LOG_FORMATS
from app.adapters.setting_values import parse_setting
from domain.errors import Refused


class Settings(Struct, frozen=True, kw_only=True):
    """The settings of an installation. Each field is `UPTAKE_<NAME>` in the environment and `<name>` in the file."""

    data_dir: Path = Path("uptake-data")
    """The folder of the embedded store, the views and the locks."""
    database_url: str = ""
    """`postgresql://…`, as libpq reads it, to store the log and the views in PostgreSQL instead."""
    database_connect_seconds: int = 5
    """How long a connection to PostgreSQL may take to be made, at each of its hosts."""
    database_statement_seconds: int = 30
    """How long a statement of a web process may take in PostgreSQL."""
    read_url: str = ""
    """`postgresql://…` of a standby: public pages and the API are read there while it is up to date."""
    read_lag_seconds: int = 10
    """How far the standby may be behind."""
    process: str = "cli"
    """What this process is for PostgreSQL: web, worker or cli. Not a setting: the process says so itself."""
    read_only: bool = False
    """Whether `database_url` is that of the standby. Not a setting."""
    base_url: str = "http://127.0.0.1:8000"
    """The public address of this installation; its host is the origin of registers."""
    host: str = "127.0.0.1"
    port: int = 8000
    web_processes: int = 2
    """The number of processes that serve pages."""
    proxies: int = 0
    """The number of trusted proxies in front, each of which adds its client to X-Forwarded-For."""
    web_key: str = ""
    """What `keys/web.json` contains, for machines without a common data folder. The next four are alike."""
    web_key_file: Path | None = None
    """The file with it, such as a mounted secret."""
    packages_key: str = ""
    """What `keys/signing.pem` contains: it signs packages."""
    packages_key_file: Path | None = None
    checkpoints_key: str = ""
    """What `keys/checkpoints.pem` contains: it signs checkpoints."""
    checkpoints_key_file: Path | None = None
    objects: str = ""
    """Where packages, copies of sources and the archive of checkpoints are: `s3://bucket/prefix`, or a folder. Empty:
    the data folder."""
    checkpoint_file: Path | None = None
    """The file outside the database to which signed checkpoints are appended; best on another disk."""
    witness_policy: Path | None = None
    """A policy (C2SP tlog-policy) with the witnesses that cosign checkpoints, and how many are enough."""
    private_witnesses: bool = False
    """Whether witnesses may also be in the private network, and without TLS."""
    backup_dir: Path | None = None
    """The folder for scheduled backups; best on another disk. Empty: no scheduled backups."""
    backup_hours: int = 24
    """Hours from one scheduled backup to the next."""
    backup_keep_daily: int = 7
    """The number of days of which the newest scheduled backup is kept."""
    backup_keep_weekly: int = 5
    backup_keep_monthly: int = 12
    tsa_url: str = ""
    """The authority that time-stamps frozen reviews (RFC 3161). Empty: no time-stamps."""
    tsa_cert: Path | None = None
    """The authority's root certificate, as PEM. Time-stamps must chain to it."""
    smtp_url: str = ""
    """`smtp://user:password@host` to send e-mail. Empty: no e-mail. `app/services/mail/smtp.py` lists the schemes."""
    smtp_from: str = ""
    """The sender of e-mail, such as `Uptake <uptake@example.org>`."""
    oidc_issuer: str = ""
    """The provider for single sign-on (OpenID Connect)."""
    oidc_client_id: str = ""
    """Identifies this installation at the provider, with the secret."""
    oidc_client_secret: str = ""
    oidc_label: str = ""
    """The name of the provider for people. Empty: its host."""
    private_webhooks: bool = False
    """Whether webhooks may also go to the private network, and without TLS."""
    require_second_factor: bool = False
    """Whether every account with a password needs a second factor."""
    largest_file_mb: int = 25
    """The maximum size of a saved copy of a source, in MB."""
    capture: bool = False
    """Whether the server may fetch copies of sources for staff."""
    check_links: bool = False
    """Whether the worker checks the links of public sources, each once a week."""
    log: str = LOG_FORMATS[0]
    """The format of logs: lines for people, or JSON."""
    publish_hold_seconds: int = 60
    """How long the publication of one proposal can be undone before it is public. 0: it is public at once."""
    security_contact: str = ""
    """An e-mail or web address to report weaknesses to, in security.txt. Empty: the contacts of open registers."""
    cdn_seconds: int = 0
    """How long a cache between this site and its readers may keep a current public page. 0: it keeps none."""
    purge_url: str = ""
    """Where the worker asks that cache to forget pages that have changed. Empty: they stay until their time is over."""
    purge_secret: str = ""
    """The secret that signs those requests."""
    metrics_token: str = ""
    """The token that gives access to /metrics. Empty: no metrics."""
    trial: bool = False
    """Whether this installation is for trying things out, so that reviews may be frozen at a local address."""
    development: bool = False
    """Whether to serve the page of all components, at /style/."""

    @property
    def listening_url(self) -> str:
        """The address at which the web processes listen."""
        return f"http://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"

    @property
    def origin(self) -> str:
        return urlsplit(self.base_url).hostname or "localhost"


SETTING_NAMES = tuple(name for name in Settings.__struct_fields__ if name not in ("process", "read_only"))
KEY_USES = ("web", "packages", "checkpoints")
"""The keys of an installation. Each has two settings, `<use>_key` and `<use>_key_file`."""
_PROVIDER_FIELDS = ("oidc_issuer", "oidc_client_id", "oidc_client_secret")


def read_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> Settings:
    """The settings of this process. Raises `Refused` naming each that cannot be used."""
    file = (folder or Path.cwd()) / "uptake.toml"
    from_file = _read_file(file)
    problems = [f"{file}: there is no setting “{name}”." for name in from_file if name not in SETTING_NAMES]
    values: dict[str, object] = {}
    for name in SETTING_NAMES:
        text = environment.get(f"UPTAKE_{name.upper()}", "") or from_file.get(name)
        if text is None:
            continue
        try:
            values[name] = parse_setting(name, text)
        except ValueError as e:
            without_password = re.sub(r"(?<=password=)[^&]*", "…", re.sub(r"^([\w+.-]+:/*).*@", r"\1…@", text))
            problems.append(f"The setting {name} is “{without_password}”: {e}.")
    problems += _missing_settings(values)
    if problems:
        raise Refused(*problems)
    settings = replace(Settings(), **values)
    return settings if "base_url" in values else replace(settings, base_url=settings.listening_url)


def _read_file(file: Path) -> dict[str, str]:
    """The texts of `uptake.toml`; none without a file. Raises `Refused`."""
    if not file.is_file():
        return {}
    try:
        return {name: str(value) for name, value in tomllib.loads(file.read_text(encoding="utf-8")).items()}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as e:
        raise Refused(f"{file} cannot be read: {e}.") from None


def _missing_settings(values: Mapping[str, object]) -> Iterator[str]:
    """The settings that others need."""
    if values.get("smtp_url") and not values.get("smtp_from"):
        yield "To send e-mail, set smtp_from too, such as uptake@example.org."
    if values.get("tsa_url") and not values.get("tsa_cert"):
        yield "To time-stamp reviews, set tsa_cert too: a file with the authority’s root certificate."
    if values.get("read_url") and not values.get("database_url"):
        yield "The setting read_url is for PostgreSQL. Set database_url too."
    yield from _key_problems(values)
    yield from _object_problems(values)
    yield from _purge_problems(values)
    data_dir, backup_dir = values.get("data_dir", Settings().data_dir), values.get("backup_dir")
    if isinstance(data_dir, Path) and isinstance(backup_dir, Path) and backup_dir.is_relative_to(data_dir.absolute()):
        yield "The folder backup_dir is in data_dir, so both would be lost together. Choose one outside it."
    missing = [name for name in _PROVIDER_FIELDS if not values.get(name)]
    if len(missing) == len(_PROVIDER_FIELDS):
        return
    if missing:
        yield f"For single sign-on, set {' and '.join(missing)} too."
    elif any(find_spec(package) is None for package in ("authlib", "requests")):
        yield "Single sign-on needs two more packages. Install “uptake[oidc]”."


def _purge_problems(values: Mapping[str, object]) -> Iterator[str]:
    if values.get("purge_url") and not values.get("cdn_seconds"):
        yield "Without cdn_seconds no cache keeps pages, so there is nothing to purge. Set it, such as to 300."
    if values.get("purge_url") and not values.get("purge_secret"):
        yield "To purge a cache, set purge_secret too, such as to the output of “openssl rand -hex 32”."


def _key_problems(values: Mapping[str, object]) -> Iterator[str]:
    given = {use for use in KEY_USES if values.get(f"{use}_key") or values.get(f"{use}_key_file")}
    for use in KEY_USES:
        if values.get(f"{use}_key") and values.get(f"{use}_key_file"):
            yield f"Set {use}_key or {use}_key_file, not both."
    if len(given & {"packages", "checkpoints"}) == 1:
        yield "Set the key for packages and the key for checkpoints, or neither. They may be the same."


def _object_problems(values: Mapping[str, object]) -> Iterator[str]:
    if not str(values.get("objects", "")).startswith("s3://"):
        return
    if find_spec("obstore") is None:
        yield "Storage that speaks S3 needs one more package. Install “uptake[s3]”."
    if values.get("checkpoint_file"):
        yield "With objects in S3, checkpoints are kept there too. Remove checkpoint_file."
