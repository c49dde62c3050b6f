"""What was typed into a form, and what is wrong with it: by field, and all at once."""

from collections.abc import Iterable

from flask import request
from msgspec import Struct

from app.web.local import told
from domain.errors import Refused


class Wrong(Struct, frozen=True):
    """One thing to mend; `field` is empty where it is about the whole."""

    field: str
    sentence: str
    rule: int | None = None


class Form:
    """The fields of a form as texts, with what is wrong with them. What was typed is never lost."""

    def __init__(self, **start: str) -> None:
        self.values: dict[str, str] = start
        self.many: dict[str, list[str]] = {}
        self.wrong: list[Wrong] = []

    def read(self, *names: str, many: Iterable[str] = ()) -> "Form":
        """Take what was sent. Unknown fields are left alone."""
        self.values |= {name: request.form.get(name, "").strip().replace("\r\n", "\n") for name in names}
        self.many |= {name: request.form.getlist(name) for name in many}
        return self

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def refuse(self, refused: Refused) -> None:
        self.wrong += [Wrong(r.field or "", told(r), r.rule) for r in refused.refusals]

    def add(self, field: str, sentence: str) -> None:
        self.wrong.append(Wrong(field, sentence))

    def of(self, field: str) -> list[Wrong]:
        return [w for w in self.wrong if w.field == field]

    @property
    def status(self) -> int:
        return 400 if self.wrong else 200
