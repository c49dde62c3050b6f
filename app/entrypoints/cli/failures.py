"""What the command line says about errors of the stores and of rights."""

from app.adapters.database import describe, is_away, is_store_error
from app.services.accounts.permissions import NotAllowed


def sentence_of(error: Exception) -> str:
    """The sentence for an error; empty for one that is a mistake in the code."""
    if isinstance(error, NotAllowed):
        return str(error.refusal)
    if not is_store_error(error):
        return ""
    reason = f"The database does not answer: {describe(error)}." if is_away(error) else str(error).splitlines()[0]
    return f"The store cannot be used: {reason}"
