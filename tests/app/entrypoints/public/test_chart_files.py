"""Charts as files: they say what they show, of which days and from whom, and need nothing from elsewhere."""

import io
import re
from datetime import date
from html import unescape
from itertools import pairwise
from xml.etree import ElementTree as Xml

import pytest
from flask.testing import FlaskClient
from PIL import Image

from app.bootstrap.flask_app import create_app
from app.presentation.charts.axis import Axis
from app.presentation.charts.bands import are_apart
from app.presentation.charts.bucket_blocks import Block
from app.presentation.charts.text_width import text_width
from app.presentation.charts.ticks import NARROW_PX, OFFSET_PX, Tick, review_ticks, year_ticks
from app.presentation.narrative.review_days import ReviewDay
from app.presentation.pictures.chart_file import ChartTexts, draw_blocks
from app.presentation.pictures.raster import png_of
from app.presentation.pictures.text_measure import SANS, font, truncate, wrap
from app.services.container import Services
from domain.codes import Status
from tests.support.pages import Browser

BASE = "http://127.0.0.1:8000"
CHARTS = {
    "/small/charts/over-time": "Status over time, always out of 3",
    "/small/charts/scorecard": "Of 3 recommendations, 0 are done",
    "/small/recommendations/post/chart": "Fill the post",
    "/small/compare/chart": "between 14 September 2024 and 14 September 2025",
}


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


@pytest.mark.parametrize("path", CHARTS)
def test_a_chart_file_stands_alone(client: FlaskClient, path: str) -> None:
    answer = client.get(f"{path}.svg")
    drawing = Xml.fromstring(answer.data)
    words = " ".join(" ".join(drawing.itertext()).split())
    assert CHARTS[path] in words
    assert "A small register" in words
    assert "Source: " in words and f"{BASE}/small/" in words
    assert answer.mimetype == "image/svg+xml"
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert {e.tag.rpartition("}")[2] for e in drawing.iter()}.isdisjoint({"style", "script", "image", "a", "use"})
    assert not re.search(r"\sclass=|\bvar\(", answer.text)
    picture = Image.open(io.BytesIO(client.get(f"{path}.png").data))
    assert picture.size == (1920, 2 * int(drawing.get("height")))


def test_a_page_offers_its_charts_with_its_days(client: FlaskClient) -> None:
    for path in ("/small/", "/small/recommendations/post/", "/small/compare/"):
        page = Browser(client).get(path, **({} if "compare" in path else {"as_of": "2024-12-01"}))
        files = [link for link in page.links() if re.search(r"\.(svg|png)(\?|$)", link) and "chart" in link]
        assert len(files) == (4 if path == "/small/" else 2), path
        markup = [words for area in page.root.iter("textarea") if "<img" in (words := "".join(area.itertext()))]
        for address in [*files, *re.findall(f'src="{BASE}([^"]+)"', unescape(" ".join(markup)))]:
            assert client.get(address).status_code == 200, address
            assert "compare" in path or "as_of=2024-12-01" in address
        assert len(markup) == len(files) // 2


def test_nothing_is_drawn_before_the_first_recommendation(client: FlaskClient) -> None:
    for path in ("charts/over-time", "recommendations/post/chart"):
        assert client.get(f"/small/{path}.svg?as_of=2001-01-01").status_code == 404
    assert client.get("/small/charts/over-time.gif").status_code == 404


@pytest.mark.parametrize("years", [1, 3, 7, 12, 30])
@pytest.mark.parametrize("width", [NARROW_PX, 416, 1000])
def test_labels_of_an_axis_are_apart_and_inside(years: int, width: int) -> None:
    axis = Axis(date(2023, 7, 31), date(2023 + years, 11, 29))
    reviews = [ReviewDay("r", date(2023 + n, 9, 14), "Report", n) for n in range(years + 1)]
    for ticks in (year_ticks(axis), review_ticks(axis, reviews)):
        boxes = [_box(t, width) for t in ticks if t.label and not (t.wide_only and width == NARROW_PX)]
        assert boxes
        assert all(a[1] < b[0] for a, b in pairwise(sorted(boxes)))
        assert all(start >= 0 and end <= width for start, end in boxes)
    assert review_ticks(axis, reviews)[-1].label, "the newest review has its label"


def _box(tick: Tick, width: int) -> tuple[float, float]:
    line, length = tick.x * width / 100, text_width(tick.label)
    return (line - OFFSET_PX - length, line - OFFSET_PX) if tick.ends else (line + OFFSET_PX, line + OFFSET_PX + length)


def test_a_character_that_xml_forbids_spoils_no_picture() -> None:
    texts = ChartTexts("a\x01b", "c\ufffed & <e>", "f\x00")
    drawing = draw_blocks(texts, [Block("partly", 0, 50)], [(Status.PARTLY, 1)])
    assert "ab" in Xml.fromstring(drawing).itertext()
    assert Image.open(io.BytesIO(png_of(drawing, 960))).width == 960


def test_numbers_on_a_chart_are_apart() -> None:
    assert are_apart(50.0, [])
    assert are_apart(50.0, [20.0, 70.0])
    assert not are_apart(50.0, [55.0])


def test_a_text_is_cut_where_it_no_longer_fits() -> None:
    face = font(SANS, 20)
    for text in ("Renew the law", "w" * 200, "긴글" * 80, "x" * 100_000):
        shown = truncate(text, face, 300)
        assert face.getlength(shown) <= 300
        assert shown == text or face.getlength(f"{text[: len(shown.removesuffix('…')) + 1]}…") > 300
    assert wrap("word " * 30_000, face, 300)[-1].endswith("…")
