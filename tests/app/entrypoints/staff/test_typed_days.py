"""Days are typed as people write them, in every form of staff; the page says how it reads them."""

from datetime import UTC, date, datetime

import pytest

from app.presentation.i18n.clock import clock_time, date_order
from app.presentation.i18n.translation import set_language
from app.services.bundles.typed_dates import parse_day_of_form
from app.services.container import Services
from domain.errors import Refused
from domain.ids import recommendation_id
from domain.recommendation.aggregate import Recommendation
from tests.support.staff_client import Members, send_proposal

TODAY = date(2026, 3, 1)


@pytest.mark.parametrize(
    ("typed", "order", "read"),
    [
        ("20 Jan 2025", "", "2025-01-20"),
        ("January 20th, 2025", "", "2025-01-20"),
        ("24 jan 25", "", "2025-01-24"),
        ("2025-01", "", "2025-01"),
        ("January 2025", "", "2025-01"),
        ("2025", "", "2025"),
        ("20.1.2025", "", "2025-01-20"),
        ("03.04.2024", "dmy", "2024-04-03"),
        ("2025년 1월 20일", "", "2025-01-20"),
        ("1월 20일", "", "2026-01-20"),
        ("3월 2일", "", "2025-03-02"),
        ("1 March", "", "2026-03-01"),
        ("29 Feb", "", "2024-02-29"),
    ],
)
def test_a_day_is_read_as_people_write_it(typed: str, order: str, read: str) -> None:
    assert parse_day_of_form(typed, TODAY, order) == read


@pytest.mark.parametrize("typed", ["soon", "January", "2025-13", "30 Feb", "0월 3일", "1월 00일", "45000", "Q1 2025"])
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(Refused):
        parse_day_of_form(typed, TODAY)


def test_an_ambiguous_day_is_asked_and_never_guessed(member: Members) -> None:
    answer = send_proposal(member("ana"), effective_on="03.04.2024")
    assert answer.status_code == 400
    assert "Write the month as a word: this can be 3 April 2024, 4 March 2024." in answer.text
    assert 'value="03.04.2024"' in answer.text


def test_the_language_of_a_register_decides_the_order() -> None:
    assert [date_order(code) for code in ("en", "de", "fr", "ko", "en-GB")] == ["", "dmy", "dmy", "ymd", "dmy"]


def test_the_page_says_how_it_reads_a_day(member: Members) -> None:
    ana = member("ana")
    checked = send_proposal(ana, action="check", effective_on="24 jan 25").text
    assert 'Read as <b><time datetime="2025-01-24">24 January 2025</time></b>, a Friday' in checked
    assert "Read as 20 January 2026, a Tuesday" in ana.client.get("/staff/small/read-day/?text=1월 20일").text
    assert "“soon” is not a date." in ana.client.get("/staff/small/read-day/?text=soon").text
    assert ana.client.get("/staff/small/read-day/?text=").text == ""


def test_the_typed_day_is_stored_as_a_date(member: Members, services: Services) -> None:
    assert send_proposal(member("ana"), effective_on="1월 20일").status_code == 302
    law = services.tracker.load(Recommendation, recommendation_id("small", "law"))
    assert "2026-01-20" in {a.effective_on for a in law.proposals.values()}


@pytest.mark.parametrize(
    ("path", "fields", "field"),
    [
        ("recommendations/law/deadlines/", {"due_on": "someday", "stated_on": "1 May 2024"}, "due_on"),
        ("recommendations/law/respond/", {"position": "accepts", "given_on": "someday"}, "given_on"),
        ("recommendations/law/relations/", {"relation": "renews", "to": "talks", "on": "someday"}, "on"),
        ("bodies/merge/", {"on": "someday"}, "on"),
        ("new-search/", {"search_on": "someday"}, "search_on"),
        ("new-source/", {"src_published_on": "someday"}, "src_published_on"),
        ("facts/publications/article/", {"published_on": "someday", "why": "x"}, "published_on"),
        ("evidence/oath/amend/", {"src_published_on": "someday"}, "src_published_on"),
        ("setup/publications/", {"published_on": "someday", "action": "one"}, "published_on"),
    ],
)
def test_every_form_says_it_in_the_same_words(member: Members, path: str, fields: dict[str, str], field: str) -> None:
    ada = member("ada")
    page = ada.get(f"/staff/small/{path}").root
    hidden = {str(e.get("name")): e.get("value", "") for e in page.iter("input") if e.get("type") == "hidden"}
    fields = {n: v for n, v in hidden.items() if n != "csrf_token"} | fields
    if "evidence/" in path:
        fields |= {"src_title": "T", "src_publisher": "P", "src_class": "news", "src_summary": "S"}
    answer = ada.post(f"/staff/small/{path}", **fields)
    assert "“someday” is not a date. Write it like 20 Jan 2025, 2025-01 or 2025." in answer.text
    assert f'id="r-{field}"' in answer.text


def test_a_clock_is_named() -> None:
    at = datetime(2026, 3, 1, 5, 2, tzinfo=UTC)
    assert clock_time(at, "Asia/Seoul") == "14:02 Seoul time"
    assert clock_time(at, "UTC") == "05:02 UTC"
    set_language("ko")
    assert clock_time(at, "Asia/Seoul") == "14:02 서울 시간"
    set_language("en")
