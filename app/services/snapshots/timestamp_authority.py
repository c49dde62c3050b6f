"""Requests time-stamps. The operator configures the authority, so it may be in any network."""

import http.client
from base64 import b64encode
from urllib.parse import urlsplit

from app.adapters.http_client import PinnedConnection, resolve_host
from app.adapters.settings import Settings
from app.services.snapshots.timestamps import MAX_RESPONSE_BYTES, build_request, read_certificates, verify_response
from domain.errors import Refused
from domain.values import Timestamp

REQUEST_TIMEOUT_SECONDS = 10.0
"""Limits the whole request."""


def request_timestamp(settings: Settings, manifest: bytes) -> Timestamp:
    """Request a time-stamp and verify it. Raises `Refused` if there is no response or an invalid one."""
    assert settings.tsa_cert
    roots, request = read_certificates(settings.tsa_cert), build_request(manifest)
    response = _post(settings.tsa_url, request.as_bytes())
    details = verify_response(response, manifest, roots, request.nonce)
    return Timestamp(at=details.at, authority=details.authority, token=b64encode(response).decode())


def _post(url: str, request: bytes) -> bytes:
    parts = urlsplit(url)
    host, port = str(parts.hostname), parts.port or (443 if parts.scheme == "https" else 80)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        with PinnedConnection(
            host, port, resolve_host(host, port), tls=parts.scheme == "https", seconds=REQUEST_TIMEOUT_SECONDS
        ) as connection:
            connection.request("POST", path, request, {"Content-Type": "application/timestamp-query"})
            response = connection.getresponse()
            status, content = response.status, response.read(MAX_RESPONSE_BYTES + 1)
    except (OSError, UnicodeError, http.client.HTTPException, AttributeError) as e:
        raise Refused(f"{url} did not answer: {e or type(e).__name__}.") from None
    if status != http.client.OK or len(content) > MAX_RESPONSE_BYTES:
        raise Refused(f"{url} answered with status {status} and without a time-stamp.")
    return content
