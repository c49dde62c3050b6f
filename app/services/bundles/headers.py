"""What is wrong with the header row of a table."""

from collections import Counter
from collections.abc import Collection

from app.services.bundles.problems import BundleProblem
from domain.times import shown

_NAMED = 10


def header_problems(
    file: str, names: list[str], known: Collection[str], needed: Collection[str]
) -> list[BundleProblem]:
    """A problem for unknown columns, one for columns that stand twice, and one for missing columns."""
    counted = Counter(names)
    wrong = []
    if unknown := [name for name in counted if name not in known]:
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        wrong.append(f"unknown columns: {', '.join(f'“{shown(name, 40)}”' for name in unknown[:_NAMED])}{more}.")
    if twice := [name for name in known if counted[name] > 1]:
        wrong.append(f"columns that stand twice: {', '.join(twice)}.")
    if missing := [name for name in needed if name not in counted]:
        wrong.append(f"missing columns: {', '.join(missing)}.")
    return [BundleProblem(file, 1, "", reason) for reason in wrong]
