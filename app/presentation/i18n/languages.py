"""The languages of the interface: English, and one for each catalogue in app/translations.

A catalogue is named by its language tag (`ko.po`, `pt-BR.po`). The tag is also the beginning of the addresses of its
pages, except for English, which has none.
"""

from collections.abc import Sequence
from functools import cache
from pathlib import Path

from babel import Locale
from babel.core import get_global
from babel.lists import format_list

SOURCE = "en"
"""The language in which texts are written, which needs no catalogue."""
CATALOGUES = Path(__file__).parents[2] / "translations"
LANGUAGES = (SOURCE, *sorted(file.stem for file in CATALOGUES.glob("*.po")))
SERIF_SCRIPTS = frozenset({"Latn", "Grek", "Cyrl"})
"""The scripts that the serif font of pictures covers."""


def url_prefix(language: str) -> str:
    """What the addresses of a language begin with."""
    return "" if language == SOURCE else f"/{language}"


def language_of_path(path: str) -> str:
    """The language whose prefix an address has, else English."""
    first = path.split("/", 2)[1] if path.startswith("/") else ""
    return first if first in LANGUAGES else SOURCE


@cache
def locale_of(language: str) -> Locale:
    return Locale.parse(language, sep="-")


def report_languages(languages: Sequence[str]) -> list[str]:
    """The languages of the reports of a register that has these: those of the interface, else English.

    They do not depend on further catalogues, so that a package is rebuilt to the same bytes.
    """
    return [code for code in languages if code in LANGUAGES] or [SOURCE]


def own_name(language: str) -> str:
    """The language's name in the language itself."""
    name = locale_of(language).get_display_name() or language
    return name[:1].upper() + name[1:]


def english_name(language: str) -> str:
    return locale_of(language).get_display_name(SOURCE) or language


def language_name(code: str, language: str) -> str:
    """The name of a language in another one; its code if that has no name for it."""
    return locale_of(code).get_display_name(locale_of(language)) or code


def any_language(codes: Sequence[str], language: str) -> str:
    """The names of languages in another one, to choose from, such as “French or Arabic”."""
    return format_list([language_name(code, language) for code in codes], style="or", locale=locale_of(language))


def direction(language: str) -> str:
    """`ltr` or `rtl`."""
    return locale_of(language).text_direction


def is_serif(language: str) -> bool:
    """Whether the serif font has the letters of the language."""
    locale = locale_of(language)
    script = locale.script or get_global("likely_subtags").get(locale.language, "__").split("_")[1]
    return script in SERIF_SCRIPTS


@cache
def share_locale(language: str) -> str:
    """The language with the territory that it is most used in, as networks name it, such as `ko_KR`."""
    locale = locale_of(language)
    likely = get_global("likely_subtags").get(locale.language, locale.language)
    return f"{locale.language}_{locale.territory or likely.split('_')[-1]}"


def language_choices() -> list[tuple[str, str]]:
    """All languages with their names, to choose from."""
    return [(language, own_name(language)) for language in LANGUAGES]
