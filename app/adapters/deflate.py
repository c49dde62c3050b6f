"""Compresses bytes as DEFLATE (RFC 1951), the same bytes on every machine, which zlib and its replacements do not give.

One block with the fixed codes of section 3.2.6. Repetitions of at least four bytes are found where the same four bytes
last began a literal or a repetition; of a workbook or a document a quarter remains, where zlib would leave a fifth.
"""

from bisect import bisect_right
from functools import cache

MIN_MATCH, MAX_MATCH, MAX_DISTANCE = 4, 258, 32_768
END = 256
_WINDOW = MAX_DISTANCE // 2
"""After so many bytes the older half of the known places is forgotten."""


def deflate(content: bytes) -> bytes:
    """Return the compressed bytes, without a header."""
    out, codes = bytearray(), ["011"]  # the last block, with fixed codes; the first bit of a code is its last digit
    recent, older = dict[bytes, int](), dict[bytes, int]()
    place, end, forget = 0, len(content), _WINDOW
    while place < end:
        if place >= forget:
            recent, older, forget = {}, recent, place + _WINDOW
            codes = [_pack(codes, out)]
        start = content[place : place + MIN_MATCH]
        known = recent.get(start)
        if known is None:
            known = older.get(start)
        recent[start] = place
        if known is not None and len(start) == MIN_MATCH and place - known <= MAX_DISTANCE:
            length = _match_length(content, known, place)
            codes.append(_LENGTHS[length])
            codes.append(_distance_code(place - known))
            place += length
        else:
            codes.append(_SYMBOLS[content[place]])
            place += 1
    codes.append(_SYMBOLS[END])
    if rest := _pack(codes, out):
        out.append(int(rest, 2))
    return bytes(out)


def _pack(codes: list[str], out: bytearray) -> str:
    """Add the bits of some codes to the bytes, and return those that fill no byte."""
    bits = "".join(reversed(codes))
    rest = len(bits) % 8
    out += int(bits[rest:] or "0", 2).to_bytes(len(bits) // 8, "little")
    return bits[:rest]


def _match_length(content: bytes, known: int, place: int) -> int:
    """How many bytes are the same at both places, at most `MAX_MATCH`."""
    ahead, before = content[place : place + MAX_MATCH], content[known : known + MAX_MATCH]
    if ahead == before[: len(ahead)]:
        return len(ahead)
    difference = int.from_bytes(ahead, "little") ^ int.from_bytes(before[: len(ahead)], "little")
    return ((difference & -difference).bit_length() - 1) // 8


def _reversed(code: int, width: int) -> int:
    """A Huffman code as it is packed: its first bit is the lowest."""
    return int(f"{code:0{width}b}"[::-1], 2)


def _digits(value: int, width: int) -> str:
    return f"{value:0{width}b}"


def _symbol(symbol: int) -> tuple[int, int]:
    """The fixed code of a literal, the end or a length, and its width in bits."""
    if symbol < 144:
        return _reversed(0b0011_0000 + symbol, 8), 8
    if symbol < 256:
        return _reversed(0b1_1001_0000 + symbol - 144, 9), 9
    if symbol < 280:
        return _reversed(symbol - 256, 7), 7
    return _reversed(0b1100_0000 + symbol - 280, 8), 8


def _length_codes() -> list[str]:
    """The code of each length with its extra bits."""
    codes = [""] * 3
    for symbol in range(257, 285):
        value, width = _symbol(symbol)
        extra = max(0, (symbol - 261) // 4)
        codes += [_digits(value | more << width, width + extra) for more in range(1 << extra)]
    return [*codes[:MAX_MATCH], _digits(*_symbol(285))]


@cache
def _distance_code(distance: int) -> str:
    """The code of a distance with its extra bits."""
    number = bisect_right(_DISTANCES, distance) - 1
    value = _DISTANCE_CODES[number]
    return _digits(value | (distance - _DISTANCES[number]) << 5, 5 + max(0, number // 2 - 1))


_SYMBOLS = [_digits(*_symbol(symbol)) for symbol in range(END + 1)]
_LENGTHS = _length_codes()
_DISTANCE_CODES = [_reversed(number, 5) for number in range(30)]
_DISTANCES = [1, *(1 + sum(1 << max(0, n // 2 - 1) for n in range(number)) for number in range(1, 30))]
