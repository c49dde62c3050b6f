"""A form that readers send without an account, a cookie or a script."""

from collections.abc import Iterable

from flask import request
from msgspec import Struct

from app.presentation.i18n.localize import refusal_text
from domain.errors import Refusal


class FormError(Struct, frozen=True):
    """What has to change before the form can be sent; `field` is empty if it is about the whole form."""

    field: str
    sentence: str


class ReaderForm:
    """The fields of a form as they were typed, and what is wrong with them.

    `trap` is a field that people do not see, `stamp` the signed time at which the form was shown.
    """

    problems = ()

    def __init__(self, *fields: str) -> None:
        self.fields = (*fields, "trap", "stamp")
        self.values = {name: request.form.get(name, "").strip() for name in self.fields}
        self.errors: list[FormError] = []

    def __getitem__(self, name: str) -> str:
        return self.values.get(name, "")

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        self.errors = [FormError(r.field or "", str(refusal_text(r))) for r in refusals]

    def errors_for(self, field: str) -> list[FormError]:
        return [error for error in self.errors if error.field == field]

    @property
    def errors_in_order(self) -> list[FormError]:
        return sorted(self.errors, key=lambda error: ("", *self.fields).index(error.field))
