"""Texts as they are stored: any text is valid, and only what changes the order of reading is refused."""

import pytest

from domain.text import normalize_text, without_invisible


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("=1+1", "=1+1"),
        ("+82 2", "+82 2"),
        ("-x", "-x"),
        ("@here", "@here"),
        ("'=1", "'=1"),
        ("\t=1", "\t=1"),
        (" \n\tindented \t\n", "\tindented"),
        ("\r\nline\r\nline\r", "line\nline"),
        (" \t \n", ""),
        ("soft\u00adhyphen", "soft\u00adhyphen"),
        ("zero\u200bwidth \u200fmark", "zero\u200bwidth \u200fmark"),
    ],
)
def test_a_text_is_stored_as_written_without_blanks_around_it(text: str, stored: str) -> None:
    assert normalize_text(text) == (stored, None)
    assert normalize_text(stored) == (stored, None)


@pytest.mark.parametrize(
    ("character", "name"),
    [
        ("\u202a", "LEFT-TO-RIGHT EMBEDDING (U+202A)"),
        ("\u202e", "RIGHT-TO-LEFT OVERRIDE (U+202E)"),
        ("\u2066", "LEFT-TO-RIGHT ISOLATE (U+2066)"),
        ("\u2069", "POP DIRECTIONAL ISOLATE (U+2069)"),
    ],
)
def test_what_changes_the_order_of_reading_is_refused_by_name(character: str, name: str) -> None:
    _, problem = normalize_text(f"a{character}b", "title")
    assert problem == f"Title contains {name}, which changes the order of reading. Delete it."


def test_invisible_characters_are_removed_from_ids_and_search_keys() -> None:
    assert without_invisible("la\u00adw\u200b-\u200e\ufeff1\u202e") == "law-1"
    assert without_invisible("법\u200b률") == "법률"
