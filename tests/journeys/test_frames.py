"""Frames in a page of another site, in columns of several widths: nothing is cut, and nothing scrolls."""

import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from playwright.sync_api import Browser, Frame, Page

PROBLEMS = """() => {
    const main = document.querySelector("main"), box = main.getBoundingClientRect(), root = document.documentElement;
    const bad = [];
    if (root.scrollHeight > innerHeight || root.scrollWidth > innerWidth) bad.push(`scrolls: ${root.scrollHeight} of ${innerHeight}`);
    if (main.scrollHeight > main.clientHeight) bad.push(`main scrolls: ${main.scrollHeight} of ${main.clientHeight}`);
    for (const e of document.querySelectorAll("main > *, .frame-details > *")) {
        const r = e.getBoundingClientRect(), isOut = r.left >= box.right || r.right <= box.left;
        if (!isOut && r.bottom > box.bottom - 4) bad.push(`${e.className || e.tagName} is cut at ${r.bottom} of ${box.bottom}`);
    }
    for (const e of document.querySelectorAll(".frame-details")) {
        const own = e.getBoundingClientRect();
        for (const c of e.children) {
            const r = c.getBoundingClientRect();
            if (r.left < own.right && r.right > own.left && r.bottom > own.bottom + 1) bad.push(`a detail is cut at ${r.bottom}`);
        }
    }
    return bad;
}"""
LEFT_OUT = """() => [...document.querySelectorAll(".frame-details > *")]
    .filter((e) => Math.abs(e.getBoundingClientRect().left - e.parentElement.getBoundingClientRect().left) > 1).length"""
EMPTY_PX = "() => innerHeight - 13 - document.querySelector('main > :last-child').getBoundingClientRect().bottom"
STRIP_PX = "() => innerHeight - document.querySelector('main').getBoundingClientRect().bottom"


@pytest.fixture(scope="module")
def paths(public_site: str) -> list[str]:
    """The register, and recommendations with the longest and shortest texts, in both languages."""
    with urlopen(f"{public_site}/api/v1/registers/dprk-enablers/scorecard") as answer:
        items = json.load(answer)["recommendations"]
    by_length = sorted(items, key=lambda item: len(item["title"]))
    ids = [item["id"] for item in (by_length[0], by_length[len(items) // 2], by_length[-1])] + ["special-envoy-post"]
    pages = [f"/dprk-enablers/recommendations/{ident}/" for ident in ids]
    return ["/dprk-enablers/", "/dprk-enablers/?as_of=2022-01-01", *pages, "/ko/dprk-enablers/", f"/ko{pages[2]}"]


@pytest.fixture
def other_site(tmp_path: Path) -> Iterator[str]:
    """The address of a site on another origin, which serves `tmp_path`."""
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(SimpleHTTPRequestHandler, directory=str(tmp_path))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def _markup(site: str, path: str, width: int | None = None) -> str:
    query = urlencode({"url": site + path} | ({"maxwidth": width} if width else {}))
    with urlopen(f"{site}/oembed?{query}") as answer:
        return str(json.load(answer)["html"])


def _frames(page: Page, address: str, markups: list[str], folder: Path, width: int, script: str = "") -> list[Frame]:
    body = "".join(f"<p>{markup}</p>" for markup in markups).replace('loading="lazy"', "")
    html = f'<!doctype html><title>Foreign</title><div style="width:{width}px">{body}</div>{script}'
    (folder / "index.html").write_text(html, encoding="utf-8")
    page.goto(address, wait_until="networkidle")
    return page.frames[1:]


@pytest.mark.parametrize("width", [320, 390, 640, 900])
def test_a_frame_has_the_height_that_its_text_needs(
    public_site: str, other_site: str, paths: list[str], chromium: Browser, tmp_path: Path, width: int
) -> None:
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    markups = [_markup(public_site, path, width) for path in paths]
    for path, frame in zip(paths, _frames(page, other_site, markups, tmp_path, width), strict=True):
        assert frame.evaluate(PROBLEMS) == [], path
        assert frame.evaluate(LEFT_OUT) == 0, path
        assert frame.evaluate(EMPTY_PX) < 90, path
        assert frame.evaluate(STRIP_PX) == 0, path
    page.close()


@pytest.mark.parametrize(("ordered", "width"), [(640, 320), (640, 500), (900, 320), (900, 390), (900, 640)])
def test_in_a_narrower_column_details_are_left_out_and_nothing_is_cut(
    public_site: str, other_site: str, paths: list[str], chromium: Browser, tmp_path: Path, ordered: int, width: int
) -> None:
    """The frame was made for a wider column. With the script of the site it grows, and has all its details again."""
    page = chromium.new_page(viewport={"width": 1000, "height": 900})
    markups = [_markup(public_site, path, ordered) for path in paths]
    for path, frame in zip(paths, _frames(page, other_site, markups, tmp_path, width), strict=True):
        assert frame.evaluate(PROBLEMS) == [], path
        assert frame.locator(".frame-foot").is_visible()
    script = f'<script src="{public_site}/embed.js" async></script>'
    for path, frame in zip(paths, _frames(page, other_site, markups, tmp_path, width, script), strict=True):
        assert frame.evaluate(PROBLEMS) == [], path
        assert frame.evaluate(LEFT_OUT) == 0, path
    page.close()
