"""Reads values as people type them into sheets, as the text that a bundle has for them."""

import re
from collections.abc import Callable
from enum import EnumType

from app.services.bundles.converting import find_converter
from app.services.bundles.typed_dates import parse_typed_date
from app.services.bundles.words import answers_by_word, codes_by_word, fold
from domain.errors import Refused
from domain.times import full_day

_THOUSANDS = re.compile(r"\d{1,3}(?:([,.' \u00a0\u202f])\d{3})(?:\1\d{3})*", re.ASCII)
_WHOLE = re.compile(r"(\d{1,9})[.,]0+", re.ASCII)
_LOCAL_TIME = re.compile(r"(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?) ?(Z|UTC|[+-]\d{2}:\d{2})", re.ASCII)
_LIST_ENDS = re.compile(r"\s*(?:\r\n|\r|\n|,|;)\s*")


def read_value(kind: str | EnumType, text: str) -> tuple[object, str]:
    """Return the value of a cell, and the cell as a bundle has it. Raises `Refused` if it has none."""
    convert = find_converter(kind)
    try:
        return convert(text), text
    except Refused as refused:
        written = _read_typed(kind, text)
        if not written:
            raise
        try:
            return convert(written), written
        except Refused:
            raise refused from None


def _read_typed(kind: str | EnumType, text: str) -> str:
    """Return a cell of a kind as a bundle has it; empty if it is not understood.

    Raises `Refused` with what is better known here than by the kind's own converter, such as a date with two readings.
    """
    if isinstance(kind, EnumType):
        return codes_by_word(kind).get(fold(text), "")
    reader = _READERS.get(kind)
    return reader(text) if reader else ""


def _date(text: str) -> str:
    return parse_typed_date(text)


def _day(text: str) -> str:
    day = parse_typed_date(text)
    full_day(day)
    return day


def _instant(text: str) -> str:
    match = _LOCAL_TIME.fullmatch(text)
    return f"{match[1]}T{match[2]}{match[3].replace('UTC', 'Z')}" if match else ""


def _number(text: str) -> str:
    if _THOUSANDS.fullmatch(text):
        return re.sub(r"\D", "", text)
    match = _WHOLE.fullmatch(text)
    return match[1] if match else ""


def _yes_no(text: str) -> str:
    answer = answers_by_word().get(fold(text))
    return "" if answer is None else "yes" if answer else "no"


def _yes(text: str) -> str:
    return "yes" if answers_by_word().get(fold(text)) else ""


def _ids(text: str) -> str:
    """Ids one below the other or with commas between them; neither can be in an id."""
    return ";".join(_LIST_ENDS.split(text)) if not text.startswith((",", ";")) else ""


def _url(text: str) -> str:
    return f"https://{text}" if re.match(r"www\.\S+\.\S", text, re.IGNORECASE) else ""


def _lower(text: str) -> str:
    return text.lower()


_READERS: dict[str, Callable[[str], str]] = {
    "date": _date,
    "day": _day,
    "instant": _instant,
    "number": _number,
    "yes_no": _yes_no,
    "yes": _yes,
    "ids": _ids,
    "url": _url,
    "sha256": _lower,
    "version": _lower,
}
