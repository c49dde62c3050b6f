"""Reads Excel workbooks (.xlsx, .xlsm)."""

import posixpath
import re

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellSheet, MergedCells, column_number
from app.adapters.spreadsheets.format_codes import BUILT_IN, GENERAL
from app.adapters.spreadsheets.limits import (
    MAX_CELLS,
    MAX_CHARACTERS,
    MAX_SHEETS,
    CellBudget,
    too_much_text,
)
from app.adapters.spreadsheets.number_formats import NumberFormat
from app.adapters.spreadsheets.sheet_builder import SheetBuilder
from app.adapters.spreadsheets.sheet_xml import SheetXmlReader, WorkbookData, clean_text, is_true
from app.adapters.spreadsheets.xml_parts import Attributes, BadXml, local_name, parse_xml, start_tags
from app.adapters.spreadsheets.zips import LimitedZip

_AREA = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?", re.IGNORECASE)


class PartReference(Struct, frozen=True):
    """A part or address that another part refers to."""

    type: str
    target: str


class SheetEntry(Struct, frozen=True):
    """A sheet as the workbook lists it."""

    name: str
    part: str
    is_hidden: bool


def read_xlsx(name: str, archive: LimitedZip) -> tuple[CellSheet, ...]:
    """Return the sheets of a workbook. Raises `BadXml` for damaged parts and `Refused` if there is too much in it."""
    root = _relations(archive, "")
    book = next((r.target for r in root.values() if r.type == "officeDocument"), "xl/workbook.xml")
    if book not in archive.members:
        raise BadXml("the workbook is missing")
    data = WorkbookData()
    entries = _read_book(archive, book, data)
    relations = _relations(archive, book)
    parts = {r.type: r.target for r in relations.values()}
    budget = CellBudget(name)
    if parts.get("sharedStrings", "") in archive.members:
        data.texts = _shared_texts(name, archive, parts["sharedStrings"])
    if parts.get("styles", "") in archive.members:
        data.formats = _formats(archive, parts["styles"], data.is_1904)
    worksheets = [e for e in entries if _is_worksheet(e, relations) and relations[e.part].target in archive.members]
    return tuple(_read_sheet(archive, relations[e.part].target, e, data, budget) for e in worksheets)


def _is_worksheet(entry: SheetEntry, relations: dict[str, PartReference]) -> bool:
    """Charts and macros are sheets of another type."""
    return entry.part in relations and relations[entry.part].type == "worksheet"


def _read_book(archive: LimitedZip, part: str, data: WorkbookData) -> list[SheetEntry]:
    entries = []
    for parent, tag, attributes in start_tags(archive.pieces(part)):
        if tag == "sheet" and parent == "sheets":
            is_hidden = attributes.get("state", "visible") != "visible"
            entries.append(SheetEntry(attributes.get("name", ""), attributes.get("id", ""), is_hidden))
        elif tag == "workbookPr":
            data.is_1904 = is_true(attributes.get("date1904", ""))
        elif tag == "calcPr":
            data.is_computed_on_load = is_true(attributes.get("fullCalcOnLoad", ""))
    return entries[:MAX_SHEETS]


def _relations(archive: LimitedZip, part: str) -> dict[str, PartReference]:
    """What a part refers to, by id."""
    folder, _, file = part.rpartition("/")
    rels = posixpath.join(folder, "_rels", f"{file}.rels")
    if rels not in archive.members:
        return {}
    relations = {}
    for _, tag, attributes in start_tags(archive.pieces(rels)):
        if tag == "Relationship":
            target = attributes.get("Target", "")
            if attributes.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, target)).lstrip("/")
            relations[attributes.get("Id", "")] = PartReference(attributes.get("Type", "").rpartition("/")[2], target)
    return relations


def _formats(archive: LimitedZip, part: str, is_1904: bool) -> list[NumberFormat]:
    """The number format of each style of cells."""
    codes = dict(BUILT_IN)
    styles = []
    for parent, tag, attributes in start_tags(archive.pieces(part)):
        if tag == "numFmt" and parent == "numFmts" and attributes.get("numFmtId", "").isdigit():
            codes[int(attributes["numFmtId"])] = attributes.get("formatCode", GENERAL)
        elif tag == "xf" and parent == "cellXfs":
            number = attributes.get("numFmtId", "0")
            styles.append(int(number) if number.isdigit() else 0)
    compiled = {number: NumberFormat(codes.get(number, GENERAL), is_1904=is_1904) for number in set(styles)}
    return [compiled[number] for number in styles]


def _shared_texts(name: str, archive: LimitedZip, part: str) -> list[str]:
    """The texts that cells refer to by number. Text that only tells how to pronounce is left out."""
    texts: list[str] = []
    pieces: list[str] = []
    kept: list[str] = []
    characters = phonetic = 0

    def start(tag: str, _: Attributes) -> None:
        nonlocal phonetic
        pieces.clear()
        if tag.endswith("rPh"):
            phonetic = len(kept)

    def text(data: str) -> None:
        nonlocal characters
        characters += len(data)
        if characters > MAX_CHARACTERS:
            raise too_much_text(name)
        pieces.append(data)

    def end(tag: str) -> None:
        tag = tag if ":" not in tag else local_name(tag)
        if tag == "t":
            kept.extend(pieces)
        elif tag == "rPh":
            del kept[phonetic:]
        elif tag == "si":
            texts.append(clean_text(kept[0] if len(kept) == 1 else "".join(kept)))
            kept.clear()
            if len(texts) > MAX_CELLS:
                raise too_much_text(name)

    parse_xml(archive.pieces(part), start, end, text)
    return texts


def _read_sheet(archive: LimitedZip, part: str, entry: SheetEntry, data: WorkbookData, budget: CellBudget) -> CellSheet:
    builder = SheetBuilder(entry.name, budget, is_hidden=entry.is_hidden)
    reader = SheetXmlReader(data, builder)
    reader.read(archive.pieces(part))
    relations = _relations(archive, part)
    builder.merged = [area for ref in reader.merged if (area := read_area(ref))]
    for reference, ident, location in reader.links:
        if ident in relations and (area := read_area(reference)):
            address = relations[ident].target
            builder.link_areas.append((area, f"{address}#{location}" if location and "#" not in address else address))
    builder.comments = _comments(archive, relations)
    return builder.build()


def _comments(archive: LimitedZip, relations: dict[str, PartReference]) -> int:
    """The number of cells with comments. Threads have a copy as plain comments."""
    targets = [r.target for r in relations.values() if r.type == "comments" and r.target in archive.members]
    return sum(tag == "comment" for target in targets for _, tag, _ in start_tags(archive.pieces(target)))


def read_area(reference: str) -> MergedCells | None:
    """The cells of a reference such as `A1:C3`."""
    match = _AREA.fullmatch(reference)
    if not match:
        return None
    left, top, right, bottom = match.groups()
    right, bottom = right or left, bottom or top
    return MergedCells(int(top), column_number(left), int(bottom), column_number(right))
