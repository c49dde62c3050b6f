"""Decisions on the command line, as a script makes them: it reads the version first, and names it."""

import re
from collections.abc import Callable
from typing import Any

from click.testing import Result


def decide(run: Callable[..., Result], *words: str, **options: Any) -> Result:
    """Run a command that decides; if it asks on which version, run it again with the one that it named."""
    first = run(*words, **options)
    named = re.search(r"add --expected-version (\d+):", first.output)
    return run(*words, "--expected-version", named[1], **options) if named else first
