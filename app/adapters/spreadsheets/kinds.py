"""What a file is, by its content and not by its name."""

import re

from app.adapters.spreadsheets.limits import MAX_FILE_BYTES, MAX_PART_BYTES
from app.adapters.spreadsheets.zips import LimitedZip, ZipLimits, ZipRefused
from domain.errors import Refusal, Refused, refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PICTURES = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8[79]a|II\*\x00|MM\x00\*|BM.{4}\x00{4}|RIFF.{4}WEBP|.{4}ftyp", re.DOTALL
)
_ARCHIVES = re.compile(rb"\x1f\x8b\x08|7z\xbc\xaf|Rar!\x1a|BZh\d1AY|\xfd7zXZ", re.DOTALL)
_WEB_PAGES = (b"<!doctype html", b"<html", b"<table", b"<meta", b"<head", b"<body")
_LIMITS = ZipLimits(
    members=10_000,
    member_bytes=MAX_PART_BYTES,
    total_bytes=2 * MAX_PART_BYTES,
    depth=10,
    entries=20_000,
)
_ODS = b"application/vnd.oasis.opendocument.spreadsheet"
_MIMETYPE_BYTES = 200


def open_file(name: str, content: bytes) -> LimitedZip | None:
    """Return the opened zip of a workbook; None for a text. Raises `Refused` for all that has no cells to read."""
    if len(content) > MAX_FILE_BYTES:
        raise Refused(
            refusal(
                "“{file}” is larger than {most} MB. Save only the sheet that you need, without pictures, or as CSV.",
                file=name,
                most=MAX_FILE_BYTES // 2**20,
            )
        )
    if reason := _reason_against(name, content):
        raise Refused(reason)
    if content[:4] not in (b"PK\x03\x04", b"PK\x05\x06"):
        return None
    try:
        archive = LimitedZip(content, _LIMITS)
        reason = _reason_against_members(name, archive)
    except ZipRefused as e:
        raise Refused(zip_refusal(name, e)) from None
    if reason:
        raise Refused(reason)
    return archive


def is_opendocument(archive: LimitedZip) -> bool:
    return "content.xml" in archive.members


def zip_refusal(name: str, error: ZipRefused) -> Refusal:
    """The sentence about a workbook whose zip is refused."""
    if error.is_encrypted:
        return _encrypted(name)
    if error.is_damaged:
        return damaged(name)
    return refusal(
        "“{file}” unpacks to far more than a spreadsheet has. Open it in your spreadsheet program, copy the cells that "
        "you need into a new file, and save that as .xlsx.",
        file=name,
    )


def damaged(name: str) -> Refusal:
    return refusal(
        "“{file}” is damaged or incomplete. Open it in your spreadsheet program and save it again as .xlsx.", file=name
    )


def _encrypted(name: str) -> Refusal:
    return refusal(
        "“{file}” has a password. Open it in your spreadsheet program, remove the password, and save it again.",
        file=name,
    )


def _reason_against(name: str, content: bytes) -> Refusal | None:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not content.strip(b"\x00\xef\xbb\xbf\xff\xfe \t\r\n"):
        return refusal("“{file}” is empty. Choose another file.", file=name)
    if content.startswith(_OLE):
        return _reason_against_ole(name, content)
    if content.startswith(b"%PDF"):
        return refusal("“{file}” is a PDF. Choose the spreadsheet from which it was made.", file=name)
    if _PICTURES.match(content):
        return refusal("“{file}” is a picture. Choose the spreadsheet itself.", file=name)
    if _ARCHIVES.match(content):
        return refusal("“{file}” is a compressed file. Unpack it, and choose the spreadsheet in it.", file=name)
    if content.startswith(b"{\\rtf"):
        return refusal("“{file}” is a text document. Copy its table into a spreadsheet and save that.", file=name)
    if head.startswith((*_WEB_PAGES, b"<?xml")):
        return refusal(
            "“{file}” is a web page or an XML file, even if its name says otherwise. Open it in your spreadsheet "
            "program and save it as .xlsx.",
            file=name,
        )
    return None


def _reason_against_ole(name: str, content: bytes) -> Refusal:
    """Old Office files, and new ones with a password, have the same container with different streams."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _encrypted(name)
    if "WordDocument".encode("utf-16-le") in content:
        return refusal("“{file}” is a text document. Copy its table into a spreadsheet and save that.", file=name)
    return refusal(
        "“{file}” is in the old format .xls. Open it in your spreadsheet program and save it as .xlsx.", file=name
    )


def _reason_against_members(name: str, archive: LimitedZip) -> Refusal | None:
    members = archive.members
    folders = {member.partition("/")[0] for member in members}
    if "mimetype" in members and members["mimetype"].file_size <= _MIMETYPE_BYTES:
        mimetype = archive.read("mimetype").strip()
        if mimetype.startswith(_ODS):
            return _reason_against_opendocument(name, archive)
        return refusal("“{file}” is no spreadsheet. Copy its table into a spreadsheet and save that.", file=name)
    if "[Content_Types].xml" in members:
        if "xl/workbook.bin" in members:
            return refusal(
                "“{file}” is in the binary format .xlsb. Open it in your spreadsheet program and save it as .xlsx.",
                file=name,
            )
        if folders & {"word", "ppt"}:
            return refusal("“{file}” is no spreadsheet. Copy its table into a spreadsheet and save that.", file=name)
        return None
    if any(member.endswith(".iwa") for member in members):
        return refusal("“{file}” is a Numbers file. Export it from Numbers as Excel (.xlsx).", file=name)
    return refusal("“{file}” is a zip with several files. Unpack it, and choose the spreadsheet in it.", file=name)


def _reason_against_opendocument(name: str, archive: LimitedZip) -> Refusal | None:
    manifest = "META-INF/manifest.xml"
    if "encrypted-package" in archive.members or (
        manifest in archive.members and b"encryption-data" in archive.read(manifest)
    ):
        return _encrypted(name)
    return None if "content.xml" in archive.members else damaged(name)
