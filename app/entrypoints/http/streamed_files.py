"""Downloads that are sent while they are made."""

from collections.abc import Generator, Iterable, Iterator
from contextvars import copy_context
from hashlib import sha256

from flask import Response, request


def in_this_context(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """The same pieces, each made in the context of this request, whichever thread asks for it.

    Between pieces nothing of the context is left in the thread, which makes pieces of other requests meanwhile.
    """
    context = copy_context()

    def generate() -> Iterator[bytes]:
        try:
            while (piece := context.run(next, pieces, None)) is not None:
                yield piece
        finally:
            if isinstance(pieces, Generator):
                context.run(pieces.close)

    return generate()


def stream_attachment(pieces: Iterator[bytes], mimetype: str, name: str, state: Iterable[object]) -> Response:
    """A file to save, in pieces."""
    response = stream_file(pieces, mimetype, state)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def stream_file(pieces: Iterator[bytes], mimetype: str, state: Iterable[object]) -> Response:
    """A file in pieces; nothing is made for a reader who has it, or asks for its headers.

    `state` is what the content depends on besides the address: a digest of both is the weak ETag.
    """
    response = Response(in_this_context(pieces), content_type=mimetype)
    response.implicit_sequence_conversion = False  # else its length is counted, and the whole is read
    response.headers["Cache-Control"] = "public, no-cache"
    response.headers["Access-Control-Allow-Origin"] = "*"
    parts = (request.path, *state)
    response.set_etag(sha256("\n".join(map(str, parts)).encode()).hexdigest()[:20], weak=True)
    response.make_conditional(request)
    return response
