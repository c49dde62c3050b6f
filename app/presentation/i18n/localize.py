"""The language of a page, and facts in it, with the original where there is no translation."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum

from markupsafe import Markup

from app.presentation.i18n.field_labels import TEXT_LABELS
from app.presentation.i18n.labels import WORDING, code_text, day_text
from app.presentation.i18n.languages import SOURCE, any_language, language_name
from app.presentation.i18n.status_words import chosen_scale, display_scale, scale_text
from app.presentation.i18n.translation import _, gettext, page_language, with_particles
from domain.errors import Refusal, Refused
from domain.values import Body, Publication, RegisterSettings

_record_language: ContextVar[str] = ContextVar("record_language", default=SOURCE)
TitleFinder = Callable[[str, str, Refusal], str]
"""Takes the name of a value of a refusal, the value and the refusal; returns a title, or an empty text."""
TYPED_TEXT = "text"
"""The name of values that are repeated as they were typed."""
LISTS_OF_IDS = ("ids", "others", "addressees")
"""The names of values that hold several ids, with quotes and commas between them."""
FIELD_LABEL = "label"
"""The name of the value that is the label of the field of a refusal."""
_RULE_NUMBER = re.compile(r" ?\((?:rule|규칙) \d+\)")
"""How texts name a rule of the methodology, for programs and for the record."""
_title_finder: ContextVar["TitleFinder | None"] = ContextVar("title_finder", default=None)
_is_fictional: ContextVar[bool] = ContextVar("is_fictional", default=False)


def record_language() -> str:
    """The language of the originals in the register that a page is about."""
    return _record_language.get()


def set_record_language(language: str) -> None:
    """Set the language of the originals for the rest of this request."""
    _record_language.set(language)


def begin_register_page(settings: RegisterSettings) -> None:
    """The rest of this request is about a register: its originals have a language, and it may be invented."""
    set_record_language(settings.languages[0])
    _is_fictional.set(settings.fictional)


def end_register_page() -> None:
    set_record_language(SOURCE)
    _is_fictional.set(False)


def is_fictional() -> bool:
    """Whether the page is about a register that is an invented example."""
    return _is_fictional.get()


def show_originals_of(settings: RegisterSettings) -> str:
    """Begin the part of a template that is about one register of several; prints nothing."""
    set_record_language(settings.languages[0])
    return ""


@contextmanager
def originals_in(language: str) -> Iterator[None]:
    """The originals are in this language inside the context."""
    token = _record_language.set(language)
    try:
        yield
    finally:
        _record_language.reset(token)


def in_register(settings: RegisterSettings, page_register: RegisterSettings, caller: Callable[[], Markup]) -> Markup:
    """A part of a template about a recommendation of a register, in the words of that one."""
    if settings.id == page_register.id:
        return caller()
    with originals_in(settings.languages[0]), display_scale(chosen_scale(settings)):
        return caller()


def localized_text(fact: object, name: str) -> str:
    """A fact's text in the page's language, else the original; without markup."""
    return _translation(fact, name) or str(getattr(fact, name))


def language_of(fact: object, name: str) -> str:
    """The language in which a fact's text is shown: that of the page where it is translated, else of the original."""
    return page_language() if _translation(fact, name) else _original_language(fact)


def localized(fact: object, name: str) -> Markup | str:
    """The same for a page. An original shown instead of a translation is marked with its language."""
    return _translation(fact, name) or original(str(getattr(fact, name)), _original_language(fact))


def body_label(body: Body) -> Markup | str:
    """The name of a body in a list: the short one where it has one in the page's language, with the full one beside."""
    short = body.short_name if page_language() == record_language() else _translation(body, "short_name")
    if not short:
        return localized(body, "name")
    return Markup('<abbr title="{}">{}</abbr>').format(localized_text(body, "name"), short)


def _translation(fact: object, name: str) -> str:
    """A fact's text in the page's language; empty if that is its original, or if there is no translation."""
    if page_language() == _original_language(fact):
        return ""
    translations: dict[str, dict[str, str]] = getattr(fact, "translations", {})
    return translations.get(page_language(), {}).get(name, "")


def _original_language(fact: object) -> str:
    """The language of a fact's originals: the first of its register."""
    return fact.languages[0] if isinstance(fact, RegisterSettings) else record_language()


def original(text: str, language: str = "") -> Markup | str:
    """Text in its original wording, marked if the page is in another language; by default that of the register.

    The element that holds it has `dir="auto"`; in the middle of a sentence, the text is `isolated`.
    """
    language = language or record_language()
    if not text or page_language() == language:
        return text
    return Markup('<span class="orig" lang="{}">{}</span>').format(language, text)


def in_own_language(text: str, language: str = "") -> Markup | str:
    """A name or title in its own language, with a `lang` attribute. It needs no translation."""
    language = language or record_language()
    if not text or language == page_language():
        return text
    return Markup('<span lang="{}">{}</span>').format(language, text)


def wording(strength: str) -> Markup | str:
    """How a recommendation is worded, as a sentence where the value is a common one."""
    return str(WORDING[strength]) if strength in WORDING else original(strength)


def isolated(text: Markup | str) -> Markup | str:
    """A text in the middle of others, which a text in another language keeps in their order."""
    return Markup("<bdi>{}</bdi>").format(text) if isinstance(text, Markup) else text


def localized_title(publication: Publication) -> Markup | str:
    """A publication's title: in the page's language if translated, else as published."""
    return _translation(publication, "title") or in_own_language(publication.title, publication.language)


def plain_text(text: Markup | str) -> str:
    """The same without markup, for files, feeds and headings."""
    return text.striptags() if isinstance(text, Markup) else text


def in_language(label: str, language: str) -> str:
    """The label of a text in a language."""
    return _("%(label)s, %(language)s", label=label, language=language_label(language))


def language_label(language: str) -> str:
    """The name of a language in the page's language."""
    return language_name(language, page_language())


def any_language_label(languages: Sequence[str]) -> str:
    """The names of languages in the page's language, to choose from."""
    return any_language(languages, page_language())


def refusal_text(refusal: Refusal) -> Markup | str:
    """A refusal for people: in the page's language, or marked as the original if there is no translation.

    Codes are labels, days are written out, ids are titles where the page knows them, and no rule has a number.
    """
    parts = [words for words in (refusal.words, refusal.cure) if words]
    if not parts:
        return isolated(original(_RULE_NUMBER.sub("", refusal), SOURCE))
    translations = [gettext(words) for words in parts]
    text = " ".join(refusal_part(words, refusal) for words in parts)
    if page_language() != SOURCE and any(a == b for a, b in zip(translations, parts, strict=True)):
        return isolated(original(text, SOURCE))
    return text


def refusal_part(words: str, refusal: Refusal) -> str:
    """Its words, or its cure, in the page's language, with its values."""
    if not words:
        return ""
    values = {name: _value_text(name, value, refusal) for name, value in refusal.values.items()}
    return with_particles(_RULE_NUMBER.sub("", gettext(words)), values).format(**values)


def _value_text(name: str, value: object, refusal: Refusal) -> str:
    if name == FIELD_LABEL:
        return _field_label(refusal.field or "", str(value))
    if isinstance(value, tuple):
        return ", ".join(_value_text(name, one, refusal) for one in value)
    if isinstance(value, StrEnum | Refusal) or not isinstance(value, str) or name == TYPED_TEXT:
        return code_text(value)
    if find_title := _title_finder.get():
        if name in LISTS_OF_IDS:
            return re.sub(r"[a-z0-9-]+", lambda match: find_title(name, match[0], refusal) or match[0], value)
        if title := find_title(name, value, refusal):
            return title
    try:
        return day_text(value)
    except Refused:
        return code_text(value)


def _field_label(field: str, in_english: str) -> str:
    """The label of a field, or of its translation such as `title_ko`; the name of the field where there is none."""
    original, _mark, language = field.rpartition("_")
    if label := TEXT_LABELS.get(field):
        return str(label)
    if label := TEXT_LABELS.get(original):
        return in_language(str(label), language)
    return in_english if page_language() == SOURCE else _("The text")


def set_title_finder(find_title: "TitleFinder | None") -> None:
    """For the rest of this request, refusals call things by their titles. None: by their ids."""
    _title_finder.set(find_title)


GLOBALS = {
    "in_language": in_language,
    "in_register": in_register,
    "language_label": language_label,
    "any_language_label": any_language_label,
    "scale_text": scale_text,
    "body_label": body_label,
    "localized": localized,
    "localized_text": localized_text,
    "original": original,
    "isolated": isolated,
    "wording": wording,
    "show_originals_of": show_originals_of,
    "is_fictional": is_fictional,
    "in_own_language": in_own_language,
    "localized_title": localized_title,
    "refusal_text": refusal_text,
}
