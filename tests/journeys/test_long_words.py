"""A word of 180 letters in every text of the record: no page, public or of staff, scrolls sideways on a phone."""

import csv
import io
import json
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from app.services.accounts import people
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from tests.support.bundles import FILES, write_small_bundle
from tests.support.demo_site import OVERFLOW_PIXELS, sign_in
from tests.support.private_content import fill_with_private_content
from tests.support.public_pages import public_pages
from tests.support.staff_client import Members
from tests.support.staff_pages import STAFF_PAGES

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")  # raised by the sign-in library
WORD = "Entwicklungszusammenarbeitsministerium" * 5
TEXTS = (
    *("title", "title_ko", "summary", "summary_ko", "name", "name_ko", "authors", "publisher", "locator", "aliases"),
    *("instruments", "done_when", "counts", "does_not_count", "rationale", "rationale_ko"),
)
WITH_SECRETS = ("SECRET", "RECOVERY", "TOKEN")


@pytest.fixture
def small_bundle(tmp_path: Path) -> Path:
    folder = write_small_bundle(tmp_path / "small")
    for file, content in FILES.items():
        rows = list(csv.DictReader(io.StringIO(content)))
        for row in rows:
            row |= {name: f"{row[name]} {WORD}" for name in TEXTS if row.get(name)}
        out = io.StringIO()
        writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        (folder / file).write_text(out.getvalue(), encoding="utf-8")
    settings = json.loads((folder / "register.json").read_text(encoding="utf-8"))
    settings |= {name: f"{settings[name]} {WORD}" for name in ("title", "title_ko", "summary", "kept_by")}
    (folder / "register.json").write_text(json.dumps(settings, ensure_ascii=False), encoding="utf-8")
    return folder


def test_no_page_scrolls_sideways_on_a_phone(
    services: Services, member: Members, address: str, chromium: Browser
) -> None:
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
    page = chromium.new_context(viewport={"width": 390, "height": 844}).new_page()
    faults: list[str] = []
    paths = [path for language in ("en", "ko") for path in public_pages(language).values()]
    for path in paths:
        page.goto(address + path)
        if (pixels := page.evaluate(OVERFLOW_PIXELS)) > 0:
            faults.append(f"{path}: {pixels}")
    page.goto(f"{address}/staff/sign-in")
    sign_in(page, "ada@example.org")
    for path in STAFF_PAGES.values():
        if not any(word in path for word in WITH_SECRETS):
            page.goto(address + path)
            if (pixels := page.evaluate(OVERFLOW_PIXELS)) > 0:
                faults.append(f"{path}: {pixels}")
    assert not faults, "\n".join(faults)
