"""The charts of a package: full axes, and no texts that overlap."""

import re
import xml.etree.ElementTree as ET
from itertools import combinations, pairwise
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image, ImageFont

from app.presentation.charts.flow import STATUS_ORDER
from app.presentation.pictures.glyphs import tiles
from app.presentation.pictures.palette import PRINT
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.snapshots import pdf
from app.services.snapshots.freeze import FrozenReview, freeze_review
from domain import commands as c
from tests.support.reviews import freeze_real_register, package_file

SVG = "{http://www.w3.org/2000/svg}"
FONT = Path(pdf.__file__).parent / "fonts" / "Pretendard-Regular.otf"
Box = tuple[float, float, float, float]


def _boxes(svg: bytes) -> list[tuple[str, Box]]:
    """Each text of a chart with the box that it fills in units of the chart: left, top, right, bottom."""
    found: list[tuple[str, Box]] = []
    _collect(ET.fromstring(svg), (0, 0, 1, 0), found)
    return found


def _collect(node: ET.Element, at: tuple[float, float, float, float], found: list[tuple[str, Box]]) -> None:
    dx, dy, scale, turn = at
    transform = node.get("transform", "")
    if moved := re.search(r"translate\(([\d.-]+)[ ,]([\d.-]+)\)", transform):
        dx, dy = dx + float(moved[1]) * scale, dy + float(moved[2]) * scale
    if scaled := re.search(r"scale\(([\d.]+)\)", transform):
        scale *= float(scaled[1])
    if "rotate(-90" in transform:
        turn = 1
    if node.tag == f"{SVG}text" and node.text:
        size = float(node.get("font-size", "0"))
        width = ImageFont.truetype(FONT, 100).getlength(node.text) * size / 100
        start = {"start": 0.0, "middle": width / 2, "end": width}[node.get("text-anchor", "start")]
        x, y = float(node.get("x", "0")), float(node.get("y", "0"))
        box = (x - start, y - size * 0.8, x - start + width, y + size * 0.2)
        if turn:  # upwards around its own place
            box = (x - size * 0.8, y - (width - start), x + size * 0.2, y + start)
        found.append((node.text, (dx + box[0] * scale, dy + box[1] * scale, dx + box[2] * scale, dy + box[3] * scale)))
    for child in node:
        _collect(child, (dx, dy, scale, turn), found)


def _overlap(a: Box, b: Box) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _check(name: str, svg: bytes) -> None:
    boxes = _boxes(svg)
    _, _, width, height = map(float, ET.fromstring(svg).get("viewBox", "").split())
    assert boxes, name
    for words, (left, top, right, bottom) in boxes:
        assert left >= -1 and top >= -1 and right <= width + 1 and bottom <= height + 1, f"{name}: {words} hangs out"
    for (a, first), (b, second) in combinations(boxes, 2):
        assert not _overlap(first, second), f"{name}: “{a}” overlaps “{b}”"


@pytest.mark.parametrize("register", ["small", "real"])
def test_no_texts_overlap(request: pytest.FixtureRequest, services: Services, register: str) -> None:
    is_real = register == "real"
    frozen = freeze_real_register(services) if is_real else request.getfixturevalue("frozen")
    for name in ("lives", "scorecard", "status-over-time"):
        for folder in ("", "ko/"):
            _check(name, package_file(frozen, f"charts/{folder}{name}.svg"))


def test_status_over_time_has_full_axes(frozen: FrozenReview) -> None:
    texts = [words for words, _box in _boxes(package_file(frozen, "charts/status-over-time.svg"))]
    for words in ("Number of recommendations", "0", "3", "2024", "31 July 2023", "17 February 2024", "Day"):
        assert words in texts, words


def test_the_key_has_every_status_that_is_drawn(services: Services) -> None:
    """A status that nothing has on the last day had no name."""
    frozen = freeze_real_register(services)
    for name in ("status-over-time", "lives"):
        texts = [words for words, _box in _boxes(package_file(frozen, f"charts/{name}.svg"))]
        assert "Not assessed 0" in texts, (name, texts)


def test_long_titles_are_whole_in_the_chart_of_histories(small: Services) -> None:
    words = ["Fill", "the", "post", "of", "the", "special", "envoy"] * 5
    for ident, title in (("law", " ".join(words)), ("talks", "x" * 130)):
        (fact,) = (r.fact for r in export_register(small, "small").recommendations if r.fact.id == ident)
        command = c.AmendRecommendation(
            "small", recommendation=ident, fact=replace(fact, title=title), why="It is long."
        )
        small.execute(command, by="ana")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    svg = package_file(freeze_review(small, "small", "ten", by="ana"), "charts/lives.svg")
    _check("lives", svg)
    titles = [text for text, box in _boxes(svg) if box[0] < 1]
    assert " ".join(words) in " ".join(titles)
    assert "x" * 130 in "".join(titles)
    assert all(right < 400 for _text, (left, _top, right, _bottom) in _boxes(svg) if left < 1)


def test_statuses_differ_in_greyscale() -> None:
    """Neighbours in the stack differ in shade or in pattern."""
    for first, second in pairwise(STATUS_ORDER):
        shades = [Image.new("RGB", (1, 1), PRINT[s]).convert("L").getpixel((0, 0)) for s in (first, second)]
        patterns = [tiles().get(s) for s in (first, second)]
        assert abs(shades[0] - shades[1]) >= 20 or patterns[0] != patterns[1], f"{first} and {second}"
