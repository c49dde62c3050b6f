"""What the command line says about errors of the stores and of rights."""

import sqlite3

from eventsourcing.persistence import PersistenceError
from sqlalchemy.exc import SQLAlchemyError

from app.services.accounts.permissions import NotAllowed


def sentence_of(error: Exception) -> str:
    """The sentence for an error; empty for one that is a mistake in the code."""
    if isinstance(error, NotAllowed):
        return str(error.refusal)
    if isinstance(error, PersistenceError | SQLAlchemyError | sqlite3.Error):
        return f"The store cannot be used: {str(error).splitlines()[0]}"
    return ""
