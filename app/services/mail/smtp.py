"""Connects to the mail server and interprets its answers."""

import logging
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from enum import Enum
from urllib.parse import unquote, urlsplit

from app.adapters.settings import Settings

log = logging.getLogger("uptake.mail")
DEFAULT_PORTS = {"smtps": 465, "smtp": 587, "smtp+plain": 25}
"""`smtps`: implicit TLS. `smtp`: STARTTLS. `smtp+plain`: no TLS, for this machine or a trusted network."""
SMTP_TIMEOUT_SECONDS = 20


class MailServerUnavailable(Exception):
    """The server cannot be used now. The message contains no secret."""


class Delivery(Enum):
    ACCEPTED, RETRY, REJECTED = range(3)


@contextmanager
def connection(settings: Settings) -> Iterator[smtplib.SMTP]:
    """Connect to the mail server. Raises `MailServerUnavailable`."""
    url = urlsplit(settings.smtp_url)
    host, port = url.hostname or "", url.port or DEFAULT_PORTS[url.scheme]
    try:
        if url.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                host, port, timeout=SMTP_TIMEOUT_SECONDS, context=ssl.create_default_context()
            )
        else:
            server = smtplib.SMTP(host, port, timeout=SMTP_TIMEOUT_SECONDS)
        if url.scheme == "smtp":
            server.starttls(context=ssl.create_default_context())
        if url.username:
            server.login(unquote(url.username), unquote(url.password or ""))
    except (OSError, smtplib.SMTPException) as e:
        raise MailServerUnavailable(f"The mail server {host}:{port} cannot be used ({_reason(e)}).") from None
    try:
        yield server
    finally:
        try:
            server.quit()
        except (OSError, smtplib.SMTPException):
            server.close()


def deliver(server: smtplib.SMTP, message: EmailMessage) -> Delivery:
    """Send one message and return the result. Raises `MailServerUnavailable` if the server accepts none now."""
    try:
        server.send_message(message)
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError, smtplib.SMTPNotSupportedError) as e:
        log.warning("The mail server did not accept a message (%s).", _reason(e))
        return Delivery.RETRY if 400 <= _code(e) < 500 else Delivery.REJECTED
    except (OSError, smtplib.SMTPException) as e:
        raise MailServerUnavailable(f"The mail server does not accept messages now ({_reason(e)}).") from None
    return Delivery.ACCEPTED


def _code(error: Exception) -> int:
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return min((code for code, _ in error.recipients.values()), default=550)
    return int(getattr(error, "smtp_code", 0))


def _reason(error: Exception) -> str:
    """The error class and code. The server's text may contain addresses, which must not be logged."""
    return f"{type(error).__name__} {_code(error) or ''}".strip()
