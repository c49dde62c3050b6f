"""Overwrites what was deleted in the files of an installation. PostgreSQL keeps its files itself."""

from pathlib import Path

from app.adapters.old_stores import describe_old_store
from app.services.container import Services
from projections.engine.overwriting import overwrite_deleted


def overwrite_files(services: Services) -> tuple[str, ...]:
    """Write the log, the views and the accounts again without what was deleted from them.

    Returns a sentence for each file that another process did not let be written, and for an old store.
    """
    problems = []
    for overwrite in (
        services.log.overwrite_erased,
        services.views.overwrite_deleted,
        lambda: overwrite_accounts(services),
    ):
        try:
            overwrite()
        except OSError as e:
            problems.append(str(e))
    return (*problems, *in_old_store(services))


def in_old_store(services: Services) -> tuple[str, ...]:
    """A sentence if a store that was left, and from which nothing is removed, lies in the data folder."""
    old = describe_old_store(services.settings)
    return (old,) if old else ()


def overwrite_accounts(services: Services) -> None:
    """Raises `OSError` if another process does not let it."""
    engine = services.accounts.engine
    if engine.dialect.name == "sqlite" and engine.url.database:
        overwrite_deleted(Path(engine.url.database))
