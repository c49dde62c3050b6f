"""Bodies that are sent while they are made: a large one is never whole in memory."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from time import thread_time
from typing import Any

import brotli

Headers = list[tuple[str, str]]

MAX_HELD_BYTES = 2**18
"""A body of unknown length that is longer is sent as it is made; a shorter one is read whole first."""
MAX_HELD_SECONDS = 0.5
"""Of CPU: a body that takes longer to make is sent as it is made, too."""
_GZIP = 16 + zlib.MAX_WBITS
_QUALITY = 4
"""Of both encodings: the body is compressed once for each reader."""


class StartedBody:
    """The first pieces of a body; `is_whole` if there are no others."""

    def __init__(self, body: Iterable[bytes], *, has_length: bool) -> None:
        """Read what may be held of a body; all, if its length is known. What it raises is raised, and it is closed."""
        self._body, self._pieces, self._start, self.is_whole = body, iter(body), list[bytes](), False
        size, until = 0, thread_time() + MAX_HELD_SECONDS
        try:
            while has_length or (size <= MAX_HELD_BYTES and thread_time() <= until):
                piece = next(self._pieces, None)
                if piece is None:
                    self.is_whole = True
                    break
                self._start.append(piece)
                size += len(piece)
        except BaseException:
            self.close()
            raise
        if self.is_whole:
            self.close()

    @property
    def content(self) -> bytes:
        """What was read."""
        return b"".join(self._start)

    def rest(self, encoding: str) -> "SentBody":
        """The whole body in an encoding, to be read once; "" is plain."""
        pieces = chain(self._start, self._pieces)
        self._start = []
        return SentBody(_compressed(pieces, encoding) if encoding else pieces, self.close)

    def close(self) -> None:
        close_body(self._body)


class SentBody:
    """Pieces with the `close` that a server calls at the end, or when the reader went away."""

    def __init__(self, pieces: Iterator[bytes], close: Callable[[], object]) -> None:
        self._pieces, self.close = pieces, close

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        return next(self._pieces)


def close_body(body: Iterable[bytes]) -> None:
    """What a server does at the end of a response."""
    if callable(close := getattr(body, "close", None)):
        close()


def streamed_headers(headers: Headers, encoding: str) -> Headers:
    """The headers of a body that is sent as it is made."""
    others = [header for header in headers if header[0].lower() != "vary"]
    return [*others, ("Vary", "Accept-Encoding"), *([("Content-Encoding", encoding)] if encoding else [])]


def _compressed(pieces: Iterator[bytes], encoding: str) -> Iterator[bytes]:
    """Each piece is sent before the next is made."""
    if encoding == "br":
        compressor: Any = brotli.Compressor(quality=_QUALITY)
        yield from (compressor.process(piece) + compressor.flush() for piece in pieces)
        yield compressor.finish()
    else:
        gzip = zlib.compressobj(_QUALITY, wbits=_GZIP)
        yield from (gzip.compress(piece) + gzip.flush(zlib.Z_SYNC_FLUSH) for piece in pieces)
        yield gzip.flush()
