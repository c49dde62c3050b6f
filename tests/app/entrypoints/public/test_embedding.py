"""Frames, badges and pictures: what other sites show of this one."""

import io
import re
from pathlib import Path
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient
from markupsafe import escape
from PIL import Image

from app.bootstrap.flask_app import create_app
from app.presentation.pictures.link_preview import draw_preview
from app.presentation.pictures.palette import EDGE, FILL, INK, PAPER
from app.services.container import Services
from tests.support.pages import Browser

FRAMES = ["/small/embed/", "/small/recommendations/post/embed/", "/ko/small/embed/"]
BASE = "http://127.0.0.1:8000"


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.mark.parametrize("path", FRAMES)
def test_a_frame_may_be_shown_anywhere_and_brings_nothing_along(client: FlaskClient, path: str) -> None:
    page = Browser(client).get(path, as_of="2024-12-01")
    headers = client.get(path).headers
    assert "frame-ancestors *" in headers["Content-Security-Policy"]
    assert "Set-Cookie" not in headers
    assert "<script" not in page.html
    assert "2024" in page.text


def test_every_other_page_stays_out_of_frames(client: FlaskClient) -> None:
    assert "frame-ancestors 'none'" in client.get("/small/").headers["Content-Security-Policy"]


def test_a_frame_is_pinned_by_its_dates(client: FlaskClient) -> None:
    text = Browser(client).get("/small/embed/?as_of=2024-12-01&known_at=2026-03-01").text
    assert "Of 3 recommendations, 1 was done" in text or "No recommendation" in text
    assert "As of 1 December 2024, as known on 1 March 2026" in text


def test_oembed_describes_the_frame_of_a_page(client: FlaskClient) -> None:
    html = client.get("/small/recommendations/post/?as_of=2024-12-01").text
    address = re.search(r'type="application/json\+oembed"[^>]*href="([^"]+)"', html).group(1).replace("&amp;", "&")
    description = client.get(address.removeprefix(BASE)).json
    assert (description["version"], description["type"], description["title"]) == ("1.0", "rich", "Fill the post")
    frame = re.search(r'src="([^"]+)"', description["html"]).group(1).replace("&amp;", "&")
    assert client.get(frame.removeprefix(BASE)).status_code == 200
    assert "as_of=2024-12-01" in frame


def test_oembed_speaks_xml_and_keeps_within_bounds(client: FlaskClient) -> None:
    root = Xml.fromstring(client.get(f"/oembed?url={BASE}/ko/small/&format=xml&maxwidth=300&maxheight=90").data)
    assert (root.findtext("width"), root.findtext("height")) == ("300", "90")
    assert "/ko/small/embed/" in root.findtext("html")


def test_oembed_answers_the_height_for_a_width_also_for_a_frame(client: FlaskClient) -> None:
    def size(path: str, width: int) -> tuple[int, int]:
        description = client.get("/oembed", query_string={"url": BASE + path, "maxwidth": width}).json
        assert f'width="{description["width"]}" height="{description["height"]}"' in description["html"]
        return description["width"], description["height"]

    page, frame = "/small/recommendations/post/?as_of=2024-12-01", "/small/recommendations/post/embed/?as_of=2024-12-01"
    assert size(page, 320) == size(frame, 320)
    assert size(page, 320)[1] > size(page, 900)[1]
    assert size(page, 100)[0] == 100
    assert size(page, 5_000)[0] == 1_200


def test_the_markup_of_a_page_has_the_size_that_oembed_answers(client: FlaskClient) -> None:
    for path in ("/small/?as_of=2024-12-01", "/ko/small/recommendations/post/?as_of=2024-12-01"):
        markup = client.get("/oembed", query_string={"url": BASE + path}).json["html"]
        assert escape(markup) in client.get(path).text


def test_the_script_of_frames_is_small_and_may_be_used_anywhere(client: FlaskClient) -> None:
    answer = client.get("/embed.js")
    assert answer.mimetype == "text/javascript"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert len(answer.data) <= 1_024
    assert f"{BASE}/embed.js" in client.get("/small/").text


@pytest.mark.parametrize(("query", "status", "sentence"), [
    ("url=https://example.org/small/", 400, "is not a page of this site. Its pages begin with http://127.0.0.1:8000/."),
    ("", 400, "“” is not a page of this site"),
    (f"url={BASE}/about/", 404, "You can embed scorecards and recommendations, but not"),
    (f"url={BASE}/nowhere/", 404, "There is no register “nowhere” here."),
    (f"url={BASE}/small/&format=yaml", 400, "The format must be json or xml, not “yaml”."),
    (f"url={BASE}/small/&maxwidth=wide", 400, "“wide” is not a width or height in pixels."),
])  # fmt: skip
def test_oembed_refuses_in_a_sentence(client: FlaskClient, query: str, status: int, sentence: str) -> None:
    answer = client.get(f"/oembed?{query}")
    assert answer.status_code == status
    assert sentence in answer.text.replace("&#34;", '"')


def test_a_badge_has_a_title_and_no_style(client: FlaskClient) -> None:
    root = Xml.fromstring(client.get("/small/badge.svg?as_of=2024-12-01").data)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Uptake: 1 of 2 done, 1 Dec 2024"
    root = Xml.fromstring(client.get("/ko/small/recommendations/post/badge.svg?as_of=2024-12-01").data)
    assert root.findtext("{http://www.w3.org/2000/svg}title") == "Uptake: 시행 중, 2024.12.1."
    assert "style" not in "".join(root.itertext())


PICTURES = ["", "ko/", "recommendations/post/", "themes/offices/", "bodies/state/", "compare/"]


@pytest.mark.parametrize("path", [f"/{'ko/small/' if p == 'ko/' else f'small/{p}'}card.png" for p in PICTURES])
def test_a_picture_of_a_link_has_the_size_that_is_promised(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert answer.mimetype == "image/png"
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.size == (1200, 630)
    assert len(picture.getcolors(100_000) or []) > 20
    assert len(answer.data) < 150_000


def test_the_longest_headline_stays_on_its_picture() -> None:
    full = Image.open(io.BytesIO(draw_preview("N" * 300, "many words " * 200, "foot", [("partly", 0, 50)], serif=True)))
    short = Image.open(io.BytesIO(draw_preview("N", "few", "foot", [("partly", 0, 50)], serif=True)))
    below = (0, 440, 1200, 630)
    assert full.crop(below).tobytes() == short.crop(below).tobytes()


def test_a_page_names_its_picture_with_words(client: FlaskClient) -> None:
    html = client.get("/small/?as_of=2024-12-01").text
    assert f'<meta property="og:image" content="{BASE}/small/card.png?as_of=2024-12-01">' in html
    assert '<meta property="og:image:alt" content="A small register. Of 3 recommendations' in html


def test_the_colours_of_pictures_are_those_of_the_pages() -> None:
    tokens = (Path(__file__).parents[4] / "app/static/css/tokens.css").read_text()
    light = tokens.split("@media")[0]
    for code in FILL:
        for kind, colours in (("fill", FILL), ("edge", EDGE)):
            assert re.search(rf"--{code}-{kind}:\s*{colours[code]}\b", light), f"{code}-{kind}"
    assert re.search(rf"--ink:\s*{INK}", light)
    assert re.search(rf"--paper:\s*{PAPER}", light) or PAPER == "#ffffff"


@pytest.mark.parametrize("path", ["/small/embed/", "/small/recommendations/post/embed/"])
def test_a_frame_is_light_unless_its_page_asks_for_other_colours(client: FlaskClient, path: str) -> None:
    def styles(theme: str) -> tuple[str, str]:
        html = client.get(path, query_string={"theme": theme} if theme else {}).text
        scheme = re.search(r'name="color-scheme" content="([^"]+)"', html)
        address = re.search(r'rel="stylesheet" href="([^"]+)"', html)
        assert scheme and address
        return scheme[1], client.get(address[1]).text

    question = "(prefers-color-scheme: dark)"
    scheme, css = styles("")
    assert scheme == "light" and question not in css and "color-scheme: light dark" not in css
    assert styles("light") == (scheme, css)
    scheme, css = styles("dark")
    assert scheme == "dark" and question not in css and "@media all" in css
    scheme, css = styles("auto")
    assert scheme == "light dark" and question in css
    assert client.get(path, query_string={"theme": "pink"}).status_code == 400


def test_oembed_keeps_the_colours_of_a_frame(client: FlaskClient) -> None:
    url = "http://127.0.0.1:8000/small/embed/?theme=dark"
    assert "/small/embed/?theme=dark" in client.get("/oembed", query_string={"url": url}).json["html"]
