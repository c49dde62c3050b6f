"""The labels of charts on every screen: none touches another, and none leaves the window."""

import shutil
from pathlib import Path
from zipfile import ZipFile

import pytest
from playwright.sync_api import Browser

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.services.snapshots.freeze import freeze_review

PAGES = (
    "/dprk-enablers/",
    "/dprk-enablers/?as_of=2024-02-17",
    "/dprk-enablers/recommendations/special-envoy-post/",
    "/dprk-enablers/recommendations/rok-unsc-term/",
    "/dprk-enablers/compare/",
    "/dprk-enablers/compare/?from=2023-09-14&to=2024-09-14",
    "/dprk-enablers/bodies/us-administration/",
    "/ko/dprk-enablers/",
    "/ko/dprk-enablers/compare/?from=2023-09-14&to=2024-09-14",
)
BAD_LABELS = """() => {
    const bad = [], seen = (box) => box.width && box.height
    for (const chart of document.querySelectorAll("main .chart, main .labels")) {
        const labels = [...chart.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()])
            .filter(([, box]) => seen(box))
        for (const [word, box] of labels)
            if (box.left < 0 || box.right > innerWidth) bad.push(`${word} leaves the window`)
        for (const [n, [word, a]] of labels.entries())
            for (const [other, b] of labels.slice(n + 1))
                if (a.left < b.right && b.left < a.right && a.top + 1 < b.bottom && b.top + 1 < a.bottom)
                    bad.push(`${word} touches ${other}`)
    }
    return bad
}"""


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_label_touches_another_or_leaves_the_window(public_site: str, chromium: Browser, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 844})
    bad = {}
    for path in PAGES:
        page.goto(public_site + path)
        page.evaluate("document.fonts.ready")
        assert page.locator("main svg text").count(), f"{path} has no labels"
        bad[path] = page.evaluate(BAD_LABELS)
        assert page.evaluate("document.documentElement.scrollWidth") == width, path
    assert not any(bad.values()), bad


@pytest.mark.parametrize("width", [320, 390, 1280])
def test_no_label_of_a_frozen_page_touches_another(report_file: Path, chromium: Browser, width: int) -> None:
    page = chromium.new_page(viewport={"width": width, "height": 844})
    page.goto(report_file.as_uri())
    page.evaluate("document.fonts.ready")
    assert page.locator("main svg text").count()
    assert page.evaluate(BAD_LABELS) == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.fixture(scope="module")
def report_file(demo_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page of a review with three days of review before it."""
    folder = tmp_path_factory.mktemp("frozen") / "data"
    shutil.copytree(demo_data, folder)
    services = build_services(Settings(data_dir=folder, trial=True))
    frozen = freeze_review(services, "dprk-enablers", "report", as_of="2025-09-14", by="operator")
    services.close()
    with ZipFile(frozen.file) as package:
        (name,) = [n for n in package.namelist() if n.endswith("/data/index.html")]
        return Path(package.extract(name, folder))


def test_the_page_of_a_register_is_short_on_a_phone(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{public_site}/dprk-enablers/")
    assert page.evaluate("document.documentElement.scrollHeight") < 9_000


def test_a_filter_answers_at_the_list(public_site: str, chromium: Browser) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844})
    page.goto(f"{public_site}/dprk-enablers/")
    page.get_by_text("Filter and order").click()
    page.get_by_label("Status", exact=True).select_option("contrary")
    page.get_by_role("button", name="Show", exact=True).click()
    assert page.url.endswith("#list")
    assert 0 <= page.locator("#list").evaluate("(list) => list.getBoundingClientRect().top") < 100
    assert page.locator("#list h4").count() == 4
    page.get_by_role("link", name="Status: Rejected or contrary").click()
    assert page.url.endswith("/dprk-enablers/#list")
