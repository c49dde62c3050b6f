"""Matches the header row of a table to its columns."""

from collections import Counter
from collections.abc import Collection, Sequence

from msgspec import Struct

from app.services.bundles.problems import BundleProblem
from app.services.bundles.tables import BundleTable
from app.services.bundles.words import match_column, similar_name
from domain.errors import Refusal, refusal
from domain.times import shown

_MAX_NAMES = 10


class MatchedHeader(Struct, frozen=True):
    """The column of each heading, empty for those that are left out; what is wrong, and what was left out."""

    names: tuple[str, ...]
    problems: tuple[BundleProblem, ...]
    notes: tuple[Refusal, ...]


def match_header(table: BundleTable, known_names: Collection[str], required_names: Collection[str]) -> MatchedHeader:
    """Find the column that each heading names: by its name in any letter case, or by its label in any language.

    In a workbook, columns of the person's own are left out, unless they look like misspelled ones. Elsewhere they are
    problems, as are repeated and missing columns everywhere.
    """
    names = tuple(
        heading if heading in known_names else match_column(heading, known_names) if heading else ""
        for heading in table.header
    )
    counts = Counter(name for name in names if name)
    unknown = list(dict.fromkeys(h for h, name in zip(table.header, names, strict=True) if h and not name))
    missing = [name for name in required_names if not counts[name]]
    reasons: list[Refusal] = []
    if unknown and (missing or not table.in_workbook):
        reasons.append(refusal("unknown columns: {names}.", names=_quoted(unknown)))
    if repeated := [name for name in known_names if counts[name] > 1]:
        reasons.append(refusal("repeated columns: {names}.", names=", ".join(repeated)))
    if missing:
        reasons.append(refusal("missing columns: {names}.", names=", ".join(missing)))
    if table.in_workbook:
        reasons += _misspelled(unknown, [name for name in known_names if not counts[name]])
    problems = tuple(BundleProblem(table.file, table.header_line, "", reason) for reason in reasons)
    if not unknown or problems:
        return MatchedHeader(names, problems, ())
    return MatchedHeader(
        names, (), (refusal("{file}: columns left out: {names}.", file=table.file, names=_quoted(unknown)),)
    )


def _misspelled(unknown: Sequence[str], absent: Collection[str]) -> list[Refusal]:
    return [
        refusal(
            "the column “{heading}” may be “{name}”.",
            cure="Correct its heading, or choose another one for a column of your own.",
            heading=shown(heading, 40),
            name=name,
        )
        for heading in unknown
        if (name := similar_name(heading, absent))
    ]


def _quoted(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MAX_NAMES} more" if len(names) > _MAX_NAMES else ""
    return ", ".join(f"“{shown(name, 40)}”" for name in names[:_MAX_NAMES]) + more
