"""Asks the time-stamping authority of this installation. Whoever runs it named it, so it may be in any network."""

import http.client
from base64 import b64encode
from urllib.parse import urlsplit

from app.adapters.http_client import Line, resolved
from app.adapters.settings import Settings
from app.services.snapshots.timestamps import LARGEST, checked, question, roots_in
from domain.errors import Refused
from domain.values import Timestamp

PATIENCE = 10.0
"""Seconds for all of a request."""


def timestamp(settings: Settings, manifest: bytes) -> Timestamp:
    """A new time-stamp, checked. Raises `Refused` where there is no answer, or one that does not hold."""
    assert settings.tsa_cert
    roots, asked = roots_in(settings.tsa_cert), question(manifest)
    answer = _answer(settings.tsa_url, asked.as_bytes())
    told = checked(answer, manifest, roots, asked.nonce)
    return Timestamp(at=told.at, authority=told.authority, token=b64encode(answer).decode())


def _answer(url: str, request: bytes) -> bytes:
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with Line(host, port, resolved(host, port), tls=parts.scheme == "https", seconds=PATIENCE) as line:
            line.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
            found = line.getresponse()
            status, answer = found.status, found.read(LARGEST + 1)
    except (OSError, UnicodeError, http.client.HTTPException, AttributeError) as e:
        raise Refused(f"{url} does not answer: {e or type(e).__name__}.") from None
    if status != http.client.OK or len(answer) > LARGEST:
        raise Refused(f"{url} answers with status {status}, and no time-stamp.")
    return answer
