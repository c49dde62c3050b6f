"""Converts the text of a cell to a value, or says what is wrong with it."""

import re
from collections.abc import Callable
from datetime import datetime
from enum import EnumType, StrEnum
from functools import cache
from typing import cast

from domain.errors import Refused, refusal, refuse
from domain.methodology.versions import VERSIONS
from domain.text import MAX_ADDRESS_LENGTH, address_refusal, is_web_address, without_invisible
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
            raise Refused(
                refusal("“{text}” is not one of {codes}.", text=shown(text), codes=", ".join(codes_by_name))
            ) from None

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
        raise Refused(refusal("the list has an empty part.", cure="Separate the parts with one semicolon."))
    if len(set(parts)) < len(parts):
        raise Refused(refusal("the list names the same thing twice."))
    return parts


def _ids(text: str) -> tuple[str, ...]:
    ids: list[str] = []
    reasons: list[str] = []
    for part in _list(text):
        try:
            ids.append(parse_id(part))
        except Refused as refused:
            reasons += refused.refusals
    refuse(reasons)
    return tuple(ids)


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
        raise Refused(refusal("“{text}” is not a whole number from 0 to 999999999.", text=shown(text)))
    return int(text)


def _yes_no(text: str) -> bool:
    if text not in ("yes", "no"):
        raise Refused(refusal("“{text}” is neither “yes” nor “no”.", text=shown(text)))
    return text == "yes"


def _yes(text: str) -> bool:
    if text != "yes":
        raise Refused(refusal("“{text}” is not “yes”.", cure="Write “yes” or leave the cell empty.", text=shown(text)))
    return True


def _url(text: str) -> str:
    """An address as it may be stored; the plan of an import checks further what is new of it."""
    if not is_web_address(text):
        if len(text) > MAX_ADDRESS_LENGTH and (too_long := address_refusal(text)):
            raise Refused(too_long)
        raise Refused(
            refusal(
                "“{text}” is not an address.",
                cure="Start it with http:// or https:// and leave out spaces.",
                text=shown(text),
            )
        )
    return text


def _sha256(text: str) -> str:
    if not _SHA256.fullmatch(text):
        raise Refused(refusal("“{text}” is not a SHA-256.", cure="Write 64 digits from 0 to f.", text=shown(text)))
    return text


def _version(text: str) -> str:
    if text not in VERSIONS:
        raise Refused(
            refusal("there is no methodology “{text}”; use {versions}.", text=shown(text), versions=", ".join(VERSIONS))
        )
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
