"""Compares the data of a verified package with what follows from the events inside it, and says where they differ."""

import csv
import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import msgspec
from sqlalchemy.exc import OperationalError

from app.services.bundles.columns import SHEETS_BY_NAME
from app.services.bundles.rows import REMOVED_TITLE
from app.services.snapshots.formats import VERIFIER, has_archived_copies
from app.services.snapshots.package_data import (
    CHECKPOINT,
    CRATE,
    PackageSource,
    build_data,
    build_description,
    open_source,
)
from app.services.snapshots.verify import VerifiedPackage
from domain.errors import Refusal, Refused, refusal
from domain.values import EvidenceText, arrange_translations

RENDERINGS = ("index.html", "scorecard.xlsx", VERIFIER)
"""What people read, besides the reports and charts, and the program: as the builder of the package makes them."""
MAX_VALUE_LETTERS = 80


class NotFromEvents(Refused):
    """The data of a package is not what its events give, or its events give none."""


def verify_data(package: VerifiedPackage) -> None:
    """Raise `NotFromEvents` with the first file that does not follow from the events."""
    with open_package(package) as source:
        computed = build_data(source)
        computed[CRATE] = describe_as_packed(source, package)
    if names := differing_data(package, computed):
        raise NotFromEvents(explain_difference(package, computed, names[0]))


@contextmanager
def open_package(package: VerifiedPackage) -> Iterator[PackageSource]:
    """Yield what a package is built from. Any failure is a refusal, also one in the body: anyone can sign events."""
    try:
        texts, checkpoint = _evidence_texts(package), package.payload[CHECKPOINT]
        with open_source(package.metadata, package.lines, texts, checkpoint) as source:
            yield source
    except (OSError, OperationalError):
        raise
    except Refused as e:
        raise NotFromEvents(*e.refusals) from None
    except Exception as e:
        why = f"{type(e).__name__}: {e}"[:200]
        raise NotFromEvents(refusal("The events inside it do not make a package: {why}.", why=why)) from None


def describe_as_packed(source: PackageSource, package: VerifiedPackage) -> bytes:
    """Describe the files that the package has: which charts there are depends on its builder."""
    return build_description(source, [name for name in package.payload if name != CRATE])


def is_rendering(name: str) -> bool:
    return name in RENDERINGS or name.startswith(("charts/", "report."))


def differing_data(package: VerifiedPackage, computed: Mapping[str, bytes]) -> list[str]:
    """The differing files that follow from the events, the metadata first, since the others depend on it."""
    return sorted(_differing(package, computed, renderings=False), key=lambda name: (name != "snapshot.json", name))


def differing_renderings(package: VerifiedPackage, computed: Mapping[str, bytes]) -> list[str]:
    return sorted(_differing(package, computed, renderings=True))


def _differing(package: VerifiedPackage, computed: Mapping[str, bytes], *, renderings: bool) -> list[str]:
    names = {n for n in (*package.payload, *computed) if is_rendering(n) == renderings}
    return [name for name in names if package.payload.get(name) != computed.get(name)]


def explain_difference(package: VerifiedPackage, computed: Mapping[str, bytes], name: str) -> Refusal:
    """One sentence about a file that differs: where it does, and what the events give instead."""
    stored, expected = package.payload.get(name), computed.get(name)
    if stored is None:
        return refusal("“data/{name}” is missing, although the events inside the package give it.", name=name)
    if expected is None:
        return refusal("“data/{name}” does not follow from the events inside the package.", name=name)
    place, there, here = _first_difference(name, stored, expected)
    return refusal(
        "“data/{name}” does not follow from the events inside the package: {place} is {there}, by the events {here}.",
        name=name,
        place=place,
        there=there,
        here=here,
    )


def _first_difference(name: str, stored: bytes, expected: bytes) -> tuple[str, str, str]:
    """The first place that differs, and both values there."""
    if name.endswith(".json"):
        try:
            plain = msgspec.json.decode(stored)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            plain = None
        if difference := _differing_value(plain, msgspec.json.decode(expected), ""):
            return difference
    lines = zip([*stored.split(b"\n"), b""], [*expected.split(b"\n"), b""], strict=False)
    number, (there, here) = next((n, pair) for n, pair in enumerate(lines, 1) if pair[0] != pair[1])
    return f"line {number}", _shown(there.decode("utf-8", "replace")), _shown(here.decode("utf-8", "replace"))


def _differing_value(stored: object, expected: object, path: str) -> tuple[str, str, str] | None:
    """The first value that differs in two JSON documents, by its path."""
    if isinstance(stored, dict) and isinstance(expected, dict):
        for name in sorted({*stored, *expected}):
            inner = f"{path}.{name}" if path else name
            if difference := _differing_value(stored.get(name), expected.get(name), inner):
                return difference
    elif isinstance(stored, list) and isinstance(expected, list):
        for number, pair in enumerate(zip(stored, expected, strict=False), 1):
            if difference := _differing_value(*pair, f"{path}[{number}]"):
                return difference
        if len(stored) != len(expected):
            return f"the length of {path}", str(len(stored)), str(len(expected))
    elif stored != expected or type(stored) is not type(expected):
        return path or "the content", _shown(stored), _shown(expected)
    return None


def _shown(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return text if len(text) <= MAX_VALUE_LETTERS else f"{text[:MAX_VALUE_LETTERS]}…"


def _evidence_texts(package: VerifiedPackage) -> dict[str, EvidenceText]:
    text = package.payload["bundle/evidence.csv"].decode()
    rows = csv.DictReader(io.StringIO(text, newline=""))
    with_archives = has_archived_copies(package.metadata.format)
    return {
        row["id"]: EvidenceText(
            title=row["title"],
            url=row["url"],
            archived_url=row.get("archived_url", "") if with_archives else "",
            summary=row["summary"],
            translations=_translations(row),
        )
        for row in rows
        if row["title"] not in ("", REMOVED_TITLE)
    }


def _translations(row: dict[str, str]) -> dict[str, dict[str, str]]:
    """The texts of a row in columns such as `summary_ko`."""
    found = {name: SHEETS_BY_NAME["evidence"].find_translation(name) for name in row}
    return arrange_translations((c.language, c.original, row[name]) for name, c in found.items() if c)
