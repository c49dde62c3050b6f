"""Korean particles after names and numbers, by the final sound of what is read before them.

A catalogue writes both forms, “%(name)s을(를)”. The form that fits is chosen when the text gets its values; where the
final sound is unknown, as after another script, both forms remain.
"""

import re
from collections.abc import Mapping

from markupsafe import Markup

PAIRS = {
    "은(는)": ("은", "는"),
    "이(가)": ("이", "가"),
    "을(를)": ("을", "를"),
    "과(와)": ("과", "와"),
    "와(과)": ("과", "와"),
    "(으)로": ("으로", "로"),
    "(이)라": ("이라", "라"),
    "(이)나": ("이나", "나"),
    "(이)며": ("이며", "며"),
}
"""After a final consonant, and after a vowel."""
NONE, RIEUL, OTHER = "", "ㄹ", "consonant"
"""The final sound: a vowel, ㄹ (which takes “로” as a vowel does), another consonant."""
_DOUBLE = re.compile(
    r"(?P<value>%\((?P<name>\w+)\)[sd]|\{(?P<field>\w+)\})(?P<marks>[”’\"'》」)\]]*)(?P<pair>"
    + "|".join(re.escape(pair) for pair in PAIRS)
    + ")"
)
_PARENTHESIS = re.compile(r"\s*\([^()]*\)$")
_MARKS = re.compile(r"[\W_]+$")
_ABBREVIATION = re.compile(r"[A-Z][A-Z0-9.]*$")
_LAST_WORD = re.compile(r"[A-Za-zÀ-ɏ]+$")
_DIGITS = {"0": OTHER, "1": RIEUL, "3": OTHER, "6": OTHER, "7": RIEUL, "8": RIEUL}
"""영, 일, 삼, 육, 칠, 팔; the others end in a vowel."""
_LETTERS = {"L": RIEUL, "M": OTHER, "N": OTHER, "R": RIEUL}
"""엘, 엠, 엔, 알; the names of the other letters end in a vowel."""
_SYLLABLES, _FINALS, _RIEUL_NUMBER = range(0xAC00, 0xD7A4), 28, 8


def choose_particles(text: str, values: Mapping[str, object]) -> str:
    """The text with the particles that fit its values; it is not filled yet."""
    if "(" not in text:
        return text

    def chosen(match: re.Match[str]) -> str:
        value = values.get(match["name"] or match["field"], "")
        plain = value.striptags() if isinstance(value, Markup) else str(value)
        return match["value"] + match["marks"] + particle(plain, match["pair"])

    return _DOUBLE.sub(chosen, text)


def particle(word: str, pair: str) -> str:
    """The form of a pair of `PAIRS` that fits a word; the pair itself if its final sound is unknown."""
    sound = final_sound(word)
    if sound is None:
        return pair
    closed, opened = PAIRS[pair]
    if sound == RIEUL and pair == "(으)로":
        return opened
    return closed if sound else opened


def final_sound(word: str) -> str | None:
    """How a word ends when it is read in Korean; None if that is unknown. What is in parentheses is not read."""
    word = _MARKS.sub("", _PARENTHESIS.sub("", word.rstrip())) or _MARKS.sub("", word)
    if not word:
        return None
    last = word[-1]
    if ord(last) in _SYLLABLES:
        number = (ord(last) - _SYLLABLES.start) % _FINALS
        return RIEUL if number == _RIEUL_NUMBER else OTHER if number else NONE
    if last in "0123456789":
        return _DIGITS.get(last, NONE)
    if _ABBREVIATION.search(word) and last.isupper():
        return _LETTERS.get(last, NONE)
    latin = _LAST_WORD.search(word)
    return _latin_sound(latin[0].lower()) if latin else None


def _latin_sound(word: str) -> str:
    """The usual Korean spelling of an English word: “list” is 리스트, “book” 북, “table” 테이블."""
    if len(word) == 1:
        return _LETTERS.get(word.upper(), NONE)
    stem = word[:-1] if word.endswith("e") else word
    last = stem[-1]
    if last == "l":
        return RIEUL
    if last in "mn" or stem.endswith("ng"):
        return OTHER
    is_short = re.search(r"(?:^|[^aeiou])(?:[aeiou]|oo)[ckptb]$", word) or word.endswith("ck")
    return OTHER if is_short else NONE
