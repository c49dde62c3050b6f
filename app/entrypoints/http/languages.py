"""Sets the language of each request from its address, and links to the other languages."""

from flask import Flask, request

from app.presentation.i18n.languages import LANGUAGES, SOURCE, direction, language_of_path, own_name, url_prefix
from app.presentation.i18n.localize import GLOBALS, end_register_page
from app.presentation.i18n.status_words import set_display_scale
from app.presentation.i18n.translation import gettext, ngettext_form, page_language, set_language


def add_languages(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext_form, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(GLOBALS)
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
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    public = (request.endpoint or "").startswith("public.")
    return {
        "language": page_language(),
        "direction": direction(page_language()),
        "other_languages": other_languages(path + query) if public else [],
    }


def other_languages(address: str) -> list[dict[str, str]]:
    """Returns links to the same page in the other languages; `address` is the English one."""
    return [
        {"name": own_name(language), "code": language, "url": url_prefix(language) + address}
        for language in LANGUAGES
        if language != page_language()
    ]
