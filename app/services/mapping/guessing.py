"""Guesses everything about a person's sheet, from the sheet to read to what its rows do not say."""

from collections.abc import Iterator, Sequence

from msgspec import structs

from app.adapters.spreadsheets.cells import CellSheet, Workbook, column_letters
from app.services.bundles.rows import Bundle
from app.services.mapping.assumptions import assume, publication_of
from app.services.mapping.column_choice import ColumnChoice, choose_columns
from app.services.mapping.column_values import ColumnValues
from app.services.mapping.guesses import ColumnGuess, Guess, NameGuess, WordGuess
from app.services.mapping.near_names import NearNames
from app.services.mapping.row_meanings import with_row_meanings
from app.services.mapping.separators import with_separator
from app.services.mapping.sheet_choice import guess_header_rows, guess_sheet
from app.services.mapping.table import SheetTable, find_sheet, read_headings, read_table
from app.services.mapping.templates import template_mapping
from app.services.mapping.text_language import guess_language
from app.services.mapping.types import UNDECIDED, MappedColumn, NameChoice, SheetMapping
from app.services.mapping.value_guesses import (
    count_names,
    find_missing,
    guess_dates,
    guess_hosts,
    guess_names,
    guess_words,
    stored_names,
)
from domain.errors import Refusal, Refused, refusal
from projections.engine.garbage_collection import paused_garbage_collection

MAX_COLUMNS = 1000


@paused_garbage_collection()
def guess_mapping(
    workbook: Workbook,
    *,
    stored: Bundle | None = None,
    saved: SheetMapping | None = None,
    sheet: str = "",
    header_rows: tuple[int, ...] = (),
) -> Guess:
    """Guess a complete mapping of a file.

    Args:
        workbook: The file as it was read.
        stored: The register as it is, whose names and ids are used.
        saved: The mapping of last year's file: its answers are used for equal headings, words and names.
        sheet: The sheet to read, if it was chosen.
        header_rows: The numbers of the rows with headings, if they were chosen.

    Raises:
        Refused: No sheet has a table, or there is no such sheet.
    """
    if not sheet and (template := template_mapping(workbook)):
        return guess_values(workbook, template, stored)
    chosen = _find_sheet(workbook, sheet, saved)
    rows = header_rows or guess_header_rows(chosen)
    values = _column_values(chosen, rows)
    language = stored.settings.languages[0] if stored else _language_of(values)
    choices = choose_columns(values, language)
    columns = tuple(_mapped(choice) for choice in choices)
    mapping = SheetMapping(
        sheet="" if workbook.kind in ("text", "pasted") else chosen.name,
        header_rows=rows,
        encoding=workbook.encoding if workbook.kind == "text" else "",
        separator=workbook.separator if workbook.kind == "text" else "",
        legacy=True,
        columns=columns,
    )
    if saved:
        mapping = _with_saved(mapping, saved)
    mapping = structs.replace(mapping, columns=tuple(with_separator(c, values) for c in mapping.columns))
    mapping = with_row_meanings(chosen, mapping)
    return _complete(workbook, mapping, stored, saved, choices, language)


def guess_values(workbook: Workbook, mapping: SheetMapping, stored: Bundle | None = None) -> Guess:
    """Guess the values again after columns were changed; everything that the mapping answers stays as it is.

    Raises `Refused` if the sheet or a mapped column is not in the file.
    """
    chosen = find_sheet(workbook, mapping.sheet)
    values = _column_values(chosen, mapping.header_rows)
    language = _register_language(mapping, stored) or _language_of(values)
    return _complete(workbook, mapping, stored, mapping, choose_columns(values, language), language)


def _find_sheet(workbook: Workbook, name: str, saved: SheetMapping | None) -> CellSheet:
    if name:
        return find_sheet(workbook, name)
    if saved and saved.sheet and (same := [s for s in workbook.sheets if s.name == saved.sheet and s.rows]):
        return same[0]
    if (guessed := guess_sheet(workbook)) is None:
        raise Refused(refusal("No sheet of the file has any cells.", field="sheet"))
    return guessed


def _column_values(sheet: CellSheet, header_rows: Sequence[int]) -> list[ColumnValues]:
    """The values of each column below the headings, without rows that have one text only."""
    headings = read_headings(sheet, header_rows)
    start = max(header_rows, default=0)
    width = min(max(sheet.width, len(headings)), MAX_COLUMNS)
    rows = [row.cells for row in sheet.rows if row.number > start]
    wide = [cells for cells in rows if len(cells) - cells.count("") > 1]
    rows = wide if len(wide) * 2 > len(rows) else rows
    linked = _links_by_column(sheet)
    found = []
    for n in range(width):
        texts = [cells[n] for cells in rows if len(cells) > n]
        heading = headings[n] if n < len(headings) else ""
        found.append(ColumnValues(n, heading, texts, linked.get(column_letters(n), 0)))
    return found


def _links_by_column(sheet: CellSheet) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name in sheet.links:
        letters = name.rstrip("0123456789")
        counts[letters] = counts.get(letters, 0) + 1
    return counts


def _language_of(values: Sequence[ColumnValues]) -> str:
    """The language of the longest texts, which are the recommendations."""
    texts = max(values, key=lambda v: v.average * (v.filled > 0) if not v.addresses > 0.5 else 0, default=None)
    return guess_language(list(texts.counts)[:100]) if texts else "en"


def _register_language(mapping: SheetMapping, stored: Bundle | None) -> str:
    if stored:
        return stored.settings.languages[0]
    return mapping.register.languages[0] if mapping.register and mapping.register.languages else ""


def _mapped(choice: ColumnChoice) -> MappedColumn:
    return MappedColumn(
        column=choice.values.letters,
        heading=choice.values.heading,
        field=UNDECIDED if choice.must_choose else choice.field,
        language=choice.language,
        on=choice.on,
    )


def _with_saved(mapping: SheetMapping, saved: SheetMapping) -> SheetMapping:
    """The mapping with last year's answers, where the headings are the same; columns may have moved."""
    by_heading = {column.heading: column for column in saved.columns if column.heading and column.field}
    columns = tuple(
        structs.replace(by_heading[c.heading], column=c.column) if c.heading in by_heading else c
        for c in mapping.columns
    )
    return structs.replace(
        saved,
        version=mapping.version,
        sheet=mapping.sheet,
        header_rows=mapping.header_rows,
        encoding=mapping.encoding,
        separator=mapping.separator,
        columns=columns,
    )


def _complete(
    workbook: Workbook,
    mapping: SheetMapping,
    stored: Bundle | None,
    answers: SheetMapping | None,
    choices: Sequence[ColumnChoice],
    language: str,
) -> Guess:
    """The guess with everything that follows from the columns."""
    table = read_table(workbook, mapping)
    columns = {c.values.letters: c for c in choices}
    guesses = {
        c.column: _column_guess(c, columns[c.column], answers)
        for c in mapping.columns
        if c.column in columns and (c.heading or columns[c.column].values.filled)
    }
    mapping = structs.replace(mapping, columns=tuple(c for c in mapping.columns if c.column in guesses))
    order, dates = guess_dates(table, mapping)
    words = guess_words(table, mapping)
    hosts, host_guesses = guess_hosts(table, mapping.hosts)
    missing = find_missing(table, mapping)
    mapping = structs.replace(
        mapping,
        date_order=order,
        words=_merged_words(mapping.words, words),
        hosts={**mapping.hosts, **hosts},
    )
    mapping, assumed = assume(workbook, table, mapping, missing, stored, language)
    mapping, names, near = _with_names(table, mapping, stored)
    return Guess(
        mapping=mapping,
        columns=guesses,
        words=words,
        names=names,
        near_names=near,
        hosts=host_guesses,
        dates=dates,
        missing=missing,
        unknown=tuple(_unknown(mapping, guesses, words, table)),
        assumed=assumed,
        items=len(table.items),
    )


def _column_guess(column: MappedColumn, choice: ColumnChoice, answers: SheetMapping | None) -> ColumnGuess:
    """A column of the mapping with its reason: that of the guess, if the field is still the guessed one."""
    values = choice.values
    known = {c.heading for c in answers.columns if c.heading} if answers else set()
    guessed = UNDECIDED if choice.must_choose else choice.field
    why = choice.why if column.field in (guessed, UNDECIDED) else refusal("As chosen before.")
    return ColumnGuess(
        column=column.column,
        heading=column.heading,
        field=column.field,
        why=why,
        must_choose=column.field == UNDECIDED,
        is_new=answers is not None and column.heading not in known,
        filled=values.filled,
        different=values.different,
        longest=values.longest,
        examples=values.examples,
    )


def _merged_words(
    answers: dict[str, dict[str, str]], found: dict[str, tuple[WordGuess, ...]]
) -> dict[str, dict[str, str]]:
    """The words of this file and those that were answered before."""
    merged = {field: dict(words) for field, words in answers.items()}
    for field, words in found.items():
        merged.setdefault(field, {}).update({s: word.code for word in words for s in word.spellings})
    return merged


def _with_names(
    table: SheetTable, mapping: SheetMapping, stored: Bundle | None
) -> tuple[SheetMapping, dict[str, tuple[NameGuess, ...]], dict[str, tuple[NearNames, ...]]]:
    """The mapping with an id for every body, theme and publication that the sheet names."""
    names, near = {}, {}
    chosen = mapping.choices
    known = stored_names(stored)
    bodies, names["bodies"], near["bodies"] = guess_names(
        count_names(table, "bodies", (chosen.addressee, chosen.responder)), mapping.bodies, known["bodies"], "body"
    )
    themes, names["themes"], near["themes"] = guess_names(
        count_names(table, "themes", (chosen.theme,)), mapping.themes, known["themes"], "theme"
    )
    former = {name: NameChoice(id=choice.id, name=choice.title) for name, choice in mapping.publications.items()}
    made, names["publications"], near["publications"] = guess_names(
        count_names(table, "publications"), former, known["publications"], "publication"
    )
    publications = {
        name: mapping.publications.get(name) or publication_of(name, choice, table, mapping)
        for name, choice in made.items()
    }
    mapping = structs.replace(
        mapping,
        bodies={**mapping.bodies, **bodies},
        themes={**mapping.themes, **themes},
        publications={**mapping.publications, **publications},
    )
    return mapping, {k: v for k, v in names.items() if v}, {k: v for k, v in near.items() if v}


def _unknown(
    mapping: SheetMapping,
    columns: dict[str, ColumnGuess],
    words: dict[str, tuple[WordGuess, ...]],
    table: SheetTable,
) -> Iterator[Refusal]:
    """What only a person can say, as sentences."""
    if not mapping.header_rows:
        yield refusal("No row with headings was found. Choose it.", field="header_rows")
    if not any(c.field == "title" for c in mapping.columns):
        yield refusal("No column looks like the recommendations. Choose one as the title.", field="columns")
    if not table.items:
        yield refusal("No recommendations were found below the headings.", field="sheet")
    for column in columns.values():
        if column.must_choose:
            yield refusal(
                "Column {column}, “{heading}”: {why}",
                field="columns",
                column=column.column,
                heading=column.heading,
                why=column.why,
            )
    for field, found in words.items():
        for word in found:
            if not word.code:
                yield refusal(
                    "“{word}” in the column “{column}” is not known; cells with it: {count}. Choose what it means.",
                    field=f"words.{field}",
                    column=_heading_of(mapping, field),
                    word=word.word,
                    count=word.count,
                )


def _heading_of(mapping: SheetMapping, field: str) -> str:
    """The heading of the first column of a field."""
    return next((c.heading or c.column for c in mapping.columns if c.field == field), field)
