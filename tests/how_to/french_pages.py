"""Checks the pages of a language that the guide added; run in the copy, with a folder for the data."""

import sys
from pathlib import Path

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.presentation.i18n import labels
from app.presentation.i18n.translation import set_language
from tests.support.bundles import write_small_bundle
from tests.support.clock import Clock
from tests.support.pages import Browser
from tests.support.small_register import import_and_open

PATHS = ("/fr/", "/fr/about/", "/fr/small/recommendations/post/", "/fr/small/methodology/", "/fr/small/search?q=post")
SITE = "http://127.0.0.1:8000"


def new_browser(folder: Path) -> Browser:
    services = build_services(Settings(data_dir=folder / "data"), create=True, clock=Clock())
    return Browser(create_app(import_and_open(services, write_small_bundle(folder / "small"))).test_client())


def check_texts(browser: Browser) -> None:
    page = browser.get("/fr/small/", as_of="2024-12-01")
    assert (page.root.get("lang"), page.root.get("dir")) == ("fr", None)
    assert "Registres" in page.text
    assert "Tableau de bord" in page.text
    assert "Methodology" in page.text, "a text without a translation is English"
    assert "1 décembre 2024" in page.text
    assert '<span class="orig" lang="en">Renew the law</span>' in page.html
    for path in PATHS:
        assert browser.get(path).root.get("lang") == "fr", path
    assert browser.get("/fr/nowhere/at/all/", status=404).root.get("lang") == "fr"


def check_links(browser: Browser) -> None:
    page = browser.get("/fr/small/", as_of="2024-12-01")
    assert '<a href="/small/?as_of=2024-12-01" lang="en"' in page.html
    assert '<a href="/ko/small/?as_of=2024-12-01" lang="ko"' in page.html
    files = ("/static/", "/api/", "/manifest.webmanifest", "/apple-touch-icon.png", "/favicon.ico")  # of no language
    others = {link for link in page.links() if not link.startswith(("/fr/", *files))}
    assert others == {"/small/?as_of=2024-12-01", "/ko/small/?as_of=2024-12-01"}
    for path in ("/small/", "/ko/small/", "/fr/small/"):
        assert f'hreflang="fr" href="{SITE}/fr/small/' in browser.get(path).html
    assert f"{SITE}/fr/small/" in browser.client.get("/sitemap/small/register-1.xml").text


def check_formats() -> None:
    set_language("fr")
    assert labels.day_text("2024-02") == "février 2024"
    assert labels.day_text("2024-02-03", "short") == "3 févr. 2024"
    assert labels.percent((1, 3)) == "33\xa0%"


if __name__ == "__main__":
    browser = new_browser(Path(sys.argv[1]))
    check_texts(browser)
    check_links(browser)
    check_formats()
