"""Recognises the workbook that Uptake gives out to be filled in, and says what its columns and words mean."""

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import CellRow, CellSheet, Workbook, column_letters
from app.services.bundles.typed_dates import parse_typed_date
from app.services.bundles.words import fold
from app.services.mapping.types import (
    UNDECIDED,
    MappedColumn,
    NameChoice,
    SheetMapping,
)
from domain.errors import Refused

MARK_SHEET, MARK, VERSION = "uptake", "uptake template", "1"
"""A hidden sheet says what the others are: a key in the first column, and its values beside it."""
SOURCE_FIELDS = ("url", "title", "publisher", "published_on", "source_class", "summary", "archived_url")
"""The columns of the sheet of sources, in their order. Templates that were given out before lack the last one."""
_HEADER_WITHIN = 20


class TemplateMark(Struct, frozen=True):
    """What the hidden sheet of a template says."""

    language: str
    register: str
    """The id of the register whose template it is; empty for an empty one."""
    sheet: str
    sources: str
    columns: dict[str, MappedColumn]
    """By folded heading; without letters, because a person may move columns."""
    words: dict[str, dict[str, str]]
    classes: dict[str, str]
    """Codes of the kinds of sources by their words."""
    names: dict[str, dict[str, str]]
    """Ids of `bodies` and `themes` by their names in this file, where several have one name."""


class TemplateSource(Struct, frozen=True):
    """A row of the sheet of sources."""

    url: str = ""
    title: str = ""
    publisher: str = ""
    published_on: str = ""
    source_class: str = ""
    summary: str = ""
    archived_url: str = ""


def read_mark(workbook: Workbook) -> TemplateMark | None:
    """Return what the template says of itself; None if the file is no template of this version."""
    sheet = _find(workbook, MARK_SHEET)
    if sheet is None or not sheet.rows or sheet.rows[0].cells[:2] != (MARK, VERSION):
        return None
    texts: dict[str, str] = {}
    columns: dict[str, MappedColumn] = {}
    words: dict[str, dict[str, str]] = {}
    classes: dict[str, str] = {}
    names: dict[str, dict[str, str]] = {"bodies": {}, "themes": {}}
    for row in sheet.rows[1:]:
        key, first, second, third, fourth = (row.cell(n) for n in range(5))
        if key == "column":
            columns[fold(first)] = MappedColumn(
                column="", heading=first, field=second, separator=third, language=fourth
            )
        elif key == "word":
            words.setdefault(first, {})[second] = third
        elif key == "class":
            classes[fold(first)] = second
        elif key in names:
            names[key][first] = second
        else:
            texts[key] = first
    return TemplateMark(
        language=texts.get("language", ""),
        register=texts.get("register", ""),
        sheet=texts.get("sheet", ""),
        sources=texts.get("sources", ""),
        columns=columns,
        words=words,
        classes=classes,
        names=names,
    )


def template_mapping(workbook: Workbook) -> SheetMapping | None:
    """Return the mapping of a template, with columns where the person has them now; None if the file is none.

    Columns of the person's own are undecided.
    """
    mark = read_mark(workbook)
    sheet = _find(workbook, mark.sheet) if mark else None
    if mark is None or sheet is None:
        return None
    header = max(sheet.rows[:_HEADER_WITHIN], key=lambda row: _count_headings(row, mark), default=None)
    if header is None or not _count_headings(header, mark):
        return None
    columns = [
        replace(
            mark.columns.get(fold(heading), MappedColumn(column="", heading=heading, field=UNDECIDED)),
            column=column_letters(n),
            heading=heading,
        )
        for n, heading in enumerate(header.cells)
        if heading.strip()
    ]
    return SheetMapping(
        sheet=sheet.name,
        header_rows=(header.number,),
        legacy=True,
        columns=tuple(columns),
        words=mark.words,
        bodies=_name_choices(mark.names["bodies"]),
        themes=_name_choices(mark.names["themes"]),
    )


def template_sources(workbook: Workbook) -> tuple[TemplateSource, ...]:
    """Return the sources on the sheet of sources of a template; none for other files."""
    mark = read_mark(workbook)
    sheet = _find(workbook, mark.sources) if mark else None
    if mark is None or sheet is None:
        return ()
    sources = []
    for row in sheet.rows[1:]:
        values = {name: row.cell(n).strip() for n, name in enumerate(SOURCE_FIELDS)}
        values["published_on"] = _as_date(values["published_on"])
        values["source_class"] = mark.classes.get(fold(values["source_class"]), values["source_class"])
        if values["url"] or values["title"]:
            sources.append(TemplateSource(**values))
    return tuple(sources)


def _as_date(text: str) -> str:
    try:
        return parse_typed_date(text) if text else ""
    except Refused:
        return text  # the check of the rows names it


def _find(workbook: Workbook, name: str) -> CellSheet | None:
    return next((sheet for sheet in workbook.sheets if sheet.name == name), None)


def _count_headings(row: CellRow, mark: TemplateMark) -> int:
    return sum(fold(cell) in mark.columns for cell in row.cells)


def _name_choices(ids: dict[str, str]) -> dict[str, NameChoice]:
    return {name: NameChoice(id=ident) for name, ident in ids.items()}
