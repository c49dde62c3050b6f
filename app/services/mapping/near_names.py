"""Finds names that look alike: the same body written in two ways, or one that is part of another."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct

SAME, DIFFERENT, PART = "same", "different", "part"
MAX_PAIRS = 200
_MAX_COMPARED = 30_000
_ALIKE = 0.86
_SURELY_ALIKE = 0.92
_MAX_NAMES_WITH_A_WORD = 40
_ABBREVIATIONS = {
    short: word
    for word, shorts in {
        "ministry": "min minist",
        "directorate": "dir",
        "department": "dept dep dpt",
        "government": "gov govt",
        "national": "natl nat",
        "authority": "auth",
        "commission": "comm",
        "committee": "cttee",
        "general": "gen",
        "office": "off",
        "international": "int intl",
        "institute": "inst",
        "association": "assoc",
        "university": "univ",
        "organisation": "org organization",
        "parliament": "parl",
        "federal": "fed",
        "management": "mgmt",
        "secretariat": "sec",
        "division": "div",
        "administration": "adm admin",
        "agency": "agcy",
        "service": "svc svcs",
        "labour": "labor",
        "defence": "defense",
        "centre": "center",
    }.items()
    for short in shorts.split()
}
_SMALL_WORDS = frozenset(
    ("the", "of", "for", "and", "on", "in", "to", "de", "la", "le", "des", "du", "der", "die", "für", "office")
)
_LETTERS = re.compile(r"[^\w]+")
_BREAKS = re.compile(r"\s*(?:,|;|:|/|\(|\s[-–—]\s)\s*")
_OFFICE = re.compile(
    r"\b(?:office|ministry|department|dept|min|commission|institute|council|parliament|committee|foundation|association|"
    r"centre|center|court|agency|society|directorate|authority|board|bank|treasury|police|inspectorate|secretariat|"
    r"university|service|ombudsman|amt|büro|ministerium|institut|ministère|ministerio|oficina|federation)\b"
    r"|(?:부|처|청|원|실|국|위원회|법원|경찰|센터|재단|협회|연구소|공사|공단)$",
    re.IGNORECASE,
)
_KINDS = ("department", "dept", "ministry", "min")
"""What an office is called by before its name, which people leave out."""
_TELLING = re.compile(r"\d+|\b[a-z]\b|\b[ivx]+\b")
"""Numbers and single letters: names that differ in them only are different."""


class NearNames(Struct, frozen=True):
    """Two names that look alike; `first` is the one to call both, or the body that the other is part of."""

    first: str
    second: str
    answer: str
    """The suggestion: `same`, `different` or `part`."""


def name_key(name: str) -> str:
    """A name without differences of case, blanks, marks and accents that no two bodies differ in."""
    text = unicodedata.normalize("NFKC", name).casefold().replace("&", " and ")
    return " ".join(_LETTERS.sub(" ", text).split())


def is_office(name: str) -> bool:
    """Whether a name has a word that offices are called by."""
    return bool(_OFFICE.search(name.strip()))


def is_small(word: str) -> bool:
    """Whether a word joins others, such as `of` and `and`."""
    return word.casefold() in _SMALL_WORDS


def find_near_names(counts: dict[str, int]) -> tuple[NearNames, ...]:
    """Return the pairs of names that look alike, the most common first. Names with one key count as one.

    The work grows with the number of names and not with its square: only names that share a rare word or their
    beginning are compared.
    """
    by_key: dict[str, str] = {}
    for name, _count in sorted(counts.items(), key=lambda item: -item[1]):
        by_key.setdefault(name_key(name), name)
    by_key.pop("", None)
    pairs = []
    for a, b in _candidates(list(by_key)):
        if answer := compare_names(by_key[a], by_key[b]):
            pairs.append(_arranged(by_key[a], by_key[b], answer, counts))
    pairs.sort(key=lambda pair: -(counts[pair.first] + counts[pair.second]))
    return tuple(pairs[:MAX_PAIRS])


@lru_cache(maxsize=10_000)
def compare_names(a: str, b: str) -> str:
    """`same`, `part` or `different` if two names look alike and a person has to say which; else empty."""
    one, other = _words(name_key(a)), _words(name_key(b))
    if not one or not other:
        return ""
    if "".join(one) == "".join(other):  # Korean names are written with and without blanks
        return SAME
    if _is_title_of(a, b) or _is_title_of(b, a):
        return SAME
    if _is_part(a, b) or _is_part(b, a):
        return PART
    if _is_acronym(a, b) or _is_acronym(b, a):
        return SAME
    if _TELLING.findall(" ".join(one)) != _TELLING.findall(" ".join(other)):
        return ""
    if _contains(one, other) or _contains(other, one):
        return DIFFERENT
    return _alike(" ".join(one), " ".join(other))


def _alike(one: str, other: str) -> str:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    if matcher.real_quick_ratio() < _ALIKE or matcher.quick_ratio() < _ALIKE:
        return ""
    ratio = matcher.ratio()
    if ratio < _ALIKE:
        return ""
    return SAME if ratio >= _SURELY_ALIKE and len(one) > 5 and _differs_inside_a_word(one, other) else DIFFERENT


def _differs_inside_a_word(one: str, other: str) -> bool:
    """Whether each word of the one is nearly a word of the other, as with a letter that is missing."""
    first, second = one.split(), other.split()
    return len(first) == len(second) and all(
        a == b or (a[:1] == b[:1] and SequenceMatcher(None, a, b, autojunk=False).ratio() >= 0.8)
        for a, b in zip(first, second, strict=True)
    )


@lru_cache(maxsize=20_000)
def _words(key: str) -> tuple[str, ...]:
    """The words of a name that tell it from others, abbreviations written out, plurals as singulars."""
    words = (_ABBREVIATIONS.get(word, word) for word in key.split() if word not in _SMALL_WORDS)
    return tuple(
        word[:-1] if len(word) > 4 and word.endswith("s") and not word.endswith("ss") else word for word in words
    )


def _is_part(name: str, other: str) -> bool:
    """Whether `other` says that it is part of `name`: `Directorate of Education, Buildings`, `법무부 인권국`."""
    key = _words(name_key(name))
    pieces = [_words(name_key(piece)) for piece in _BREAKS.split(other.strip(" )")) if piece]
    if len(pieces) > 1 and key in pieces and key:
        return True
    short, long = " ".join(name.split()), " ".join(other.split())
    if "가" <= short[-1:] <= "힣":
        return len(short) > 2 and long.startswith(f"{short} ")
    if long.casefold().startswith("office of "):
        return False
    return any(long.casefold().endswith(f" {link}{short.casefold()}") for link in ("of the ", "in the ", "at the "))


def _is_title_of(short: str, name: str) -> bool:
    """Whether a name is another with the kind of office before it: `Treasury`, `Department of the Treasury`."""
    return name_key(name) in {f"{kind} of {the}{name_key(short)}" for kind in _KINDS for the in ("", "the ")}


def _is_acronym(short: str, name: str) -> bool:
    return name_key(short) in _initials(name_key(name))


def _initials(key: str) -> set[str]:
    """The first letters of a name of several words, with and without the small ones."""
    ways = (key.split(), [word for word in key.split() if word not in _SMALL_WORDS])
    return {"".join(word[0] for word in words) for words in ways if len(words) > 1}


def _contains(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether all words of the other begin the one: two ministries may share the beginning of their names."""
    return len(other) > 1 and len(one) > len(other) and tuple(one[: len(other)]) == tuple(other)


def _arranged(a: str, b: str, answer: str, counts: dict[str, int]) -> NearNames:
    """The longer is the part; of two spellings the more common one is used, or the longer. A title is said in full."""
    if answer == PART:
        first, second = sorted((a, b), key=len)
    elif _is_title_of(a, b) or _is_title_of(b, a):
        second, first = sorted((a, b), key=len)
    else:
        first, second = sorted((a, b), key=lambda name: (-counts[name], -len(name)))
    return NearNames(first, second, answer)


def _candidates(keys: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of keys that share a rare word or are neighbours in order, forwards or backwards; each pair once."""
    seen: set[tuple[str, str]] = set()
    for group in _groups(keys):
        for n, a in enumerate(group):
            for b in group[n + 1 :]:
                pair = (a, b) if a < b else (b, a)
                if pair not in seen:
                    seen.add(pair)
                    yield pair
                if len(seen) >= _MAX_COMPARED:
                    return


def _groups(keys: Sequence[str]) -> Iterator[Sequence[str]]:
    by_words: dict[tuple[str, ...], list[str]] = defaultdict(list)
    by_word: dict[str, list[str]] = defaultdict(list)
    by_initials: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        words = _words(key)
        by_words[words].append(key)
        for word in set(words):
            by_word[word].append(key)
        for initials in _initials(key):
            by_initials[initials].append(key)
    yield from (group[:_MAX_NAMES_WITH_A_WORD] for group in by_words.values() if len(group) > 1)
    yield from ((key, name) for key in keys for name in by_initials.get(key, ())[:_MAX_NAMES_WITH_A_WORD])
    yield from pairwise(sorted(keys))
    yield from pairwise(sorted(keys, key=lambda key: key[::-1]))
    yield from (group for group in by_word.values() if 1 < len(group) <= _MAX_NAMES_WITH_A_WORD)
