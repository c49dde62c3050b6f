"""What the words in the cells of offices mean, in the languages that they are written in."""

import re
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from app.presentation.i18n.labels import CAUSE, CONFIDENCE, KIND, KIND_NAME, MOTION, POSITION, STATUS
from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.presentation.i18n.translation import LazyText, catalogue
from app.services.mapping.types import LEAVE_OUT
from domain.codes import Status

WORD_FIELDS = ("status", "kind", "priority", "confidence", "cause", "motion", "response")
"""The fields whose cells hold words that stand for codes."""
_KNOWN = tomllib.loads((Path(__file__).parent / "words.toml").read_text(encoding="utf-8"))
"""Words by code and field, separated by semicolons."""
_MARKS = re.compile(r"[\s_\-–—·.,:;!/()\[\]*'’\"“”]+")


def word_key(word: str) -> str:
    """A word without differences of case, blanks and marks."""
    text = unicodedata.normalize("NFKC", word).casefold()
    return _MARKS.sub(" ", text).strip() or text.strip()


def guess_word(field: str, word: str) -> str | None:
    """The code that a word means in a field of `WORD_FIELDS`, `LEAVE_OUT` for no value; None if it is not known."""
    key = word_key(word)
    known = _BY_FIELD[field]
    if key in known:
        return known[key]
    if without_blanks := known.get(key.replace(" ", "")):
        return without_blanks
    head = re.split(r"\s[–—-]\s|[:;(\n]", word.strip(), maxsplit=1)[0]
    return known.get(word_key(head)) if head != word.strip() else None


def _listed(words: str) -> Iterable[str]:
    return (word.strip() for word in words.split(";") if word.strip())


def _table(words: Mapping[str, str], *labels: Mapping[str, LazyText]) -> dict[str, str]:
    """The codes by the keys of their words, of the codes themselves and of their labels in all languages."""
    table = {word_key(word): LEAVE_OUT for word in _listed(_KNOWN["any"]["leave_out"])}
    for code, text in words.items():
        table |= {word_key(word): code for word in _listed(text)}
    table |= {key.replace(" ", ""): code for key, code in table.items() if not key.isascii()}
    for label in labels:
        for code, name in label.items():
            table |= {word_key(word): str(code) for word in (str(code), *_label_texts(name.text))}
    return table | {word_key(code): code for code in words}


def _label_texts(text: str) -> list[str]:
    return [text, *(str(catalogue(language).gettext(text)) for language in LANGUAGES if language != SOURCE)]


_KIND_NAMES = {name.replace("-", "_"): text for name, text in KIND_NAME.items()}
_BY_FIELD = {
    "status": {
        key: LEAVE_OUT if code == Status.NOT_ASSESSED else code
        for key, code in _table(_KNOWN["status"], STATUS).items()
    },
    "kind": _table(_KNOWN["kind"], KIND, _KIND_NAMES),
    "priority": _table(_KNOWN["priority"]),
    "confidence": _table(_KNOWN["confidence"], CONFIDENCE),
    "cause": _table({}, CAUSE),
    "motion": _table({}, MOTION),
    "response": _table(_KNOWN["response"], POSITION),
}
