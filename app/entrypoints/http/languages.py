"""Makes an application speak the language of its addresses, and shows the way to the other language."""

from typing import Any

from flask import Flask, request

from app.presentation.i18n.localize import GLOBALS, PREFIX, language_of_path
from app.presentation.i18n.translation import gettext, is_korean, ngettext_form, page_language, set_language


def add_languages(app: Flask) -> None:
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.install_gettext_callables(gettext, ngettext_form, newstyle=True)  # type: ignore[attr-defined]
    app.jinja_env.globals.update(GLOBALS)
    app.context_processor(_language_context)
    app.before_request(lambda: set_language(language_of_path(request.path)))
    app.teardown_request(lambda _error: set_language("en"))


def _language_context() -> dict[str, Any]:
    """What the frame of a page says about languages. Only public pages exist in both."""
    path = request.path.removeprefix(PREFIX)
    query = f"?{request.query_string.decode('ascii', 'ignore')}" if request.query_string else ""
    public = (request.endpoint or "").startswith("public.")
    return {
        "language": page_language(),
        "other_language": other_language(path + query) if public else None,
    }


def other_language(address: str) -> dict[str, str]:
    """The link to an address, given as in English, in the language that the page does not speak."""
    if is_korean():
        return {"name": "English", "code": "en", "url": address}
    return {"name": "한국어", "code": "ko", "url": PREFIX + address}
