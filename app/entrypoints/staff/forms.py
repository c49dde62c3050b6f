"""What was typed into a form, and what is wrong with it: by field, and all at once."""

import re
from collections.abc import Iterable

from flask import g, request
from msgspec import Struct

from app.presentation.i18n.localize import refusal_text
from app.services.drafts.drafts import draft_fields
from domain.errors import Refused


class FieldError(Struct, frozen=True):
    """One thing to mend; `field` is empty where it is about the whole."""

    field: str
    sentence: str
    rule: int | None = None


def parse_number(text: str) -> int | None:
    """A number that a person's browser sends back; None for what is none of ours."""
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else None


class Form:
    """The fields of a form as texts, with what is wrong with them. What was typed is never lost.

    It begins with what is kept of it as a draft, else with `start`.
    """

    def __init__(self, **defaults: str) -> None:
        draft = g.get("draft")
        lists = draft_fields(draft) if draft else {}
        self.values: dict[str, str] = defaults | {name: texts[0] for name, texts in lists.items()}
        self.lists: dict[str, list[str]] = lists
        self.errors: list[FieldError] = []

    def read(self, *names: str, many: Iterable[str] = ()) -> "Form":
        """Take what was sent, if it was. Unknown fields are left alone."""
        if request.method == "POST":
            self.values |= {name: request.form.get(name, "").strip().replace("\r\n", "\n") for name in names}
            self.lists |= {name: request.form.getlist(name) for name in many}
        return self

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    @property
    def expected_version(self) -> int | None:
        """The version of what stood before the person when they opened the form; None where it does not say."""
        return parse_number(self["version"])

    def refuse(self, refused: Refused) -> None:
        self.errors += [FieldError(r.field or "", refusal_text(r), r.rule) for r in refused.refusals]

    def add(self, field: str, sentence: str) -> None:
        self.errors.append(FieldError(field, sentence))

    def errors_for(self, field: str) -> list[FieldError]:
        return [w for w in self.errors if w.field == field]

    @property
    def status(self) -> int:
        return 400 if self.errors else 200
