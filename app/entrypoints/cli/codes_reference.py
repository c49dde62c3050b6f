"""The reference of codes: each with its label in every language of the interface.

Run `python -m app.entrypoints.cli.codes_reference > docs/codes.md`.
"""

import inspect
from collections.abc import Mapping
from enum import StrEnum

from app.presentation.i18n import labels
from app.presentation.i18n.languages import LANGUAGES, english_name
from app.presentation.i18n.source_titles import REMOVAL_REASON
from app.presentation.i18n.translation import LazyText, page_language, set_language
from domain import codes

LABELS: dict[type[StrEnum], Mapping[str, LazyText]] = {
    codes.Status: labels.STATUS,
    codes.Bucket: labels.BUCKET,
    codes.Kind: labels.KIND,
    codes.Reason: labels.REASON,
    codes.Cause: labels.CAUSE,
    codes.Motion: labels.MOTION,
    codes.Confidence: labels.CONFIDENCE,
    codes.SourceClass: labels.SOURCE_CLASS,
    codes.RemovalReason: REMOVAL_REASON,
    codes.Direction: labels.DIRECTION,
    codes.Freshness: labels.FRESHNESS,
    codes.DeadlineState: labels.DEADLINE_STATE,
    codes.Position: labels.POSITION,
}
MEANINGS: dict[type[StrEnum], str] = {
    codes.Status: "What an assessment says of an item. [states.md](states.md) says what may follow each.",
    codes.Bucket: "The group in which a scorecard counts a status.",
    codes.Kind: "What sort of action a recommendation or an element asks for.",
    codes.Reason: "Why an assessment was made.",
    codes.Cause: "How something was undone; only with the status “reversed”.",
    codes.Motion: "Where an item is heading, whatever its status is.",
    codes.Confidence: "How well the sources support an assessment.",
    codes.SourceClass: "How close a source is to what it reports.",
    codes.RemovalReason: "Why the texts of a source were removed permanently.",
    codes.PeerReview: "When a register needs a second person to publish.",
    codes.Direction: "Whether a development helps or hinders a recommendation.",
    codes.DeadlineState: "What became of the deadline in force of an item, on the day asked about.",
    codes.Freshness: "Whether an assessment is due for review.",
    codes.AddresseeRole: "How a body was asked: to lead, or to act with others.",
    codes.Position: "What a body that was asked says about a recommendation or an assessment.",
    codes.RelationKind: "How a recommendation is related to another one.",
}
_HEAD = """# Codes

Codes are stored in events and bundles, and shown by the API. Pages show their labels. This page is written by
`python -m app.entrypoints.cli.codes_reference > docs/codes.md` from
[`domain/codes.py`](../domain/codes.py) and compared by a test.
"""


def code_classes() -> list[type[StrEnum]]:
    """All classes of codes, in the order of their module."""
    members = vars(codes).values()
    return [m for m in members if inspect.isclass(m) and issubclass(m, StrEnum) and m is not StrEnum]


def reference() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(map(_section, code_classes()))


def _section(code_class: type[StrEnum]) -> str:
    texts = LABELS.get(code_class)
    languages = LANGUAGES if texts else ()
    head = ["code", *map(english_name, languages)]
    rows = [[f"`{code}`", *(_label(texts, code, language) for language in languages)] for code in code_class]
    lines = [head, ["---"] * len(head), *rows]
    table = "".join(f"| {' | '.join(cells)} |\n" for cells in lines)
    return f"\n## {code_class.__name__}\n\n{MEANINGS[code_class]}\n\n{table}"


def _label(texts: Mapping[str, LazyText] | None, code: str, language: str) -> str:
    before = page_language()
    set_language(language)
    try:
        return str(texts[code]) if texts else ""
    finally:
        set_language(before)


if __name__ == "__main__":
    print(reference(), end="")
