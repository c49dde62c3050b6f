"""Lists are narrowed, sorted and paged by their address; pages of a theme or body count their own."""

import re
from pathlib import Path

import pytest

from app.bootstrap.flask_app import create_app
from app.entrypoints.public import change_filters, filter_choices, listing, series
from app.services.container import Services
from tests.support.pages import Browser, words
from tests.support.small_register import open_small_register


def _titles(browser: Browser, path: str) -> list[str]:
    page = browser.get(path)
    return ["".join(h.itertext()) for h in page.root.iter("h4")]


def test_a_list_is_narrowed_by_kind(browser: Browser) -> None:
    assert _titles(browser, "/small/?kind=one_off") == ["Renew the law"]


def test_a_list_is_sorted_by_what_moved_last(browser: Browser) -> None:
    assert _titles(browser, "/small/?sort=latest") == ["Fill the post", "Renew the law", "Hold talks"]
    assert _titles(browser, "/small/?sort=longest") == ["Hold talks", "Renew the law", "Fill the post"]


def test_a_list_is_sorted_by_status_down_the_ladder(browser: Browser) -> None:
    assert _titles(browser, "/small/?sort=status&as_of=2024-12-01") == ["Fill the post", "Renew the law", "Hold talks"]


def test_a_long_list_has_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "PAGE_SIZE", 2)
    first = browser.get("/small/?sort=latest")
    assert "Page 1 of 2" in first.text
    assert "/small/?sort=latest&page=2#list" in first.links()
    assert _titles(browser, "/small/?sort=latest&page=2") == ["Hold talks"]
    assert "There is no page “3” of this list. It has 2." in browser.get("/small/?page=3", status=400).text
    assert "There is no page “-1” of this list" in browser.get("/small/?page=-1", status=400).text


def test_a_register_with_many_bodies_offers_only_the_chosen_one(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def bodies(path: str) -> list[str | None]:
        fields = [f for f in browser.get(path).root.iter("select") if f.get("name") == "body"]
        return [option.get("value") for field in fields for option in field.iter("option")]

    assert bodies("/small/") == ["", "ministry", "senate", "state"]
    monkeypatch.setattr(filter_choices, "MAX_BODIES", 1)
    monkeypatch.setattr(change_filters, "MAX_BODIES", 1)
    assert bodies("/small/") == []
    assert bodies("/small/?body=state") == ["", "state"]
    assert bodies("/small/changes/?body=state") == ["", "state"]


def test_a_filtered_page_says_its_filters_and_removes_each(browser: Browser) -> None:
    page = browser.get("/small/?kind=continuing&theme=offices&sort=title&as_of=2024-12-01")
    assert page.heading.startswith(
        "1 of 3 recommendations matched “Theme: Offices; Continuing: done only while it lasts”: 1 was done."
    )
    title = page.root.findtext("head/title") or ""
    assert title.startswith("1 of 3 recommendations: Theme: Offices; Continuing")
    removing = {link for link in page.links() if link.endswith("#list")}
    kept = "as_of=2024-12-01"
    assert {
        f"/small/?{kept}&kind=continuing&sort=title#list",
        f"/small/?{kept}&theme=offices&sort=title#list",
        f"/small/?{kept}&sort=title#list",
    } <= removing
    assert "theme=offices&kind=continuing&sort=title&as_of=2024-12-01" in page.text
    assert "Status over time" not in page.text
    assert "/small/?as_of=2024-09-14&theme=offices&kind=continuing&sort=title" in page.links()
    none = browser.get("/small/?status=contrary")
    assert none.heading == "None of 3 recommendations matches “Status: Rejected or contrary”."


def test_news_are_first_in_groups_that_say_why(browser: Browser) -> None:
    def groups(path: str) -> list[tuple[str, list[str]]]:
        sections = [s for s in browser.get(path).root.iter("section") if s.get("class") == "group"]
        return [(words(next(s.iter("h3"))), [words(h) for h in s.iter("h4")]) for s in sections]

    assert groups("/small/?as_of=2024-02-01") == [
        ("Changed in the year to 1 February 2024 1", ["Fill the post"]),
        ("Recommended in the year to 1 February 2024, no change since 2", ["Renew the law", "Hold talks"]),
    ]
    assert groups("/small/?as_of=2025-06-01") == [
        ("Reversed or overdue 1", ["Fill the post"]),
        ("No change in the year to 1 June 2025 2", ["Renew the law", "Hold talks"]),
    ]
    assert groups("/small/?as_of=2023-09-14")[-1][0].startswith(
        "Recommended in the year to 14 September 2023, no change"
    )
    assert [name for name, _titles in groups("/small/?sort=theme&as_of=2025-06-01")] == ["Laws 1", "Offices 2"]


def test_every_unknown_choice_is_named(browser: Browser) -> None:
    text = browser.get("/small/?kind=odd&sort=up&status=lost&theme=x&body=y", status=400).text
    for sentence in (
        "There is no kind “odd” here.",
        "There is no sort “up” here.",
        "There is no status “lost” here.",
        "There is no theme “x” here.",
        "There is no body “y” here.",
    ):
        assert sentence in text


def test_a_theme_counts_its_own(browser: Browser) -> None:
    page = browser.get("/small/themes/offices/", as_of="2024-12-01")
    assert (
        page.heading
        == "Offices: of 2 recommendations, 1 was done, 0 were under way, 0 were not done and 1 was not rated."
    )
    assert "Renew the law" not in page.text


def test_a_body_counts_what_was_asked_of_it_and_of_the_bodies_below_it(browser: Browser) -> None:
    page = browser.get("/small/bodies/state/")
    assert (
        page.heading
        == "State was asked for 3 of the 3 as the only lead: 1 is under way, 1 is not done and 1 is not rated; 1 of those not "
        "done was reached before, then reversed. On the evidence up to 2 January 2026."
    )
    assert "/small/bodies/ministry/" in page.links()
    assert "/small/bodies/state/" in browser.get("/small/bodies/ministry/").links()


@pytest.mark.parametrize(("path", "sentence"), [
    ("/small/themes/nothing/", "There is no theme “nothing” in this register."),
    ("/small/bodies/nobody/", "There is no body “nobody” in this register."),
    ("/ko/small/bodies/nobody/", "이 등록부에 없는 기관입니다: “nobody”."),
])  # fmt: skip
def test_what_is_not_there_is_named(browser: Browser, path: str, sentence: str) -> None:
    assert sentence in browser.get(path, status=404).text


def test_the_scorecard_says_what_moved_lately_and_when_the_next_review_is(browser: Browser) -> None:
    page = browser.get("/small/", as_of="2025-06-01")
    assert "In effect to Reversed" in page.text
    assert "was the next review" in page.text


def test_changes_are_counted_since_a_review_within_the_evidence(services: Services, tmp_path: Path) -> None:
    open_small_register(services, tmp_path / "small", evidence_to="2025-06-01")
    page = Browser(create_app(services).test_client()).get("/small/", as_of="2025-12-01")
    said = re.search(r"changed status since (\d+ \w+ \d+)", page.text)
    assert said
    assert said[1] == "14 September 2024"


def test_the_series_of_one_review_compares_nothing(browser: Browser) -> None:
    page = browser.get("/small/series/?as_of=2023-12-01")
    assert "First to last" not in page.text
    assert "since the column before" not in page.text
    assert "First to last" in browser.get("/small/series/?as_of=2025-06-01").text


def test_the_series_says_a_status_only_where_it_changed(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    page = browser.get("/small/series/?as_of=2025-06-01")
    rows = {row[0]: row[1:] for row in page.table("Status at each review") if len(row) > 2}
    assert rows["Renew the law"] == ["No action found", "No action found, no change", "Announced", "Up"]
    assert rows["Hold talks"] == ["Not assessed", "Not assessed, no change", "Not assessed, no change", "Unchanged"]
    monkeypatch.setattr(series, "PAGE_SIZE", 2)
    assert "Page 1 of 2" in browser.get("/small/series/").text
    second = browser.get("/small/series/?page=2").table("Status at each review")
    assert len([row for row in second if len(row) > 2]) == 1 + 1 + 3


def test_a_recommendation_shows_how_it_stood_at_each_review(browser: Browser) -> None:
    page = browser.get("/small/recommendations/post/", as_of="2025-06-01")
    header, *rows = page.table("Status on each day of review")
    assert header[0] == "Part"
    assert any("Partly implemented" in cell for cell in rows[0]), rows
