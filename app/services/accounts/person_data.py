"""What services store about a person, so that accounts can remove it when the person leaves.

Each service describes its own data; the container hands the descriptions to the accounts database.
"""

from collections.abc import Callable
from typing import cast

from msgspec import Struct
from sqlalchemy.orm import Session

PERSON_DATA = "person_data"
"""The key of a session's `info` that holds the descriptions."""


class PersonData(Struct, frozen=True):
    """Both functions take a session and a person's id."""

    leave: Callable[[Session, str], None]
    """End what a person without an account can no longer do."""
    erase: Callable[[Session, str], int]
    """Erase what the person wrote; returns the number of rows changed."""


def person_data_of(session: Session) -> tuple[PersonData, ...]:
    return cast("tuple[PersonData, ...]", session.info[PERSON_DATA])
