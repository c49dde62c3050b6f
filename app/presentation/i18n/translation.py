"""Texts in the reader's language; every text that a person reads goes through here or a template.

The catalogues are those of gettext, read as they are written, so that no compiled file has to be kept beside them. A
page asks for more than a thousand texts, which is why the language is worked out once a request.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from markupsafe import Markup

from app.presentation.i18n.languages import CATALOGUES, SOURCE, locale_of
from app.presentation.i18n.particles import choose_particles

_language: ContextVar[str] = ContextVar("language", default=SOURCE)


def set_language(language: str) -> None:
    """Set the language of all later texts of this request."""
    _language.set(language)


@contextmanager
def texts_in(language: str) -> Iterator[None]:
    """Texts are in a language inside the context."""
    token = _language.set(language)
    try:
        yield
    finally:
        _language.reset(token)


def page_language() -> str:
    return _language.get()


@cache
def catalogue(language: str) -> NullTranslations:
    file = CATALOGUES / f"{language}.po"
    if not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as file_handle:
        write_mo(compiled, read_po(file_handle, locale=locale_of(language)))
    compiled.seek(0)
    return Translations(compiled)


def gettext(text: str) -> str:
    """The text in the reader's language; they are written in English."""
    language = _language.get()
    return text if language == SOURCE else str(catalogue(language).gettext(text))


def ngettext_form(one: str, many: str, num: int) -> str:
    language = _language.get()
    if language == SOURCE:
        return one if num == 1 else many
    return str(catalogue(language).ngettext(one, many, num))


def _(text: str, /, **values: object) -> str:
    """The text with its values; as markup if one of them is, with the others escaped."""
    return _filled(gettext(text), values) if values else gettext(text)


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """The singular or plural form for a number, available in the text as `num`."""
    return _filled(ngettext_form(one, many, num), {"num": num, **values})


def with_particles(text: str, values: Mapping[str, object]) -> str:
    """A text of the page's language before it gets its values."""
    return choose_particles(text, values) if _language.get() == "ko" else text


def fill_in_template(text: str, values: Mapping[str, object], *, escapes: bool) -> str:
    """A text of a template with its values. A sign of per cent is written twice there, with or without values."""
    text = with_particles(text, values)
    return (Markup(text) if escapes else text) % values  # noqa: S704 - a text of the interface, or its translation


def _filled(text: str, values: dict[str, object]) -> str:
    return fill_in_template(text, values, escapes=any(isinstance(value, Markup) for value in values.values()))


class LazyText:
    """A text that is translated when it is used."""

    __slots__ = ("text",)

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        return gettext(self.text)
