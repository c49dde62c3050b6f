"""A disk on which nothing can be written."""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

SENTENCE = "The disk of this site fails or is full at the moment, so this cannot be done now."


@contextmanager
def full_disk() -> Iterator[None]:
    """No byte can be written to any file: the system refuses it, to SQLite too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
