"""The parts of an address that are ids: only what can be an id is looked up."""

from werkzeug.routing import BaseConverter, IntegerConverter


class IdentConverter(BaseConverter):
    regex = "[a-z0-9][a-z0-9-]{0,79}"


class NumberConverter(IntegerConverter):
    """The number of a row; no longer than one that a store can be asked for."""

    regex = "[0-9]{1,9}"


class DayConverter(BaseConverter):
    """A day in full; whether the calendar has it is asked later."""

    regex = r"\d{4}-\d{2}-\d{2}"


class RegisterConverter(IdentConverter):
    """A register's id; the site's own addresses are never taken for one."""

    regex = (
        "(?!(?:about|accounts|api|embed|en|healthz|ko|metrics|methodology|oembed|readyz|robots|search|sitemap|staff"
        "|static|style|verify|download)(?:/|$))[a-z0-9][a-z0-9-]{0,79}"
    )
