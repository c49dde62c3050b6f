"""Parses the texts of settings into values."""

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from app.adapters.logs import LOG_FORMATS

HOST = re.compile(r"[a-z0-9:][a-z0-9._:-]*")
"""The name or the number of a host, as packages hold it."""
_LOCAL_HOSTS = ("localhost", "127.0.0.1", "::1")


def parse_setting(name: str, text: str) -> object:
    """The value of a setting. Raises `ValueError` saying what the text must be."""
    parse = _PARSERS.get(name)
    return parse(text) if parse else text


def _path(text: str) -> Path:
    return Path(text).expanduser().absolute()


def _number(text: str, least: int = 1) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text) <= 65535:
        raise ValueError(f"it must be a whole number from {least}")
    return int(text)


def _seconds(text: str) -> int:
    """At least two: libpq takes one as two."""
    if not text.isascii() or not text.isdigit() or not 2 <= int(text) <= 3600:
        raise ValueError("it must be a whole number of seconds from 2 to 3600")
    return int(text)


def _cdn_seconds(text: str) -> int:
    """At most a quarter of an hour, after which a page may say another day."""
    if not text.isascii() or not text.isdigit() or int(text) > 900:
        raise ValueError("it must be a whole number of seconds from 0 to 900")
    return int(text)


def _purge_url(text: str) -> str:
    _check_web_address(text, "cache")
    url = urlsplit(text)
    if url.scheme == "http" and url.hostname not in _LOCAL_HOSTS:
        raise ValueError("it must begin with https://, unless the cache is on this machine")
    return text


def _yes_or_no(text: str) -> bool:
    if text.lower() not in ("yes", "no", "true", "false"):
        raise ValueError("it must be yes or no")
    return text.lower() in ("yes", "true")


def _log_format(text: str) -> str:
    if text not in LOG_FORMATS:
        raise ValueError(f"it must be {' or '.join(LOG_FORMATS)}")
    return text


_ENCODED = "In a password, write % as %25, / as %2F and @ as %40"


def _database_url(text: str) -> str:
    if not text.startswith(("postgresql://", "postgres://")):
        raise ValueError("it must be an address such as postgresql://user:password@host/name")
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        port = str(conninfo_to_dict(text).get("port") or "")
    except ProgrammingError as e:
        problem = re.sub(r'"?\w+://\S*|(?<=percent-encoded token): .*', "", str(e)).strip().rstrip(":")
        raise ValueError(f"PostgreSQL cannot read it: {problem}. {_ENCODED}") from None
    if not re.fullmatch("[0-9,]*", port, re.ASCII):
        raise ValueError(f"its port is not a number. {_ENCODED}")
    return text


def _base_url(text: str) -> str:
    _check_web_address(text, "tracker")
    if not HOST.fullmatch(urlsplit(text).hostname or ""):
        raise ValueError("write the name of the host in ASCII, as browsers send it, such as xn--mller-kva.example.org")
    return text.rstrip("/")


def _tsa_url(text: str) -> str:
    _check_web_address(text, "time")
    return text


def _oidc_issuer(text: str) -> str:
    _check_web_address(text, "login")
    url = urlsplit(text)
    if url.scheme == "http" and url.hostname not in _LOCAL_HOSTS:
        raise ValueError("it must begin with https://, unless the provider is on this machine")
    return text


def _objects(text: str) -> str:
    if "://" not in text:
        return str(_path(text))
    if not re.fullmatch(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[\w./-]*)?", text, re.ASCII):
        raise ValueError("it must be an address such as s3://bucket/prefix, or a folder")
    return text.rstrip("/")


def _check_web_address(text: str, host: str) -> None:
    url = urlsplit(text)
    if url.scheme not in ("http", "https") or not url.hostname or url.username or url.port == 0:
        raise ValueError(f"it must be an address such as https://{host}.example.org")


def _smtp_url(text: str) -> str:
    if not text:
        return text
    url = urlsplit(text)
    if url.scheme not in ("smtp", "smtps", "smtp+plain") or not url.hostname:
        raise ValueError("it must be an address such as smtp://user:password@mail.example.org:587")
    if url.scheme == "smtp+plain" and url.username and url.hostname not in _LOCAL_HOSTS:
        raise ValueError("it must begin with smtp:// or smtps://, so that the password is sent under TLS")
    return text


def _smtp_from(text: str) -> str:
    if not re.fullmatch(r"([^<>@\r\n]+ <)?[^\s<>@,]+@[^\s<>@,]+>?", text):
        raise ValueError("it must be an address such as uptake@example.org or Uptake <uptake@example.org>")
    return text


def _contact(text: str) -> str:
    if not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text) and urlsplit(text).scheme != "https":
        raise ValueError("it must be an e-mail address or an address that starts with https://")
    return text


_PARSERS: dict[str, Callable[[str], object]] = {
    **dict.fromkeys(("data_dir", "checkpoint_file", "tsa_cert", "witness_policy", "backup_dir"), _path),
    **dict.fromkeys(("web_key_file", "packages_key_file", "checkpoints_key_file"), _path),
    **dict.fromkeys(("port", "web_processes", "largest_file_mb", "backup_hours"), _number),
    **dict.fromkeys(("database_connect_seconds", "database_statement_seconds", "read_lag_seconds"), _seconds),
    **dict.fromkeys(
        (
            *("capture", "check_links", "development", "private_webhooks", "private_witnesses"),
            *("require_second_factor", "trial"),
        ),
        _yes_or_no,
    ),
    **dict.fromkeys(
        ("proxies", "publish_hold_seconds", "backup_keep_daily", "backup_keep_weekly", "backup_keep_monthly"),
        lambda text: _number(text, 0),
    ),
    "cdn_seconds": _cdn_seconds,
    "purge_url": _purge_url,
    "log": _log_format,
    "objects": _objects,
    "database_url": _database_url,
    "read_url": _database_url,
    "base_url": _base_url,
    "tsa_url": _tsa_url,
    "oidc_issuer": _oidc_issuer,
    "smtp_url": _smtp_url,
    "smtp_from": _smtp_from,
    "security_contact": _contact,
}
