"""Which language a page speaks, and facts in it, with the original where there is no translation."""

from typing import Any

from markupsafe import Markup

from app.presentation.i18n.labels import code_text
from app.presentation.i18n.translation import gettext, is_korean
from domain.errors import Refusal

PREFIX = "/ko"


def language_of_path(path: str) -> str:
    """Korean under /ko/, English everywhere else."""
    return "ko" if path == PREFIX or path.startswith(f"{PREFIX}/") else "en"


def localized_text(of: Any, name: str) -> str:
    """A fact's text in the page's language, else the original; without markup."""
    translated = getattr(of, f"{name}_ko", None) if is_korean() else None
    return str(translated or getattr(of, name))


def localized(of: Any, name: str) -> Markup | str:
    """The same for a page: an original that stands in for a translation is marked, and says its language."""
    text = localized_text(of, name)
    if not text or not is_korean() or getattr(of, f"{name}_ko", None):
        return text
    return original(text)


def original(text: str, language: str = "en") -> Markup | str:
    """Words that are shown as they were written, marked where the page speaks another language."""
    if not text or not is_korean() or language == "ko":
        return text
    return Markup('<span class="orig" lang="{}">{}</span>').format(language or "en", text)


def in_own_language(text: str, language: str = "en") -> Markup | str:
    """A name or a title in its own language: it says which, and is not marked as wanting a translation."""
    if not text or language == ("ko" if is_korean() else "en"):
        return text
    return Markup('<span lang="{}">{}</span>').format(language or "en", text)


def localized_title(publication: Any) -> Markup | str:
    """A publication's title: in the page's language where it has one, else as it was published."""
    if is_korean() and publication.title_ko:
        return str(publication.title_ko)
    return in_own_language(publication.title, publication.language or "en")


def refusal_text(refusal: Refusal) -> Markup | str:
    """A refusal in the page's language, or marked as the original where nobody has translated it."""
    if not is_korean():
        return str(refusal)
    words = gettext(refusal.words) if refusal.words else ""
    if words in ("", refusal.words):
        return original(str(refusal))
    return words.format(**{name: code_text(value) for name, value in refusal.values.items()})


GLOBALS = {
    "localized": localized,
    "localized_text": localized_text,
    "original": original,
    "in_own_language": in_own_language,
    "localized_title": localized_title,
    "refusal_text": refusal_text,
}
