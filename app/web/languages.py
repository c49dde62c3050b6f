"""Puts words into the page's language: catalogues read as they are written, and the way to the other language."""

from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import Babel, Domain, get_locale

from app.web.local import GLOBALS, PREFIX, language_of_path, page_language

CATALOGUES = Path(__file__).parents[1] / "translations"


class WrittenCatalogues(Domain):  # type: ignore[misc]
    """Reads `<language>.po` itself, so that no compiled file has to be kept beside it."""

    def get_translations(self) -> NullTranslations:
        locale = get_locale()
        return catalogue(locale.language if locale else "en")


class Languages(Babel):  # type: ignore[misc]
    @property
    def domain_instance(self) -> Domain:
        return WrittenCatalogues()


@cache
def catalogue(language: str) -> NullTranslations:
    file = CATALOGUES / f"{language}.po"
    if not file.is_file():
        return NullTranslations()
    compiled = BytesIO()
    with file.open("rb") as opened:
        write_mo(compiled, read_po(opened, locale=language))
    compiled.seek(0)
    return Translations(compiled)


def add_languages(app: Flask) -> None:
    app.config.update(BABEL_DEFAULT_LOCALE="en")
    Languages(app, locale_selector=page_language)
    app.jinja_env.globals.update(GLOBALS)
    app.context_processor(_frame)


def _frame() -> dict[str, Any]:
    """What the frame of a page says about languages. Only public pages exist in both."""
    path = request.path.removeprefix(PREFIX)
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    public = (request.endpoint or "").startswith("public.")
    return {
        "language": language_of_path(request.path),
        "other_language": other_language(path + query) if public else None,
    }


def other_language(address: str) -> dict[str, str]:
    """The link to an address, given as in English, in the language that the page does not speak."""
    if language_of_path(request.path) == "ko":
        return {"name": "English", "code": "en", "url": address}
    return {"name": "한국어", "code": "ko", "url": PREFIX + address}
