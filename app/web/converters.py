"""The parts of an address that are ids: only what can be an id is looked up."""

from werkzeug.routing import BaseConverter


class IdentConverter(BaseConverter):
    regex = "[a-z0-9][a-z0-9-]{0,79}"


class RegisterConverter(IdentConverter):
    """A register's id; the site's own addresses are never taken for one."""

    regex = (
        "(?!(?:about|accounts|api|embed|en|healthz|ko|metrics|methodology|oembed|readyz|robots|search|sitemap|staff"
        "|static|style|verify|download)(?:/|$))[a-z0-9][a-z0-9-]{0,79}"
    )
