"""A form with a table: rows to select and to edit, and a verdict for each row."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from typing import Literal

import msgspec
from flask import request
from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.staff.confirmation import Confirmation, goes_back, require_confirmation
from app.entrypoints.staff.forms import FieldError, Form, parse_number
from app.entrypoints.staff.typed_days import parse_day
from app.presentation.i18n.localize import plain_text, refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from domain.batch import BatchRefused
from domain.commands import Command
from domain.errors import Refused

ROWS_PER_PAGE = 50
MAX_ROWS = 200
"""How many rows one form takes; all are checked before any is stored."""
MAX_EXAMPLES = 5
"""How many rows with the same error a summary names."""
SELECT_ALL, CHECK, FILL, STORE, STORE_RIGHT = "select_all", "check", "fill", "store", "store_right"
"""The buttons of a table. Only the last two store."""


ColumnKind = Literal["text", "long", "choice"]


class Column(Struct, frozen=True):
    """An editable column. `options` are pairs of code and label, `empty` is the label of none of them; a folded column
    is shown on demand."""

    name: str
    label: str
    kind: ColumnKind = "text"
    options: Sequence[tuple[str, str]] = ()
    language: str = ""
    is_folded: bool = False
    empty: str = ""


class Change(Struct, frozen=True):
    """A field that would change: its label, the stored and the new text."""

    label: str
    before: str
    after: str


class ShownText(Struct, frozen=True):
    """A text of a row that is read, not edited."""

    label: str
    text: str
    language: str = ""


class TableRow(Struct, frozen=True):
    """A row: its key, its name with a link, what is shown, and the stored values of its cells.

    `version` is that of the recommendation; `lock` says why the row cannot be selected.
    """

    key: str
    title: Markup | str
    address: str = ""
    about: Markup | str = ""
    author: str = ""
    values: Mapping[str, str] = {}
    shown: Sequence[ShownText] = ()
    version: str = ""
    lock: str = ""

    @property
    def plain_title(self) -> str:
        return plain_text(self.title)


class ErrorGroup(Struct, frozen=True):
    """The errors with one sentence: the fields in which they are, in the order of the page."""

    sentence: str
    fields: tuple[str, ...]

    @property
    def examples(self) -> list[tuple[str, str]]:
        """The first fields, each with the key of its row."""
        return [(field, field.partition(".")[2]) for field in self.fields if "." in field][:MAX_EXAMPLES]


class TableForm(Form):
    """The cells of a table as texts, by column and row, with their errors. Input is never lost."""

    def __init__(self, columns: Sequence[Column] = (), **defaults: str) -> None:
        super().__init__(**defaults)
        self.columns = columns
        self.accepted: set[str] = set()
        self.changes: dict[str, list[Change]] = {}
        """What would change, by row."""

    def read_table(self, *names: str) -> "TableForm":
        """Read the cells, ticks and versions of a POST, and the other fields by name."""
        self.read(
            "action", "shown_changes", *names, *(f"fill.{column.name}" for column in self.columns), many=["row", "pick"]
        )
        self.read(*(f"version.{key}" for key in self.row_keys if f"version.{key}" in request.form))
        cells = (f"{column.name}.{key}" for key in self.row_keys for column in self.columns)
        self.read(*(name for name in cells if name in request.form))
        return self

    @property
    def row_keys(self) -> list[str]:
        """The keys of the rows that were sent; empty for a form that was just opened."""
        return self.lists.get("row", [])[:MAX_ROWS]

    @property
    def picked(self) -> set[str]:
        return set(self.lists.get("pick", ()))

    def cell(self, row: TableRow, column: str) -> str:
        """What was typed, else what is stored."""
        return self.values.get(f"{column}.{row.key}", row.values.get(column, ""))

    def cells(self, row: TableRow) -> dict[str, str]:
        return {column.name: self.cell(row, column.name) for column in self.columns}

    def shows(self, rows: Sequence[TableRow], *others: str) -> bool:
        """Whether the page showed exactly what would be stored now."""
        return self["shown_changes"] == self.digest(rows, *others)

    def version(self, row: TableRow) -> int:
        """The version that the person saw."""
        return parse_number(self[f"version.{row.key}"]) or 0

    def fill(self) -> None:
        """Copy the texts above the table to the selected rows; an empty one changes nothing."""
        texts = {c.name: self[f"fill.{c.name}"] for c in self.columns if self[f"fill.{c.name}"]}
        self.values |= {f"{name}.{key}": text for name, text in texts.items() for key in self.picked}
        if not self.picked:
            self.add("", _("Select at least one row."))

    def read_days(self, rows: Sequence[TableRow], names: Iterable[str]) -> None:
        """Write the changed days of selected rows as they are stored; add an error to those that cannot be read."""
        cells = [(row, name) for row in rows if row.key in self.picked for name in names]
        for row, name in cells:
            text = self.cell(row, name)
            if text and text != row.values.get(name):
                try:
                    self.values[f"{name}.{row.key}"] = parse_day(text)
                except Refused as refused:
                    self.refuse_row(row.key, Refused(*(r.about(name) for r in refused.refusals)))

    def refuse_row(self, key: str, refused: Refused) -> None:
        """Add each refusal to the cell of its column, or to the whole row."""
        columns = {column.name for column in self.columns}
        self.errors += [
            FieldError(f"{r.field}.{key}" if r.field in columns else f"pick.{key}", refusal_text(r), r.rule)
            for r in refused.refusals
        ]

    def shows_more(self, row: TableRow) -> bool:
        """Whether a folded cell of a row has an error or a text that is not stored."""
        folded = [column.name for column in self.columns if column.is_folded]
        return any(self.errors_for(f"{n}.{row.key}") or self.cell(row, n) != row.values.get(n, "") for n in folded)

    def is_wrong(self, key: str) -> bool:
        return any(error.field.endswith(f".{key}") for error in self.errors)

    @property
    def error_groups(self) -> list[ErrorGroup]:
        """The errors by their sentence, each once."""
        fields: dict[str, list[str]] = {}
        for error in self.errors:
            fields.setdefault(str(error.sentence), []).append(error.field)
        return [ErrorGroup(sentence, tuple(places)) for sentence, places in fields.items()]

    def digest(self, rows: Sequence[TableRow], *others: str) -> str:
        """A digest of what the selected rows would store; a button that changes what is public is bound to it."""
        picked = [row for row in rows if row.key in self.picked]
        cells = [(row.key, self[f"version.{row.key}"], sorted(self.cells(row).items())) for row in picked]
        return sha256(msgspec.json.encode([cells, others])).hexdigest()[:16]


def handle_table_buttons(form: TableForm, rows: Sequence[TableRow]) -> bool:
    """Select all rows, or copy texts to the selected ones. Returns whether one of these buttons was pressed."""
    if form["action"] == SELECT_ALL:
        form.lists["pick"] = [row.key for row in rows if not row.lock]
        return True
    if form["action"] == FILL:
        form.fill()
        return True
    return False


CommandBuilder = Callable[[TableRow], Iterable[Command]]
"""Returns the commands of a row. Raises `Refused` by column."""


def store_rows(
    services: Services,
    person: Person,
    form: TableForm,
    rows: Sequence[TableRow],
    build: CommandBuilder,
    ask: Callable[[int], Confirmation] | None = None,
) -> set[str]:
    """Check the selected rows, and store them if such a button was pressed. Returns the keys of the stored rows.

    `ask` makes the confirmation from the number of commands; without it, they are stored at once. Adds errors to the
    form, and the rows that can be stored to its `accepted`.
    """
    commands = _selected_commands(form, rows, build)
    _check(services, person, form, commands)
    if form["action"] == STORE_RIGHT:
        commands = _right_rows(services, person, form, commands)
    elif form["action"] != STORE or form.errors:
        return set()
    if not commands or goes_back():
        return set()
    if ask:
        require_confirmation(ask(len(commands)))
    try:
        services.execute_all_for(person, [command for _key, command in commands])
    except BatchRefused as batch:
        _add_refusals(form, commands, batch)
        return set()
    return {key for key, _command in commands}


def _selected_commands(form: TableForm, rows: Sequence[TableRow], build: CommandBuilder) -> list[tuple[str, Command]]:
    commands: list[tuple[str, Command]] = []
    for row in (row for row in rows if row.key in form.picked):
        if row.lock:
            form.add(f"pick.{row.key}", row.lock)
        if form.is_wrong(row.key):
            continue
        try:
            commands += [(row.key, command) for command in build(row)]
        except Refused as refused:
            form.refuse_row(row.key, refused)
    if not commands and not form.errors:
        form.add("", _("Select at least one row."))
    return commands


def _check(services: Services, person: Person, form: TableForm, commands: Sequence[tuple[str, Command]]) -> None:
    try:
        services.check_all([command for _key, command in commands], by=person.id)
    except BatchRefused as batch:
        _add_refusals(form, commands, batch)
    form.accepted = {key for key, _command in commands if not form.is_wrong(key)}


def _right_rows(
    services: Services, person: Person, form: TableForm, commands: Sequence[tuple[str, Command]]
) -> list[tuple[str, Command]]:
    """The commands of the rows without any error, also when they are checked without the other rows."""
    right = [(key, command) for key, command in commands if not form.is_wrong(key)]
    while right:
        try:
            services.check_all([command for _key, command in right], by=person.id)
            return right
        except BatchRefused as batch:
            _add_refusals(form, right, batch)
            right = [(key, command) for key, command in right if not form.is_wrong(key)]
    return right


def _add_refusals(form: TableForm, commands: Sequence[tuple[str, Command]], batch: BatchRefused) -> None:
    for index, refused in sorted(batch.by_index.items()):
        form.refuse_row(commands[index][0], refused)
