"""Reads a file that a person chose, or cells that a person pasted."""

import hashlib
import re
import unicodedata

from app.adapters.spreadsheets.cells import CellSheet, Workbook
from app.adapters.spreadsheets.delimited import is_separator, rank_separators, read_rows, stated_separator
from app.adapters.spreadsheets.encodings import decode_text
from app.adapters.spreadsheets.kinds import damaged, is_opendocument, open_file, zip_refusal
from app.adapters.spreadsheets.limits import MAX_FILE_BYTES
from app.adapters.spreadsheets.ods import read_ods
from app.adapters.spreadsheets.pasted import read_clipboard
from app.adapters.spreadsheets.xlsx import read_xlsx
from app.adapters.spreadsheets.xml_parts import BadXml
from app.adapters.spreadsheets.zips import LimitedZip, ZipRefused
from domain.errors import Refused, refusal
from projections.engine.garbage_collection import paused_garbage_collection

_MAX_NAMED_LINES = 5
_MAX_NAME_CHARACTERS = 255
_LINE_END = re.compile(r"\r\n|\r|\n")


@paused_garbage_collection()
def read_file(name: str, content: bytes, *, encoding: str = "", separator: str = "") -> Workbook:
    """Return the cells of a workbook (.xlsx, .ods) or text file, as they are displayed. Raises `Refused`.

    `encoding` and `separator` are a person's choice for a text file; empty lets the file decide.
    """
    name = _shown_name(name)
    digest = hashlib.sha256(content).hexdigest()
    archive = open_file(name, content)
    if archive is None:
        return _read_text(name, content, digest, encoding, separator)
    kind = "ods" if is_opendocument(archive) else "xlsx"
    return Workbook(name=name, kind=kind, digest=digest, sheets=_read_sheets(name, archive))


def read_pasted(text: str) -> Workbook:
    """Return cells that were pasted from a spreadsheet program. Raises `Refused`."""
    content = text.encode("utf-8", "replace")
    if len(content) > MAX_FILE_BYTES:
        raise Refused(
            refusal("You pasted more than {most} MB. Save the cells as a file.", most=MAX_FILE_BYTES // 2**20)
        )
    sheet = read_clipboard(text)
    if not sheet.rows:
        raise Refused(refusal("There are no cells in what you pasted. Copy them again, with the headings."))
    digest = hashlib.sha256(content).hexdigest()
    return Workbook(name="", kind="pasted", digest=digest, sheets=(sheet,), encoding="utf-8", separator="\t")


def _shown_name(name: str) -> str:
    """The name of a file without characters that no one sees, which could hide what it is, and not longer than one."""
    seen = "".join(c for c in name if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Zl", "Zp"))
    return seen[-_MAX_NAME_CHARACTERS:].strip() or "file"


def _read_sheets(name: str, archive: LimitedZip) -> tuple[CellSheet, ...]:
    try:
        sheets = (read_ods if is_opendocument(archive) else read_xlsx)(name, archive)
    except ZipRefused as e:
        raise Refused(zip_refusal(name, e)) from None
    except BadXml:
        raise Refused(damaged(name)) from None
    if not any(sheet.rows for sheet in sheets):
        raise Refused(refusal("“{file}” has no cells with text. Choose another file.", file=name))
    return sheets


def _read_text(name: str, content: bytes, digest: str, encoding: str, separator: str) -> Workbook:
    text, encoding, encodings = decode_text(name, content, encoding)
    _refuse_zero_characters(name, text)
    stated, text = stated_separator(text)
    separators = rank_separators(text, "\t" if name.lower().endswith((".tsv", ".tab", ".txt")) else ",")
    if separator and not is_separator(separator):
        raise Refused(
            refusal(
                "“{separator}” separates no cells. Choose a comma, a semicolon, a tab or a bar.",
                separator=separator[:20],
                field="separator",
            )
        )
    chosen = separator or (stated if is_separator(stated) else "") or (separators[0].separator if separators else ",")
    sheet = read_rows(name, text, chosen)
    if not sheet.rows:
        raise Refused(refusal("“{file}” has no cells with text. Choose another file.", file=name))
    return Workbook(
        name=name,
        kind="text",
        digest=digest,
        sheets=(sheet,),
        encoding=encoding,
        separator=chosen,
        separator_is_stated=is_separator(stated),
        encodings=encodings,
        separators=separators,
    )


def _refuse_zero_characters(name: str, text: str) -> None:
    """Raise `Refused` for characters that no spreadsheet program writes: the file is no text, or it is damaged."""
    if "\x00" not in text:
        return
    lines = [str(n) for n, line in enumerate(_LINE_END.split(text), 1) if "\x00" in line]
    raise Refused(
        refusal(
            "“{file}” has invisible NUL characters in lines {lines}. It is damaged or no text. Save it again as .xlsx.",
            file=name,
            lines=", ".join(lines[:_MAX_NAMED_LINES]) + (", …" if len(lines) > _MAX_NAMED_LINES else ""),
        )
    )
