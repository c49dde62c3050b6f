"""Compresses bytes as DEFLATE (RFC 1951), the same bytes on every machine, which zlib and its replacements do not give.

One block with the fixed codes of section 3.2.6. Repetitions of at least four bytes are found where the same four bytes
last began a literal or a repetition; of a workbook or a document a quarter remains, where zlib would leave a fifth.
"""

from bisect import bisect_right

MIN_MATCH, MAX_MATCH, MAX_DISTANCE = 4, 258, 32_768
END = 256
_WINDOW = MAX_DISTANCE // 2
"""After so many bytes the older half of the known places is forgotten."""
_STEP = 16
"""How many bytes are compared at once."""
_FLUSH_BITS = 256


def deflate(content: bytes) -> bytes:
    """Return the compressed bytes, without a header."""
    out, bits, count = bytearray(), 0b011, 3  # the last block, with fixed codes
    recent, older = dict[bytes, int](), dict[bytes, int]()
    place, end, forget = 0, len(content), _WINDOW
    while place < end:
        if place >= forget:
            recent, older, forget = {}, recent, place + _WINDOW
        start = content[place : place + MIN_MATCH]
        known = recent.get(start)
        if known is None:
            known = older.get(start)
        recent[start] = place
        if known is not None and len(start) == MIN_MATCH and place - known <= MAX_DISTANCE:
            length = _match_length(content, known, place)
            codes = [_LENGTHS[length], _distance_code(place - known)]
            place += length
        else:
            codes = [_SYMBOLS[content[place]]]
            place += 1
        for value, width in codes:
            bits |= value << count
            count += width
        if count >= _FLUSH_BITS:
            out += (bits & ((1 << _FLUSH_BITS) - 1)).to_bytes(_FLUSH_BITS // 8, "little")
            bits, count = bits >> _FLUSH_BITS, count - _FLUSH_BITS
    value, width = _SYMBOLS[END]
    bits, count = bits | value << count, count + width
    return bytes(out + bits.to_bytes((count + 7) // 8, "little"))


def _match_length(content: bytes, known: int, place: int) -> int:
    """How many bytes are the same at both places, at most `MAX_MATCH`."""
    most, length = min(MAX_MATCH, len(content) - place), MIN_MATCH
    while (
        length < most
        and content[place + length : place + length + _STEP] == content[known + length : known + length + _STEP]
    ):
        length += _STEP
    while length < most and content[place + length] == content[known + length]:
        length += 1
    return min(length, most)


def _reversed(code: int, width: int) -> int:
    """A Huffman code as it is packed: its first bit is the lowest."""
    return int(f"{code:0{width}b}"[::-1], 2)


def _symbol(symbol: int) -> tuple[int, int]:
    """The fixed code of a literal, the end or a length, and its width in bits."""
    if symbol < 144:
        return _reversed(0b0011_0000 + symbol, 8), 8
    if symbol < 256:
        return _reversed(0b1_1001_0000 + symbol - 144, 9), 9
    if symbol < 280:
        return _reversed(symbol - 256, 7), 7
    return _reversed(0b1100_0000 + symbol - 280, 8), 8


def _length_codes() -> list[tuple[int, int]]:
    """The code of each length with its extra bits, and its width."""
    codes = [(0, 0)] * 3
    for symbol in range(257, 285):
        value, width = _symbol(symbol)
        extra = max(0, (symbol - 261) // 4)
        codes += [(value | more << width, width + extra) for more in range(1 << extra)]
    return [*codes[:MAX_MATCH], _symbol(285)]


def _distance_code(distance: int) -> tuple[int, int]:
    """The code of a distance with its extra bits, and its width."""
    number = bisect_right(_DISTANCES, distance) - 1
    value = _DISTANCE_CODES[number]
    return value | (distance - _DISTANCES[number]) << 5, 5 + max(0, number // 2 - 1)


_SYMBOLS = [_symbol(symbol) for symbol in range(END + 1)]
_LENGTHS = _length_codes()
_DISTANCE_CODES = [_reversed(number, 5) for number in range(30)]
_DISTANCES = [1, *(1 + sum(1 << max(0, n // 2 - 1) for n in range(number)) for number in range(1, 30))]
