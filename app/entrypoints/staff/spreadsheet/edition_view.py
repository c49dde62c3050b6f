"""Next year's file as the preview shows it: what is new, changed here, changed there and gone, and what it asks."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from msgspec import Struct

from app.entrypoints.staff.spreadsheet.edition_words import (
    KIND_NAMES,
    QUESTION_WORDS,
    column_name,
    part_of,
    value_in_words,
)
from app.presentation.i18n.labels import day_text
from app.presentation.i18n.translation import _, ngettext
from app.presentation.narrative.word_differences import TextPiece, mark_differences
from app.services.mapping.edition import ChangedRow, ChangeKind, FieldChange, NextEdition
from app.services.mapping.guesses import Guess
from app.services.mapping.importing import SheetPreview
from app.services.mapping.saved import LastFile
from app.services.mapping.types import HERE, IN_FILE, RowCorrections

MAX_EDITION_ROWS = 50
"""Rows that a section shows; those that ask something come first."""
_NUMBER, _TITLE = "recommendations.number", "recommendations.title"
_USE = re.compile(r"use-([1-9][0-9]{0,8})-(.{1,300})")
_IS = re.compile(r"is-([1-9][0-9]{0,8})")
NEW_ITEM = "+"
"""The answer that a row is a new recommendation."""


class EditionField(Struct, frozen=True, kw_only=True):
    """A difference in words. The old text and that of the file are in pieces, so that what differs can be marked."""

    input: str
    """The name of the answer which text counts."""
    name: str
    part: str
    """The title of the part that a statement is about; empty for the whole recommendation."""
    heading: str
    kind: str
    last: str
    here: tuple[TextPiece, ...]
    file: tuple[TextPiece, ...]
    counts: str
    can_choose: bool


class EditionRow(Struct, frozen=True, kw_only=True):
    row: int
    recommendation: str
    title: str
    fields: tuple[EditionField, ...]


class EditionSection(Struct, frozen=True, kw_only=True):
    """The rows with one kind of difference; `count` is that of all, of which the first are shown."""

    key: str
    title: str
    hint: str
    count: int
    rows: tuple[EditionRow, ...]


class EditionQuestion(Struct, frozen=True, kw_only=True):
    """A row that may be one of some stored recommendations."""

    input: str
    row: int
    title: str
    why: str
    candidates: tuple[tuple[str, str], ...]
    """Id and title, the likeliest first."""


class EditionItem(Struct, frozen=True):
    """A recommendation that is new or gone; `row` is 0 for one that is gone."""

    row: int
    recommendation: str
    number: str
    title: str


class EditionView(Struct, frozen=True, kw_only=True):
    """Everything about next year's file."""

    questions: tuple[EditionQuestion, ...]
    sections: tuple[EditionSection, ...]
    new: tuple[EditionItem, ...]
    new_count: int
    gone: tuple[EditionItem, ...]
    gone_count: int
    used: str
    """Which answers were used again, and what is new since; empty if there was no file before."""
    needs_reason: bool
    is_of_another_register: bool


def view_edition(made: SheetPreview, guess: Guess, *, is_open: bool) -> EditionView:
    """What the preview shows of a file of a register that has recommendations already."""
    edition = made.edition
    titles = {row.fact.id: row.fact.title for row in made.plan.stored.recommendations}
    return EditionView(
        questions=tuple(_questions(made, titles)),
        sections=tuple(section for section in _sections(edition, _part_titles(made)) if section.count),
        new=tuple(EditionItem(n.row, n.recommendation, n.number, n.title) for n in edition.new[:MAX_EDITION_ROWS]),
        new_count=len(edition.new),
        gone=tuple(EditionItem(0, g.recommendation, g.number, g.title) for g in edition.gone[:MAX_EDITION_ROWS]),
        gone_count=len(edition.gone),
        used=replayed_sentence(made.last_file, guess) if made.last_file else "",
        needs_reason=is_open and bool(made.plan.amendments),
        is_of_another_register=edition.is_of_another_register,
    )


def read_edition_answers(
    corrections: RowCorrections, answers: Mapping[str, str]
) -> tuple[dict[str, str], dict[int, str]]:
    """Which text counts by row and column, and what rows are, with the answers of a form."""
    counts, matches = dict(corrections.counts), dict(corrections.matches)
    for name, answer in answers.items():
        if (use := _USE.fullmatch(name)) and answer in (IN_FILE, HERE):
            counts[f"{use[1]} {use[2]}"] = answer
        elif (row := _IS.fullmatch(name)) and answer:
            matches[int(row[1])] = "" if answer == NEW_ITEM else answer
    return counts, matches


def is_edition_answer(name: str) -> bool:
    """Whether a field of a form is an answer about next year's file."""
    return bool(_USE.fullmatch(name) or _IS.fullmatch(name)) or name == "unmatched"


def replayed_sentence(last: LastFile, guess: Guess) -> str:
    """Which answers were used again, and how much is new since."""
    words = sum(word.is_new and not word.code for some in guess.words.values() for word in some)
    columns = sum(column.is_new and column.must_choose for column in guess.columns.values())
    used = _("The answers of %(day)s are used again.", day=day_text(last.at.date().isoformat()))
    if not words and not columns:
        return used
    new = [ngettext("%(num)d new word", "%(num)d new words", words)] if words else []
    new += [ngettext("%(num)d new column", "%(num)d new columns", columns)] if columns else []
    needs = _("Needs an answer: %(things)s.", things=", ".join(new))
    return f"{used} {needs}"


def _questions(made: SheetPreview, titles: Mapping[str, str]) -> Iterator[EditionQuestion]:
    own = {item.number: item for item in made.table.items}
    for question in made.matches.questions[:MAX_EDITION_ROWS]:
        texts = [text for text in own[question.row].row.cells if text.strip()]
        yield EditionQuestion(
            input=f"is-{question.row}",
            row=question.row,
            title=" · ".join(texts[:2])[:200],
            why=str(QUESTION_WORDS[question.cause]),
            candidates=tuple((ident, titles.get(ident, ident)) for ident in question.candidates[:MAX_EDITION_ROWS]),
        )


def _part_titles(made: SheetPreview) -> dict[tuple[str, str], str]:
    """The title of each part, stored or new, by its recommendation and its id."""
    rows = (*made.plan.stored.elements, *made.plan.new["elements"])
    return {(row.recommendation, row.fact.id): row.fact.title for row in rows}


def _sections(edition: NextEdition, parts: Mapping[tuple[str, str], str]) -> Iterator[EditionSection]:
    """What asks for an answer comes first, then what is stored, then what is kept."""
    changed = {ChangeKind.CHANGED}
    yield _section(edition.rows, parts, "both", {ChangeKind.BOTH})
    yield _section(edition.reworded, parts, "reworded", changed, only={_TITLE})
    yield _section(edition.renumbered, parts, "renumbered", changed, only={_NUMBER})
    yield _section(edition.rows, parts, "changed", changed, without={_TITLE, _NUMBER}, but=edition)
    yield _section(edition.rows, parts, "here", {ChangeKind.HERE})
    yield _section(edition.rows, parts, "emptied", {ChangeKind.EMPTIED})
    yield _section(edition.rows, parts, "not_stored", {ChangeKind.NOT_STORED})


def _section(
    rows: Iterable[ChangedRow],
    parts: Mapping[tuple[str, str], str],
    key: str,
    kinds: set[ChangeKind],
    *,
    only: set[str] | None = None,
    without: Collection[str] = (),
    but: NextEdition | None = None,
) -> EditionSection:
    """The rows with differences of some kinds, in some columns."""
    found = []
    for row in rows:
        changes = [change for change in row.of_kind(*kinds) if only is None or change.column in only]
        if but is not None:
            changes = [c for c in changes if not _is_shown_elsewhere(row, c, without)]
        if changes:
            found.append((row, changes))
    found.sort(key=lambda entry: all(change.counts for change in entry[1]))
    title, hint = KIND_NAMES[key]
    return EditionSection(
        key=key,
        title=str(title),
        hint=str(hint),
        count=len(found),
        rows=tuple(_row(row, changes, parts) for row, changes in found[:MAX_EDITION_ROWS]),
    )


def _is_shown_elsewhere(row: ChangedRow, change: FieldChange, columns: Collection[str]) -> bool:
    """Whether a title or number is among those that are reworded or renumbered."""
    if change.column not in columns:
        return False
    return row.is_reworded if change.column == _TITLE else row.is_renumbered


def _row(row: ChangedRow, changes: Iterable[FieldChange], parts: Mapping[tuple[str, str], str]) -> EditionRow:
    return EditionRow(
        row=row.row,
        recommendation=row.recommendation,
        title=row.title,
        fields=tuple(
            _field(row.row, change, parts.get((row.recommendation, part_of(change.column)), "")) for change in changes
        ),
    )


def _field(row: int, change: FieldChange, part: str) -> EditionField:
    here, file = (value_in_words(change.column, text) for text in (change.here, change.file))
    marked_here, marked_file = mark_differences(here, file)
    return EditionField(
        input=f"use-{row}-{change.column}",
        name=column_name(change.column),
        part=part,
        heading=change.heading,
        kind=change.kind.value,
        last="" if change.last is None else value_in_words(change.column, change.last),
        here=marked_here,
        file=marked_file,
        counts=change.counts,
        can_choose=change.kind is not ChangeKind.NOT_STORED and (bool(change.file) or "." in change.column),
    )
