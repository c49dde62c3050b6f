"""In which encoding a text file is written: what the file itself says, then what its letters make likely."""

import codecs
import re
from collections import Counter

from charset_normalizer import from_bytes

from app.adapters.spreadsheets.alphabets import fit_of
from app.adapters.spreadsheets.cells import EncodingChoice
from domain.errors import Refused, refusal

LIKELY = (
    *("cp1252", "cp949", "cp1250", "cp1251", "cp1254", "cp932", "gb18030", "big5"),
    *("cp1253", "cp1257", "euc_jp", "iso2022_jp", "iso2022_kr"),
)
"""All that are tried, in the order in which they win if they fit equally well."""
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_LINE_END = re.compile(rb"\r\n|\r|\n")
_SEARCHED_LINES = 20_000
_SAMPLE_BYTES, _SAMPLE_LINES, _SAMPLE_CHARACTERS = 2**16, 3, 120
_MAX_CHOICES = 5
_MAX_NAMED_LINES = 5
_LEAST_FIT = 0.5
_FEW_LETTER_BYTES = 8
_STRUCTURE = (b"\n", b"\r", b",", b";", b"\t")
_ESCAPE = b"\x1b"
_NO_TEXT_FILES = frozenset({"idna", "punycode", "raw_unicode_escape", "undefined", "unicode_escape", "utf_7"})
"""Encodings of names and programs, some of which take hours for a long text."""


def decode_text(name: str, content: bytes, encoding: str) -> tuple[str, str, tuple[EncodingChoice, ...]]:
    """Return the text, its encoding, and the likely encodings. Raises `Refused` if it cannot be read in one."""
    if encoding:
        encoding = _known(encoding)
        text = _decode_in(name, content, encoding)
        return text, encoding, _choices(content, [encoding, *(e for e in _ranked(content) if e != encoding)])
    ranked = _ranked(content)
    if ranked[0] in ("utf-8", *(own for _, own in _MARKS), "utf-16-le", "utf-16-be"):
        return _decode_in(name, content, ranked[0]), ranked[0], _choices(content, ranked)
    _refuse_mixed(name, content)
    for best in ranked:
        try:
            return content.decode(best), best, _choices(content, ranked)
        except UnicodeDecodeError:
            continue
    raise _no_encoding(name)


def _known(encoding: str) -> str:
    try:
        found = codecs.lookup(encoding)
        "".encode(found.name)
        if found.name.replace("-", "_") in _NO_TEXT_FILES:
            raise LookupError(encoding)
    except (LookupError, UnicodeError, ValueError):
        raise Refused(refusal("“{encoding}” is no encoding that is known here.", encoding=encoding[:50])) from None
    return {"euc_kr": "cp949", "shift_jis": "cp932", "gb2312": "gb18030", "gbk": "gb18030"}.get(found.name, encoding)


def _no_encoding(name: str) -> Refused:
    return Refused(
        refusal(
            "“{file}” is not a text in any encoding that is known here. Save it as .xlsx or as “CSV UTF-8”.", file=name
        )
    )


def _decode_in(name: str, content: bytes, encoding: str) -> str:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as e:
        if encoding in ("utf-8", "utf-8-sig", "utf_8"):
            _refuse_mixed(name, content)
        line = len(_LINE_END.findall(content[: e.start])) + 1
        raise Refused(
            refusal(
                "Line {line} of “{file}” is not written in {encoding}. Choose another encoding, or save the file as "
                "“CSV UTF-8”.",
                line=line,
                file=name,
                encoding=encoding,
            )
        ) from None
    return text.removeprefix("\ufeff")


def _ranked(content: bytes) -> list[str]:
    """The likely encodings, best first. A valid UTF-8 text is UTF-8: by chance hardly any other text is."""
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return [encoding]
    if wide := _without_mark(content):
        return [wide]
    if _is_valid(content, "utf-8") and _ESCAPE not in content:
        return ["utf-8"] if _is_surely_utf8(content) else ["utf-8", *_by_letters(content)[:2]]
    return _by_letters(content)


def _is_surely_utf8(content: bytes) -> bool:
    """Whether there are so many letters, or none, that they are not valid UTF-8 by chance."""
    others = sum(byte > 0x7F for byte in content[:_SAMPLE_BYTES])
    return content.isascii() or others > _FEW_LETTER_BYTES


def _without_mark(content: bytes) -> str:
    """UTF-16 without a mark: half of the bytes of separators and line breaks are zero."""
    sample = content[: _SAMPLE_BYTES & ~1]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if even + odd < max(1, sum(map(sample.count, _STRUCTURE)) // 2):  # letters of other scripts have such bytes too
        return ""
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    return encoding if min(even, odd) * 10 <= max(even, odd) and _is_valid(content, encoding) else ""


def _is_valid(content: bytes, encoding: str) -> bool:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _by_letters(content: bytes) -> list[str]:
    """Encodings by how well their letters fit a language, those that cannot read the file last."""
    lines = [line for line in _LINE_END.split(content) if not line.isascii() or _ESCAPE in line]
    sample = b"\n".join(lines)[:_SAMPLE_BYTES]
    sample = sample[: sample.rfind(b"\n")] if len(sample) == _SAMPLE_BYTES and b"\n" in sample else sample
    texts = {encoding: sample.decode(encoding, "replace") for encoding in LIKELY}
    distinct = {text: encoding for encoding, text in reversed(texts.items())}.values()  # the first of equal ones
    fits = {encoding: _fit(texts[encoding], encoding) for encoding in distinct}
    best = max(fits.values())
    close = [encoding for encoding, fit in fits.items() if fit == best]
    if len(close) > 1 and (match := from_bytes(sample[:4096], cp_isolation=close).best()) and match.encoding in fits:
        fits[match.encoding] += 0.01
    order = sorted(fits, key=lambda encoding: (-fits[encoding], LIKELY.index(encoding)))
    likely = [e for e in order if fits[e] >= _LEAST_FIT][:_MAX_CHOICES]
    return [e for e in likely if _is_valid(content, e)] or [e for e in order if _is_valid(content, e)][:1] or order[:1]


def _fit(text: str, encoding: str) -> float:
    letters = Counter(c for c in text if c > "\x7f")
    return fit_of(encoding, text, letters) if letters else 0.0


def _refuse_mixed(name: str, content: bytes) -> None:
    """Raise `Refused` if some lines are UTF-8 and others are not."""
    utf8: list[int] = []
    other: list[int] = []
    for number, line in enumerate(_LINE_END.split(content), 1):
        if not line.isascii():
            (utf8 if _is_valid(line, "utf-8") else other).append(number)
    if other and len(utf8) * 20 >= len(utf8) + len(other):
        rest = utf8 if len(utf8) < len(other) else other
        raise Refused(
            refusal(
                "“{file}” is written in two encodings: lines {lines} are in another one than the rest. Copy them into "
                "your spreadsheet program again, and save it as .xlsx.",
                file=name,
                lines=", ".join(map(str, rest[:_MAX_NAMED_LINES])) + (", …" if len(rest) > _MAX_NAMED_LINES else ""),
            )
        )


def _choices(content: bytes, ranked: list[str]) -> tuple[EncodingChoice, ...]:
    """The encodings with lines that look different in each of them, cut so that the difference is seen."""
    lines = [line for line in _LINE_END.split(content[: 2**20]) if not line.isascii()]
    is_wide = ranked[0].startswith(("utf-16", "utf-32"))
    encodings = ranked[:_MAX_CHOICES]
    telling = [] if is_wide else _telling_lines(lines, encodings)
    choices = []
    for encoding in encodings:
        if is_wide:
            shown = [line for line in content.decode(encoding, "replace").splitlines() if not line.isascii()]
            sample = tuple(line.strip("\ufeff")[:_SAMPLE_CHARACTERS] for line in shown[:_SAMPLE_LINES])
        else:
            sample = tuple(_cut(line.decode(encoding, "replace"), at) for line, at in telling)
        text = content.decode(encoding, "replace")
        choices.append(EncodingChoice(encoding, sample, text.count("\ufffd")))
    return tuple(choices)


def _telling_lines(lines: list[bytes], encodings: list[str]) -> list[tuple[bytes, int]]:
    """Lines that read differently in some encodings, with the place of the first difference; else the first lines."""
    found = []
    for line in lines[:_SEARCHED_LINES]:
        texts = [line.decode(encoding, "replace") for encoding in encodings]
        at = next((n for n, letters in enumerate(zip(*texts, strict=False)) if len(set(letters)) > 1), None)
        if at is not None:
            found.append((line, at))
        if len(found) == _SAMPLE_LINES:
            break
    return found or [(line, 0) for line in lines[:_SAMPLE_LINES]]


def _cut(line: str, at: int) -> str:
    """As much of a line as is shown, with the letter at a place."""
    line = line.removeprefix("\ufeff")
    start = 0 if at < _SAMPLE_CHARACTERS * 2 // 3 else at - _SAMPLE_CHARACTERS // 2
    return ("…" if start else "") + line[start : start + _SAMPLE_CHARACTERS]
