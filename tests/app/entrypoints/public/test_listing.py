"""Lists are narrowed, sorted and paged by their address; pages of a theme or body count their own."""

import pytest

from app.entrypoints.public import listing
from tests.support.pages import Browser


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
    assert "/small/?sort=latest&page=2" in first.links()
    assert _titles(browser, "/small/?sort=latest&page=2") == ["Hold talks"]
    assert "There is no page “3” of this list. It has 2." in browser.get("/small/?page=3", status=400).text
    assert "There is no page “-1” of this list" in browser.get("/small/?page=-1", status=400).text


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
        page.heading == "Offices: of 2 recommendations, 1 is done, 0 are under way, 0 are not done and 1 is not rated."
    )
    assert "Renew the law" not in page.text


def test_a_body_counts_what_was_asked_of_it_and_of_the_bodies_below_it(browser: Browser) -> None:
    page = browser.get("/small/bodies/state/")
    assert (
        page.heading
        == "State: of 3 asked of it alone, 0 are done, 1 is under way, 1 is not done and 1 is not rated; 1 of those not "
        "done was reached before, then reversed."
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
    assert "is the next review" in page.text


def test_a_recommendation_shows_how_it_stood_at_each_review(browser: Browser) -> None:
    page = browser.get("/small/recommendations/post/", as_of="2025-06-01")
    rows = page.table("Status on each day of review")
    assert rows[0] == ["Review", "As known now", "As known then"]
    assert any("Partly implemented" in row[1] and "not on the scorecard" in row[2] for row in rows[1:])
