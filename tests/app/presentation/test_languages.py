"""What follows from a language tag, for languages with and without a catalogue."""

import pytest

from app.presentation.i18n import labels, languages
from app.presentation.i18n.translation import page_language, set_language


def test_the_languages_are_english_and_those_with_a_catalogue() -> None:
    catalogues = {file.stem for file in languages.CATALOGUES.glob("*.po")}
    assert "ko" in catalogues
    assert (languages.LANGUAGES[0], set(languages.LANGUAGES[1:])) == ("en", catalogues)
    choices = languages.language_choices()
    assert [language for language, _ in choices] == list(languages.LANGUAGES)
    assert {("en", "English"), ("ko", "한국어")} <= set(choices)


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/ko/", "ko"),
        ("/ko", "ko"),
        ("/ko/small/", "ko"),
        ("/korea/", "en"),
        ("/small/ko/", "en"),
        ("/", "en"),
        ("", "en"),
    ],
)
def test_the_language_of_an_address(path: str, language: str) -> None:
    assert languages.language_of_path(path) == language


@pytest.mark.parametrize(
    ("language", "name", "direction", "serif"),
    [
        ("en", "English", "ltr", True),
        ("ko", "한국어", "ltr", False),
        ("fr", "Français", "ltr", True),
        ("pt-BR", "Português (Brasil)", "ltr", True),
        ("uk", "Українська", "ltr", True),
        ("ar", "العربية", "rtl", False),
        ("zh-Hant", "中文 (繁體)", "ltr", False),
    ],
)
def test_a_language_by_its_tag(language: str, name: str, direction: str, serif: bool) -> None:
    assert languages.own_name(language) == name
    assert languages.direction(language) == direction
    assert languages.is_serif(language) is serif


@pytest.mark.parametrize(
    ("language", "year", "month", "day", "short", "percent"),
    [
        ("en", "2024", "May 2024", "3 May 2024", "3 May 2024", "33 %"),
        ("ko", "2024년", "2024년 5월", "2024년 5월 3일", "2024.5.3.", "33%"),
        ("de", "2024", "Mai 2024", "3. Mai 2024", "3. Mai 2024", "33\xa0%"),
        ("ja", "2024年", "2024年5月", "2024年5月3日", "2024年5月3日", "33%"),
    ],
)
def test_days_and_percentages(language: str, year: str, month: str, day: str, short: str, percent: str) -> None:
    before = page_language()
    set_language(language)
    try:
        assert [labels.day_text(text) for text in ("2024", "2024-05", "2024-05-03")] == [year, month, day]
        assert labels.day_text("2024-05-03", "short") == short
        assert (labels.percent((1, 3)), labels.percent((0, 0))) == (percent, "–")
    finally:
        set_language(before)
