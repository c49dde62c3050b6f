"""Checks the header row of a table."""

from collections import Counter
from collections.abc import Collection

from app.services.bundles.problems import BundleProblem
from domain.times import shown

_MAX_NAMES = 10


def header_problems(
    file: str, names: list[str], known_names: Collection[str], required_names: Collection[str]
) -> list[BundleProblem]:
    """Return one problem each for unknown, repeated and missing columns."""
    counts = Counter(names)
    reasons = []
    if unknown := [name for name in counts if name not in known_names]:
        more = f" and {len(unknown) - _MAX_NAMES} more" if len(unknown) > _MAX_NAMES else ""
        reasons.append(f"unknown columns: {', '.join(f'“{shown(name, 40)}”' for name in unknown[:_MAX_NAMES])}{more}.")
    if repeated := [name for name in known_names if counts[name] > 1]:
        reasons.append(f"repeated columns: {', '.join(repeated)}.")
    if missing := [name for name in required_names if name not in counts]:
        reasons.append(f"missing columns: {', '.join(missing)}.")
    return [BundleProblem(file, 1, "", reason) for reason in reasons]
