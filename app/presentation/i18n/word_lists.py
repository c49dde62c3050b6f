"""Several phrases as one, in the language of the page."""

from collections.abc import Sequence

from babel.lists import format_list

from app.presentation.i18n.languages import SOURCE, locale_of
from app.presentation.i18n.translation import page_language


def word_list(phrases: Sequence[str]) -> str:
    """“a, b and c”."""
    language = page_language()
    text: str = format_list(list(phrases), locale="en_GB" if language == SOURCE else locale_of(language))
    return text
