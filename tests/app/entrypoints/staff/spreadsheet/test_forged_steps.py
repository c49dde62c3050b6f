"""Forms that no page of Uptake made, and presses that come twice: an import stays as it was, and its pages open."""

import re
import threading
from collections.abc import Iterator

import pytest

from app.entrypoints.staff.spreadsheet import background
from app.services.bundles.exporting import export_bundle
from app.services.container import Services
from app.services.mapping.importing import import_sheet as store_sheet
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at
from tests.support.office_sheets import follow_up_workbook
from tests.support.spreadsheet_steps import answer, bring, shown_answers, walk_to
from tests.support.staff_client import Member
from tests.support.waiting import wait_until

PLAIN = "No.;Recommendation;Asked of;Theme;Due;Status;Link\n"
ROWS = [f"{n};Write rule {n};Ministry;Rules;2025-0{n}-01;Done;https://a.example/{n}" for n in range(1, 9)]
WRONG = "9;Write rule 9;Ministry;Rules;end of FY;Done;https://a.example/9"


def _csv(*rows: str) -> bytes:
    return (PLAIN + "\n".join(rows)).encode()


@pytest.fixture
def long_files(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(background, "LONG_FILE_ROWS", 5)
    yield
    for thread in threading.enumerate():
        if thread.name.startswith((background.CHECKING, background.STORING)):
            thread.join(60)


def _when_done(who: Member, path: str) -> str:
    pages = []

    def is_done() -> bool:
        pages.append(who.client.get(path))
        return "Refresh" not in pages[-1].headers

    wait_until(is_done, waits_for="the background")
    text: str = pages[-1].text
    return text


@pytest.mark.parametrize(
    "forged",
    [
        {"day": "99-99"},
        {"day": "x" * 500},
        {"years": "evil"},
        {"heading_rows": "evil"},
        {"head": "99999999999"},
        {"sheet": "No such sheet"},
    ],
)
def test_an_answer_that_the_sheet_step_does_not_offer_is_refused(ada: Member, forged: dict[str, str]) -> None:
    path = walk_to(ada, follow_up_workbook(14), "sheet")
    assert answer(ada, path, **forged).status_code == 400
    assert ada.client.get(path).status_code == 200
    assert answer(ada, path).status_code == 302


def test_the_last_day_of_february_is_a_day_in_every_year(ada: Member) -> None:
    text = "State of 29 February 2024\nNo.;Recommendation;Asked of;Status 2023;Status 2024\n"
    rows = "".join(f"{n};Write rule {n};Ministry;Done;Done\n" for n in range(1, 6))
    path = walk_to(ada, (text + rows).encode(), "sheet", "plan.csv")
    assert answer(ada, path, day="02-29").status_code == 302
    columns = shown_answers(ada.get(path.replace("/sheet/", "/columns/")))
    assert (columns["on-D"], columns["on-E"]) == ("2023-02-28", "2024-02-29")


@pytest.mark.parametrize("separator", ["ab", "x" * 5000, '"', "a", "\n"])
def test_what_separates_no_cells_is_refused(ada: Member, separator: str) -> None:
    path: str = bring(ada, _csv(*ROWS), "plan.csv").location
    answered = answer(ada, path, separator=separator)
    assert answered.status_code == (302 if not separator.strip() else 400)
    assert ada.client.get(path).status_code == 200
    assert shown_answers(ada.get(path))["separator"] == ";"


@pytest.mark.parametrize("encoding", ["punycode", "unicode_escape", "idna", "zip_codec", "UTF-7"])
def test_codecs_that_are_no_encodings_of_files_are_refused(ada: Member, encoding: str) -> None:
    path: str = bring(ada, _csv(*ROWS), "plan.csv").location
    assert "is no encoding that is known here" in answer(ada, path, encoding=encoding).text


def test_a_register_that_does_not_exist_is_refused(ada: Member) -> None:
    for register in ("nope", "x" * 5000, "../.."):
        assert bring(ada, follow_up_workbook(7), register=register).status_code == 400


@pytest.mark.parametrize("name", ["a\x00b.xlsx", "\u202excod.xlsx", "x" * 3000 + ".xlsx", "a\u0007b.xlsx"])
def test_a_file_name_has_only_characters_that_are_seen(ada: Member, name: str) -> None:
    page = ada.get(bring(ada, follow_up_workbook(7), name).location)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f\u202e]", page.html)
    assert "x" * 300 not in page.html


def test_an_import_that_was_refused_in_the_background_can_be_tried_again(
    ada: Member, services: Services, long_files: None
) -> None:
    path = walk_to(ada, _csv(*ROWS, WRONG), "preview", "plan.csv", title="Rules", id="rules")
    _when_done(ada, path)
    refused = _when_done(ada, answer(ada, path, "import", what="all").location)
    assert "end of FY" in refused
    assert f'href="{path}"' in refused, "it leads back to the preview"
    assert 'value="import"' in _when_done(ada, path)
    done = _when_done(ada, answer(ada, path, "import", what="valid").location)
    assert "8 recommendations are in the register" in done
    assert services.log.last()[1] > 0


def test_a_second_press_does_not_store_a_long_file_twice(
    ada: Member, services: Services, long_files: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    goes_on, stored = threading.Event(), []

    def store_slowly(*arguments: object, **options: object) -> object:
        stored.append(1)
        goes_on.wait(30)
        return store_sheet(*arguments, **options)  # type: ignore[arg-type]

    path = walk_to(ada, _csv(*ROWS), "preview", "plan.csv", title="Rules", id="rules")
    _when_done(ada, path)
    monkeypatch.setattr(background, "import_sheet", store_slowly)
    form = shown_answers(ada.get(path)) | {"action": "import"}
    first = ada.post(path, **form)
    wait_until(lambda: bool(stored), waits_for="the first press")
    ada.post(path, **form)
    ada.post(path, **form)
    goes_on.set()
    assert "8 recommendations are in the register" in _when_done(ada, first.location)
    assert len(stored) == 1
    with services.views.connect() as db:
        assert len(catalogue.recommendations(db, "rules", last_applied_at(db))) == 8


def test_no_public_sentence_names_the_file(ada: Member, services: Services) -> None:
    name = "internal draft - do not share.csv"
    path = walk_to(ada, _csv(*ROWS), "preview", name, title="Rules", id="rules")
    assert answer(ada, path, "import").status_code == 302
    with services.views.connect() as db:
        written = repr(export_bundle(db, "rules"))
    assert "the column “Status” of the earlier record" in written
    assert "do not share" not in written


def test_a_file_and_its_answers_stay_when_the_register_is_discarded(ada: Member, services: Services) -> None:
    path = walk_to(ada, _csv(*ROWS), "preview", "plan.csv", title="Rules", id="rules")
    assert answer(ada, path, "import").status_code == 302
    assert ada.post("/staff/rules/discard/", confirm="rules").status_code == 302
    with services.views.connect() as db:
        assert catalogue.register(db, "rules") is None
    assert path.replace("preview", "file") in ada.get("/staff/").html
    again = path.replace("preview", "file")
    assert shown_answers(ada.get(again))["title"] == "Rules"
    for _step in ("file", "sheet", "columns", "values"):
        again = answer(ada, again).location
    assert answer(ada, again, "import").status_code == 302
    with services.views.connect() as db:
        assert len(catalogue.recommendations(db, "rules", last_applied_at(db))) == 8
