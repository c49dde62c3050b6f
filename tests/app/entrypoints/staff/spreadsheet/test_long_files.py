"""Files that take long are checked and stored in the background; their pages say how far that is."""

from typing import Any

import pytest

from app.entrypoints.staff.spreadsheet import background
from app.services.container import Services
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from tests.support.office_sheets import follow_up_workbook
from tests.support.spreadsheet_steps import answer, shown_answers, walk_to
from tests.support.staff_client import Member
from tests.support.waiting import wait_until


@pytest.fixture(autouse=True)
def _a_few_rows_are_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "LONG_FILE_ROWS", 20)


def _when_done(who: Member, path: str) -> tuple[Any, int]:
    """The page once it refreshes itself no more, and how often it said that it works."""
    pages: list[Any] = []

    def is_done() -> bool:
        pages.append(who.client.get(path))
        return "Refresh" not in pages[-1].headers

    wait_until(is_done, waits_for="the background")
    assert all("This page refreshes itself" in page.text for page in pages[:-1])
    return pages[-1], len(pages) - 1


def test_a_long_file_is_checked_and_stored_in_the_background(ada: Member, services: Services) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
    page, refreshed = _when_done(ada, path)
    assert refreshed >= 1
    assert 'value="import">Import 70 recommendations' in page.text
    _page, refreshed = _when_done(ada, path)
    assert refreshed == 0, "what was found is kept with the import"
    rest = answer(ada, path, "import").location
    page, _refreshed = _when_done(ada, rest)
    assert "70 recommendations are in the register" in page.text
    with services.views.connect() as db:
        assert len(catalogue.recommendations(db, "audit", last_applied_at(db))) == 70


def test_a_long_file_is_previewed_again_if_the_register_changed(ada: Member, services: Services) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
    _when_done(ada, path)
    shown = shown_answers(ada.get(path)) | {"action": "import", "plan": "of another register"}
    rest = ada.post(path, **shown).location
    page, _refreshed = _when_done(ada, rest)
    assert "changed after the preview" in page.text
    _page, refreshed = _when_done(ada, path)
    assert refreshed >= 1, "the preview is made again"


def test_other_answers_check_a_long_file_again(ada: Member) -> None:
    path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
    _when_done(ada, path)
    assert answer(ada, path, "check", kind="continuing").location == path
    _page, refreshed = _when_done(ada, path)
    assert refreshed >= 1


def test_a_long_file_waits_for_the_one_before(ada: Member) -> None:
    with background.one_at_a_time:
        path = walk_to(ada, follow_up_workbook(), "preview", title="Audit", id="audit")
        for _ in range(3):
            assert "Refresh" in ada.client.get(path).headers
    page, _refreshed = _when_done(ada, path)
    assert 'value="import">Import 70 recommendations' in page.text
