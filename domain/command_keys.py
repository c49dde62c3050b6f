"""Keys under which commands run once. The log keeps what each command made, with a digest of what was asked."""

from hashlib import sha256

import msgspec

from domain.commands import Command
from domain.errors import KeyReused

SEPARATOR = "#"
"""Between the id and the digest; no id contains it."""
NOT_ASKED = ("expected_version", "expected_tag")
"""The fields of commands that say on which version a person decides: a condition, and no part of what is asked."""


def command_digest(command: Command, by: str) -> str:
    """A digest of the kind of a command, of all that it asks, and of the person."""
    fields = {name: getattr(command, name) for name in command.__struct_fields__ if name not in NOT_ASKED}
    return digest_of(type(command).__name__, fields, by)


def digest_of(*parts: object) -> str:
    """A digest of what is asked."""
    return sha256(msgspec.json.encode(parts, order="sorted")).hexdigest()[:32]


def written_claim(made: str, digest: str) -> str:
    """What the log keeps under a key."""
    return f"{made}{SEPARATOR}{digest}"


def made_under(claimed: str, digest: str) -> str:
    """The id that the command under a key made. Raises `KeyReused` if that was another command.

    A key of an earlier version of Uptake has no digest and fits any command. That of an imported spreadsheet is JSON.
    """
    made, separator, first = claimed.rpartition(SEPARATOR)
    if claimed.startswith("{") or (separator and first != digest):
        raise KeyReused
    return made if separator else claimed
