"""Writes the workbook that people fill in: with lists to choose from, notes on each column, and a filled example."""

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from math import ceil

import xlsxwriter
from msgspec import Struct
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from app.presentation.i18n.labels import CONFIDENCE, KIND, SOURCE_CLASS, STATUS
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import LazyText, _, page_language
from app.services.bundles.rows import Bundle, RecommendationRow
from app.services.mapping.fields import FIELDS
from app.services.mapping.template_texts import (
    COLUMNS,
    COMPUTED_NOTE,
    SINCE_NOW,
    SOURCE_LABELS,
    SOURCES,
    STATUS_NOW,
    TemplateColumn,
)
from app.services.mapping.templates import MARK, MARK_SHEET, VERSION
from app.services.mapping.types import LEAVE_OUT
from domain.codes import AddresseeRole, SourceClass, Status
from domain.times import first_day, last_day, shown
from domain.values import Addressee

_ROWS_TO_FILL = 500
_MAX_LINES = 8
_LISTS = "lists"
_TRANSLATED = ("title", "summary")
_CODES: dict[str, Mapping[str, LazyText]] = {"kind": KIND, "status": STATUS, "confidence": CONFIDENCE}
_NO_CHOICE = (Status.NOT_ASSESSED, SourceClass.UNCLASSIFIED)


class CurrentStatus(Struct, frozen=True):
    """What the register says of a recommendation now."""

    status: str
    since: str


class _Column(Struct, frozen=True):
    """A column of one template: with its heading, and its language if it holds translations."""

    heading: str
    about: TemplateColumn
    field: str
    language: str = ""


def write_template(bundle: Bundle | None, current: Mapping[str, CurrentStatus], made_at: datetime) -> bytes:
    """Return the template of a register with a row for each recommendation, or an empty one, in the page's language."""
    return _Template(bundle, current, made_at.date()).write(made_at)


class _Template:
    def __init__(self, bundle: Bundle | None, current: Mapping[str, CurrentStatus], today: date) -> None:
        self.bundle, self.current = bundle, current
        self.bodies = _unique({row.fact.id: row.fact.name for row in bundle.bodies}) if bundle else {}
        self.themes = _unique({row.fact.id: row.fact.title for row in bundle.themes}) if bundle else {}
        self.publications = {row.fact.id: row.fact.title for row in bundle.publications} if bundle else {}
        self.asked = _asked_on(bundle, today) if bundle else {}
        self.columns = self._columns()
        self.lists = self._lists()

    def write(self, made_at: datetime) -> bytes:
        buffer = io.BytesIO()
        options = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        book = xlsxwriter.Workbook(buffer, options)
        book.set_properties({"title": _("Recommendations"), "created": made_at.replace(tzinfo=None)})
        text = {"valign": "top", "text_wrap": True}
        self.text_format = book.add_format(text)
        self.date_format = book.add_format({**text, "num_format": "yyyy-mm-dd", "align": "left"})
        self.computed_format = book.add_format({**text, "font_color": "#5B6B79", "bg_color": "#F3F5F7"})
        self.header_format = book.add_format({**text, "bold": True, "bottom": 1, "bg_color": "#DCE6F0"})
        self.notice_format = book.add_format({**text, "bold": True, "font_color": "#8A3B12"})
        sheet = book.add_worksheet(_("Recommendations"))
        sources = book.add_worksheet(_("Sources"))
        example = book.add_worksheet(_("Example"))
        self._fill(sheet, self.columns, self._rows())
        self._fill(sources, self._source_columns(), [])
        self._write_example(example)
        self._write_lists(book.add_worksheet(_LISTS))
        self._write_mark(book.add_worksheet(MARK_SHEET), sheet.name, sources.name)
        sheet.activate()
        book.close()
        return buffer.getvalue()

    def _columns(self) -> list[_Column]:
        columns = []
        languages = self.bundle.settings.languages[1:] if self.bundle else ()
        for about in COLUMNS:
            label = str(FIELDS[about.field].label)
            if about.field == "status" and self.bundle:
                columns += [
                    _Column(str(STATUS_NOW), TemplateColumn("", COMPUTED_NOTE, 20), LEAVE_OUT),
                    _Column(str(SINCE_NOW), TemplateColumn("", COMPUTED_NOTE, 12), LEAVE_OUT),
                ]
            columns.append(_Column(label, about, about.field))
            if about.field in _TRANSLATED:
                columns += [_Column(in_language(label, code), about, about.field, code) for code in languages]
        return columns

    def _source_columns(self) -> list[_Column]:
        return [_Column(str(SOURCE_LABELS[about.field]), about, about.field) for about in SOURCES]

    def _lists(self) -> dict[str, list[str]]:
        lists = {
            name: [str(label) for code, label in words.items() if code not in _NO_CHOICE]
            for name, words in _CODES.items()
        }
        classes = [str(label) for code, label in SOURCE_CLASS.items() if code not in _NO_CHOICE]
        return {
            **lists,
            "source_class": classes,
            "priority": [_("yes"), _("no")],
            "bodies": list(self.bodies.values()),
            "themes": list(self.themes.values()),
            "publications": list(dict.fromkeys(self.publications.values())),
        }

    def _rows(self) -> list[list[str]]:
        if self.bundle is None:
            return []
        return [[self._cell(row, column) for column in self.columns] for row in self.bundle.recommendations]

    def _cell(self, row: RecommendationRow, column: _Column) -> str:
        fact, field = row.fact, column.field
        if column.language:
            return fact.translations.get(column.language, {}).get(field, "")
        if field == LEAVE_OUT:
            now = self.current.get(fact.id)
            return "" if now is None else now.since if column.heading == str(SINCE_NOW) else _word("status", now.status)
        named = {
            "kind": lambda: _word("kind", fact.kind.value),
            "theme": lambda: self.themes.get(fact.theme, fact.theme),
            "addressees": lambda: self._body_names(row, AddresseeRole.LEAD),
            "joint_addressees": lambda: self._body_names(row, AddresseeRole.JOINT),
            "publication": lambda: self.publications.get(fact.publication, fact.publication),
            "priority": lambda: _("yes") if fact.priority else "",
        }
        if field in named:
            return named[field]()
        return str(getattr(fact, field, "") or "")

    def _body_names(self, row: RecommendationRow, role: AddresseeRole) -> str:
        """The bodies that are asked in a role today; all as leads where no roles are stated."""
        stated = self.asked.get(row.fact.id)
        if stated is None:
            bodies = row.fact.addressees if role is AddresseeRole.LEAD else ()
        else:
            bodies = tuple(a.body for a in stated if (a.role or AddresseeRole.LEAD) == role)
        return "; ".join(self.bodies.get(body, body) for body in bodies)

    def _fill(self, sheet: Worksheet, columns: Sequence[_Column], rows: Sequence[Sequence[str]]) -> None:
        """Write headings with their notes, rows, and lists to choose from in these and further rows."""
        sheet.freeze_panes(1, 3 if columns is self.columns else 1)
        sheet.set_row(0, 32)
        last = len(rows) + _ROWS_TO_FILL
        for number, row in enumerate(rows, 1):
            sheet.set_row(number, _height(row, [column.about.width for column in columns]))
        for n, column in enumerate(columns):
            is_day = column.field in ("recommended_on", "deadline", "status_on", "published_on")
            cell_format = (
                self.computed_format if column.field == LEAVE_OUT else self.date_format if is_day else self.text_format
            )
            sheet.set_column(n, n, column.about.width, cell_format)
            sheet.write_string(0, n, column.heading, self.header_format)
            sheet.write_comment(0, n, str(column.about.note), {"x_scale": 2, "y_scale": 0.9})
            self._offer_list(sheet, n, last, column.about)
            for number, row in enumerate(rows, 1):
                self._write_cell(sheet, number, n, row[n], cell_format)

    def _write_cell(self, sheet: Worksheet, row: int, column: int, text: str, cell_format: Format) -> None:
        if cell_format is self.date_format and len(text) == len("2024-05-20"):
            sheet.write_datetime(row, column, datetime.fromisoformat(text), cell_format)
        elif text:
            sheet.write_string(row, column, text, cell_format)

    def _offer_list(self, sheet: Worksheet, column: int, last: int, about: TemplateColumn) -> None:
        values = self.lists.get(about.list_name)
        if not values:
            return
        letters = xl_col_to_name(list(self.lists).index(about.list_name))
        options = {
            "validate": "list",
            "source": f"={_LISTS}!${letters}$2:${letters}${len(values) + 1}",
            "show_error": about.is_strict,
            "error_title": shown(_("Not on the list"), 32),
            "error_message": shown(_("Choose a word of the list, or leave the cell empty."), 255),
        }
        sheet.data_validation(1, column, last, column, options)

    def _write_lists(self, sheet: Worksheet) -> None:
        for n, (name, values) in enumerate(self.lists.items()):
            sheet.write_column(0, n, [name, *values])
        sheet.hide()

    def _write_example(self, sheet: Worksheet) -> None:
        """Write two invented rows, with the sources that they name below."""
        sheet.set_column(0, 0, 30)
        sheet.set_column(1, 2, 60, self.text_format)
        notice = _("This sheet shows two rows that are filled in. They are invented, and this sheet is never read.")
        sheet.merge_range(0, 0, 0, 2, notice, self.notice_format)
        sheet.set_row(0, 32)
        line = 2
        for title, columns in ((_("Recommendations"), self.columns), (_("Sources"), self._source_columns())):
            sheet.write_row(line, 0, [title, _("First row"), _("Second row")], self.header_format)
            for column in columns:
                if column.field != LEAVE_OUT and not column.language:
                    line += 1
                    sheet.set_row(line, _height([str(e) for e in column.about.examples], [60, 60]))
                    sheet.write_string(line, 0, column.heading, self.text_format)
                    for n, example in enumerate(column.about.examples, 1):
                        sheet.write_string(line, n, _example(column.about, example), self.text_format)
            line += 2

    def _write_mark(self, sheet: Worksheet, recommendations: str, sources: str) -> None:
        rows: list[tuple[str, ...]] = [
            (MARK, VERSION),
            ("language", page_language()),
            ("register", self.bundle.settings.id if self.bundle else ""),
            ("sheet", recommendations),
            ("sources", sources),
        ]
        rows += [("column", c.heading, c.field, c.about.separator, c.language) for c in self.columns]
        rows += [("word", name, str(label), code) for name, words in _CODES.items() for code, label in words.items()]
        rows += [("word", "priority", _("yes"), "yes"), ("word", "priority", _("no"), "no")]
        rows += [("class", str(label), code) for code, label in SOURCE_CLASS.items()]
        rows += [("bodies", name, ident) for ident, name in self.bodies.items() if name.endswith(f" ({ident})")]
        rows += [("themes", name, ident) for ident, name in self.themes.items() if name.endswith(f" ({ident})")]
        for n, row in enumerate(rows):
            sheet.write_row(n, 0, [str(cell) for cell in row])
        sheet.hide()


def _asked_on(bundle: Bundle, day: date) -> dict[str, list[Addressee]]:
    """The addressees of each recommendation as a whole on a day, where the register states their roles or days."""
    asked: dict[str, list[Addressee]] = {}
    for row in bundle.addressees:
        if not row.fact.element:
            known = asked.setdefault(row.recommendation, [])
            begins = not row.fact.from_on or first_day(row.fact.from_on) <= day
            if begins and (not row.fact.to_on or last_day(row.fact.to_on) >= day):
                known.append(row.fact)
    return asked


def _unique(names: dict[str, str]) -> dict[str, str]:
    """Names by id; where several have one name, with the id."""
    all_names = list(names.values())
    return {ident: f"{name} ({ident})" if all_names.count(name) > 1 else name for ident, name in names.items()}


def _height(cells: Sequence[str], widths: Sequence[int]) -> int:
    """The height of a row in points: programs do not all fit rows to wrapped texts. East Asian letters are wide."""
    lines = [
        ceil(sum(1 + (c > "\u1100") for c in cell) * 1.1 / width) for cell, width in zip(cells, widths, strict=True)
    ]
    return 15 * min(max([1, *lines]), _MAX_LINES)


def _word(name: str, code: str) -> str:
    return str(_CODES[name][code])


def _example(about: TemplateColumn, example: LazyText | str) -> str:
    if about.list_name in _CODES and example:
        return _word(about.list_name, str(example))
    if about.list_name == "source_class":
        return str(SOURCE_CLASS[str(example)])
    if about.list_name == "priority":
        return _("yes") if example == "yes" else _("no")
    return str(example)
