"""The formats of packages, and what each of them writes. A package is always rebuilt in its own format."""

from collections.abc import Sequence

import msgspec

FIRST_FORMAT = "uptake-snapshot-1"
"""Its scorecards sort by theme and id, by code point; later ones as `domain.ordering` says."""
SECOND_FORMAT = "uptake-snapshot-2"
THIRD_FORMAT = "uptake-snapshot-3"
"""It has the program `verify.py`, another `VERIFY.md`, and what was prepared as events."""
FOURTH_FORMAT = "uptake-snapshot-4"
"""It has a report and charts for each language, in files of their own, speaks of its day in the past tense, and
compares with the last review day where no earlier review was frozen."""
FORMAT = "uptake-snapshot-5"
"""The format of new packages. Its sources have the addresses of their archived copies."""
VERIFIER = "verify.py"
_WITHOUT_KEEPER = (FIRST_FORMAT,)
_ONE_REPORT = (FIRST_FORMAT, SECOND_FORMAT, THIRD_FORMAT)

_ITEM = ("number", "position", "priority", "statement", "addressees", "due", "responses", "relations")
_ELEMENT = ("addressees", "due")
ADDED_FIELDS: dict[str, dict[str, tuple[str, ...]]] = {
    FIRST_FORMAT: {},
    SECOND_FORMAT: {
        "methodology.json": ("without_review", "author_may_approve"),
        "snapshot.json": ("translations",),
        "scorecard.json": (
            "due",
            "responses",
            "with_successors",
            *(f"recommendations.{name}" for name in _ITEM),
            *(f"recommendations.elements.{name}" for name in _ELEMENT),
        ),
    },
    THIRD_FORMAT: {"scorecard.json": ("sources",)},
    FOURTH_FORMAT: {"scorecard.json": ("strict",), "snapshot.json": ("doi",)},
    FORMAT: {},
}
"""The JSON fields that each format added, by file, as paths from its top. The oldest format comes first."""


def package_json(format_: str, file: str, content: object) -> bytes:
    """Return a JSON file of a package as canonical JSON, without the fields that a later format added."""
    plain = msgspec.to_builtins(content)
    if format_ == FIRST_FORMAT and file == "scorecard.json":
        plain["recommendations"].sort(key=lambda row: (row.get("theme", ""), row["id"]))
    for path in _later_fields(format_, file):
        _remove(plain, path.split("."))
    return canonical_json(plain)


def names_keeper(format_: str) -> bool:
    """Whether the descriptions in a package name the keeper of the register; before, they named the software."""
    return format_ not in _WITHOUT_KEEPER


def names_publisher(format_: str) -> bool:
    """Whether it has the DOI and the logo, and metadata for DataCite and Zenodo."""
    return format_ not in _ONE_REPORT


def has_verifier(format_: str) -> bool:
    return format_ not in (FIRST_FORMAT, SECOND_FORMAT)


def has_strict_reading(format_: str) -> bool:
    return format_ not in (FIRST_FORMAT, SECOND_FORMAT, "uptake-snapshot-3")


def has_archived_copies(format_: str) -> bool:
    """Whether `bundle/evidence.csv` has the addresses of archived copies, where sources have any."""
    return format_ not in (*_ONE_REPORT, FOURTH_FORMAT)


def discloses_preparation(format_: str) -> bool:
    """Whether summary, signatures and embargo of the frozen review are among the events."""
    return has_verifier(format_)


def has_report_for_each_language(format_: str) -> bool:
    return format_ not in _ONE_REPORT


def starts_at_last_review(format_: str) -> bool:
    """Whether a review is compared with the last review day if no earlier one was frozen."""
    return format_ not in _ONE_REPORT


def is_in_past_tense(format_: str) -> bool:
    """Whether the headline speaks of the day of the review as past."""
    return format_ not in _ONE_REPORT


def report_name(format_: str, languages: Sequence[str], language: str) -> str:
    """The name of the PDF and the document in a language, without its ending.

    The first of the languages has none in its name; in the first three formats all share one file.
    """
    if language == languages[0] or not has_report_for_each_language(format_):
        return "report"
    return f"report.{language}"


def chart_path(format_: str, languages: Sequence[str], language: str, name: str) -> str:
    """The path of a chart in a language; the first of the languages has no folder of its own."""
    if not has_report_for_each_language(format_):
        return f"charts/{name}.{language}.svg"
    return f"charts/{name}.svg" if language == languages[0] else f"charts/{language}/{name}.svg"


def canonical_json(data: object) -> bytes:
    """Encode as canonical JSON (RFC 8785), for texts, integers and lists, the only values in packages."""
    return msgspec.json.encode(data, order="sorted")


def _later_fields(format_: str, file: str) -> list[str]:
    formats = list(ADDED_FIELDS)
    later = formats[formats.index(format_) + 1 :]
    return [path for name in later for path in ADDED_FIELDS[name].get(file, ())]


def _remove(value: object, path: list[str]) -> None:
    """Remove a field from an object, or from each object in a list."""
    if isinstance(value, list):
        for inner in value:
            _remove(inner, path)
    elif isinstance(value, dict):
        name, *rest = path
        if rest:
            _remove(value.get(name), rest)
        else:
            value.pop(name, None)
