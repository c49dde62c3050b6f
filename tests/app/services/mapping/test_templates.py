"""Templates: lists to choose from, notes, an example that is never read, and back again without a question."""

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook, load_workbook

from app.adapters.settings import Settings
from app.adapters.spreadsheets.reading import read_file
from app.bootstrap.container import build_services
from app.presentation.i18n.translation import set_language
from app.services.accounts.actors import Operator
from app.services.bundles.importing import ImportOptions, export_register, find_register, import_bundle
from app.services.container import Services
from app.services.mapping.guessing import guess_mapping
from app.services.mapping.importing import SheetOptions, import_sheet, preview_sheet
from app.services.mapping.register_template import build_template
from app.services.mapping.results import SheetResult
from app.services.mapping.template_texts import COLUMNS
from app.services.mapping.types import LEAVE_OUT
from domain.commands import OpenRegister
from tests.support.clock import Clock
from tests.support.repository import ROOT

REGISTER = "dprk-enablers"
COPY = "https://web.archive.org/web/2024/https://example.org/speech"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    clock = Clock(datetime(2026, 11, 28, tzinfo=UTC))
    settings = Settings(data_dir=tmp_path_factory.mktemp("store"), database_url="")
    services = build_services(settings, create=True, clock=clock)
    import_bundle(services, ROOT / "registers" / REGISTER, ImportOptions())
    yield services
    services.close()


@pytest.fixture(autouse=True)
def english_afterwards() -> Iterator[None]:
    yield
    set_language("en")


def template(services: Services, register: str, language: str) -> Workbook:
    set_language(language)
    return load_workbook(io.BytesIO(build_template(services, register)))


def place(book: Workbook, heading: str) -> int:
    return [cell.value for cell in book.worksheets[0][1]].index(heading) + 1


def put(book: Workbook, row: int, **cells: object) -> None:
    for heading, value in cells.items():
        book.worksheets[0].cell(row, place(book, heading.replace("_", " "))).value = value  # type: ignore[arg-type]


def bring(
    services: Services, book: Workbook, register: str, *, dry_run: bool = False, update: bool = False
) -> SheetResult:
    """Import a template as the command line and the pages do it: in any language of the page, without an answer."""
    set_language("en")
    buffer = io.BytesIO()
    book.save(buffer)
    workbook = read_file("template.xlsx", buffer.getvalue())
    guess = guess_mapping(workbook, stored=find_register(services, register))
    assert guess.unknown == ()
    options = SheetOptions(register=register, create=True, update=update, why="Its copy." if update else "")
    if dry_run:
        return preview_sheet(services, Operator("ana"), workbook, guess.mapping, options).result
    return import_sheet(services, Operator("ana"), workbook, guess.mapping, options)


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_template_of_a_register_comes_back_unchanged(store: Services, language: str) -> None:
    result = bring(store, template(store, REGISTER, language), REGISTER, dry_run=True)
    expected = len(export_register(store, REGISTER).recommendations)
    assert (result.stored, result.changed, result.unchanged, result.problems) == (0, 0, expected, ())


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_column_is_known_wherever_it_is_moved(store: Services, language: str) -> None:
    book = template(store, REGISTER, language)
    sheet = book.worksheets[0]
    sheet.insert_cols(1)
    sheet.insert_rows(1, 2)
    buffer = io.BytesIO()
    book.save(buffer)
    set_language("en")
    mapping = guess_mapping(read_file("t.xlsx", buffer.getvalue())).mapping
    assert mapping.header_rows == (3,)
    assert mapping.columns[0].column == "B"
    fields = [column.field for column in mapping.columns if column.field != LEAVE_OUT and not column.language]
    assert fields == [about.field for about in COLUMNS]


def test_lists_hold_the_words_of_the_page_and_the_names_of_the_register(store: Services) -> None:
    def offered(book: Workbook, heading: str) -> list[object]:
        sheet, column = book.worksheets[0], place(book, heading)
        rule = next(
            r for r in sheet.data_validations.dataValidation if f"{sheet.cell(2, column).coordinate}" in r.sqref
        )
        cells = book["lists"][rule.formula1.partition("!")[2].replace("$", "")]
        return [row[0].value for row in cells]

    english, korean = template(store, REGISTER, "en"), template(store, REGISTER, "ko")
    assert offered(english, "Status")[:3] == ["No action found", "Rejected or contrary", "Announced"]
    assert "추진 중" in offered(korean, "상태")
    assert offered(english, "Kind")[0] == "One-off: done once"
    bundle = export_register(store, REGISTER)
    assert offered(english, "Asked of") == [row.fact.name for row in bundle.bodies]
    assert offered(english, "Theme") == [row.fact.title for row in bundle.themes]
    assert english["lists"].sheet_state == english["uptake"].sheet_state == "hidden"


@pytest.mark.parametrize("language", ["en", "ko"])
def test_headings_have_notes_and_days_are_days(store: Services, language: str) -> None:
    book = template(store, REGISTER, language)
    recommendations, sources, example = book.worksheets[:3]
    assert recommendations.freeze_panes == "D2"
    assert all(cell.comment for sheet in (recommendations, sources) for cell in sheet[1])
    heading = "Recommended on" if language == "en" else "권고한 날"
    days = recommendations[chr(64 + place(book, heading))][1:]
    assert any(isinstance(cell.value, datetime) and cell.number_format == "yyyy-mm-dd" for cell in days)
    assert example.max_row > len(COLUMNS)


def book_of_posts(services: Services, archived: str = COPY) -> Workbook:
    """A template of a new register, with one recommendation and its source in row 2 of each sheet."""
    book = template(services, "", "en")
    put(
        book, 2, Title="Publish the list", Summary="It is to be published.", Kind="One-off: done once", Theme="Lists",
        Asked_of="Ministry of Posts; Audit Office", Publication="Report on posts", Recommended_on=datetime(2024, 3, 1),
        What_counts="The list is printed.", Status="Announced", Day_of_the_status="June 2024",
        Rationale="The minister said so.", **{"Source (link)": "https://example.org/speech"},
    )  # fmt: skip
    sources = book.worksheets[1]
    for n, value in enumerate(
        ("https://example.org/speech", "Speech", "Ministry of Posts", datetime(2024, 6, 3), "Primary, official", "He said it.", archived), 1
    ):  # fmt: skip
        sources.cell(2, n).value = value
    return book


def test_an_empty_template_becomes_a_register_with_its_sources(store: Services) -> None:
    book = book_of_posts(store)
    result = bring(store, book, "posts")
    assert (result.stored, result.problems) == (1, ())
    bundle = export_register(store, "posts")
    (recommendation,) = bundle.recommendations
    assert (recommendation.fact.title, recommendation.fact.kind) == ("Publish the list", "one_off")
    assert [row.fact.name for row in bundle.bodies] == ["Ministry of Posts", "Audit Office"]
    (evidence,) = bundle.evidence
    assert (evidence.text.title, evidence.fact.publisher, evidence.fact.published_on, evidence.fact.source_class) == (
        "Speech",
        "Ministry of Posts",
        "2024-06-03",
        "official",
    )
    assert evidence.text.archived_url == COPY
    (assessment,) = bundle.assessments
    assert (assessment.fact.status, assessment.fact.effective_on) == ("announced", "2024-06")


@pytest.mark.parametrize("is_open", [False, True])
def test_a_stored_source_gets_its_archived_copy(services: Services, *, is_open: bool) -> None:
    assert bring(services, book_of_posts(services, archived=""), "posts").problems == ()
    if is_open:
        services.execute(OpenRegister("posts", origin="Kept in a sheet before.", without_keeper=True), by="ana")
    book = book_of_posts(services)
    (problem,) = bring(services, book, "posts").problems
    assert "An import adds; to change what is stored, choose to amend it (--update)." in str(problem)
    assert copies(services) == [""]
    result = bring(services, book, "posts", update=True)
    assert (result.changed, result.problems) == (1, ())
    assert copies(services) == [COPY]
    assert bring(services, book_of_posts(services, archived=""), "posts", update=True).unchanged == 1
    assert copies(services) == [COPY]


def test_a_stored_source_gets_no_wrong_archived_copy(services: Services) -> None:
    bring(services, book_of_posts(services, archived=""), "posts")
    result = bring(services, book_of_posts(services, archived="javascript:alert(1)"), "posts", update=True)
    assert any("starts with http:// or https://" in str(p) for p in result.problems)
    long = bring(services, book_of_posts(services, archived="https://perma.cc/" + "a" * 5000), "post")
    assert ["Shorten the address to 2000 characters" in str(p) for p in long.problems] == [True]


def copies(services: Services) -> list[str]:
    return [row.text.archived_url for row in export_register(services, "posts").evidence]
