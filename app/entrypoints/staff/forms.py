"""A form's values and its errors by field."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from flask import g, request
from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.guard import PAGE_FIELD
from app.entrypoints.staff.typed_days import day_reading, parse_day
from app.presentation.i18n.localize import refusal_text
from app.services.bundles.causes import ProblemGroup, group_problems
from app.services.bundles.languages import is_language
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.drafts.drafts import draft_fields
from domain.errors import Conflict, Refused, refusal
from domain.values import arrange_translations


class FieldError(Struct, frozen=True):
    """One error; `field` is empty if it is about the whole form."""

    field: str
    sentence: str
    rule: int | None = None


def is_translation(name: str, field: str) -> bool:
    """Whether it is the name of a translation of a field."""
    return name.startswith(f"{field}_") and is_language(name.removeprefix(f"{field}_"))


def parse_number(text: str) -> int | None:
    """Parses a number sent by a browser; None if it is not a number of this site."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


def parse_stamp(text: str) -> int | None:
    """Parses an instant in microseconds, as addresses of this site hold it; None if it is none."""
    return int(text) if re.fullmatch("[0-9]{1,17}", text) else None


def _clean(text: str) -> str:
    return text.strip().replace("\r\n", "\n")


class Form:
    """The fields of a form as texts, with their errors. Input is never lost.

    It starts with the saved draft, if there is one, over the default values; the form of a whole page with all that
    was sent.
    """

    def __init__(self, **defaults: str) -> None:
        draft = g.get("draft")
        lists = draft_fields(draft) if draft else {}
        if PAGE_FIELD in request.form:
            lists = {name: [_clean(t) for t in texts] for name, texts in request.form.lists()}
        self.defaults = defaults
        self.values: dict[str, str] = defaults | {name: texts[0] for name, texts in lists.items() if texts}
        self.lists: dict[str, list[str]] = lists
        self.names: list[str] = []
        """The names of the fields in the order of the page, as the view reads them."""
        self.errors: list[FieldError] = []
        self.problems: list[BundleProblem] = []
        """Those of pasted or uploaded rows; a page shows each cause once, above the form."""
        self.report = ""
        """The name of the download with all problems, where it is kept."""

    def read(self, *names: str, many: Iterable[str] = ()) -> "Form":
        """Read the named fields of a POST; ignore all others."""
        self.names += names
        g.read_names = {*g.get("read_names", ()), *names, *many}
        if request.method == "POST":
            self.values |= {name: _clean(request.form.get(name, "")) for name in names}
            self.lists |= {name: request.form.getlist(name) for name in many}
        return self

    def read_translations(self, *fields: str) -> "Form":
        """Read the fields of a POST that are named as translations of these, such as `title_fr`."""
        return self.read(*(n for n in request.form if any(is_translation(n, field) for field in fields)))

    def translations(self, *fields: str) -> dict[str, dict[str, str]]:
        """The translations of fields as a fact holds them."""
        found = (
            (n.removeprefix(f"{f}_"), f, text)
            for n, text in self.values.items()
            for f in fields
            if is_translation(n, f)
        )
        return arrange_translations(found)

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def day(self, name: str) -> str:
        """A typed day as stored, such as `2025-01-20`; empty if the field is. Raises `Refused` about the field."""
        try:
            return parse_day(self[name])
        except Refused as refused:
            raise Refused(*(r.about(name) for r in refused.refusals)) from None

    def time(self, name: str, zone: str) -> datetime:
        """A typed day and time, on the clock of a zone if it names no other. Raises `Refused` about the field."""
        try:
            typed = datetime.fromisoformat(self[name])
            return (typed if typed.tzinfo else typed.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        except (ValueError, OverflowError):
            raise Refused(refusal("Write the day and time like 2026-12-01 09:00.", field=name)) from None

    def reading(self, name: str) -> Markup | str:
        """How the page says that it reads a typed day; empty where an error says it."""
        return "" if self.errors_for(name) else day_reading(self[name])

    @property
    def expected_version(self) -> int | None:
        """The version that the person saw when they opened the form; None if the form has none."""
        return parse_number(self["version"])

    def show_version(self, version: int, refused: Refused | None = None) -> None:
        """Take the version that the page shows. One that was sent, or that of a draft, stays until a conflict."""
        is_new = request.method == "GET" and not self["version"]
        if is_new or isinstance(refused, Conflict):
            self.values["version"] = str(version)

    def refuse(self, refused: Refused) -> None:
        if isinstance(refused, BundleRefused):
            self.problems += refused.problems
            return
        self.errors += [FieldError(self._name_of(r.field or ""), refusal_text(r), r.rule) for r in refused.refusals]

    def _name_of(self, field: str) -> str:
        """The name of the field of a fact in this form: those of a source begin with `src_`."""
        of_source = f"src_{field.replace('source_class', 'class')}"
        return of_source if field not in self.values and of_source in self.values else field

    def add(self, field: str, sentence: str) -> None:
        self.errors.append(FieldError(field, sentence))

    def errors_for(self, field: str) -> list[FieldError]:
        return [w for w in self.errors if w.field == field]

    def has_errors_in(self, *fields: str) -> bool:
        return any(self.errors_for(field) for field in fields)

    @property
    def errors_in_order(self) -> list[FieldError]:
        """Each error once, in the order of the page; first those about the whole form."""
        places = {name: place for place, name in enumerate(self.names)}

        def place(error: FieldError) -> int:
            field = error.field if error.field in places else error.field.rpartition("_")[0]
            return places.get(field, len(places)) if error.field else -1

        return sorted(dict.fromkeys(self.errors), key=place)

    @property
    def groups(self) -> tuple[ProblemGroup, ...]:
        return group_problems(self.problems)

    @property
    def status(self) -> int:
        return 400 if self.errors or self.problems else 200
