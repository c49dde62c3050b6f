"""Texts in the reader's language, typed; every text that a person reads goes through here or a template."""

from flask_babel import gettext
from flask_babel import ngettext as _ngettext


def _(text: str, /, **values: object) -> str:
    return str(gettext(text, **values))


def ngettext(one: str, many: str, num: int, /, **values: object) -> str:
    """The form that fits a number, which the text may name as `num`."""
    return str(_ngettext(one, many, num, **values))
