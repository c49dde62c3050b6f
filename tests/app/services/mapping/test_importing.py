"""From a sheet to a register: what is stored, what is left out, and the same sheet twice."""

import pytest

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Operator
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.mapping.importing import SheetOptions, import_sheet, preview_sheet
from app.services.mapping.results import RowOutcome, SheetResult
from app.services.mapping.types import SheetMapping
from domain import commands as c
from domain.errors import Refused
from domain.values import Body, BodyMerge
from tests.app.services.mapping.sheets import CHOICES, mapping_of, sheet_of

OPTIONS = SheetOptions(register="tracker", create=True)
HEADINGS = ("No.", "Recommendation", "Responsible", "Status", "Last updated", "Link")
COLUMNS = ("number", "title", "addressees", "status", "status_on", "source")
PLAIN = sheet_of(
    HEADINGS,
    ("1", "Publish the list", "Ministry of Justice", "Complete", "2024-03-14", "www.example.org/list"),
    (
        "2",
        "Appoint an envoy",
        "Parliament",
        "In Progress",
        "2024-03-14",
        "https://example.org/a\nhttps://example.org/b",
    ),
    ("3", "Hold a hearing", "Parliament", "", "", ""),
)


def run(services: Services, book: Workbook, mapping: SheetMapping, **options: object) -> SheetResult:
    chosen = SheetOptions(**({"register": "tracker", "create": True} | options))  # type: ignore[arg-type]
    return import_sheet(services, Operator("ana"), book, mapping, chosen)


def counts(result: SheetResult) -> tuple[int, int, int, int]:
    return result.stored, result.changed, result.unchanged, result.left_out


def test_a_plain_sheet_is_stored_with_its_own_words(either: Services) -> None:
    result = run(either, PLAIN, mapping_of(*COLUMNS))
    assert (counts(result), result.problems) == ((3, 0, 0, 0), ())
    bundle = export_register(either, "tracker")
    assert [(r.fact.id, r.fact.number, r.fact.position, r.fact.summary) for r in bundle.recommendations] == [
        ("1", "1", 1, "Publish the list"),
        ("2", "2", 2, "Appoint an envoy"),
        ("3", "3", 3, "Hold a hearing"),
    ]
    assert [(b.fact.id, b.fact.name) for b in bundle.bodies] == [
        ("ministry-of-justice", "Ministry of Justice"),
        ("parliament", "Parliament"),
    ]
    assert [(e.fact.id, e.text.url, e.fact.source_class) for e in bundle.evidence] == [
        ("example-org-list", "https://www.example.org/list", "unclassified"),
        ("example-org-a", "https://example.org/a", "unclassified"),
        ("example-org-b", "https://example.org/b", "unclassified"),
    ]
    assert [(a.fact.id, a.fact.status, a.fact.evidence, a.legacy) for a in bundle.assessments] == [
        ("1-2024-03-14", "implemented", ("example-org-list",), True),
        ("2-2024-03-14", "in_progress", ("example-org-a", "example-org-b"), True),
    ]
    assert {a.fact.rationale for a in bundle.assessments} == {
        "Status “Complete” in the column “D” of the earlier record from which this was brought.",
        "Status “In Progress” in the column “D” of the earlier record from which this was brought.",
    }
    assert {(c.fact.counts, c.approved_by) for c in bundle.cards} == {
        (
            "No success criteria were written for this item before its first assessment; it was brought from an "
            "earlier record.",
            "ana",
        )
    }


def test_the_same_sheet_twice_changes_nothing(services: Services) -> None:
    run(services, PLAIN, mapping_of(*COLUMNS))
    before = services.log.last()
    services.clock.go_on(days=400)  # type: ignore[attr-defined]
    result = run(services, PLAIN, mapping_of(*COLUMNS), update=True)
    assert (counts(result), services.log.last()) == ((0, 0, 3, 0), before)


def test_a_preview_stores_nothing(services: Services) -> None:
    before = services.log.last()
    preview = preview_sheet(services, Operator("ana"), PLAIN, mapping_of(*COLUMNS), OPTIONS)
    assert counts(preview.result) == (3, 0, 0, 0)
    assert services.log.last() == before


WRONG = sheet_of(
    HEADINGS,
    ("1", "Publish the list", "Ministry of Justice", "Complete", "2024-03-14", "https://example.org/list"),
    ("2", "Appoint an envoy", "Parliament", "Nearly", "soon", "https://example.org/only-here"),
    ("3", "", "Parliament", "Complete", "2024-03-14", ""),
)


def test_valid_rows_are_stored_and_the_rest_is_left_out_with_what_only_it_names(services: Services) -> None:
    result = run(services, WRONG, mapping_of(*COLUMNS), valid_rows=True)
    assert result.outcomes == {2: RowOutcome.STORED, 3: RowOutcome.LEFT_OUT, 4: RowOutcome.LEFT_OUT}
    assert [(g.column, g.rows, g.cause, g.cure) for g in result.problems] == [
        ("D", (3,), "It is not decided what “Nearly” means.", "Choose it once for each word."),
        ("E", (3,), "“soon” cannot be read as a date.", "Write it as 2024-05-20."),
        ("B", (4,), "There is no title.", "Fill in the cell, or leave the row out."),
    ]
    bundle = export_register(services, "tracker")
    assert [b.fact.id for b in bundle.bodies] == ["ministry-of-justice"]
    assert [e.fact.id for e in bundle.evidence] == ["example-org-list"]


def test_all_or_nothing_stores_nothing_if_a_row_is_wrong(services: Services) -> None:
    before = services.log.last()
    result = run(services, WRONG, mapping_of(*COLUMNS))
    assert (counts(result), services.log.last()) == ((0, 0, 0, 3), before)
    assert len(result.problems) == 3


def test_what_the_sheet_lacks_is_said_once_with_its_rows(services: Services) -> None:
    book = sheet_of(("Recommendation",), ("Publish the list",), ("Appoint an envoy",))
    nothing_chosen = mapping_of("title", choices=type(CHOICES)())
    result = run(services, book, nothing_chosen)
    assert {g.cause: g.rows for g in result.problems} == {
        "No kind is given.": (2, 3),
        "No theme is given.": (2, 3),
        "It is not said who was asked.": (2, 3),
    }
    assert result.missing == {"kind": (2, 3), "theme": (2, 3), "addressees": (2, 3)}


def test_without_legacy_what_breaks_a_rule_is_left_out(services: Services) -> None:
    result = run(services, PLAIN, mapping_of(*COLUMNS, legacy=False), valid_rows=True)
    assert counts(result) == (1, 0, 0, 2)
    assert {g.rows for g in result.problems} == {(2,), (2, 3)}


def test_a_register_that_does_not_exist_is_refused_with_the_cure(services: Services) -> None:
    with pytest.raises(Refused, match="There is no register “tracker”. Begin it with --create."):
        run(services, PLAIN, mapping_of(*COLUMNS), create=False)


def test_a_name_that_two_stored_bodies_have_is_a_problem_until_it_is_clear(services: Services) -> None:
    rows = [(str(n), f"Publish list {n}", "Ministry of Justice", "", "", "") for n in (1, 2, 3)]
    run(services, sheet_of(HEADINGS, *rows), mapping_of(*COLUMNS))
    for ident, short_name in (("lower", ""), ("upper", "Upper house")):
        body = Body(id=ident, name="Parliament", short_name=short_name)
        services.execute(c.NameBody("tracker", body=body), by="ana")

    def with_row(name: str) -> list[str]:
        book = sheet_of(HEADINGS, *rows, ("4", "Hold a hearing", name, "", "", ""))
        result = run(services, book, mapping_of(*COLUMNS), update=True, valid_rows=True)
        return [group.cause for group in result.problems]

    assert with_row("Parliament") == [
        "2 bodies have the name “Parliament”. Write the ID of the one that you mean: lower, upper (Upper house)."
    ]
    assert "4" not in {r.fact.id for r in export_register(services, "tracker").recommendations}
    merge = BodyMerge(body="upper", into="lower", on="2024", why="One house.")
    services.execute(c.MergeBodies("tracker", merge=merge), by="ana")
    assert with_row("Parliament") == []
    asked = {r.fact.title: r.fact.addressees for r in export_register(services, "tracker").recommendations}
    assert asked["Hold a hearing"] == ("lower",)
