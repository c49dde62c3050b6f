"""Downloads of saved copies: sent as attachments in a sandbox, so that no content runs on our origin."""

from flask import Response

from app.services.container import Services
from app.services.locker.file_types import BY_NAME
from app.services.locker.models import StoredFile

SANDBOX_POLICY = "sandbox; default-src 'none'; frame-ancestors 'none'"


def build_download(services: Services, file: StoredFile) -> Response:
    """Returns the file as an attachment. Raises `Refused` if its bytes differ from those that were saved."""
    response = Response(services.blobs.get(file.sha256), content_type="application/octet-stream")
    name = f"{file.evidence}-{file.sha256[:8]}.{BY_NAME[file.kind].suffix}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = SANDBOX_POLICY
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    response.headers["Cache-Control"] = "no-store"
    return response
