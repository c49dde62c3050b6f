"""What was read in a file, in words: its kind, its sheets, what else is in it, and its letters."""

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellSheet, DisplayDifference, Workbook
from app.presentation.i18n.translation import LazyText, _, ngettext
from domain.errors import Refusal

KINDS = {
    "xlsx": LazyText("Excel workbook (.xlsx)"),
    "ods": LazyText("OpenDocument spreadsheet (.ods)"),
    "text": LazyText("Text file"),
    "pasted": LazyText("Pasted cells"),
}
SEPARATORS = {",": LazyText("comma"), ";": LazyText("semicolon"), "\t": LazyText("tab"), "|": LazyText("bar")}
ENCODINGS = {
    "utf_8": LazyText("Unicode (UTF-8)"),
    "utf_16": LazyText("Unicode (UTF-16)"),
    "cp949": LazyText("Korean (CP949)"),
    "euc_kr": LazyText("Korean (EUC-KR)"),
    "cp1252": LazyText("Western European (Windows-1252)"),
    "cp1250": LazyText("Central European (Windows-1250)"),
    "cp1251": LazyText("Cyrillic (Windows-1251)"),
    "cp1253": LazyText("Greek (Windows-1253)"),
    "cp1254": LazyText("Turkish (Windows-1254)"),
    "cp1257": LazyText("Baltic (Windows-1257)"),
    "shift_jis": LazyText("Japanese (Shift JIS)"),
    "cp932": LazyText("Japanese (Windows-932)"),
    "gb18030": LazyText("Chinese (GB 18030)"),
    "big5": LazyText("Chinese (Big5)"),
    "mac_roman": LazyText("Western European (Macintosh)"),
}
TAB = "tab"
"""The tab in forms."""
MAX_SHEETS, MAX_DIFFERENCES = 12, 20
"""How many of each are shown."""


class FileFacts(Struct, frozen=True):
    """What a page says about a file."""

    sentence: str
    kind: str
    size: str
    sheets: str
    also: str
    differences: list[tuple[str, DisplayDifference]]
    """Those shown, each with the name of its sheet if there are several."""
    number_of_differences: int
    problems: list[Refusal]


def file_facts(workbook: Workbook, size: int) -> FileFacts:
    several = len(workbook.sheets) > 1
    differences = [(sheet.name if several else "", d) for sheet in workbook.sheets for d in sheet.differences]
    problems = [text for sheet in workbook.sheets for text in sheet.problems]
    return FileFacts(
        sentence=_sentence(workbook),
        kind=str(KINDS[workbook.kind]) if workbook.kind in KINDS else workbook.kind,
        size=_size(size),
        sheets=_sheets(workbook),
        also=", ".join(_also(workbook)),
        differences=differences[:MAX_DIFFERENCES],
        number_of_differences=len(differences),
        problems=problems[:MAX_DIFFERENCES],
    )


def _sentence(workbook: Workbook) -> str:
    largest = max(workbook.sheets, key=lambda sheet: len(sheet.rows))
    rows = ngettext("%(num)d row", "%(num)d rows", len(largest.rows))
    columns = ngettext("%(num)d column", "%(num)d columns", largest.width)
    if workbook.kind == "pasted":
        return _("The cells that you pasted have %(rows)s and %(columns)s.", rows=rows, columns=columns)
    if workbook.kind == "text":
        return _("“%(name)s” is a text file with %(rows)s and %(columns)s.", name=workbook.name, rows=rows,
                 columns=columns)  # fmt: skip
    shown = sum(not sheet.is_hidden for sheet in workbook.sheets)
    sheets = ngettext("%(num)d sheet that you can see", "%(num)d sheets that you can see", shown)
    if hidden := len(workbook.sheets) - shown:
        hidden_sheets = ngettext("%(num)d hidden sheet", "%(num)d hidden sheets", hidden)
        sheets = _("%(shown)s and %(hidden)s", shown=sheets, hidden=hidden_sheets)
    return _(
        "“%(name)s” is a workbook with %(sheets)s. The largest has %(rows)s and %(columns)s.",
        name=workbook.name,
        sheets=sheets,
        rows=rows,
        columns=columns,
    )


def _size(size: int) -> str:
    return _("%(n)s kB", n=max(1, round(size / 1000))) if size < 1_000_000 else _("%(n)s MB", n=round(size / 1e6, 1))


def _sheets(workbook: Workbook) -> str:
    parts = [_sheet(sheet) for sheet in workbook.sheets[:MAX_SHEETS] if sheet.name]
    if more := len(workbook.sheets) - MAX_SHEETS:
        parts += [ngettext("%(num)d more", "%(num)d more", more)] if more > 0 else []
    return ", ".join(parts)


def _sheet(sheet: CellSheet) -> str:
    rows = ngettext("%(num)d row", "%(num)d rows", len(sheet.rows))
    return f"{sheet.name} ({_('hidden')}, {rows})" if sheet.is_hidden else f"{sheet.name} ({rows})"


def _also(workbook: Workbook) -> list[str]:
    comments = sum(sheet.comments for sheet in workbook.sheets)
    merged = sum(len(sheet.merged) for sheet in workbook.sheets)
    links = sum(len(sheet.links) for sheet in workbook.sheets)
    formulas = sum(sheet.formulas for sheet in workbook.sheets)
    rows = sum(len(sheet.hidden_rows) for sheet in workbook.sheets)
    columns = sum(len(sheet.hidden_columns) for sheet in workbook.sheets)
    found = [
        (comments, ngettext("%(num)d cell comment", "%(num)d cell comments", comments)),
        (merged, ngettext("%(num)d merged cell", "%(num)d merged cells", merged)),
        (links, ngettext("%(num)d link", "%(num)d links", links)),
        (
            formulas,
            ngettext("%(num)d formula (we read its result)", "%(num)d formulas (we read their results)", formulas),
        ),
        (rows, ngettext("%(num)d hidden row (we read it too)", "%(num)d hidden rows (we read them too)", rows)),
        (
            columns,
            ngettext("%(num)d hidden column (we read it too)", "%(num)d hidden columns (we read them too)", columns),
        ),
    ]
    return [words for number, words in found if number]


def encoding_name(code: str) -> str:
    """The name of an encoding, or its code if it has no other here."""
    key = code.lower().replace("-", "_").removesuffix("_sig")
    return str(ENCODINGS.get(key, code))


def separator_name(separator: str) -> str:
    return str(SEPARATORS.get(separator, separator))


def separator_value(separator: str) -> str:
    """How a form names a separator: fields cannot hold a tab."""
    return TAB if separator == "\t" else separator
