"""What an import would do, as the preview shows it: numbers, the register page, problems by cause, what is missing."""

from collections.abc import Iterable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import column_number
from app.entrypoints.staff.spreadsheet.edition_view import EditionView, view_edition
from app.entrypoints.staff.spreadsheet.steps import OpenImport
from app.services.accounts.actors import Person
from app.services.bundles.causes import ProblemGroup
from app.services.container import Services
from app.services.mapping.guesses import Guess, MissingThing
from app.services.mapping.guessing import guess_values
from app.services.mapping.importing import SheetOptions, SheetPreview, preview_sheet
from app.services.mapping.look_ahead import RegisterLook, look_ahead
from app.services.mapping.results import SheetResult
from app.services.mapping.row_problems import MISSING
from app.services.mapping.table import SheetTable
from app.services.mapping.value_guesses import ABOUT_ITEMS, find_missing
from app.services.problem_reports.reports import keep_report
from domain.codes import Status
from projections.scorecards.results import Standing

MAX_SHOWN_ROWS = 50
"""How many new recommendations the list below the page names."""
MAX_SHOWN_STANDINGS = 8
MAX_FIXES = 12
"""How many fields a cause offers at once."""
MAX_CAUSES = 40
ASKED_ONCE = frozenset(
    {"kind", "theme", "addressees", "publication", "publisher", "published_on", "recommended_on", "status_on",
     "responder", "response_source", "response_on", "deadline_stated_on"}
)  # fmt: skip
"""What is a question of its own, and so no cause in the list of problems."""


class CellFix(Struct, frozen=True):
    """A field that corrects one cell: its name such as `F40`, its row and what it says."""

    cell: str
    row: int
    value: str
    title: str


class ProblemCause(Struct, frozen=True):
    """Problems with one cause, in words."""

    cause: str
    cure: str
    place: str
    column: str
    values: tuple[str, ...]
    count: int
    rows: tuple[int, ...]
    fixes: tuple[CellFix, ...]


class PreviewedRow(Struct, frozen=True):
    """A recommendation that the import would add."""

    row: int
    number: str
    title: str
    asked: tuple[str, ...]
    status: Status | None


class LookRow(Struct, frozen=True):
    """A recommendation as the register page shows it."""

    number: str
    title: str
    asked: tuple[str, ...]
    standing: Standing


class Preview(Struct, frozen=True):
    """Everything that the preview shows. `version` is that of the answers it was made from."""

    version: str
    plan: str
    """The digest of what the import would do; nothing else is stored."""
    numbers: dict[str, int]
    """By what is counted: `stored`, `left_out`, `changed`, `unchanged`, `items`, and the kinds of what is new."""
    causes: tuple[ProblemCause, ...]
    more_causes: int
    legacy: tuple[ProblemCause, ...]
    missing: tuple[MissingThing, ...]
    unanswered: dict[str, int]
    """Number of rows by what they lack and no choice answers."""
    look: RegisterLook | None
    look_rows: tuple[LookRow, ...]
    new_rows: tuple[PreviewedRow, ...]
    report: str
    """The name of the download of all problems; empty without any."""
    edition: EditionView | None
    """The differences to what is stored; None if no recommendation is."""


def make_preview(services: Services, person: Person, opened: OpenImport) -> Preview:
    """Checks the whole file with the answers so far. Raises `Refused` if it cannot be read with them."""
    made = preview_sheet(services, person, opened.workbook, opened.mapping, sheet_options(opened), opened.corrections)
    guess = guess_values(opened.workbook, opened.mapping, made.plan.stored if opened.entry else None)
    result, new = made.result, made.plan.new
    shown = [row.fact.id for row in new["recommendations"][:MAX_SHOWN_STANDINGS]]
    has_page = not (opened.entry and opened.entry.is_open) and bool(new["recommendations"])
    look = look_ahead(services, made.plan, person.id, shown) if has_page else None
    groups = [group for group in result.problems if not _is_asked_once(group)]
    return Preview(
        version=opened.version,
        plan=result.plan,
        numbers=_numbers(made),
        causes=tuple(_cause(group, made, opened) for group in groups[:MAX_CAUSES]),
        more_causes=max(0, len(groups) - MAX_CAUSES),
        legacy=tuple(_cause(group, made, opened) for group in result.legacy[:MAX_CAUSES]),
        missing=_missing(made, guess),
        unanswered={what: len(rows) for what, rows in result.missing.items() if what in ASKED_ONCE},
        look=look,
        look_rows=tuple(_look_rows(look, made)) if look else (),
        new_rows=tuple(_new_rows(made)),
        report=_report(services, person, result),
        edition=_edition(made, guess, opened),
    )


def sheet_options(opened: OpenImport, *, valid_rows: bool = False) -> SheetOptions:
    return SheetOptions(
        register=opened.register,
        create=opened.entry is None,
        update=opened.entry is not None,
        valid_rows=valid_rows,
        why=opened.corrections.why,
    )


def _report(services: Services, person: Person, result: SheetResult) -> str:
    problems = [problem for group in result.problems for problem in group.problems]
    if not problems:
        return ""
    with services.accounts.work() as db:
        return keep_report(db, person.id, problems, services.clock())


def _edition(made: SheetPreview, guess: Guess, opened: OpenImport) -> EditionView | None:
    if opened.entry is None or not made.plan.stored.recommendations:
        return None
    return view_edition(made, guess, is_open=opened.entry.is_open)


def _missing(made: SheetPreview, guess: Guess) -> tuple[MissingThing, ...]:
    """What the sheet does not say. A recommendation that is stored is not asked again what it is."""
    if made.edition is None or not made.plan.stored.recommendations:
        return guess.missing
    new = {item.row for item in made.edition.new}
    items = tuple(item for item in made.table.items if item.number in new)
    of_new = {thing.what: thing for thing in find_missing(replace(made.table, items=items), guess.mapping)}
    return tuple(
        thing if thing.what not in ABOUT_ITEMS else of_new[thing.what]
        for thing in guess.missing
        if thing.what not in ABOUT_ITEMS or thing.what in of_new
    )


def _numbers(made: SheetPreview) -> dict[str, int]:
    result: SheetResult = made.result
    new = made.plan.new
    return {
        "items": len(made.table.items),
        "stored": result.stored,
        "changed": result.changed,
        "unchanged": result.unchanged,
        "left_out": result.left_out,
        "proposals": result.proposals,
        "legacy": len(made.plan.legacy),
    } | {name: len(new[name]) for name in ("assessments", "bodies", "themes", "publications", "evidence", "deadlines")}


def _is_asked_once(group: ProblemGroup) -> bool:
    words = group.problems[0].reason.words
    return any(MISSING[what].words == words for what in ASKED_ONCE if what in MISSING)


def _cause(group: ProblemGroup, made: SheetPreview, opened: OpenImport) -> ProblemCause:
    return ProblemCause(
        cause=group.cause,
        cure=group.cure,
        place=group.place,
        column=group.column,
        values=group.values[:MAX_FIXES],
        count=group.count,
        rows=group.rows[:MAX_FIXES],
        fixes=tuple(_fixes(group, made, opened)),
    )


def _fixes(group: ProblemGroup, made: SheetPreview, opened: OpenImport) -> Iterator[CellFix]:
    """A field for each cell of the first rows, if the cause is about a column of the person."""
    letters = next((c.column for c in made.table.columns if c.heading and c.heading == group.column), "")
    titles = _titles(made.table)
    by_row = {problem.line: problem for problem in group.problems if problem.line and letters}
    for row, problem in list(by_row.items())[:MAX_FIXES]:
        cell = f"{letters}{row}"
        yield CellFix(cell, row, opened.corrections.cells.get(cell, problem.value), titles.get(row, ""))


def _titles(table: SheetTable) -> dict[int, str]:
    """The title of each item, by its row."""
    place = next((column_number(c.column) for c in table.columns if c.field == "title" and not c.language), None)
    return {item.number: item.cell(place)[:120] if place is not None else "" for item in table.items}


def _look_rows(look: RegisterLook, made: SheetPreview) -> Iterator[LookRow]:
    facts = {row.fact.id: row.fact for row in made.plan.new["recommendations"]}
    names = _body_names(made)
    for standing in look.standings:
        fact = facts[standing.id]
        yield LookRow(fact.number, fact.title, _named(fact.addressees, names), standing)


def _new_rows(made: SheetPreview) -> Iterator[PreviewedRow]:
    latest = {row.recommendation: row.fact for row in made.plan.new["assessments"]}
    rows_of = {ident: number for number, ident in made.built.recommendations.items()}
    names = _body_names(made)
    for row in made.plan.new["recommendations"][:MAX_SHOWN_ROWS]:
        fact, said = row.fact, latest.get(row.fact.id)
        asked = _named(fact.addressees, names)
        yield PreviewedRow(
            rows_of.get(fact.id, row.line), fact.number, fact.title, asked, said.status if said else None
        )


def _body_names(made: SheetPreview) -> dict[str, str]:
    return {row.fact.id: row.fact.name for b in (made.plan.stored, made.plan.bundle) for row in b.bodies}


def _named(bodies: Iterable[str], names: dict[str, str]) -> tuple[str, ...]:
    return tuple(names.get(body, body) for body in bodies)
