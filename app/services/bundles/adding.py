"""Adds pasted or typed rows of one kind to a register: finds ids, replaces names by ids, checks, and stores.

Every problem is at the person's own row and column; the first row of what was pasted is its heading.
"""

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.record import Record
from app.adapters.spreadsheets.reading import read_pasted
from app.services.bundles.checking import CheckedTable, check_rows
from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.exporting import export_bundle
from app.services.bundles.headers import match_header
from app.services.bundles.ids import IdMaker
from app.services.bundles.importing import ImportOptions, ImportResult, import_bundle
from app.services.bundles.known_names import KnownNames, makeable_kind
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.reading import without_core
from app.services.bundles.rows import BodyRow, Bundle, ThemeRow
from app.services.bundles.sheet_types import Sheet
from app.services.bundles.tables import BundleTable
from domain.errors import NotFound, Refused, refusal
from domain.values import Body, Theme

CellReader = Callable[[str, Mapping[str, str]], str]
"""Takes the text of a cell and the cells of its row, those that were read before with ids; returns ids. Raises
`Refused`."""
Permission = Callable[[str], None]
"""Raises if the person may not set up the register."""


class TypedRow(Struct, frozen=True):
    """The texts of a row by column; `number` is the person's own, 0 for a single row that was typed."""

    number: int
    texts: Mapping[str, str]


class NewRows(Struct, frozen=True):
    """Rows of one kind as they were pasted or typed."""

    kind: str
    """The name of a sheet of bundles."""
    headings: Mapping[str, str]
    """What the person calls each column, by its name, in their order."""
    rows: tuple[TypedRow, ...]


class AddedRows(Struct, frozen=True):
    """Rows that were added, or would be."""

    rows: NewRows
    """With an id in every row."""
    made_ids: Mapping[int, str]
    """The ids that were made, by number of row."""
    result: ImportResult


class MissingNames(BundleRefused):
    """Rows with problems; some cells name what the register does not have. Nothing was stored."""

    def __init__(self, problems: Sequence[BundleProblem], names: Mapping[str, tuple[str, Sequence[str]]]) -> None:
        super().__init__(problems)
        self.names = names
        """The kind of what can be added with a name alone, and the names, by heading."""


def read_new_rows(sheet: Sheet, text: str) -> NewRows:
    """Return the rows of pasted cells: a heading, then one row for each thing. Raises `Refused`."""
    first, *others = read_pasted(text).sheets[0].rows
    table = BundleTable("", [cell.strip() for cell in first.cells], (), header_line=first.number)
    header = match_header(
        table, [c.name for c in sheet.columns], [c.name for c in sheet.columns if _is_needed(c.name, sheet)]
    )
    if header.problems:
        raise BundleRefused(header.problems)
    if not others:
        raise Refused(refusal("There are no rows below the header.", field="pasted"))
    width = len(table.header)
    if wide := [row for row in others if len(row.cells) > width]:
        reason = refusal("the row has more cells than the header has columns ({columns}).", columns=width)
        raise BundleRefused(BundleProblem("", row.number, "", reason, row.cells[width]) for row in wide)
    headings = {name: heading for name, heading in zip(header.names, table.header, strict=True) if name}
    rows = tuple(
        TypedRow(row.number, {name: row.cell(n).strip() for n, name in enumerate(header.names) if name})
        for row in others
    )
    return NewRows(sheet.name, headings, rows)


def _is_needed(name: str, sheet: Sheet) -> bool:
    """Whether pasted rows need a column: an id is made where there is none."""
    return name != "id" and next(c for c in sheet.columns if c.name == name).required


def add_new_rows(
    record: Record,
    register: str,
    new: NewRows,
    by: str,
    check_permission: Permission,
    *,
    dry_run: bool = False,
    needs_ids: bool = False,
    readers: Mapping[str, CellReader] | None = None,
) -> AddedRows:
    """Check the rows and store them. Raises `BundleRefused` with every problem; then nothing is stored.

    `readers` find what some columns name.

    With `needs_ids`, nothing is stored either if ids had to be made: the person sees them first.
    """
    check_permission(register)
    stored = _stored(record, register)
    new, made = _with_ids(_with_recommendations(new, stored), stored)
    known = KnownNames(stored, new.kind, [row.texts for row in new.rows])
    resolved, problems, missing = _with_known_ids(new, known, readers or {})
    found: list[BundleProblem] = []
    bundle = _bundle(resolved, stored, found)
    doubtful = {(p.line, p.column) for p in problems}
    problems += [p for p in found if (p.line, p.column) not in doubtful]
    waits = dry_run or bool(problems) or (needs_ids and bool(made))
    try:
        result = import_bundle(record, bundle, ImportOptions(by=by, dry_run=waits), check_permission)
    except BundleRefused as refused:
        raise BundleRefused(in_own_columns(refused.problems, new)) from None
    own_ids = {row.texts.get("id") for row in new.rows}
    others = [p for p in result.problems if (p.line, p.column) not in doubtful]
    problems += [p for p in others if not (problems and p.reason.values.get("text") in own_ids)]
    if problems:
        raise MissingNames(in_own_columns(problems, new), missing)
    return AddedRows(new, made, result)


def add_missing(
    record: Record, register: str, kind: str, names: Sequence[str], by: str, check_permission: Permission
) -> ImportResult:
    """Add a theme or a body for each of these names. Raises `Refused`."""
    stored = _stored(record, register)
    maker = IdMaker((row.fact.id for row in getattr(stored, kind)), fallback=kind)
    if kind == "themes":
        themes = tuple(ThemeRow(0, Theme(id=maker.make(name), title=name)) for name in names)
        bundle = replace(_empty(stored), themes=themes)
    elif kind == "bodies":
        bodies = tuple(BodyRow(0, Body(id=maker.make(name), name=name)) for name in names)
        bundle = replace(_empty(stored), bodies=bodies)
    else:
        raise NotFound(refusal("“{kind}” cannot be made from names alone.", kind=kind))
    return import_bundle(record, bundle, ImportOptions(by=by), check_permission)


def in_own_columns(problems: Sequence[BundleProblem], new: NewRows) -> list[BundleProblem]:
    """The problems without the name of a file, and with the headings of the person."""
    return [BundleProblem("", p.line, new.headings.get(p.column, p.column), p.reason, p.value) for p in problems]


def _stored(record: Record, register: str) -> Bundle:
    record.catch_up()
    with record.views.connect() as db:
        stored = export_bundle(db, register)
    if stored is None:
        raise NotFound(refusal("There is no register “{register}” here.", register=register))
    return stored


def _empty(stored: Bundle) -> Bundle:
    """A bundle of a stored register without any rows: what is imported is added to those that are stored."""
    return Bundle(settings=stored.settings, opened_at=stored.opened_at, reviews=stored.reviews)


def _with_ids(new: NewRows, stored: Bundle) -> tuple[NewRows, dict[int, str]]:
    """The rows with an id in each, and the ids that were made, by number of row."""
    if not any(column.name == "id" for column in SHEETS_BY_NAME[new.kind].columns):
        return new, {}
    makers: dict[str, IdMaker] = {}
    rows, made = [], {}
    for row in new.rows:
        whole = row.texts.get("recommendation", "") if new.kind == "elements" else ""
        if whole not in makers:
            makers[whole] = IdMaker(_taken(new, stored, whole), fallback=new.kind)
        texts = row.texts
        if not texts.get("id"):
            made[row.number] = makers[whole].make(*_id_texts(new.kind, texts))
            texts = {**texts, "id": made[row.number]}
        rows.append(replace(row, texts=texts))
    headings = new.headings if "id" in new.headings else {"id": "id", **new.headings}
    return replace(new, rows=tuple(rows), headings=headings), made


def _with_recommendations(new: NewRows, stored: Bundle) -> NewRows:
    """The rows with the ids of recommendations that are named by title or number: other ids are made of them."""
    known = KnownNames(stored, "", ())
    rows = []
    for row in new.rows:
        found = known.find("recommendation", row.texts.get("recommendation", ""))
        if found and not found.reasons:
            row = replace(row, texts={**row.texts, "recommendation": found.text})
        rows.append(row)
    return replace(new, rows=tuple(rows))


def _taken(new: NewRows, stored: Bundle, whole: str) -> list[str]:
    """Ids that cannot be used again: those that are stored, and those that other rows have."""
    rows = getattr(stored, new.kind)
    ids = [row.fact.id for row in rows if not whole or row.recommendation == whole]
    return ids + [row.texts["id"] for row in new.rows if row.texts.get("id")]


def _id_texts(kind: str, texts: Mapping[str, str]) -> list[str]:
    """The texts of which an id is made, the best one first."""
    if kind == "deadlines":
        parts = (texts.get("recommendation"), texts.get("element"), "due", texts.get("due_on"))
        return ["-".join(part for part in parts if part)]
    best = texts.get("title") or texts.get("name") or texts.get("summary") or ""
    return [best, *(texts[name] for name in ("number", "parent") if texts.get(name))]


def _with_known_ids(
    new: NewRows, known: KnownNames, readers: Mapping[str, CellReader]
) -> tuple[NewRows, list[BundleProblem], dict[str, tuple[str, list[str]]]]:
    """The rows with ids instead of names; problems for what is neither, and these names by heading."""
    problems: list[BundleProblem] = []
    missing: dict[str, tuple[str, dict[str, None]]] = {}
    rows = []
    for row in new.rows:
        texts = dict(row.texts)
        for column, text in row.texts.items():
            found = known.find(column, text)
            if found is None:
                continue
            texts[column] = found.text
            problems += [BundleProblem("", row.number, column, reason, text) for reason in found.reasons]
            if found.names and (kind := makeable_kind(column)):
                missing.setdefault(new.headings.get(column, column), (kind, {}))[1].update(dict.fromkeys(found.names))
        for column, read in ((c, read) for c, read in readers.items() if texts.get(c)):
            try:
                texts[column] = read(texts[column], texts)
            except Refused as refused:
                problems += [BundleProblem("", row.number, column, why, texts[column]) for why in refused.refusals]
        rows.append(replace(row, texts=texts))
    return replace(new, rows=tuple(rows)), problems, {h: (kind, list(names)) for h, (kind, names) in missing.items()}


def _bundle(new: NewRows, stored: Bundle, problems: list[BundleProblem]) -> Bundle:
    """The valid rows as a bundle; what is wrong with the others goes to `problems`."""
    names = list(new.headings)
    records = [(row.number, [row.texts.get(name, "") for name in names]) for row in new.rows]
    checked = check_rows(SHEETS_BY_NAME[new.kind], stored.settings.languages, BundleTable("", names, records), problems)
    if new.kind == "elements":
        problems += without_core("", CheckedTable([*checked.rows, *stored.elements], checked.invalid))
    rows = {new.kind: tuple(checked.rows)}
    return replace(_empty(stored), **rows)
