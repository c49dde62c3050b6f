"""Checks a picture as PNG by decoding it, and keeps only what draws it.

Source: Portable Network Graphics (PNG) Specification, Third Edition (W3C).
"""

import re
import struct
import zlib
from collections.abc import Iterator

from msgspec import Struct

from domain.errors import Refusal, refusal

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
"""Samples of a pixel by colour type."""
_DEPTHS = {0: (1, 2, 4, 8, 16), 2: (8, 16), 3: (1, 2, 4, 8), 4: (8, 16), 6: (8, 16)}
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
"""Of an interlaced picture: the first column and row of each pass, and the steps."""
_DRAWING = (b"IHDR", b"cHRM", b"gAMA", b"sRGB", b"PLTE", b"tRNS", b"IDAT", b"IEND")
"""The kinds of chunks that are kept. Others hold texts, times, places, or animation."""
_ORDER = re.compile(rb"IHDR (?:(?:cHRM|gAMA|sRGB) )*(?:PLTE )?(?:tRNS )?(?:IDAT )+IEND")
"""Programs that draw pictures do not agree on other orders: one may refuse what another shows."""

NOT_PNG = refusal("it is not a PNG")
CUT_OFF = refusal("it is cut off")
DAMAGED = refusal("it is damaged")
MORE_AFTER_END = refusal("something follows its end")


class PngError(ValueError):
    """The bytes are not a PNG picture that can be drawn; `reason` is a part of a sentence."""

    def __init__(self, reason: Refusal) -> None:
        super().__init__(str(reason))
        self.reason = reason


class Size(Struct, frozen=True):
    """In pixels."""

    width: int
    height: int

    def width_within(self, width: float, height: float) -> float:
        """How wide the picture is drawn in a box of a width and height, as large as it fits."""
        return min(width, height * self.width / self.height)


def png_size(content: bytes) -> Size:
    """The size that a PNG states. Raises `PngError` if it states none."""
    if not content.startswith(SIGNATURE) or content[12:16] != b"IHDR" or len(content) < 24:
        raise PngError(NOT_PNG)
    return Size(*struct.unpack(">II", content[16:24]))


def clean_png(content: bytes) -> bytes:
    """The same picture without what does not draw it. Raises `PngError` if it cannot be decoded.

    Before decoding, the caller has checked the size that it states.
    """
    chunks = list(_chunks(content))
    kept = [(kind, data) for kind, data in chunks if kind in _DRAWING]
    if any(kind[:1].isupper() for kind, _ in chunks if kind not in _DRAWING):
        raise PngError(DAMAGED)
    if not _ORDER.fullmatch(b" ".join(kind for kind, _ in kept)):
        raise PngError(DAMAGED)
    _check_pixels(kept[0][1], kept)
    return SIGNATURE + b"".join(_write_chunk(kind, data) for kind, data in kept)


def _chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The parts of a PNG up to its end, each with its kind and its data."""
    if not content.startswith(SIGNATURE):
        raise PngError(NOT_PNG)
    place = len(SIGNATURE)
    while place < len(content):
        if len(content) < place + 12:
            raise PngError(CUT_OFF)
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        data, check = content[place + 8 : place + 8 + length], content[place + 8 + length : place + 12 + length]
        if len(check) < 4:
            raise PngError(CUT_OFF)
        if struct.unpack(">I", check)[0] != zlib.crc32(kind + data):
            raise PngError(DAMAGED)
        yield kind, data
        place += 12 + length
        if kind == b"IEND":
            break
    if place != len(content):
        raise PngError(MORE_AFTER_END)


def _write_chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def _check_pixels(header: bytes, chunks: list[tuple[bytes, bytes]]) -> None:
    if len(header) != 13:
        raise PngError(DAMAGED)
    width, height, depth, colour, compression, filtering, interlace = struct.unpack(">IIBBBBB", header)
    if depth not in _DEPTHS.get(colour, ()) or compression or filtering or interlace > 1 or not width or not height:
        raise PngError(DAMAGED)
    palettes = [data for kind, data in chunks if kind == b"PLTE"]
    if (colour == 3 and not palettes) or any(len(p) % 3 or not 0 < len(p) <= 768 for p in palettes):
        raise PngError(DAMAGED)
    lengths = list(_line_lengths(width, height, depth * _CHANNELS[colour], is_interlaced=bool(interlace)))
    pixels = _inflate(b"".join(data for kind, data in chunks if kind == b"IDAT"), sum(lengths))
    place = 0
    for length in lengths:
        if pixels[place] > 4:
            raise PngError(DAMAGED)
        place += length


def _line_lengths(width: int, height: int, bits: int, *, is_interlaced: bool) -> Iterator[int]:
    """The bytes of each line of pixels, with the one that says how it is filtered."""
    for left, top, step_x, step_y in _PASSES if is_interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // step_x), -(-(height - top) // step_y)
        if columns > 0:
            yield from [1 + (columns * bits + 7) // 8] * max(rows, 0)


def _inflate(data: bytes, size: int) -> bytes:
    """Exactly `size` bytes, so that a small file cannot fill the memory."""
    inflater = zlib.decompressobj()
    try:
        pixels = inflater.decompress(data, size + 1)
    except zlib.error:
        raise PngError(DAMAGED) from None
    if len(pixels) != size or not inflater.eof or inflater.unused_data:
        raise PngError(DAMAGED)
    return pixels
