"""The public pages: what a reader sees, at any pair of times, and how a page refuses."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest

from app.adapters.resources import data_dir
from app.bootstrap.flask_app import create_app
from app.presentation.i18n.labels import STATUS
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from tests.support.bundles import write_small_bundle
from tests.support.pages import Browser
from tests.support.public_pages import public_pages
from tests.support.story import assessment

PAGES = [
    *public_pages("en").values(),
    "/small/?as_of=2024-12-01",
    "/small/?as_of=2020-01-01",
    "/small/?as_of=2024-12-01&known_at=2026-03-01",
    "/small/?theme=offices&status=in_effect&as_of=2024-12-01&scale=gao&body=senate",
    "/small/?theme=laws&status=in_effect",
    "/small/recommendations/post/",
    "/small/recommendations/post/?as_of=2020-01-01",
    "/small/recommendations/law/?as_of=2024-12-01",
    "/small/recommendations/talks/",
    "/small/compare/?from=2023-09-14&to=2025-06-01&known_from=2026-03-01",
    "/small/search?q=post",
    "/small/search?q=nothing+at+all",
    "/small/?kind=continuing&sort=latest",
    "/small/?sort=longest&as_of=2024-12-01",
    "/small/?sort=status",
    "/small/themes/laws/?as_of=2020-01-01",
    "/small/bodies/senate/?as_of=2024-12-01",
    "/small/bodies/ministry/?sort=latest",
    "/small/download/?as_of=2024-12-01",
]
PAGES += [f"/ko{path}" for path in PAGES]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_well_made(browser: Browser, path: str) -> None:
    browser.get(path)


def test_every_link_on_every_page_resolves(browser: Browser) -> None:
    addresses: set[str] = set()
    for path in PAGES:
        for link in browser.get(path).links():
            address = link.split("#")[0]
            if address not in addresses:
                addresses.add(address)
                assert browser.client.get(address).status_code == 200, f"{path} leads to {address}"
    assert len(addresses) > 40


def test_a_scorecard_opens_with_its_sentence(browser: Browser) -> None:
    assert browser.get("/small/", as_of="2024-12-01").heading == (
        "Of 3 recommendations, 1 was done, 1 was under way, 0 were not done and 1 was not rated."
    )
    assert browser.get("/small/", as_of="2025-06-01").heading == (
        "Of 3 recommendations, 0 were done, 1 was under way, 1 was not done and 1 was not rated; 1 of those not done "
        "had been reached before, then reversed."
    )
    assert browser.get("/small/", as_of="2020-01-01").heading == "Nothing had been recommended yet on 1 January 2020."


def test_the_table_beneath_the_bar_holds_the_numbers_of_the_api(browser: Browser) -> None:
    rows = browser.get("/small/", as_of="2024-12-01").table("Recommendations by status")
    card = browser.client.get("/api/v1/registers/small/scorecard?as_of=2024-12-01").get_json()
    numbers = {row[0]: int(row[2]) for row in rows[1:-1]}
    assert numbers == {str(STATUS[status]): n for status, n in card["totals"].items()}


def test_small_numbers_are_counts_next_to_ever_done(browser: Browser) -> None:
    text = browser.get("/small/", as_of="2025-06-01").text
    assert "1 of 2 rated" in text
    assert "%" not in text.split("The same numbers")[0].split("rated")[1][:10]
    assert "1 of 3 on the scorecard" in text
    assert "Still done on that day: 0." in text


def test_a_look_back_says_when_it_was_put_together(browser: Browser) -> None:
    assert "was reconstructed on 2 March 2026" in browser.get("/small/", as_of="2024-12-01").text
    assert "On the evidence up to 2 January 2026." in browser.get("/small/").text


def test_a_recommendation_tells_its_story(browser: Browser) -> None:
    text = browser.get("/small/recommendations/post/").text
    for words in (
        "January 2025 · Status change, office vacant Part: Kept filled In effect to Reversed",
        "the whole: In effect to Reversed",
        "This part decides the whole.",
        "Development, advances",
        "An oath.",
        "Window from 13 October 2023, still running",
        "“Kept filled” assessed as “In effect” from 13 October 2024; reason: the world changed.",
    ):
        assert words in text


def test_a_part_decided_on_an_earlier_day(browser: Browser) -> None:
    text = browser.get("/small/recommendations/post/", as_of="2025-06-01").text
    assert "This part decided the whole." in text
    assert "This part decides" not in text


def test_a_withdrawn_assessment_stays_to_be_seen(browser: Browser) -> None:
    text = browser.get("/small/recommendations/law/").text
    assert "Withdrawn: It said nothing new." in text
    assert "It said nothing new." in browser.get("/small/corrections/").text


def test_what_is_not_on_the_scorecard_says_why(browser: Browser, small: Services) -> None:
    assert (
        "It had not been recommended yet on that day."
        in browser.get("/small/recommendations/post/", as_of="2020-01-01").text
    )
    small.execute(c.WithdrawRecommendation("small", recommendation="talks", reason="Entered twice."), by="dia")
    assert "It was withdrawn from this register" in browser.get("/small/recommendations/talks/").text


def test_a_comparison_says_what_moved_and_why(browser: Browser) -> None:
    page = browser.get("/small/compare/", **{"from": "2023-09-14", "to": "2025-06-01"})
    assert page.heading == (
        "Of 3 recommendations, 1 moved up and 1 was reversed between 14 September 2023 and 1 June 2025; "
        "1 did not change. On the evidence up to 2 January 2026, which covers both days."
    )
    assert "Left office." in page.text


def test_a_past_page_is_the_same_after_new_entries_and_a_rebuild(browser: Browser, small: Services) -> None:
    paths = ("/small/", "/small/recommendations/law/")
    query = {"as_of": "2024-12-01", "known_at": "2026-03-02"}
    api = "/api/v1/registers/small/compare?from=2023-09-14&to=2024-12-01&known_from=2026-03-01&known_to=2026-03-02"
    before = [browser.get(p, **query).html.replace(f">{35}<", "") for p in paths]
    answer = browser.client.get(api).data
    ident = small.execute(
        c.ProposeAssessment(
            "small",
            recommendation="law",
            assessment=assessment(
                status="partly", reason="new_evidence", effective_on="2024-03-01", evidence=("oath",)
            ),
        ),
        by="ana",
    )
    small.execute(c.PublishAssessment("small", recommendation="law", assessment=ident), by="ben")
    small.views.rebuild()
    after = [browser.get(p, **query).html for p in paths]
    assert [_without_position(page) for page in after] == [_without_position(page) for page in before]
    assert browser.client.get(api).data == answer


def _without_position(html: str) -> str:
    import re

    return re.sub(r"Log position \d+", "Log position", html)


def test_both_stores_show_the_same_pages(new_services: Callable[..., Services], tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    browsers = []
    for postgres in (False, True):
        services = new_services(postgres=postgres)
        services.clock.now = datetime.fromisoformat("2026-03-01T12:00:00+00:00")  # type: ignore[attr-defined]
        import_bundle(services, folder, ImportOptions(approve_cards="cem"))
        services.clock.go_on(days=1)  # type: ignore[attr-defined]
        services.execute(c.OpenRegister("small", origin="x"), by="ana")
        browsers.append(Browser(create_app(services).test_client()))
    for path in set(PAGES) - {"/verify/", "/ko/verify/"}:  # shows the keys of an installation
        one, other = (b.get(path).html for b in browsers)
        assert one == other, path


@pytest.mark.parametrize(
    ("path", "status", "words"),
    [
        ("/nowhere/", 404, "There is no register “nowhere” here."),
        ("/small/recommendations/nothing/", 404, "There is no recommendation “nothing” in this register."),
        ("/small/nothing/", 404, "There is no page at this address."),
        ("/small/?as_of=2024-02-30", 400, "There is no day “2024-02-30” in the calendar."),
        ("/small/?as_of=99999-01-01", 400, "is not a full date. Write it as 2024-05-20."),
        ("/small/?as_of=0000-01-01", 400, "There is no day “0000-01-01” in the calendar."),
        ("/small/?as_of=2999-01-01", 400, "is in the future. The latest day you can ask about is 3 March 2026."),
        ("/small/?known_at=2999-01-01T00:00:00Z", 400, "is in the future. Enter today or an earlier date."),
        ("/small/?status=done", 400, "There is no status “done” here."),
        ("/small/?as_of=2024-01-01&as_of=2024-01-02", 400, "The parameter “as_of” appears more than once."),
        ("/small/?theme=" + "x" * 600, 400, "The parameter “theme” cannot be read. Shorten it and type it again."),
        ("/small/changes/?before=x", 400, "“x” is not a position in the log."),
        ("/small/?theme=<script>alert(1)</script>", 400, "There is no theme “<script>alert(1)</script>” here."),
    ],
)
def test_a_page_that_cannot_be_shown_says_what_was_wrong(browser: Browser, path: str, status: int, words: str) -> None:
    page = browser.get(path, status)
    assert words in page.text
    for link in page.links():
        assert browser.client.get(link.split("#")[0]).status_code in (200, 400), link
    assert "<script>" not in page.html


def test_a_register_that_is_not_open_is_not_shown(services: Services, tmp_path: Path) -> None:
    import_bundle(services, write_small_bundle(tmp_path / "small"), ImportOptions())
    browser = Browser(create_app(services).test_client())
    assert "A small register" not in browser.get("/").text
    for path in ("/small/", "/small/recommendations/law/", "/small/changes/", "/small/search", "/small/methodology/"):
        browser.get(path, 404)


def test_what_is_not_published_shows_on_no_page(browser: Browser, small: Services) -> None:
    secret = assessment(rationale="Canary bird.", reason="world_changed", evidence=("oath",), effective_on="2025-05")
    small.execute(c.ProposeAssessment("small", recommendation="law", assessment=secret), by="canary-person")
    for path in [*PAGES, "/small/search?q=canary"]:
        if path != "/small/search?q=canary":
            assert "anary" not in browser.get(path).html


def test_the_built_in_register_tells_history_as_it_was(services: Services) -> None:
    services.clock.now = datetime.fromisoformat("2026-11-23T12:00:00+00:00")  # type: ignore[attr-defined]
    import_bundle(services, data_dir("registers") / "dprk-enablers", ImportOptions())
    services.execute(c.OpenRegister("dprk-enablers", origin="x"), by="ana")
    browser = Browser(create_app(services).test_client())
    assert browser.get("/dprk-enablers/", as_of="2024-02-17").heading == (
        "Of 31 recommendations, 0 were done, 25 were under way and 6 were not done. Of the 25 under way, 15 were "
        "advancing. 2 of the 4 with a deadline were overdue."
    )
    assert browser.get("/dprk-enablers/", as_of="2026-02-26").heading.startswith(
        "Of 31 recommendations, 1 was done, 24 were under way and 6 were not done; 1 of those not done had been "
        "reached before, then reversed."
    )
    was_is = {
        r["id"]: (r["a"], r["c"])
        for r in browser.client.get("/api/v1/registers/dprk-enablers/compare?from=2024-02-17&to=2026-02-26").get_json()[
            "rows"
        ]
    }
    assert was_is["special-envoy-post"] == ("partly", "reversed")
    assert was_is["trilateral-commitment"] == ("announced", "in_progress")
    assert was_is["nkspea-designations"] == ("in_progress", "partly")
    assert was_is["coi-tenth-anniversary-review"] == ("in_progress", "partly")
    facts = services.tracker.claim("assessment/dprk-enablers/human-rights-in-dprk-policy-2023-08-18")
    assert facts == "human-rights-in-dprk-policy"
    for rec in was_is:
        browser.get(f"/dprk-enablers/recommendations/{rec}/")


def test_a_section_has_its_heading_and_one_block_next_to_it(browser: Browser) -> None:
    """On a wide screen, a third child would stand in the margin under the heading."""
    for path in public_pages("en").values():
        for section in browser.get(path).root.iter("section"):
            classes = (section.get("class") or "").split()
            if "sec" in classes and "sec-wide" not in classes:
                assert len(list(section)) <= 2, (path, section.get("aria-labelledby"))
