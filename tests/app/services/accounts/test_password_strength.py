"""Which passwords are easy to guess, and why."""

from unicodedata import normalize

import pytest

from app.services.accounts.password_strength import Weakness, own_parts, weakness

OWN = own_parts("minsoo.kim@example.org", "김민수")


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("password1234", Weakness.COMMON),
        ("Password123!", Weakness.COMMON),
        ("P@ssw0rd1234", Weakness.COMMON),
        ("iloveyou2024!", Weakness.COMMON),
        ("qwertyuiop12", Weakness.COMMON),
        ("abcdefghijkl", Weakness.PATTERN),
        ("aaaaaaaaaaaa", Weakness.PATTERN),
        ("비밀번호비밀번호비밀", Weakness.PATTERN),
        ("x" * 500, Weakness.PATTERN),
        ("minsookim2024", Weakness.OWN),
        ("Minsoo.Kim@Example", Weakness.OWN),
        ("example.org.2024", Weakness.OWN),
        ("김민수김민수1234", Weakness.OWN),
        ("uptake2026!!", Weakness.OWN),
    ],
)
def test_what_is_easy_to_guess_is_named(password: str, reason: Weakness) -> None:
    assert weakness(password, OWN) is reason
    assert weakness(normalize("NFKD", password), OWN) is reason, "as the sign-in library stores it"


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "another long phrase",
        "minsoo likes green tea",
        "우리집 강아지는 귀엽다",
        "a7$kQ2!vRz9w",
        "green kettle under seven bridges " * 20,
    ],
)
def test_several_words_and_random_characters_pass(password: str) -> None:
    assert weakness(password, OWN) is None
    assert weakness(normalize("NFKD", password), OWN) is None


def test_short_parts_of_an_address_forbid_nothing() -> None:
    assert "jo" not in own_parts("jo@x.io", "Jo")
    assert own_parts("", "") == []
