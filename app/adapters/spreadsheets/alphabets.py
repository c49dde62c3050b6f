"""Letters of languages beyond ASCII, by the encodings in which offices write them."""

from collections import Counter
from collections.abc import Callable
from itertools import pairwise

_SMALL = {
    "cp1252": (
        "àâæçèéêëîïôœùûüÿ",  # French
        "äöüß",  # German
        "áéíñóúü",  # Spanish
        "áâãàçéêíóôõú",  # Portuguese
        "àèéìíîòóùú",  # Italian
        "åäöøæé",  # Swedish, Danish, Norwegian, Finnish
        "áðéíóúýþæö",  # Icelandic
        "éèëïöüáóí",  # Dutch
        "äöüõšž",  # Estonian
        "àçèéíïòóúü",  # Catalan
    ),
    "cp1250": (
        "ąćęłńóśźż",  # Polish
        "áčďéěíňóřšťúůýž",  # Czech
        "áäčďéíľĺňóôŕšťúýž",  # Slovak
        "čšžćđ",  # Slovene, Croatian, Bosnian, Serbian
        "áéíóöőúüű",  # Hungarian
        "ăâîşţ",  # Romanian
        "äöüß",  # German
    ),
    "cp1251": ("абвгдежзийклмнопрстуфхцчшщъыьэюяёіїєґўјљњћђџѓќѕ",),
    "cp1253": ("αβγδεζηθικλμνξοπρστυφχψωάέήίόύώϊϋΐΰς",),
    "cp1254": ("çğıöşüâîûi̇",),
    "cp1257": ("ąčęėįšųūž", "āčēģīķļņšūž", "äöõüšž"),
}
"""In small letters."""
_PUNCTUATION = frozenset("‘’‚“”„«»‹›–—…•€£¥§°·×²³½¼¾©®™ªº¿¡  −№、。「」『』（），：；？！・～·※○●■□◆▶→")
_SIMPLIFIED = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就"
    "分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经"
)
_TRADITIONAL = (
    "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就"
    "分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經"
)
_CHINESE = {
    "gb18030": (frozenset(_SIMPLIFIED), "gb2312", range(0xB0, 0xD8)),
    "big5": (frozenset(_TRADITIONAL), "big5", range(0xA4, 0xC7)),
}
"""The most frequent characters, and where the common ones are: a set and its first bytes."""
_JAPANESE = ("cp932", "euc_jp", "iso2022_jp")
_KOREAN = ("cp949", "iso2022_kr")
_OTHER_SCRIPTS = ("cp1251", "cp1253")
_ICELANDIC = 6
_WESTERN = frozenset("".join(_SMALL["cp1252"]))
_SEVERAL_LANGUAGES = 0.1
"""By how much a list of names of several languages fits less than a text in one."""
_LEAST_KANA = 0.15


def fit_of(encoding: str, text: str, letters: Counter[str]) -> float:
    """From 0 to 1: how well the letters beyond ASCII fit a language that is written in this encoding."""
    if encoding in _KOREAN:
        return _share(letters, lambda c: "가" <= c <= "힣" and _first_byte(c, "euc_kr") > 0)
    if encoding in _JAPANESE:
        kana = _share(letters, lambda c: "ぁ" <= c <= "ヿ")
        fit = _share(letters, lambda c: "ぁ" <= c <= "ヿ" or ("一" <= c <= "鿿" and _first_byte(c, "euc_jp") > 0))
        return fit if kana >= _LEAST_KANA else fit / 2
    if encoding in _CHINESE:
        frequent, charset, common = _CHINESE[encoding]
        fit = _share(letters, lambda c: "一" <= c <= "鿿" and _first_byte(c, charset) in common)
        return fit * min(1.0, 0.6 + 4 * _share(letters, lambda c: c in frequent))
    fits = [_share(letters, lambda c, known=known: c.lower() in known) for known in _SMALL[encoding]]  # type: ignore[misc]
    if encoding == "cp1252":
        fits[_ICELANDIC] -= 0.05  # the same bytes are Turkish letters, which are more frequent
        fits.append(_share(letters, lambda c: c.lower() in _WESTERN) - _SEVERAL_LANGUAGES)
    spoken = sum(count for letter, count in letters.items() if letter not in _PUNCTUATION)
    odd = _odd_neighbours(text, is_latin=encoding not in _OTHER_SCRIPTS)
    return max(fits) - odd / (spoken or sum(letters.values()))


def _share(letters: Counter[str], is_known: Callable[[str], bool]) -> float:
    """The share of letters that are known. Punctuation counts little."""
    known = total = 0.0
    for letter, count in letters.items():
        weight = count * (0.1 if letter in _PUNCTUATION else 1.0)
        total += weight
        if letter in _PUNCTUATION or is_known(letter):
            known += weight
    return known / total


def _first_byte(letter: str, charset: str) -> int:
    try:
        return letter.encode(charset)[0]
    except UnicodeEncodeError:
        return 0


def _odd_neighbours(text: str, *, is_latin: bool) -> float:
    """Letters next to each other as wrong encodings show them: capitals after small letters, two scripts in a word."""
    odd = 0.0
    for first, second in pairwise(text):
        if first.isascii() and second.isascii():
            continue
        if first.islower() and second.isupper():
            odd += 1
        elif not is_latin and first.isalpha() and second.isalpha() and first.isascii() != second.isascii():
            odd += 0.5
    return odd
