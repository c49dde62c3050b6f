"""A kept copy on its way to somebody: always saved, never shown, so that nothing in it runs as if it were ours."""

from flask import Response

from app.entrypoints.http.services import services
from app.services.locker.file_types import BY_NAME
from app.services.locker.models import StoredFile

SANDBOX_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def build_download(file: StoredFile) -> Response:
    """The bytes as a download under a name of our own. Raises `Refused` where they are not what was kept."""
    response = Response(services().blobs.get(file.sha256), content_type="application/octet-stream")
    name = f"{file.evidence}-{file.sha256[:8]}.{BY_NAME[file.kind].suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
