"""Any bad address gets a helpful page in its language, and never a 500."""

import pytest

from tests.support.pages import Browser

BAD_ADDRESSES = [
    ("/small/?as_of=0000-01-01", 400, "There is no day “0000-01-01” in the calendar."),
    ("/small/?as_of=99999-01-01", 400, "“99999-01-01” is not a full date. Write it as 2024-05-20."),
    ("/small/?as_of=2023-02-29", 400, "There is no day “2023-02-29” in the calendar."),
    ("/small/?as_of=9999-12-31", 400, "31 December 9999 is in the future"),
    ("/small/?known_at=2024-13-01", 400, "is not a date such as 2024-05-20, and not a date and time."),
    ("/small/?known_at=9999-12-31T23:59:59Z", 400, "is in the future. Enter today"),
    ("/small/?as_of=<script>alert(1)</script>", 400, "“<script>alert(1)</script>” is not a full date"),
    ("/small/?theme=offices&theme=laws", 400, "The parameter “theme” appears more than once."),
    ("/small/search?q=" + "x" * 501, 400, "The parameter “q” cannot be read. Shorten it"),
    ("/small/recommendations/other/", 404, "There is no recommendation “other” in this register."),
    ("/small/compare/?from=soon&to=later", 400, "“soon” is not a full date. Write it as 2024-05-20."),
    ("/fr/small/", 404, "There is no page at this address."),
    ("/ko/ko/small/", 404, ""),
    ("/small/changes/?before=x", 400, "“x” is not a position in the log"),
]


@pytest.mark.parametrize(("path", "status", "sentence"), BAD_ADDRESSES)
def test_an_address_that_cannot_be_answered_says_why(browser: Browser, path: str, status: int, sentence: str) -> None:
    page = browser.get(path, status=status)
    assert sentence in page.text
    assert "<script>alert" not in page.html


@pytest.mark.parametrize(("path", "status"), [(p, s) for p, s, _ in BAD_ADDRESSES if not p.startswith(("/fr", "/ko"))])
def test_and_says_it_in_korean_under_ko(browser: Browser, path: str, status: int) -> None:
    page = browser.get(f"/ko{path}", status=status)
    assert page.root.get("lang") == "ko"
    assert 'class="orig"' not in page.html


def test_a_day_before_the_register_shows_that_nothing_was_asked_yet(browser: Browser) -> None:
    assert "Nothing had been recommended yet on 1 January 1" in browser.get("/small/?as_of=0001-01-01").heading


def test_every_sentence_of_a_refusal_with_two_faults_is_there(browser: Browser) -> None:
    text = browser.get("/small/compare/?from=soon&to=later", status=400).text
    assert "soon" in text
