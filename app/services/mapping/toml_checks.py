"""Checks single values of a `mapping.toml`: each check says what is wrong with a value, with its line and key."""

import re
from collections.abc import Callable, Iterable
from difflib import get_close_matches
from zoneinfo import available_timezones

from app.services.bundles.converting import ID
from domain.errors import Refusal, Refused, refusal
from domain.times import first_day, shown

Check = Callable[[int, str, object], Refusal | None]
"""Says what is wrong with a value: its line, its key and the value."""
_LANGUAGE = re.compile(r"[a-zA-Z]{2,8}(?:-[a-zA-Z0-9]{1,8})*")


def check_text(line: int, key: str, value: object) -> Refusal | None:
    return (
        None if isinstance(value, str) else refusal("Line {line}, {key}: write a text in quotes.", line=line, key=key)
    )


def check_texts(line: int, key: str, value: object) -> Refusal | None:
    if isinstance(value, list) and value and all(isinstance(item, str) for item in value):
        return None
    return refusal('Line {line}, {key}: write texts in brackets, such as ["en", "ko"].', line=line, key=key)


def check_languages(line: int, key: str, value: object) -> Refusal | None:
    if problem := check_texts(line, key, value):
        return problem
    assert isinstance(value, list)
    return next((problem for item in value if (problem := check_language(line, key, item))), None)


def check_language(line: int, key: str, value: object) -> Refusal | None:
    if isinstance(value, str) and (not value or _LANGUAGE.fullmatch(value)):
        return None
    return refusal("Line {line}, {key}: write the code of a language, such as “en” or “ko”.", line=line, key=key)


def check_boolean(line: int, key: str, value: object) -> Refusal | None:
    return None if isinstance(value, bool) else refusal("Line {line}, {key}: write true or false.", line=line, key=key)


def check_version(line: int, key: str, value: object) -> Refusal | None:
    if value == 1 and not isinstance(value, bool):
        return None
    return refusal("Line {line}, {key}: this version of Uptake reads version 1 only.", line=line, key=key)


def check_rows(line: int, key: str, value: object) -> Refusal | None:
    if isinstance(value, list) and len(value) <= 2 and all(type(n) is int and n > 0 for n in value):
        return None
    return refusal("Line {line}, {key}: write one or two row numbers in brackets, such as [4].", line=line, key=key)


def check_column(line: int, key: str, value: object) -> Refusal | None:
    if isinstance(value, str) and re.fullmatch("[A-Za-z]{1,4}", value):
        return None
    return refusal("Line {line}, {key}: write the letters of a column, such as “C”.", line=line, key=key)


def check_date(line: int, key: str, value: object) -> Refusal | None:
    if value == "":
        return None
    try:
        first_day(str(value) if isinstance(value, str) else "")
    except Refused:
        return refusal(
            "Line {line}, {key}: “{value}” is not a date. Write “2024”, “2024-05” or “2024-05-20”.",
            line=line,
            key=key,
            value=shown(str(value)),
        )
    return None


def check_id(line: int, key: str, value: object) -> Refusal | None:
    if isinstance(value, str) and (not value or ID.fullmatch(value)):
        return None
    return refusal(
        "Line {line}, {key}: “{value}” is not an id. Use at most 80 lower-case letters, digits and hyphens.",
        line=line,
        key=key,
        value=shown(str(value)),
    )


def check_zone(line: int, key: str, value: object) -> Refusal | None:
    if value in available_timezones():
        return None
    cities = {zone.rpartition("/")[2].casefold(): zone for zone in sorted(available_timezones(), reverse=True)}
    named = cities.get(str(value).strip().replace(" ", "_").casefold())
    if named:
        return _did_you_mean(line, key, value, named)
    return _not_listed(line, key, value, (), "Europe/Berlin, Asia/Seoul, UTC …")


def one_of(*codes: str) -> Check:
    """Checks that a value is one of some codes, or empty."""

    def check(line: int, key: str, value: object) -> Refusal | None:
        return None if value in ("", *codes) else _not_listed(line, key, value, codes, ", ".join(codes))

    return check


def _not_listed(line: int, key: str, value: object, codes: Iterable[str], listed: str) -> Refusal:
    if near := get_close_matches(str(value), list(codes), n=1, cutoff=0.7):
        return _did_you_mean(line, key, value, near[0])
    return refusal(
        "Line {line}, {key}: “{value}” is not known. Use one of these: {codes}.",
        line=line,
        key=key,
        value=shown(str(value)),
        codes=listed,
    )


def _did_you_mean(line: int, key: str, value: object, near: str) -> Refusal:
    return refusal(
        "Line {line}, {key}: “{value}” is not known. Did you mean “{near}”?",
        line=line,
        key=key,
        value=shown(str(value)),
        near=near,
    )
