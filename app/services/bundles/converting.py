"""Converts the text of a cell to a value, or says what is wrong with it."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import EnumType, StrEnum
from functools import cache
from typing import cast

from domain.errors import Refused, refusal
from domain.methodology.versions import VERSIONS
from domain.text import is_web_address, without_invisible
from domain.times import first_day, full_day, instant, shown

ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_NUMBER = re.compile(r"[0-9]{1,9}")
_SHA256 = re.compile(r"[0-9a-f]{64}")


def find_converter(kind: str | EnumType) -> Callable[[str], object]:
    """Return the function that converts a cell of a kind; it raises `Refused`."""
    return _code_converter(kind) if isinstance(kind, EnumType) else _CONVERTERS[kind]


@cache
def _code_converter(codes: EnumType) -> Callable[[str], StrEnum]:
    codes_by_name = {str(code): code for code in cast("type[StrEnum]", codes)}

    def convert(text: str) -> StrEnum:
        try:
            return codes_by_name[text]
        except KeyError:
            raise Refused(f"“{shown(text)}” is not one of {', '.join(codes_by_name)}.") from None

    return convert


def _text(text: str) -> str:
    return text


def parse_id(text: str) -> str:
    """Return an id without invisible characters. Raises `Refused` if it is none."""
    text = without_invisible(text)
    if not ID.fullmatch(text):
        raise Refused(
            refusal(
                "“{text}” is not an id.",
                cure="Use at most 80 lower-case letters, digits and hyphens, starting with a letter or digit.",
                text=shown(text),
            )
        )
    return text


def _list(text: str) -> tuple[str, ...]:
    parts = tuple(part.strip() for part in text.split(";"))
    if not all(parts):
        raise Refused("the list has an empty part. Separate the parts with one semicolon.")
    if len(set(parts)) < len(parts):
        raise Refused("the list names the same thing twice.")
    return parts


def _ids(text: str) -> tuple[str, ...]:
    return tuple(parse_id(part) for part in _list(text))


def _date(text: str) -> str:
    first_day(text)
    return text


def _full(text: str) -> str:
    full_day(text)
    return text


def _instant(text: str) -> datetime:
    return instant(text)


def _number(text: str) -> int:
    if not _NUMBER.fullmatch(text):
        raise Refused(f"“{shown(text)}” is not a whole number from 0 to 999999999.")
    return int(text)


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Refused(f"“{shown(text)}” is neither “yes” nor “no”.")
    return text == "yes"


def _yes(text: str) -> bool:
    if text != "yes":
        raise Refused(f"“{shown(text)}” is not “yes”. Write “yes” or leave the cell empty.")
    return True


def _url(text: str) -> str:
    if not is_web_address(text):
        raise Refused(f"“{shown(text)}” is not an address. Start it with http:// or https:// and leave out spaces.")
    return text


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise Refused(f"“{shown(text)}” is not a SHA-256. Write 64 digits from 0 to f.")
    return text


def _version(text: str) -> str:
    if text not in VERSIONS:
        raise Refused(f"there is no methodology “{shown(text)}”; use {', '.join(VERSIONS)}.")
    return text


_CONVERTERS: dict[str, Callable[[str], object]] = {
    "text": _text,
    "id": parse_id,
    "ids": _ids,
    "texts": _list,
    "date": _date,
    "day": _full,
    "instant": _instant,
    "number": _number,
    "yes_no": _yes_no,
    "yes": _yes,
    "url": _url,
    "sha256": _sha256,
    "version": _version,
}
