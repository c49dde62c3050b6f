"""Deadlines as readers see them: on pages and in the API, at three instants; in feeds, lists, tables and the calendar."""

import csv
import io
import re
from datetime import timedelta
from typing import Any

import pytest

from app.services.container import Services
from domain import commands as c
from domain.times import written
from domain.values import DeadlineFacts
from tests.support.pages import Browser

ITEM = "/small/recommendations/law/"
API = "/api/v1/registers/small"


def answer(browser: Browser, path: str) -> dict[str, Any]:
    """What the API answers."""
    found: dict[str, Any] | None = browser.client.get(path).json
    assert found is not None
    return found


def state(services: Services, due_on: str, stated_on: str, by: str = "ministry", **more: str) -> str:
    """State a deadline of the law; each statement takes a day."""
    facts = DeadlineFacts(id="", due_on=due_on, stated_on=stated_on, stated_by=by, **more)  # type: ignore[arg-type]
    recommendation = "post" if facts.element else "law"
    command = c.StateDeadline("small", recommendation=recommendation, deadline=facts)
    made = services.execute(command, by="ben")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    return made


@pytest.fixture
def moved(small: Services) -> list[str]:
    """A deadline moved twice; returns three instants, each just after one statement."""
    instants = []
    for due_on, stated_on in (("2024-12-31", "2023-09"), ("2025-12-31", "2024-11-05"), ("2026-12", "2025-12-20")):
        state(small, due_on, stated_on)
        instants.append(written(small.clock() - timedelta(hours=1)))
    return instants


def test_a_deadline_moved_twice_is_seen_as_known_at_three_instants(browser: Browser, moved: list[str]) -> None:
    """All three are about one day: 28 February 2026. Only what the register knew differs."""
    seen = []
    for known_at in moved:
        times = f"?as_of=2026-02-28&known_at={known_at}"
        (row,) = [r for r in answer(browser, f"{API}/scorecard{times}")["recommendations"] if r["id"] == "law"]
        text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", browser.get(ITEM + times).text))
        seen.append(
            (
                row["due"]["due_on"],
                row["due"]["state"],
                "overdue since" in text,
                text.count("Moved by a later statement"),
            )
        )
    assert seen == [
        ("2024-12-31", "overdue", True, 0),
        ("2025-12-31", "overdue", True, 1),
        ("2026-12", "open", False, 2),
    ]


def test_what_was_in_force_on_an_earlier_day_is_what_was_stated_by_then(browser: Browser, moved: list[str]) -> None:
    dues = [
        answer(browser, f"{API}/recommendations/law?as_of={day}")["standing"]["due"]
        for day in ("2024-11-04", "2024-11-05", "2025-12-20")
    ]
    assert [d["due_on"] for d in dues] == ["2024-12-31", "2025-12-31", "2026-12"]
    assert [d["state"] for d in dues] == ["upcoming", "open", "open"]


def test_the_status_of_an_overdue_item_says_so_in_words(browser: Browser, small: Services) -> None:
    state(small, "2025-12-31", "2023-09-14")
    page = browser.get(f"{ITEM}?as_of=2026-02-28")
    assert "Announced" in page.text
    assert "overdue since 31 December 2025" in page.text
    assert "Stated by Ministry" in page.text
    assert "overdue since" in browser.get("/small/?as_of=2026-02-28").text
    assert "overdue since" not in browser.get(f"{ITEM}?as_of=2025-12-31").text
    assert "이행 기한 2025년 12월 31일 경과" in browser.get(f"/ko{ITEM}?as_of=2026-02-28").text


def test_a_short_due_date_is_overdue_since_its_end(browser: Browser, small: Services) -> None:
    state(small, "2025", "2023-09-14")
    assert "overdue since the end of" in browser.get(f"{ITEM}?as_of=2026-01-01").text
    assert "overdue since" not in browser.get(f"{ITEM}?as_of=2025-12-31").text


def test_a_duty_that_was_due_before_it_was_recommended(browser: Browser, small: Services) -> None:
    state(small, "2019-12-22", "2017-12-22")
    assert "It was due before it was recommended." in browser.get(f"{ITEM}?as_of=2024-01-01").text


def test_the_scorecard_counts_filters_and_sorts_by_deadline(browser: Browser, small: Services) -> None:
    state(small, "2025-12-31", "2023-09-14")
    state(small, "2024-01-01", "2023-09-14", element="appointed")
    facts = DeadlineFacts(id="talks-due", due_on="2024-05-01", stated_on="2023-10-01", stated_by="A minister")
    small.execute(c.StateDeadline("small", recommendation="talks", deadline=facts), by="ben")
    card = answer(browser, f"{API}/scorecard?as_of=2026-02-28")
    assert card["due"] == {"with_deadline": 2, "overdue": 2, "upcoming": 0, "met": 0, "met_late": 0}
    parts = {e["id"]: e["due"] for r in card["recommendations"] for e in r["elements"]}
    assert parts["appointed"]["state"] == "met"
    assert parts["kept"] is None

    def ids(query: str) -> list[str]:
        return [r["id"] for r in answer(browser, f"{API}/scorecard?as_of=2026-02-28&{query}")["recommendations"]]

    assert ids("due=none") == ["post"]
    assert ids("due=overdue&sort=due") == ["talks", "law"]
    assert ids("sort=due") == ["talks", "law", "post"]
    refused = browser.client.get(f"{API}/scorecard?due=soon")
    assert refused.status_code == 400
    assert "There is no state “soon” of deadlines" in (refused.json or {})["detail"]
    page = browser.get("/small/?as_of=2026-02-28&due=overdue&sort=due").text
    assert "2 of 3 recommendations matched “Deadline: Overdue”" in page
    assert page.index("Hold talks") < page.index("Renew the law")
    assert "All 2 with a deadline were overdue." in browser.get("/small/?as_of=2026-02-28").text


def test_tables_have_columns_for_the_deadline_in_force(browser: Browser, small: Services) -> None:
    assert browser.client.get("/small/download/deadlines.csv").status_code == 200
    state(small, "2025-12-31", "2023-09-14", note="As the act says.")
    content = browser.client.get("/small/download/scorecard.csv?as_of=2026-02-28").text
    rows = {row["id"]: row for row in csv.DictReader(io.StringIO(content.lstrip("\ufeff")))}
    law = rows["law"]
    assert (law["due_on"], law["due_stated_on"], law["due_state"]) == ("2025-12-31", "2023-09-14", "overdue")
    assert rows["post"]["due_on"] == ""
    stated = browser.client.get("/small/download/deadlines.csv").text
    assert "law-due-2025-12-31,law,,2025-12-31,2023-09-14,ministry,,As the act says." in stated


def test_a_deadline_is_news_and_its_withdrawal_a_correction(browser: Browser, small: Services) -> None:
    deadline = state(small, "2025-12-31", "2023-09-14")
    assert "Deadline:" in browser.get("/small/changes/", order="published").text
    assert (
        "Deadline: 31 December 2025, as stated on 14 September 2023" in browser.client.get("/small/changes.atom").text
    )
    small.execute(c.WithdrawDeadline("small", recommendation="law", deadline=deadline, reason="Another law."), by="ben")
    assert "We said: due 31 December 2025. Now: withdrawn. Another law." in browser.get("/small/corrections/").text
    assert "Deadline withdrawn" in browser.client.get("/small/corrections.json").text
    item = browser.get(f"{ITEM}?as_of=2026-02-28").text
    assert "Another law." in item
    assert "overdue since" not in item


def test_the_note_of_a_deadline_is_in_the_language_of_the_page(browser: Browser, small: Services) -> None:
    state(small, "2026-12", "2023-09-14", note="As the act says.", translations={"ko": {"note": "법률에 따름."}})
    english, korean = browser.get(ITEM).text, browser.get(f"/ko{ITEM}").text
    assert english.count("As the act says.") == 2 and "법률에 따름." not in english  # in the list and in the timeline
    assert korean.count("법률에 따름.") == 2 and "As the act says." not in korean


def test_the_note_of_a_deadline_is_found(browser: Browser, small: Services) -> None:
    deadline = state(
        small, "2026-12", "2023-09-14", note="As the act says.", translations={"ko": {"note": "법률에 따름."}}
    )
    page = browser.get("/small/search?q=act+says")
    assert f"{ITEM}#due-{deadline}" in page.links()
    assert f"/ko{ITEM}#due-{deadline}" in browser.get("/ko/small/search?q=법률에").links()
    assert f'id="due-{deadline}"' in browser.client.get(ITEM).text
    small.execute(c.WithdrawDeadline("small", recommendation="law", deadline=deadline, reason="Another law."), by="ben")
    assert f"{ITEM}#due-{deadline}" not in browser.get("/small/search?q=act+says").links()


def test_a_comparison_says_how_many_were_overdue_on_both_days(browser: Browser, small: Services) -> None:
    path = "/small/compare/?from=2025-06-01&to=2026-02-28"
    assert "with a deadline" not in browser.get(path).text
    state(small, "2025-12-31", "2023-09-14")
    page = browser.get(path)
    assert "On 1 June 2025, 0 of 1 with a deadline were overdue; on 28 February 2026, 1 of 1 was." in page.text
    assert "/small/?due=overdue&as_of=2026-02-28" in page.links()


# The calendar


def unfolded(content: bytes) -> list[dict[str, str]]:
    """The entries of a calendar, read as RFC 5545 says: unfold, split at the first colon, unescape."""
    for octets in content.split(b"\r\n"):
        assert len(octets) <= 75
        octets.decode()
    lines = content.decode().replace("\r\n ", "").split("\r\n")
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    entries: list[dict[str, str]] = []
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            entries.append({})
        elif entries:
            entries[-1][name] = re.sub(r"\\(.)", lambda m: "\n" if m.group(1) == "n" else m.group(1), value)
    return entries


def calendar(browser: Browser, prefix: str = "") -> dict[str, dict[str, str]]:
    response = browser.client.get(f"{prefix}/small/due.ics")
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    entries = unfolded(response.data)
    by_uid = {e["UID"]: e for e in entries}
    assert len(by_uid) == len(entries)
    return by_uid


def test_the_calendar_has_due_dates_reviews_and_days_of_review(browser: Browser, small: Services) -> None:
    first = calendar(browser)
    assert "small/review/ten/2024-02-17@x" in first
    assert first["small/review-by/law@x"]["DTSTART;VALUE=DATE"] == "20251201"
    state(small, "2026-12", "2023-09-14")
    entry = calendar(browser)["small/due/law@x"]
    assert entry["DTSTART;VALUE=DATE"] == "20261231"
    assert entry["DTEND;VALUE=DATE"] == "20270101"
    assert entry["SUMMARY"] == "Due: Renew the law"
    assert entry["URL"].endswith("/small/recommendations/law/")
    assert entry["SEQUENCE"] == "0"
    korean = calendar(browser, "/ko")
    assert korean.keys() == calendar(browser).keys()
    assert korean["small/due/law@x"]["DTSTAMP"] == entry["DTSTAMP"]
    assert "/small/due.ics" in browser.get("/small/").links()


def test_the_calendar_is_updated_in_place(browser: Browser, small: Services) -> None:
    state(small, "2026-12", "2023-09-14")
    before = calendar(browser)["small/due/law@x"]
    small.clock.go_on(days=30)  # type: ignore[attr-defined]
    assert calendar(browser)["small/due/law@x"] == before
    moved = state(small, "2027-06-30", "2026-03-01")
    after = calendar(browser)["small/due/law@x"]
    assert (after["DTSTART;VALUE=DATE"], after["SEQUENCE"]) == ("20270630", "1")
    assert after["DTSTAMP"] > before["DTSTAMP"]
    for deadline in (moved, "law-due-2026-12"):
        small.execute(c.WithdrawDeadline("small", recommendation="law", deadline=deadline, reason="No."), by="ben")
        small.clock.go_on(days=1)  # type: ignore[attr-defined]
    gone = calendar(browser)["small/due/law@x"]
    assert (gone["STATUS"], gone["SEQUENCE"]) == ("CANCELLED", "3")


@pytest.mark.parametrize(
    ("stated_on", "when", "korean"),
    [
        ("2023", "in 2023", "2023년에"),
        ("2023-09", "in September 2023", "2023년 9월에"),
        ("2023-09-14", "on 14 September 2023", "2023년 9월 14일에"),
    ],
)
def test_a_short_date_has_its_own_preposition(
    browser: Browser, small: Services, stated_on: str, when: str, korean: str
) -> None:
    state(small, "2030", stated_on)
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", browser.get(ITEM).text))
    assert re.search(rf"Stated by [^.]+ {when}\.", text)
    assert f"as stated {when}" in browser.client.get("/small/changes.atom").text
    assert f"As stated {when}" in " ".join(calendar(browser)["small/due/law@x"].values())
    assert f"{korean} 밝힘" in browser.client.get("/ko/small/changes.atom").text
