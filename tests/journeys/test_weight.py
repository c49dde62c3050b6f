"""What a page weighs and whether it moves while it loads, in a real browser."""

import pytest
from playwright.sync_api import Browser, Page, Response, Route

LAYOUT_SHIFT = """() => new Promise((done) => {
    let sum = 0;
    new PerformanceObserver((list) => { for (const e of list.getEntries()) sum += e.value; })
        .observe({ type: "layout-shift", buffered: true });
    requestAnimationFrame(() => setTimeout(() => done(sum), 100));
})"""
PAGES = ["/dprk-enablers/", "/dprk-enablers/recommendations/special-envoy-post/", "/"]


def _responses(page: Page) -> list[Response]:
    responses: list[Response] = []
    page.on("response", lambda response: responses.append(response))
    return responses


def _size(response: Response) -> int:
    return int(response.headers["content-length"])


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_loads_at_most_three_fonts(public_site: str, chromium: Browser, path: str) -> None:
    page = chromium.new_page()
    responses = _responses(page)
    page.goto(public_site + path, wait_until="networkidle")
    fonts = [r for r in responses if ".woff2" in r.url]
    assert {r.url.partition("?")[0].rpartition("/")[2] for r in fonts} <= {
        "sans-latin-400.woff2",
        "sans-latin-600.woff2",
        "serif-latin.woff2",
    }
    assert sum(map(_size, fonts)) <= 90_000
    assert page.locator('link[rel="preload"][as="font"]').count() == 2
    assert {r.headers["cache-control"] for r in fonts} == {"public, max-age=31536000, immutable"}
    page.close()


@pytest.mark.parametrize("language", ["", "/ko"])
def test_the_register_page_weighs_at_most_60_kilobytes_with_its_styles(
    public_site: str, chromium: Browser, language: str
) -> None:
    page = chromium.new_page()
    responses = _responses(page)
    page.goto(f"{public_site}{language}/dprk-enablers/", wait_until="networkidle")
    texts = [r for r in responses if r.headers["content-type"].startswith(("text/html", "text/css"))]
    assert {r.headers["content-encoding"] for r in texts} == {"br"}
    assert sum(map(_size, texts)) <= 60_000
    assert len(texts) == (3 if language else 2), "an English page does without the Korean faces"
    page.close()


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("path", PAGES)
def test_no_line_moves_when_the_fonts_arrive_late(public_site: str, chromium: Browser, path: str, width: int) -> None:
    late: list[Route] = []
    page = chromium.new_page(viewport={"width": width, "height": 844}, bypass_csp=True)  # to wait for the first paint
    page.route("**/*.woff2*", lambda route: late.append(route))
    page.goto(public_site + path, wait_until="domcontentloaded")
    page.wait_for_function("performance.getEntriesByName('first-contentful-paint').length")
    page.route("**/*.woff2*", lambda route: route.continue_())
    for route in late:
        route.continue_()
    page.evaluate("document.fonts.ready")
    assert page.evaluate("[...document.fonts].filter((face) => face.status === 'loaded').length") >= 2
    assert page.evaluate(LAYOUT_SHIFT) < 0.02
    page.close()
