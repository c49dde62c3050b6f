"""The page about the API: every example runs, and the page says only what answers do."""

import re
from html import unescape

from tests.support.pages import Browser

EXAMPLE = re.compile(r"curl '([^']+)'")


def test_every_example_runs(browser: Browser) -> None:
    html = unescape(browser.get("/api/").html)
    commands = EXAMPLE.findall(html)
    assert len(commands) == 5
    for address in commands:
        base = str(browser.client.application.config["BASE_URL"])
        assert address.startswith(base)
        answer = browser.client.get(address.removeprefix(base))
        assert (answer.status_code, answer.mimetype) == (200, "application/json"), address
        assert answer.json, address
    search = browser.client.get(commands[-1].removeprefix(base)).json
    assert search
    assert search["recommendations"] >= 1


def test_what_the_page_says_of_answers(browser: Browser) -> None:
    client = browser.client
    page = client.get("/api/v1/registers/small/scorecard?limit=1").json
    assert page
    following = client.get(f"/api/v1/registers/small/scorecard?limit=1&cursor={page['next']}").json
    assert following
    assert following["recommendations"][0]["id"] != page["recommendations"][0]["id"]
    refused = client.get("/api/v1/registers/small/scorecard?as_of=never").json
    assert refused
    assert refused["detail"]


def test_the_menu_leads_to_the_page_in_its_language(browser: Browser) -> None:
    assert "/ko/api/" in browser.get("/ko/small/").links()
    assert browser.get("/ko/api/").heading == "API"
