"""Whether a password is easy to guess, and why."""

import re
from collections.abc import Iterable
from enum import StrEnum
from unicodedata import normalize

MIN_SCORE = 3
"""Of 4: at least a hundred million guesses."""
MAX_CHECKED_LENGTH = 72
"""More characters are not looked at; the time to look at them grows with their square."""
MIN_OTHER_LETTERS = 6
"""How many letters a password has besides the owner's name and address."""
MIN_PART_LENGTH = 3


class Weakness(StrEnum):
    """Why a password is easy to guess."""

    OWN = "own"
    """It is made of the name or the e-mail address of its owner."""
    PATTERN = "pattern"
    """It repeats or continues characters, or follows the keyboard."""
    COMMON = "common"
    """It is on lists of common passwords and words."""


def own_parts(email: str, name: str) -> list[str]:
    """The parts of an address and a name that a password is not made of, longest first; Korean names are short."""
    texts = (_comparable(email), _comparable(name))
    parts = {part for text in texts for part in (text, *re.split(r"[\W_]+", text))}
    long_enough = {p for p in parts if len(p) >= MIN_PART_LENGTH or (len(p) > 1 and not p.isascii())}
    return sorted(long_enough, key=lambda part: (-len(part), part))


def weakness(password: str, own: Iterable[str] = ()) -> Weakness | None:
    """Why a password is easy to guess; None if it is not. `own` are the parts of its owner's name and address."""
    from zxcvbn import zxcvbn  # slow to load

    parts = [*own, "uptake"]
    if _is_made_of(_comparable(password), parts):
        return Weakness.OWN
    result = zxcvbn(normalize("NFKC", password)[:MAX_CHECKED_LENGTH], user_inputs=parts)
    if result["score"] >= MIN_SCORE:
        return None
    patterns = {match["pattern"] for match in result["sequence"]} - {"bruteforce"}
    return Weakness.PATTERN if patterns <= {"repeat", "sequence", "spatial"} else Weakness.COMMON


def _is_made_of(text: str, parts: list[str]) -> bool:
    rest = text
    for part in parts:
        rest = rest.replace(part, " ")
    return rest != text and sum(c.isalpha() for c in rest) < MIN_OTHER_LETTERS


def _comparable(text: str) -> str:
    return normalize("NFKC", text).casefold().strip()
