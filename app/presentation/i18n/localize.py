"""The language of a page, and facts in it, with the original where there is no translation."""

from markupsafe import Markup

from app.presentation.i18n.labels import code_text
from app.presentation.i18n.languages import SOURCE
from app.presentation.i18n.translation import gettext, page_language
from domain.errors import Refusal
from domain.values import Publication


def localized_text(fact: object, name: str) -> str:
    """A fact's text in the page's language, else the original; without markup."""
    return _translation(fact, name) or str(getattr(fact, name))


def localized(fact: object, name: str) -> Markup | str:
    """The same for a page. An original shown instead of a translation is marked with its language."""
    return _translation(fact, name) or original(str(getattr(fact, name)))


def _translation(fact: object, name: str) -> str:
    """A fact's text in the page's language; empty where the record has no field for it, or nothing in it."""
    return "" if page_language() == SOURCE else str(getattr(fact, f"{name}_{page_language()}", None) or "")


def original(text: str, language: str = SOURCE) -> Markup | str:
    """Text in its original wording, marked if the page is in another language."""
    if not text or page_language() in (SOURCE, language):
        return text
    return Markup('<span class="orig" lang="{}">{}</span>').format(language or SOURCE, text)


def in_own_language(text: str, language: str = SOURCE) -> Markup | str:
    """A name or title in its own language, with a `lang` attribute. It needs no translation."""
    if not text or language == page_language():
        return text
    return Markup('<span lang="{}">{}</span>').format(language or SOURCE, text)


def localized_title(publication: Publication) -> Markup | str:
    """A publication's title: in the page's language if translated, else as published."""
    return _translation(publication, "title") or in_own_language(publication.title, publication.language or SOURCE)


def refusal_text(refusal: Refusal) -> Markup | str:
    """A refusal in the page's language, or marked as the original if there is no translation."""
    if page_language() == SOURCE:
        return str(refusal)
    translation = gettext(refusal.words) if refusal.words else ""
    if translation in ("", refusal.words):
        return original(str(refusal))
    return translation.format(**{name: code_text(value) for name, value in refusal.values.items()})


GLOBALS = {
    "localized": localized,
    "localized_text": localized_text,
    "original": original,
    "in_own_language": in_own_language,
    "localized_title": localized_title,
    "refusal_text": refusal_text,
}
