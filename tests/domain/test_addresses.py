"""Addresses of the same page are comparable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.text import address_refusal, archive_refusal, comparable_address


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


@pytest.mark.parametrize(("address", "reason"), [
    ("https://[::1", "does not name a website"),
    ("http:///x", "does not name a website"),
    ("https://?x", "does not name a website"),
    ("https://a..org/", "does not name a website"),
    ("https://example.org:99999/", "does not name a website"),
    ("https://web.archive.org/\u200babc", "contains ZERO WIDTH SPACE (U+200B), which cannot be seen. Delete it"),
    ("https://web.archive.org/\u3164abc", "contains HANGUL FILLER (U+3164)"),
    ("https://web.archive.org/web/2024/https://user:pw@x.org/", "contains a user name or password"),
    ("https://web.archive.org/web/2024/https:/user:pw@x.org/", "contains a user name or password"),
    ("https://archive.example/?url=https%3A%2F%2Fuser%3Apw%40x.org%2F", "contains a user name or password"),
    ("https://example.org/" + "a" * 5000, "Shorten the address to 2000 characters."),
])  # fmt: skip
def test_an_address_of_no_page_is_refused(address: str, reason: str) -> None:
    assert reason in str(address_refusal(address, "url"))


@pytest.mark.parametrize("address", [
    "https://example.org",
    "http://[::1]:8000/x",
    "https://한국.kr:443/글?a=b@c",
    "https://my_site.example.org./a@b",
    "https://web.archive.org/web/2024/https://medium.com/@writer/text",
    "https://archive.example/?url=https%3A%2F%2Fmedium.com%2F%40writer&by=a@b",
])  # fmt: skip
def test_an_address_of_a_page_is_stored(address: str) -> None:
    assert address_refusal(address, "url") is None


@pytest.mark.parametrize("copy", [
    "https://example.org:443/held",
    "http://example.org:80/held",
    "https://example.org./held",
    "https://ex%61mple.org/held",
    "https://example.org/h%65ld/",
])  # fmt: skip
def test_the_source_itself_is_no_archived_copy_however_it_is_spelled(copy: str) -> None:
    assert archive_refusal("https://www.example.org/held", copy)


def test_a_page_of_another_port_or_with_another_query_may_be_the_copy() -> None:
    assert archive_refusal("https://example.org/held", "https://example.org:8443/held") is None
    assert archive_refusal("https://example.org/held", "https://example.org/held?copy=1") is None
