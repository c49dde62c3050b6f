"""Detects the type of a file from its bytes alone, not from its name or the browser's content type."""

import io
import re
import zipfile

from msgspec import Struct

from domain.errors import Refused, refusal


class FileType(Struct, frozen=True):
    """`suffix` is the file name extension of downloads."""

    name: str
    suffix: str

    @property
    def is_image(self) -> bool:
        return self in (PNG, JPEG, GIF, WEBP)


PDF, HTML, TEXT = FileType("PDF", "pdf"), FileType("HTML", "html"), FileType("text", "txt")
PNG, JPEG, GIF, WEBP = FileType("PNG", "png"), FileType("JPEG", "jpg"), FileType("GIF", "gif"), FileType("WebP", "webp")
BY_NAME = {kind.name: kind for kind in (PDF, HTML, TEXT, PNG, JPEG, GIF, WEBP)}

_SIGNATURES = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
)
_PREAMBLE = rb"(?:\xef\xbb\xbf)?\s*+(?:<\?xml[^>]*\?>\s*+)?(?:<!--(?:(?!-->).)*+-->\s*+)*+"
"""Possessive: no text is tried in more than one way, which would take twice as long for each further comment."""
_HTML = re.compile(_PREAMBLE + rb"(?:<!doctype\s+html|<html[\s>])", re.IGNORECASE | re.DOTALL)
_SVG = re.compile(_PREAMBLE + rb"(?:<!doctype\s+svg|<svg[\s>])", re.IGNORECASE | re.DOTALL)
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_HEAD_BYTES = 4096


def detect_file_type(content: bytes) -> FileType:
    """Detect the type. Raises `Refused` for unknown types and for files of two types at once."""
    if not content:
        raise Refused(refusal("The file is empty. Choose another.", field="file"))
    kind = _detect(content)
    if kind is None:
        raise Refused(
            refusal(
                "The file must be PDF, HTML, plain text in UTF-8, PNG, JPEG, GIF or WebP. Save it as one of these.",
                field="file",
            )
        )
    if zipfile.is_zipfile(io.BytesIO(content)):
        raise Refused(
            refusal("The file is both {kind} and a zip archive. Save it again.", kind=kind.name, field="file")
        )
    if kind is PDF and b"%%EOF" not in content[-1024:]:
        raise Refused(refusal("The PDF is cut off, or has extra data after its end. Save it again.", field="file"))
    return kind


def _detect(content: bytes) -> FileType | None:
    for begin, kind in _SIGNATURES:
        if content.startswith(begin):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return WEBP
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return _text(content, "utf-16")
    if _SVG.match(content[:_HEAD_BYTES]):
        raise Refused(
            refusal(
                "SVG pictures can contain programs and are not accepted. Save the picture as PNG or PDF.", field="file"
            )
        )
    if _BINARY.search(content):
        return None
    if _HTML.match(content[:_HEAD_BYTES]):
        return HTML  # in any encoding: a page declares its own
    return _text(content, "utf-8")


def _text(content: bytes, encoding: str) -> FileType | None:
    try:
        content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return TEXT
