"""The addressees in a form: one row each, added by name or pasted from a spreadsheet."""

import re
from collections.abc import Mapping, Sequence

from app.entrypoints.staff.forms import Form, parse_number
from app.entrypoints.staff.typed_days import parse_day
from app.presentation.i18n.translation import _
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.words import fold
from app.services.search.names import NameSearch, part_id
from domain.codes import AddresseeRole
from domain.errors import Refused, refusal
from domain.values import Addressee, Element

COLUMNS = ("body", "role", "from_on", "to_on", "element")
FIND, PASTE = "find", "paste"
"""Buttons that store nothing."""
MAX_ROWS = 500
_SEPARATOR = re.compile(r"[\t;,]")


class TypedAddressees:
    """The rows of a form, in fields such as `body-0`, and what is typed but not a row yet."""

    def __init__(self, form: Form, search: NameSearch, elements: Mapping[str, Element]) -> None:
        self.form, self._search, self._elements = form, search, elements
        form.read(*(f"{column}-{number}" for number in range(self.count) for column in COLUMNS))

    @property
    def count(self) -> int:
        return min(parse_number(self.form["rows"]) or 0, MAX_ROWS)

    def fill(self, addressees: Sequence[Addressee]) -> None:
        """Replace all rows."""
        self.form.values["rows"] = str(len(addressees))
        for number, row in enumerate(addressees):
            for column in COLUMNS:
                self.form.values[f"{column}-{number}"] = str(getattr(row, column))

    def press(self) -> bool:
        """Do what a button asks that changes the form only. Returns whether one was pressed."""
        form = self.form
        if form["add"]:
            self._add_body(form["add"])
        elif form["leave_out"]:
            self._leave_out(form["leave_out"])
        elif form["action"] == PASTE:
            self.add_pasted()
        else:
            return form["action"] == FIND
        return True

    def read(self) -> tuple[Addressee, ...]:
        """All rows, with what is typed and not added yet. Raises `Refused`."""
        self.add_pasted()
        if self.form["find"]:
            self._add_typed()
        return tuple(self._row(number) for number in range(self.count))

    def add_pasted(self) -> None:
        """Make rows of the pasted lines. Raises `BundleRefused` with every line that cannot be read."""
        pasted = read_lines(self.form["pasted"], self._search, self._elements)
        self.form.values["pasted"] = ""
        for row in pasted:
            self._append(row)

    def _add_typed(self) -> None:
        body = self._search.exact(self.form["find"])
        if body is None:
            raise Refused(
                refusal(
                    "You typed “{name}” and did not add it. Choose a body, or clear the field.",
                    name=self.form["find"],
                    field="find",
                )
            )
        self._add_body(body.fact.id)

    def _add_body(self, body: str) -> None:
        self.form.values["find"] = ""
        self._append(Addressee(body=body))

    def _append(self, row: Addressee) -> None:
        number = self.count
        if number == MAX_ROWS:
            raise Refused(refusal("The form takes at most {n} addressees.", n=MAX_ROWS, field="addressees"))
        self.form.values["rows"] = str(number + 1)
        for column in COLUMNS:
            self.form.values[f"{column}-{number}"] = str(getattr(row, column))

    def _leave_out(self, number: str) -> None:
        rows = [[self.form[f"{column}-{n}"] for column in COLUMNS] for n in range(self.count) if str(n) != number]
        self.form.values["rows"] = str(len(rows))
        for n, row in enumerate(rows):
            self.form.values |= {f"{column}-{n}": text for column, text in zip(COLUMNS, row, strict=True)}

    def _row(self, number: int) -> Addressee:
        form, role = self.form, self.form[f"role-{number}"]
        if role not in set(AddresseeRole):
            raise Refused(refusal("Choose a role.", field=f"role-{number}"))
        return Addressee(
            body=form[f"body-{number}"],
            role=AddresseeRole(role),
            from_on=form.day(f"from_on-{number}"),
            to_on=form.day(f"to_on-{number}"),
            element=form[f"element-{number}"],
        )


def role_choices() -> list[tuple[str, str]]:
    return [(AddresseeRole.LEAD.value, _("In the lead")), (AddresseeRole.JOINT.value, _("Jointly with others"))]


def read_lines(text: str, search: NameSearch, elements: Mapping[str, Element]) -> list[Addressee]:
    """Lines of body, role, first day, last day and part, of which only the body is needed; bodies and parts by name or
    id. Raises `BundleRefused`."""
    rows: list[Addressee] = []
    problems: list[BundleProblem] = []
    for number, line in enumerate(text.splitlines(), 1):
        cells = [cell.strip() for cell in _SEPARATOR.split(line)]
        if not any(cells):
            continue
        try:
            rows.append(_read_cells(cells, search, elements))
        except Refused as refused:
            problems.append(BundleProblem("", number, "", refused.refusals[0], line.strip()))
    if problems:
        raise BundleRefused(problems)
    return rows


def _read_cells(cells: Sequence[str], search: NameSearch, elements: Mapping[str, Element]) -> Addressee:
    values = dict(zip(COLUMNS, cells, strict=False)) | dict.fromkeys(COLUMNS[len(cells) :], "")
    role = _role(values["role"])
    if len(cells) > len(COLUMNS) or not values["body"] or role is None:
        raise Refused(refusal("write a body; lead or joint; the first day; the last day; a part."))
    return Addressee(
        body=search.one(values["body"]).fact.id,
        role=role,
        from_on=parse_day(values["from_on"]),
        to_on=parse_day(values["to_on"]),
        element=part_id(values["element"], elements.values()),
    )


def _role(text: str) -> AddresseeRole | None:
    words = {fold(word): AddresseeRole(code) for code, word in role_choices()} | {r.value: r for r in AddresseeRole}
    return words.get(fold(text)) if text else AddresseeRole.LEAD
