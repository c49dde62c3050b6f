"""A real browser: the one that UPTAKE_TEST_BROWSER names, or the first that the machine has."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from tests.support.missing import missing

AXE = (Path(__file__).parents[1] / "vendor" / "axe" / "axe.min.js").read_text(encoding="utf-8")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge")
QUIET = ["--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-sync"]


RUN = """async tags => {
    const found = await axe.run({ runOnly: { type: "tag", values: tags }, resultTypes: ["violations"] });
    return found.violations.flatMap((v) => v.nodes.map((node) => `${v.id}: ${node.target}`));
}"""


def executable() -> str:
    found = os.environ.get("UPTAKE_TEST_BROWSER") or next((p for n in NAMES if (p := shutil.which(n))), None)
    if found is None:
        missing("there is no Chromium on this machine; install one, or name it in UPTAKE_TEST_BROWSER")
    return str(found)


@contextmanager
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        yield running
        running.close()


def axe_violations(page: Page) -> list[str]:
    """What axe holds against a page, as rule and place."""
    page.evaluate(AXE)
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    found: list[str] = page.evaluate(RUN, tags)
    return found
