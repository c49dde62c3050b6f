"""Sets the language of each request from its address, and links to the other languages."""

from flask import Flask, request

from app.entrypoints.http.query_params import known_query
from app.presentation.i18n.languages import (
    LANGUAGES,
    SOURCE,
    direction,
    language_of_path,
    own_name,
    share_locale,
    url_prefix,
)
from app.presentation.i18n.localize import GLOBALS, end_register_page
from app.presentation.i18n.source_titles import GLOBALS as SOURCE_TITLES
from app.presentation.i18n.status_words import set_display_scale
from app.presentation.i18n.template_texts import install_translations
from app.presentation.i18n.translation import page_language, set_language


def add_languages(app: Flask) -> None:
    install_translations(app.jinja_env)
    app.jinja_env.globals.update(GLOBALS, **SOURCE_TITLES, share_locales=share_locales)
    app.context_processor(_language_context)
    app.before_request(lambda: set_language(language_of_path(request.path)))
    app.before_request(lambda: set_display_scale(None))
    app.teardown_request(_forget_languages)


def _forget_languages(_error: BaseException | None) -> None:
    set_language(SOURCE)
    end_register_page()


def _language_context() -> dict[str, object]:
    """Template values about languages. Only public pages exist in all of them."""
    path = request.path.removeprefix(url_prefix(language_of_path(request.path)))
    query = f"?{text}" if (text := known_query()) else ""
    public = (request.endpoint or "").startswith("public.")
    return {
        "language": page_language(),
        "direction": direction(page_language()),
        "other_languages": other_languages(path + query) if public else [],
    }


def share_locales() -> list[str]:
    """The languages of the page for networks, its own first."""
    own = page_language()
    return [share_locale(own), *(share_locale(language) for language in LANGUAGES if language != own)]


def other_languages(address: str) -> list[dict[str, str]]:
    """Returns links to the same page in the other languages; `address` is the English one."""
    return [
        {"name": own_name(language), "code": language, "url": url_prefix(language) + address}
        for language in LANGUAGES
        if language != page_language()
    ]
