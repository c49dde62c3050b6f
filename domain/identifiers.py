"""Identifiers that are used around the world, each with its check: ORCID iDs, ROR ids and DOIs.

Sources: ISO/IEC 7064 (MOD 11-2 for ORCID, MOD 97-10 for ROR) and the DOI Handbook.
"""

import re

from domain.errors import Refusal, refusal
from domain.times import shown

_IN_ASCII = re.ASCII | re.IGNORECASE
_ORCID = re.compile(r"(?:(?:https?://)?(?:www\.)?orcid\.org/)?([0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X])/?", _IN_ASCII)
_ORCID_DIGITS = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", _IN_ASCII)
_ROR = re.compile(r"(?:(?:https?://)?(?:www\.)?ror\.org/)?(0[0-9a-hj-km-np-tv-z]{6}[0-9]{2})/?", _IN_ASCII)
_DOI = re.compile(
    r"(?:doi:\s*|(?:https?://)?(?:dx\.|www\.)?doi\.org/)?(10\.[0-9]{4,9}/[^\s<>\"{}|\\^`]{1,200})", _IN_ASCII
)
_BASE_32 = "0123456789abcdefghjkmnpqrstvwxyz"


def contains_orcid(text: str) -> bool:
    """Whether the digits of an ORCID iD are in a text, right or not."""
    return _ORCID_DIGITS.search(text) is not None


def orcid_address(text: str) -> str:
    """The address of an ORCID iD; empty if the text is none or its check digit is wrong."""
    found = _ORCID.fullmatch(text.strip())
    if not found or _orcid_check_digit(found[1].upper()) != found[1][-1].upper():
        return ""
    return f"https://orcid.org/{found[1].upper()}"


def ror_address(text: str) -> str:
    """The address of a ROR id; empty if the text is none or its check digits are wrong."""
    found = _ROR.fullmatch(text.strip())
    if not found or _ror_check_digits(found[1].lower()) != found[1][-2:]:
        return ""
    return f"https://ror.org/{found[1].lower()}"


def bare_doi(text: str) -> str:
    """A DOI as `10.xxxx/…`, without the address or `doi:` before it; empty if the text is none."""
    found = _DOI.fullmatch(text.strip())
    return found[1] if found and found[1].isascii() else ""


def doi_address(doi: str) -> str:
    return f"https://doi.org/{doi}"


def doi_refusal(text: str) -> Refusal:
    return refusal(
        "“{text}” is not a DOI. Copy it with its prefix, such as 10.5281/zenodo.1234567.",
        text=shown(text),
        field="doi",
    )


def _orcid_check_digit(orcid: str) -> str:
    total = 0
    for digit in orcid.replace("-", "")[:-1]:
        total = (total + int(digit)) * 2
    rest = (12 - total % 11) % 11
    return "X" if rest == 10 else str(rest)


def _ror_check_digits(ror: str) -> str:
    number = 0
    for letter in ror[:-2]:
        number = number * 32 + _BASE_32.index(letter)
    return f"{98 - number * 100 % 97:02}"
