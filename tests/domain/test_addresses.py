"""Addresses of the same page are comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import comparable_address


@pytest.mark.parametrize(("one", "other"), [
    ("https://example.org/a", "http://www.Example.org/a/"),
    ("https://example.org/a?utm_source=x&fbclid=y", "https://example.org/a"),
    ("https://example.org/a?id=1&gclid=z#part", "https://example.org/a?id=1"),
    ("https://example.org", "http://www.example.org/"),
])  # fmt: skip
def test_what_does_not_tell_pages_apart_is_left_out(one: str, other: str) -> None:
    assert comparable_address(one) == comparable_address(other)


@pytest.mark.parametrize(("one", "other"), [
    ("https://example.org/a", "https://example.org/A"),
    ("https://example.org/?id=1", "https://example.org/?id=2"),
    ("https://a.example.org/", "https://b.example.org/"),
])  # fmt: skip
def test_different_pages_stay_different(one: str, other: str) -> None:
    assert comparable_address(one) != comparable_address(other)


@given(
    st.lists(st.sampled_from(["https://", "www.", "a", "B", "/", "?", "#", "&", "utm_x=1", "id=2", " "])).map("".join)
)
def test_a_comparable_address_is_its_own(text: str) -> None:
    assert comparable_address(comparable_address(text)) == comparable_address(text)
