"""The form on an error page that corrects the dates of the address."""

from collections.abc import Mapping

from flask import g, request
from msgspec import Struct

from app.presentation.i18n.translation import LazyText as _


class TypedDate(Struct, frozen=True):
    """A date of the address as it was typed, and the sentence that says what is wrong with it, if anything is."""

    name: str
    label: str
    value: str
    problem: str


class DateForm(Struct, frozen=True):
    """`others` are the parameters of the address that stay as they are."""

    fields: list[TypedDate]
    others: dict[str, str]


LABELS = {
    "as_of": _("As of"),
    "known_at": _("As known on"),
    "from": _("From"),
    "to": _("To"),
    "known_from": _("From, as known on"),
    "known_to": _("To, as known on"),
}


def date_form(status: int, problems: Mapping[str, str]) -> DateForm | None:
    """The form for a page with dates whose parameters were refused, None for other errors."""
    names: tuple[str, ...] = g.get("parameter_names", ())
    dates = [name for name in names if name in LABELS]
    if status != 400 or not dates:
        return None
    fields = [TypedDate(n, str(LABELS[n]), request.args.get(n, ""), problems.get(n, "")) for n in dates]
    others = {n: request.args[n] for n in names if n in request.args and n not in problems and n not in dates}
    return DateForm(fields, others)
