"""URL converters for ids: other texts match no address."""

from werkzeug.routing import BaseConverter, IntegerConverter

from app.services.bundles.reserved_ids import SITE_NAMES


class IdentConverter(BaseConverter):
    regex = "[a-z0-9][a-z0-9-]{0,79}"


class NumberConverter(IntegerConverter):
    """The number of a row; at most nine digits, so that every database accepts it."""

    regex = "[0-9]{1,9}"


class DayConverter(BaseConverter):
    """A full date; the view checks whether it exists."""

    regex = r"\d{4}-\d{2}-\d{2}"


class RegisterConverter(IdentConverter):
    """A register's id; the site's own addresses are reserved."""

    part_isolating = True
    regex = f"(?!(?:{'|'.join(sorted(SITE_NAMES))})$){IdentConverter.regex}"
