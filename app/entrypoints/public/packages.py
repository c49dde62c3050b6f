"""The files of a frozen review, unchanged."""

import zipfile
from base64 import b64decode
from mimetypes import guess_type
from pathlib import Path
from typing import TYPE_CHECKING

from flask import Response, request, send_file

from app.entrypoints.http.assets import IMMUTABLE_CACHE_CONTROL
from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.review_pages import find_frozen_review, package_name
from app.presentation.i18n.removal_sentences import withdrawal_sentence
from app.services.container import Services
from app.services.removals.packages import withdrawal_of
from app.services.snapshots import package_store
from app.services.snapshots.bagit import PAYLOAD
from app.services.snapshots.log_proof import ENDING, package_proof
from app.services.snapshots.review_schedule import ReviewOccurrence
from domain.errors import Gone, NotFound, refusal
from domain.values import Snapshot

if TYPE_CHECKING:
    from app.adapters.objects.s3 import RemoteObject

FROZEN_PAGE_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""A frozen page contains its own style, so that it needs no other file. It runs no scripts."""
INLINE_TYPES = ("text/html", "application/pdf")


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/package.zip")
def package(register: str, review: str, as_of: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        _page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
    file = _package_file(services(), plan, snapshot)
    name = f"{package_name(register, plan)}.zip"
    if isinstance(file, Path):
        return _immutable(send_file(file, mimetype="application/zip", as_attachment=True, download_name=name))
    return _immutable(_send_remote(file, snapshot.package, name))


def _send_remote(package: "RemoteObject", digest: str, name: str) -> Response:
    """The package, or the part that was asked for, as it arrives from the storage."""
    response = send_file(package.open("rb"), mimetype="application/zip", as_attachment=True, download_name=name)
    response.content_length = size = package.size
    response.set_etag(digest)
    response.make_conditional(request.environ, accept_ranges=True, complete_length=size)
    return response


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/timestamp.tsr")
def package_timestamp(register: str, review: str, as_of: str) -> Response:
    """The response of the time-stamping authority, for `openssl ts -verify`."""
    read_parameters()
    with services().views.connect() as db:
        _page, plan, _snapshot = find_frozen_review(services(), db, register, review, as_of)
    stamp = plan.preparation.timestamp
    if stamp is None:
        raise NotFound(refusal("The review “{review}” of {day} is not time-stamped.", review=review, day=as_of))
    response = Response(b64decode(stamp.token), content_type="application/timestamp-reply")
    ending = f"{package_name(register, plan)}.tsr"
    response.headers["Content-Disposition"] = f'attachment; filename="{ending}"'
    return _immutable(response)


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/package.zip.tlog-proof")
def package_log_proof(register: str, review: str, as_of: str) -> Response:
    """The proof that the log contains the entry which names the package; cosignatures may be added to it later."""
    read_parameters()
    with services().views.connect() as db:
        _page, plan, _snapshot = find_frozen_review(services(), db, register, review, as_of)
    response = Response(package_proof(services(), register, review, as_of), content_type="text/plain; charset=utf-8")
    ending = f"{package_name(register, plan)}.zip{ENDING}"
    response.headers["Content-Disposition"] = f'attachment; filename="{ending}"'
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response


@public.get("/<register:register>/reviews/<ident:review>/<day:as_of>/files/<path:file>")
def package_file(register: str, review: str, as_of: str, file: str) -> Response:
    read_parameters()
    with services().views.connect() as db:
        _page, plan, snapshot = find_frozen_review(services(), db, register, review, as_of)
    name = package_name(register, plan)
    package = _package_file(services(), plan, snapshot)
    with package.open("rb") as stream, zipfile.ZipFile(stream) as archive:
        try:
            content = archive.read(f"{name}/{PAYLOAD}{file}")
        except KeyError:
            raise NotFound(refusal("There is no file “{file}” in this package.", file=file[:80])) from None
    kind = guess_type(file)[0] or "text/plain"
    response = Response(content, content_type=f"{kind}; charset=utf-8" if kind.startswith("text/") else kind)
    is_inline = kind in INLINE_TYPES
    ending = file.rsplit("/", 1)[-1]
    response.headers["Content-Disposition"] = "inline" if is_inline else f'attachment; filename="{name}_{ending}"'
    response.headers["Content-Security-Policy"] = FROZEN_PAGE_POLICY
    return _immutable(response)


def _package_file(services: Services, plan: ReviewOccurrence, snapshot: Snapshot) -> "Path | RemoteObject":
    """The stored package. Raises `Gone` if it was withdrawn, `NotFound` if it is missing."""
    if sentence := withdrawal_sentence(withdrawal_of(services.settings, plan.preparation)):
        raise Gone(sentence)
    return package_store.get(services.settings, snapshot.package)


def _immutable(response: Response) -> Response:
    response.headers["Cache-Control"] = IMMUTABLE_CACHE_CONTROL
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
