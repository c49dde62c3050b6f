"""The report as others read it: by a checker of PDF/UA, by its tags, and as pictures."""

import io
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pdfua
import pytest
from docx import Document
from fontTools.ttLib import TTFont
from PIL import Image, ImageColor
from pypdf import PdfReader

from app.presentation.pictures.glyphs import cell, patterns, tiles
from app.presentation.pictures.palette import EDGE, MARK, PRINT
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.snapshots.chinese_characters import is_common
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.glyph_fallback import REPLACEMENT, replace_missing_glyphs
from app.services.snapshots.pdf import fonts
from domain import commands as c
from domain.values import Logo
from tests.support.bundles import change, write_small_bundle
from tests.support.chinese_font import FAMILY, FILE, common_characters
from tests.support.pictures import png
from tests.support.repository import ROOT
from tests.support.reviews import freeze_real_register, package_file
from tests.support.small_register import import_and_open

FOOT_PT = 60
"""The height of the foot of a page, with its number."""
BLANK, EDGE_OF_PAPER = 0.003, 0.03
"""The least share of a page that carries ink, and the share of its width and height that must not."""


@pytest.fixture(params=["small", "real"])
def report(request: pytest.FixtureRequest) -> bytes:
    """The report of the small register, and of the one that comes with the program."""
    if request.param == "small":
        return package_file(request.getfixturevalue("frozen"), "report.pdf")
    return package_file(freeze_real_register(request.getfixturevalue("services")), "report.pdf")


def test_machines_find_nothing_and_every_page_looks_like_one(report: bytes, tmp_path: Path) -> None:
    file = tmp_path / "report.pdf"
    file.write_bytes(report)
    findings = pdfua.validate(file).findings
    assert not findings, [f"{f.rule_id}: {f.message}" for f in findings]
    pdf = PdfReader(io.BytesIO(report))
    _is_tagged(pdf)
    _is_archivable(pdf)
    _looks_like_a_report(file)
    _is_filled(file)
    _is_numbered(pdf)


def test_another_process_compiles_it_and_takes_its_memory_along(small: Services) -> None:
    before = os.times().children_user
    freeze_review(small, "small", "ten", by="ana")
    assert os.times().children_user > before, "typst would keep two hundred megabytes in this process"


def _is_archivable(pdf: PdfReader) -> None:
    """It says that it is PDF/A-2a and PDF/UA-1, and has what both need: a colour profile, and every font inside."""
    root: Any = pdf.trailer["/Root"]
    claims = root["/Metadata"].get_data().decode()
    for claim in ("<pdfaid:part>2<", "<pdfaid:conformance>A<", "<pdfuaid:part>1<"):
        assert claim in claims, claim
    assert root["/OutputIntents"][0]["/DestOutputProfile"].get_object().get_data()
    for page in pdf.pages:
        for font in page["/Resources"].get("/Font", {}).values():
            described = font.get_object()["/DescendantFonts"][0].get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described), "a font is not inside"


def _is_filled(file: Path) -> None:
    """No page is less than a third full but the last one, and no heading is alone at the end of a page."""
    xml = subprocess.run(
        ["pdftotext", "-bbox", file.name, "-"], cwd=file.parent, check=True, capture_output=True
    ).stdout
    pages = xml.decode().split("<page ")[1:]
    for number, page in enumerate(pages[:-1], 1):
        height = float(re.search(r'height="([\d.]+)"', page)[1])  # type: ignore[index]
        ends = [float(end) for end in re.findall(r'<word [^>]*yMax="([\d.]+)"', page)]
        body = [end for end in ends if end < height - FOOT_PT]
        assert max(body) > height / 3, f"page {number} is less than a third full"
        assert len(body) > 40, f"page {number} holds next to nothing"


def _is_numbered(pdf: PdfReader) -> None:
    """Each page says which one it is of how many; figures have numbers, and the text refers to each."""
    texts = [" ".join(page.extract_text().split()) for page in pdf.pages]
    for number, text in enumerate(texts[1:], 2):
        assert f"Page {number} of {len(texts)}" in text
    whole = " ".join(texts)
    for figure in (1, 2, 3):
        assert f"Figure {figure} shows" in whole, figure
        assert f"Figure {figure}. " in whole, figure
    assert "Figure 4" not in whole
    titles = {str(item.title) for item in pdf.outline if not isinstance(item, list)}
    assert titles, "there is no outline"
    assert "Contents . ." not in texts[1], "the contents list themselves"
    assert re.search(r"· Contents .*UTC Contents", texts[1]), "the head names the part that the page begins with"


def _is_tagged(pdf: PdfReader) -> None:
    root: Any = pdf.trailer["/Root"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert all(page["/Tabs"] == "/S" for page in pdf.pages)
    kinds, texts, level = set[str](), set[str](), 0
    for kind, language, node in _nodes(root["/StructTreeRoot"], "en"):
        kinds.add(kind)
        texts.add(language)
        if kind == "/Figure":
            assert node["/Alt"].strip(), "a figure without words"
        if kind == "/TH":
            assert any(a.get_object().get("/Scope") == "/Column" for a in node["/A"])
        if re.fullmatch("/H[1-6]", kind):
            assert int(kind[2]) <= level + 1, "a heading jumps"
            level = int(kind[2])
    assert {"/H1", "/H2", "/H3", "/H4", "/Table", "/TH", "/Figure", "/Link", "/LI", "/TOCI"} <= kinds
    assert "en" in texts
    assert texts <= {"en", "ko"}, "the report is in one language, some titles of sources are in the other"
    for page in pdf.pages[1:]:
        for font in page["/Resources"].get("/Font", {}).values():
            assert "/ToUnicode" in font.get_object()
        assert b"/Artifact" in page.get_contents().get_data(), "the running head is no text of the report"


def _nodes(node: Any, language: str) -> Iterator[tuple[str, str, Any]]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        for child in node:
            yield from _nodes(child, language)
    elif hasattr(node, "get"):
        language = str(node.get("/Lang", language)).split("-")[0]
        if "/S" in node:
            yield node["/S"], language, node
        if "/K" in node:
            yield from _nodes(node["/K"], language)


def _looks_like_a_report(file: Path) -> None:
    if not shutil.which("pdftoppm") and not os.environ.get("CI"):
        return
    subprocess.run(
        ["pdftoppm", "-r", "40", "-png", file.name, "page"], cwd=file.parent, check=True, capture_output=True
    )
    pages = sorted(file.parent.glob("page-*.png"))
    assert len(pages) >= 5
    for page in pages:
        with Image.open(page) as picture:
            ink = picture.convert("L").point(lambda shade: 255 if shade < 200 else 0)
        width, height = ink.size
        left_edge, top, right, bottom = ink.getbbox() or (0, 0, 0, 0)
        assert ink.histogram()[255] > BLANK * width * height, f"{page.name} is blank"
        assert left_edge > EDGE_OF_PAPER * width, f"something hangs out of {page.name}"
        assert right < (1 - EDGE_OF_PAPER) * width, f"something hangs out of {page.name}"
        assert top > EDGE_OF_PAPER * height, f"something hangs out of {page.name}"
        assert bottom < (1 - EDGE_OF_PAPER) * height, f"something hangs out of {page.name}"
    command = ["pdftoppm", "-r", "100", "-f", "2", "-l", "2", "-png", file.name, "scorecard"]
    subprocess.run(command, cwd=file.parent, check=True)
    (scorecard,) = file.parent.glob("scorecard-*.png")
    with Image.open(scorecard) as picture:
        colours = {colour for _n, colour in picture.convert("RGB").getcolors(1 << 24) or []}
    for status in ("partly", "no_action", "reversed"):
        assert ImageColor.getrgb(PRINT[status]) in colours, f"the scorecard does not show {status}"


def test_a_recommendation_may_have_any_id(services: Services, tmp_path: Path) -> None:
    """Also one by which the report itself finds evidence, figures, its beginning or its end."""
    write_small_bundle(tmp_path / "small")
    for old, new in (("post", "ref-1"), ("law", "end"), ("talks", "figure-scorecard")):
        for file in (tmp_path / "small").glob("*.csv"):
            text = file.read_text("utf-8")
            file.write_text(re.sub(rf'(?m)(^|[,;"]){old}(?=[,;"])', rf"\g<1>{new}", text), "utf-8")
    frozen = freeze_review(import_and_open(services, tmp_path / "small"), "small", "ten", by="ana")
    pdf = PdfReader(io.BytesIO(package_file(frozen, "report.pdf")))
    assert "Renew the law" in "".join(page.extract_text() for page in pdf.pages)


@pytest.mark.parametrize("size", [(1200, 10), (10, 1200)], ids=["wide", "tall"])
def test_a_logo_of_any_shape_leaves_room_for_the_rest(small: Services, tmp_path: Path, size: tuple[int, int]) -> None:
    small.execute(c.SetLogo("small", logo=Logo(png=png(*size, mode="RGB"), alt="A logo")), by="ana")
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    frozen = freeze_review(small, "small", "ten", by="ana")
    (tmp_path / "report.pdf").write_bytes(package_file(frozen, "report.pdf"))
    _looks_like_a_report(tmp_path / "report.pdf")
    logo = Document(io.BytesIO(package_file(frozen, "report.docx"))).inline_shapes[0]
    assert logo.width.mm <= 40
    assert logo.height.mm <= 25


def test_the_cover_and_the_box_say_what_is_needed_to_check_it(frozen: FrozenReview) -> None:
    pdf = PdfReader(io.BytesIO(package_file(frozen, "report.pdf")))
    cover = pdf.pages[0].extract_text()
    for words in (
        "17 February 2024",
        "2 March 2026",
        "0 were done",
        "Reconstructed",
        "Not signed off",
        "/reviews/ten/2024-02-17/",
    ):
        assert words in cover, words
    text = "".join(page.extract_text() for page in pdf.pages)
    for words in ("sha256sum -c manifest-sha256.txt", "ssh-keygen -Y verify", "SHA256:", "Root of the log"):
        assert words in text, words


def test_what_was_not_there_before_is_said_once(services: Services, small: Services) -> None:
    frozen = freeze_review(small, "small", "ten", by="ana")
    page = package_file(frozen, "index.html").decode()
    assert page.count("added to the scorecard in between") <= 1
    assert "not on the scorecard" not in page


def test_no_character_without_a_glyph_stops_a_report() -> None:
    text = "Ω “quoted” é 한국어 العربية; 汉字 漢字 カナ 🚀 ไทย 𓀀 𠀀 㐀"
    result = replace_missing_glyphs(text, fonts())
    rare = f"{REPLACEMENT} {REPLACEMENT * 3} {REPLACEMENT} {REPLACEMENT} {REPLACEMENT}"
    assert result == f"Ω “quoted” é 한국어 العربية; 汉字 漢字 カナ {rare}"
    assert replace_missing_glyphs(result, fonts()) == result


def test_the_font_has_every_character_that_is_called_common() -> None:
    with TTFont(FILE) as font:
        assert set(font.getBestCmap()) >= common_characters()
        assert font["name"].getDebugName(1) == FAMILY
    assert len(common_characters()) > 11_000
    for title in ("外交部发言人主持例行记者会", "北朝鮮人権侵害問題啓発週間", "北韓人權", "聯合國安理會"):
        assert all(is_common(c) for c in title), title


def test_titles_in_chinese_and_japanese_are_printed(services: Services, tmp_path: Path) -> None:
    folder, title = write_small_bundle(tmp_path / "small"), "外交部发言人 北朝鮮人権 カナ"
    change(folder, "evidence.csv", "A story", title)
    frozen = freeze_review(import_and_open(services, folder), "small", "ten", by="ana")
    for name in ("report.pdf", "report.ko.pdf"):
        pdf = PdfReader(io.BytesIO(package_file(frozen, name)))
        assert title in " ".join(" ".join(page.extract_text() for page in pdf.pages).split())


def test_charts_carry_patterns_words_and_a_key(frozen: FrozenReview) -> None:
    chart = package_file(frozen, "charts/ko/status-over-time.svg").decode()
    assert 'fill="url(#p-partly)"' in chart
    assert "<desc>일부 이행: 1; " in chart
    assert "class=" not in chart
    assert "</title>" in chart


def test_glyphs_and_patterns_are_those_of_the_pages() -> None:
    tokens = (Path(__file__).parents[4] / "app/static/css/tokens.css").read_text()
    paper = tokens.split("@media print")[1].split("@media")[0]
    for kind, colours in (("fill", PRINT), ("edge", EDGE), ("mark", MARK)):
        for code, colour in colours.items():
            assert re.search(rf"--{code}-{kind}:\s*{colour}\b", paper), f"{code}-{kind}"
    assert set(tiles()) == set(MARK)
    assert "class=" not in patterns() + "".join(map(cell, PRINT))


def test_korean_words_are_not_broken_and_the_numbers_are_on_one_page(services: Services) -> None:
    services.clock.now = services.clock.now.replace(year=2026, month=12)  # type: ignore[attr-defined]
    import_bundle(services, ROOT / "registers" / "dprk-enablers", ImportOptions())
    services.execute(c.OpenRegister("dprk-enablers", origin="x"), by="ana")
    words = [
        "인권침해책임규명을",
        "위하여",
        "국제사회는",
        "강제노동과",
        "강제송환에",
        "관여한",
        "당사자에게",
        "책임을",
        "물어야",
        "한다",
    ]
    summary = {"review": "coi-10", "as_of": "2024-02-17", "summary": "In words."}
    korean = {"ko": {"summary": " ".join(words * 12)}}
    services.execute(c.DraftSummary("dprk-enablers", **summary, translations=korean), by="ana")
    frozen = freeze_review(services, "dprk-enablers", "coi-10", by="ana")
    pages = PdfReader(io.BytesIO(package_file(frozen, "report.ko.pdf"))).pages
    printed = [word for page in pages[1:3] for word in page.extract_text().split()]
    assert printed.count(words[0]) == 12
    assert all(printed.count(word) >= 12 for word in words)
    for name, heading, last in (("report", "The numbers", "Cannot be determined"), ("report.ko", "수치", "판단 불가")):
        texts = [page.extract_text() for page in PdfReader(io.BytesIO(package_file(frozen, f"{name}.pdf"))).pages]
        (page,) = [text for text in texts[2:] if re.search(rf"^{heading}$", text, re.MULTILINE)]
        assert last in page
