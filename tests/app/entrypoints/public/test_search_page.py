"""The search page: recommendations first, everything else below its recommendation, each text in one language."""

from collections.abc import Iterator

import pytest
from flask.testing import FlaskClient

from app.services.search import register_search
from tests.support.pages import Browser

POST, LAW = "/small/recommendations/post/", "/small/recommendations/law/"


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("post", [POST, f"{POST}#source-leak"]),
        ("filled", [POST, f"{POST}#part-kept"]),
        ("oath", [f"{POST}#criteria-appointed", f"{POST}#source-oath"]),
        ("enactment", [f"{LAW}#h-test"]),
        ("sworn rights", []),
        ("envoy travelled", [f"{POST}#d-visit"]),
        ("envoy traveled", [f"{POST}#d-visit"]),
        ("bill", [f"{LAW}#a-law-2"]),
        ("senate", ["/small/bodies/senate/"]),
        ("laws", ["/small/themes/laws/"]),
        ("think tank", ["/small/?publication=report#list"]),
    ],
)
def test_every_hit_leads_to_its_place(browser: Browser, query: str, places: list[str]) -> None:
    links = browser.get("/small/search", q=query).links()
    for place in places:
        assert place in links, query
    found = [link for link in links if "#" in link and not link.endswith(("#accessibility", "#main"))]
    for link in found:
        path, _, anchor = link.partition("#")
        assert f'id="{anchor}"' in browser.client.get(path).text, link


def test_recommendations_come_first_with_what_is_about_them_below(browser: Browser) -> None:
    page = browser.get("/small/search", q="post")
    assert page.heading == "1 recommendation for “post”"
    (item,) = (li for li in page.root.iter("li") if any(h.tag == "h3" for h in li))
    assert "".join(next(item.iter("h3")).itertext()).strip() == "Fill the post"
    assert [mark.text for mark in next(item.iter("h3")).iter("mark")] == ["post"]
    assert "Evidence: Another story" in " ".join("".join(item.itertext()).split())


def texts_with_language(page: str, browser: Browser, **query: str) -> Iterator[tuple[str, str]]:
    for span in browser.get(page, **query).root.iter("span"):
        if span.get("dir") == "auto" and span.find("mark") is not None:
            yield span.get("lang", ""), "".join(span.itertext()).strip()


def test_each_text_is_in_one_language_and_says_which(browser: Browser) -> None:
    assert ("ko", "보도되었다.") in texts_with_language("/small/search", browser, q="보도")
    assert ("", "직위를 채울 것") in texts_with_language("/ko/small/search", browser, q="직위")
    english = {text: lang for lang, text in texts_with_language("/ko/small/search", browser, q="reported")}
    assert english["It was reported."] == "en"
    page = browser.get("/small/search", q="보도")
    assert "It was reported. 보도되었다." not in page.text


def test_a_misspelled_word_leads_to_the_right_one(browser: Browser) -> None:
    page = browser.get("/small/search", q="evnoy travelld")
    assert "Did you mean envoy travelled?" in page.text
    link = next(link for link in page.links() if "q=envoy" in link)
    assert f"{POST}#d-visit" in browser.get(link).links()
    assert "Did you mean" not in browser.get("/small/search", q="xylophone").text


def test_a_long_answer_has_pages(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(register_search, "PAGE_SIZE", 1)
    first = browser.get("/small/search", q="it")
    assert "Page 1 of" in first.text
    following = next(link for link in first.links() if "page=2" in link)
    assert "Page 2 of" in browser.get(following).text
    assert browser.client.get("/small/search?q=it&page=99").status_code == 400


def test_a_list_shows_one_publication(browser: Browser) -> None:
    page = browser.get("/small/", publication="report")
    assert ["".join(h.itertext()) for h in page.root.iter("h4")] == ["Fill the post", "Hold talks"]
    assert browser.client.get("/small/?publication=nowhere").status_code == 400


def test_the_api_says_the_language_and_a_suggestion(browser: Browser) -> None:
    client: FlaskClient = browser.client
    answer = client.get("/api/v1/registers/small/search", query_string={"q": "보도"}).json
    assert answer
    assert [(h["kind"], h["recommendation"], h["language"]) for h in answer["hits"]] == [("evidence", "post", "ko")]
    assert client.get("/api/v1/registers/small/search?q=evnoy").json["suggestion"] == "envoy"  # type: ignore[index]


def test_an_assessment_of_a_part_says_what_it_changed(browser: Browser) -> None:
    text = browser.get("/small/search", q="left office").text
    assert "Part “Kept filled”: In effect to Reversed from January 2025; the whole: In effect to Reversed." in text
