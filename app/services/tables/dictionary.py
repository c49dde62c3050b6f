"""The meaning of every column of every file."""

from collections.abc import Sequence

from app.services.bundles.columns import SHEETS
from app.services.bundles.languages import language_name
from app.services.bundles.sheet_types import BundleColumn
from app.services.tables.csv_files import DataTable
from domain.values import DEFAULT_LANGUAGES

SCORECARD_MEANINGS = {
    "id": "The recommendation’s id.",
    "number": "Its number as printed in the publication.",
    "position": "Its place in lists, as a whole number; empty if it has none.",
    "priority": "yes if it is a priority.",
    "title": "Its title.",
    "kind": "one_off, continuing, outcome or restraint.",
    "theme": "The theme’s id.",
    "addressees": "Ids of the bodies asked on that day, for it or its elements, separated by semicolons.",
    "status": "The code of its status on the day asked about.",
    "bucket": "done, under_way, not_done or not_rated.",
    "since": "The first day of the unbroken run of this status, as precise as it is known.",
    "motion": "advancing, steady, stalled or regressing; empty if not stated.",
    "confidence": "low, medium or high.",
    "statement": "Where it is on that day: the newest statement since this status began, else the rationale.",
    "freshness": "current, due or stale: whether the assessment is past its review day.",
    "review_by": "The day by which the assessment must be reviewed.",
    "peak": "The furthest status reached since it was recommended.",
    "peak_on": "The first day of it.",
    "assessment": "The id of the assessment in force; empty where the status follows from parts.",
    "due_on": "The due date of the deadline in force; a short form counts as its last day.",
    "due_stated_on": "The day on which that deadline was stated.",
    "due_state": "overdue, upcoming (within 90 days), open, met or met_late; empty without a deadline.",
    "legacy": "yes if it was imported from an earlier record and does not meet a rule.",
    "as_of": "The day in the world that the row is about.",
    "known_at": "The “as known at” time (UTC).",
}
SHARED_MEANINGS = {
    "id": "The id by which other files name it.",
    "title": "Its title.",
    "summary": "What it says, in a few sentences.",
    "kind": "one_off, continuing, outcome or restraint.",
    "url": "Its address on the web.",
    "archived_url": "The address of a copy in an archive, such as the Wayback Machine.",
    "publisher": "Who published it.",
    "published_on": "The day it was published, as precise as known.",
    "language": "Its language, as a code such as en or ko.",
    "recommendation": "The id of the recommendation.",
    "element": "The id of the element; empty for the recommendation as a whole.",
    "evidence": "Ids of the evidence it is based on, separated by semicolons.",
    "authors": "Who wrote it, separated by semicolons.",
    "name": "Its name.",
    "short_name": "A shorter name, for lists.",
    "parent": "The id of the body it belongs to.",
    "position": "Its place in lists, as a whole number; empty if it has none.",
    "theme": "The theme’s id.",
    "addressees": "Ids of the addressees, separated by semicolons.",
    "instruments": "Acts and procedures that it names, separated by semicolons.",
    "publication": "The id of the publication that made it.",
    "also_in": "Ids of other publications with the same recommendation.",
    "locator": "Where it is in the publication.",
    "recommended_on": "The day it was recommended, as precise as known.",
    "aliases": "Other names used to find it.",
    "strength": "How explicit the recommendation is.",
    "indicators": "What could be measured, separated by semicolons.",
    "number": "Its number as printed in the publication.",
    "priority": "yes if it is a priority.",
    "registered_at": "When it was added to this register (UTC).",
    "core": "yes if the whole recommendation depends on it.",
    "done_when": "When it is done, in a sentence.",
    "counts": "What counts.",
    "does_not_count": "What does not count.",
    "sources_needed": "Which sources an assessment needs.",
    "author": "Who wrote the success criteria.",
    "approved_by": "Who approved it, another person than its author.",
    "approved_at": "When it was approved (UTC).",
    "accessed_on": "The day it was accessed.",
    "source_class": "What kind of source it is, by the codes of the methodology.",
    "sha256": "The digest of the saved file, if there is one.",
    "status": "The code of the status.",
    "effective_on": "The day from which it applied in the world, as precise as known.",
    "reason": "The reason for the assessment.",
    "cause": "Why it was reversed; only with reversed.",
    "motion": "advancing, steady, stalled or regressing; may be empty.",
    "confidence": "How well the evidence supports it: low, medium or high.",
    "statement": "Where it is now, in a sentence that can be read alone.",
    "rationale": "The rationale.",
    "proposed_by": "Who proposed it.",
    "published_by": "Who published it.",
    "review_by": "The day by which it must be reviewed.",
    "window_from": "The first day through which it was kept; only with in_effect.",
    "window_to": "The last such day; empty while it runs.",
    "published_at": "When this register published it (UTC).",
    "methodology": "The version of the methodology it was made under.",
    "legacy": "yes if it was imported from an earlier record and does not meet a rule.",
    "assessment": "The id of the assessment that was withdrawn; empty where a recommendation was.",
    "body": "The id of the body.",
    "note": "A note.",
    "withdrawn_at": "When it was withdrawn (UTC).",
    "withdrawn_reason": "Why it was withdrawn, in words.",
    "withdrawn_by": "Who withdrew it.",
    "replaced_by": "The id of the assessment that replaces it.",
    "date": "The day in the world, as precise as known.",
    "recommendations": "Ids of the recommendations it is about, separated by semicolons.",
    "from": "The id of the recommendation that is related to another one.",
    "relation": "renews, split_from, merged_from, supersedes or repeats.",
    "to": "The id of the other recommendation, register:id for one of another register, or its address.",
    "on": "The day from which they are related, as precise as known; empty if not stated.",
    "merged_into": "The id of the body that it became part of.",
    "merged_on": "The day from which it is part of that body, as precise as known.",
    "merged_why": "Why they were merged, in words.",
    "merged_at": "When this register merged them (UTC).",
    "role": "lead or joint; lead if empty.",
    "from_on": "The first day on which the body was asked, as precise as stated; empty if on all earlier days too.",
    "to_on": "The last day on which it was asked, as precise as stated; empty if on all later days too.",
    "direction": "advances, sets_back, neutral or reverses.",
}
"""Meanings by column name, the same in every file except those below."""
OWN_MEANINGS = {
    ("addressees", "recommendation"): "The recommendation that it is about.",
    ("addressees", "element"): "The element that it is about; empty for the whole recommendation.",
    ("responses", "id"): "The response’s id.",
    ("responses", "recommendation"): "The recommendation that it is about.",
    ("responses", "element"): "The element that it is about; empty for the whole recommendation.",
    ("addressees", "body"): "The id of the body that was asked.",
    ("responses", "body"): "The body that responded.",
    ("responses", "position"): "accepts, accepts_in_part, notes, rejects or disputes.",
    ("responses", "given_on"): "The day on which the body said it, as precise as known.",
    ("responses", "summary"): "What the body said, in a sentence or two.",
    ("responses", "assessment"): "The id of the assessment that it answers; empty where it answers none.",
    ("deadlines", "id"): "The deadline’s id.",
    ("deadlines", "recommendation"): "The recommendation that was due.",
    ("deadlines", "element"): "The element that was due; empty for the whole recommendation.",
    ("deadlines", "due_on"): "The day by which it was due; a short form counts as its last day.",
    ("deadlines", "stated_on"): "The day on which the deadline was stated, as precise as known.",
    ("deadlines", "stated_by"): "Who stated it: the id of a publication or a body, or a name.",
    ("deadlines", "note"): "What else was said about it.",
    ("withdrawals", "reason"): "Why it was withdrawn, in words.",
    (
        "withdrawals",
        "recommendation",
    ): "The id of the recommendation withdrawn; empty where it was an assessment.",
    ("elements", "id"): "The element’s id within its recommendation.",
}


def column_meaning(file: str, column: str) -> str:
    """Return the meaning of a column. Raises `KeyError` if it has none."""
    if file == "scorecard":
        return SCORECARD_MEANINGS[column]
    return OWN_MEANINGS.get((file, column)) or SHARED_MEANINGS[column]


def scorecard_meanings(languages: Sequence[str]) -> dict[str, str]:
    """The meanings of the columns of a scorecard by name, with a title in each other language after the title."""
    meanings: dict[str, str] = {}
    for name, text in SCORECARD_MEANINGS.items():
        meanings[name] = text
        if name == "title":
            meanings |= {f"title_{code}": f"Its title in {language_name(code)}." for code in languages[1:]}
    return meanings


def _translation_meaning(column: BundleColumn) -> str:
    what = f"Its {column.original}" if column.original in ("title", "name") else "The same"
    return f"{what} in {language_name(column.language)}."


def build_dictionary(languages: Sequence[str] = DEFAULT_LANGUAGES) -> DataTable:
    """Return a table of every column of every file with its meaning, for a register in these languages."""
    rows = [("scorecard", name, "yes", text) for name, text in scorecard_meanings(languages).items()]
    for sheet in SHEETS:
        for column in sheet.in_languages(languages).columns:
            meaning = _translation_meaning(column) if column.original else column_meaning(sheet.name, column.name)
            rows.append((sheet.name, column.name, "yes" if column.required else "", meaning))
    return DataTable("columns", ("file", "column", "always_filled", "meaning"), tuple(rows))
