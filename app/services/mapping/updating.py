"""Compares next year's file with what is stored and with what the last file said, and keeps what staff changed.

A text counts as changed in the file only if the file says something else than last time.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import (
    AddresseeRow,
    AssessmentRow,
    Bundle,
    DeadlineRow,
    RecommendationRow,
    ResponseRow,
)
from app.services.mapping.asked_bodies import roles_in_file, roles_on, roles_text, rows_from
from app.services.mapping.edition import ChangedRow, ChangeKind, FieldChange, GoneItem, NewItem, NextEdition
from app.services.mapping.fact_overlay import changed_columns, fact_texts, overlay
from app.services.mapping.matching import Matches, item_texts
from app.services.mapping.said_texts import SaidTexts, part_prefix
from app.services.mapping.saved import LastFile, SaidRow
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import HERE, IN_FILE, SheetMapping
from domain.codes import AddresseeRole
from domain.errors import refusal
from domain.times import first_day
from domain.values import Addressee, RecommendationFacts, SuccessCriteria, TranslatedFact

_ITEM_SHEETS = ("cards", "assessments", "deadlines", "responses", "relations", "addressees")
_BOTH = refusal(
    "It was changed in the file and here.",
    cure='Choose which text counts, or say it once for all: conflicts = "file" or "here" among the choices.',
)
_OLD_DAY = refusal(
    "The status changed, but its day is still that of the last file.",
    cure="Enter the day of the statuses of this file.",
)
_OTHER_REGISTER = refusal(
    "Almost no row of the file is in this register.",
    cure='Choose the register that the file belongs to. If its rows are new ones, say so: unmatched = "new" among the '
    "choices.",
)


class StoredNow(Struct, frozen=True):
    """What is stored when a file is compared with it."""

    bundle: Bundle
    drafts: Mapping[tuple[str, str], SuccessCriteria]
    """Drafts of success criteria, by recommendation and element."""
    last: LastFile | None = None
    today: date = date.max
    is_open: bool = False
    proposed: frozenset[tuple[str, str, str, str]] = frozenset()
    """Statuses that wait for a second person: recommendation, element, status and day."""


class BuiltSheet(Struct, frozen=True):
    """What a sheet makes: valid rows, the id of each item by its row, and the person's headings by bundle column."""

    table: SheetTable
    bundle: Bundle
    recommendations: Mapping[int, str]
    origins: Mapping[tuple[str, str], str]


def compare_edition(
    built: BuiltSheet,
    mapping: SheetMapping,
    matches: Matches,
    stored: StoredNow,
    counts: Mapping[str, str],
) -> NextEdition:
    """Return every difference of a file to what is stored, and the rows that are left to import.

    `counts` says which text counts where a person chose, by row and column.
    """
    return _Comparison(built, mapping, matches, stored, counts).compare()


class _Comparison:
    """Compares item by item; decides for each text whether that of the file or the stored one counts."""

    def __init__(
        self,
        built: BuiltSheet,
        mapping: SheetMapping,
        matches: Matches,
        stored: StoredNow,
        counts: Mapping[str, str],
    ) -> None:
        self.built, self.mapping, self.matches, self.stored, self.counts = built, mapping, matches, stored, counts
        self.last = stored.last.said if stored.last else {}
        self.columns = built.table.columns or mapping.columns
        self.texts = SaidTexts(self.columns, mapping)
        self.here = _Here(stored, built.bundle)
        self.in_file = {row.fact.id: row for row in built.bundle.recommendations}
        self.rows = {name: _by_recommendation(getattr(built.bundle, name)) for name in _ITEM_SHEETS}
        self.kept: dict[str, list[Any]] = {name: [] for name in ("recommendations", *_ITEM_SHEETS)}
        self.changes: list[FieldChange] = []
        self.problems: list[BundleProblem] = []
        self._headings: dict[tuple[str, str], str] = {}

    def compare(self) -> NextEdition:
        changed: list[ChangedRow] = []
        new: list[NewItem] = []
        said: dict[str, SaidRow] = {}
        asked = {question.row for question in self.matches.questions}
        for item in self.built.table.items:
            ident = self.built.recommendations.get(item.number, "")
            if item.number in asked or ident not in self.in_file:
                continue
            if item.number in self.matches.rows:
                changed += self._compare_item(item, ident, said)
            else:
                new.append(self._add_new(item, ident, said))
        is_other = self.matches.is_of_another_register and not self.mapping.choices.unmatched
        if is_other:
            self.problems.append(BundleProblem(self.built.table.file, 0, "", _OTHER_REGISTER))
        rows = {name: tuple(kept) for name, kept in self.kept.items()}
        return NextEdition(
            bundle=replace(self.built.bundle, **rows),
            new=tuple(new),
            rows=tuple(changed),
            gone=tuple(self._gone()),
            problems=tuple(self.problems),
            is_of_another_register=is_other,
            said=said,
        )

    # Items

    def _add_new(self, item: SheetItem, ident: str, said: dict[str, SaidRow]) -> NewItem:
        self.kept["recommendations"].append(self.in_file[ident])
        for name in _ITEM_SHEETS:
            self.kept[name] += self.rows[name].get(ident, ())
        for row in self.rows["assessments"].get(ident, ()):
            self._check_day(item, row, self._texts_of(item, row.line))
        said[ident] = self._said(item, ident)
        facts = self.in_file[ident].fact
        return NewItem(item.number, ident, facts.title, facts.number)

    def _compare_item(self, item: SheetItem, ident: str, said: dict[str, SaidRow]) -> Iterable[ChangedRow]:
        self.changes, row = [], self.in_file[ident]
        before = {sheet: len(self.kept[sheet]) for sheet in _STATEMENTS.values()}
        last = self.last.get(ident, SaidRow()).cells
        here = self.here.recommendations[ident]
        file = replace(row.fact, addressees=here.addressees)
        fact = self._overlaid(item, "recommendations", here, file, last, "recommendations.")
        fact = self._compare_addressees(item, row, fact, last)
        self.kept["recommendations"].append(replace(row, fact=fact))
        for card in self.rows["cards"].get(ident, ()):
            self._compare_criteria(item, card, last)
        for assessment in self.rows["assessments"].get(ident, ()):
            self._compare_status(item, assessment, last)
        for deadline in self.rows["deadlines"].get(ident, ()):
            self._compare_deadline(item, deadline, last)
        for response in self.rows["responses"].get(ident, ()):
            self._compare_response(item, response, last)
        self._compare_relations(item, ident, last)
        said[ident] = self._said(item, ident)
        stated = {sheet for sheet, number in before.items() if len(self.kept[sheet]) > number}
        self._note_the_rest(ident, last, said[ident].cells, stated)
        reworded, renumbered = item.number in self.matches.reworded, item.number in self.matches.renumbered
        if self.changes or reworded or renumbered:
            yield ChangedRow(
                row=item.number,
                recommendation=ident,
                title=here.title,
                changes=tuple(self.changes),
                is_reworded=reworded,
                is_renumbered=renumbered,
            )

    def _gone(self) -> Iterable[GoneItem]:
        for ident in self.matches.gone:
            facts = self.here.recommendations[ident]
            yield GoneItem(ident, facts.title, facts.number)

    # Facts

    def _overlaid(self, item: SheetItem, sheet: str, here: Any, file: Any, last: Mapping[str, str], prefix: str) -> Any:
        """The stored fact with what counts of the file."""
        taken: dict[str, bool] = {}
        ours, theirs = fact_texts(here), fact_texts(file)
        for name in changed_columns(here, file):
            heading = self._heading(sheet, name)
            if not heading:  # the file does not have it: a summary follows the title that it repeats
                follows = name.startswith("summary") and not self._heading(sheet, "summary")
                taken[name] = follows and taken.get(name.replace("summary", "title"), False)
                continue
            texts = last.get(prefix + name), ours.get(name, ""), theirs.get(name, "")
            taken[name] = self._decide(item, prefix + name, heading, texts, (here, file, name)) == IN_FILE
        return overlay(here, file, lambda name: taken.get(name, False))

    def _heading(self, sheet: str, column: str) -> str:
        """The person's heading of a column of a bundle, or of its original; empty if no column fills it."""
        key = sheet, column
        if key not in self._headings:
            languages = self.built.bundle.settings.languages
            originals = (column, *(column.removesuffix(f"_{language}") for language in languages))
            headings = (self.built.origins.get((sheet, original)) for original in originals)
            self._headings[key] = next(filter(None, headings), "")
        return self._headings[key]

    def _decide(
        self,
        item: SheetItem,
        column: str,
        heading: str,
        texts: tuple[str | None, str, str],
        shown: tuple[Any, Any, str] | None = None,
        *,
        changed_here: bool | None = None,
    ) -> str:
        """Note a difference between what the file said last, what is here and what it says; return what counts."""
        last, here, file = texts
        differs_here = changed_here if changed_here is not None else last is not None and here != last
        if last is not None and file == last:
            kind, counts = ChangeKind.HERE, HERE
        elif not file:
            kind, counts = ChangeKind.EMPTIED, HERE
        elif differs_here:
            kind, counts = ChangeKind.BOTH, self.mapping.choices.conflicts
        else:
            kind, counts = ChangeKind.CHANGED, IN_FILE
        counts = self.counts.get(f"{item.number} {column}", counts)
        if not counts:
            self.problems.append(BundleProblem(self.built.table.file, item.number, heading, _BOTH, file))
        ours, theirs = (self.here.shown(*shown)) if shown else (here, file)
        self.changes.append(
            FieldChange(column=column, heading=heading, kind=kind, last=last, here=ours, file=theirs, counts=counts)
        )
        return counts

    # Statements

    def _compare_addressees(
        self, item: SheetItem, row: RecommendationRow, fact: RecommendationFacts, last: Mapping[str, str]
    ) -> RecommendationFacts:
        """Compare who is asked. In an open register it changes from today on, as rows with days."""
        ident, column = fact.id, "recommendations.addressees"
        heading = self._heading("recommendations", "addressees")
        stated, rows = fact.addressees, self.here.addressees.get(ident, [])
        here = roles_on(stated, rows, self.stored.today)
        file = roles_in_file(row.fact.addressees, self.rows["addressees"].get(ident, ()))
        if not heading or here == file:
            return fact
        texts = last.get(column), roles_text(here), roles_text(file)
        counts = self._decide(item, column, heading, texts)
        names = self.here.names["addressees"]
        self.changes[-1] = replace(
            self.changes[-1], here=roles_text(here, names), file=roles_text(file, names), last=_named(texts[0], names)
        )
        if counts != IN_FILE:
            return fact
        if not (self.stored.is_open or rows or AddresseeRole.JOINT in file.values()):
            return replace(fact, addressees=row.fact.addressees)
        self.kept["addressees"] += [
            AddresseeRow(row.line, addressee, ident) for addressee in rows_from(self.stored.today, stated, rows, file)
        ]
        return fact

    def _compare_criteria(self, item: SheetItem, row: Any, last: Mapping[str, str]) -> None:
        here = self.here.criteria.get((row.recommendation, row.fact.element))
        if here is None:
            self.kept["cards"].append(row)
            return
        file = replace(row.fact, author=here.author)
        fact = self._overlaid(item, "cards", here, file, last, _prefix("cards", row.fact.element))
        if fact != here:
            self.kept["cards"].append(replace(row, fact=fact, approved_by="", approved_at=None))

    def _compare_status(self, item: SheetItem, row: AssessmentRow, last: Mapping[str, str]) -> None:
        texts, prefix = self._texts_of(item, row.line), self._prefix_of(item, row.line)
        on = row.fact.effective_on if row.fact.effective_on in self.texts.days() else ""
        key = f"status@{on}" if on else "status"
        said, now = _status_text(last, prefix, key), _status_text(texts, "", key)
        here = self.here.status((row.recommendation, row.fact.element), on)
        was = last.get(prefix + key)
        item_and_status = row.recommendation, row.fact.element, row.fact.status.value, row.fact.effective_on
        if item_and_status in self.stored.proposed:
            return
        column = f"{key}/{row.fact.element}" if row.fact.element else key
        heading = self._heading_of("status", on)
        differs_here = was is not None and here not in (was, row.fact.status.value)
        texts_then = said if was is not None else None, here, now
        if self._decide(item, column, heading, texts_then, changed_here=differs_here) == IN_FILE:
            self.kept["assessments"].append(row)
            self._check_day(item, row, texts)
            day = row.fact.effective_on
            self.changes[-1] = replace(self.changes[-1], last=was, file=f"{row.fact.status.value} ({day})")

    def _check_day(self, item: SheetItem, row: AssessmentRow, texts: Mapping[str, str]) -> None:
        """A status of this year must not have the day that was chosen for all statuses of the last file."""
        chosen, last = self.mapping.choices.status_on, self.stored.last
        if not last or row.recommendation not in last.said:
            return
        if row.fact.effective_on in self.texts.days() or texts.get("status_on"):
            return
        if chosen == last.mapping.choices.status_on and row.fact.effective_on == chosen:
            heading = self._heading_of("status")
            self.problems.append(BundleProblem(self.built.table.file, row.line, heading, _OLD_DAY, chosen))

    def _compare_deadline(self, item: SheetItem, row: DeadlineRow, last: Mapping[str, str]) -> None:
        here = self.here.deadlines.get((row.recommendation, row.fact.element))
        since = self._is_later(here.published_at if here else None)
        ours = f"{here.fact.due_on}" if here else ""
        counts = self._decide_statement(item, row, ("deadline",), last, (ours, row.fact.due_on), since)
        if counts == IN_FILE:
            if here and not self.built.origins.get(("deadlines", "stated_on")):
                fact = replace(here.fact, due_on=row.fact.due_on)
                row = replace(row, fact=fact)
            elif here:
                row = replace(row, fact=replace(row.fact, id=here.fact.id))
            self.kept["deadlines"].append(row)

    def _compare_response(self, item: SheetItem, row: ResponseRow, last: Mapping[str, str]) -> None:
        here = self.here.responses.get((row.recommendation, row.fact.element, row.fact.body))
        since = self._is_later(here.published_at if here else None)
        ours = here.fact.position.value if here else ""
        fields = ("response", "response_by", "response_on", "response_text")
        counts = self._decide_statement(item, row, fields, last, (ours, row.fact.position.value), since)
        if counts == IN_FILE:
            if here and here.fact.given_on == row.fact.given_on:
                row = replace(row, fact=replace(row.fact, id=here.fact.id))
            self.kept["responses"].append(row)

    def _decide_statement(
        self,
        item: SheetItem,
        row: DeadlineRow | ResponseRow,
        fields: tuple[str, ...],
        last: Mapping[str, str],
        shown: tuple[str, str],
        since: bool,
    ) -> str:
        """What counts of a statement: it is changed in the file if any of its fields is."""
        texts, prefix = self._texts_of(item, row.line), self._prefix_of(item, row.line)
        key, (here, file) = fields[0], shown
        was = last.get(prefix + key)
        is_same = was is not None and all(last.get(prefix + f) == texts.get(f) for f in fields)
        column = f"{key}/{row.fact.element}" if row.fact.element else key
        heading = self._heading_of(key)
        said = file if is_same else None if was is None else was
        return self._decide(item, column, heading, (said, here, file), changed_here=was is not None and since)

    def _is_later(self, at: Any) -> bool:
        """Whether something was published here after the last file was imported."""
        return bool(self.stored.last and at and at > self.stored.last.at)

    def _compare_relations(self, item: SheetItem, ident: str, last: Mapping[str, str]) -> None:
        """Relations that the file says again, though staff withdrew them, are left as they are."""
        if "renews" not in last or last["renews"] != self._texts_of(item, item.number).get("renews"):
            self.kept["relations"] += self.rows["relations"].get(ident, ())

    def _note_the_rest(self, ident: str, last: Mapping[str, str], now: Mapping[str, str], stated: set[str]) -> None:
        """Note what changed in the file and is not stored, so that nothing is silent: a text about a status that is
        the same, and a status that is not there any more. `stated` has the sheets with new statements.
        """
        if ident not in self.last:
            return
        for key, was in last.items():
            field, text = key.rsplit(">")[-1].split("@")[0].split("#")[0], now.get(key, "")
            if was != text and _BESIDE.get(field, "") not in ("", *stated):
                self._note(key, field, ChangeKind.NOT_STORED if text else ChangeKind.EMPTIED, was, text)
            elif was and not text and field in _STATEMENTS:
                self._note(key, field, ChangeKind.EMPTIED, was, "")
        for key in now.keys() - last.keys():
            field = key.rsplit(">")[-1].split("@")[0].split("#")[0]
            if _BESIDE.get(field, "") not in ("", *stated):
                self._note(key, field, ChangeKind.NOT_STORED, "", now[key])

    def _note(self, key: str, field: str, kind: ChangeKind, was: str, text: str) -> None:
        heading = self._heading_of(field, key.partition("@")[2])
        change = FieldChange(column=key, heading=heading, kind=kind, last=was, here="", file=text, counts=HERE)
        self.changes.append(change)

    def _heading_of(self, field: str, on: str = "") -> str:
        columns = [column for column in self.columns if column.field == field]
        return next((c.heading for c in columns if c.on == on), columns[0].heading if columns else "")

    # What the file says

    def _said(self, item: SheetItem, ident: str) -> SaidRow:
        cells: dict[str, str] = {}
        self._add_said(cells, "recommendations", self.in_file[ident].fact, "recommendations.")
        for card in self.rows["cards"].get(ident, ()):
            self._add_said(cells, "cards", card.fact, _prefix("cards", card.fact.element))
        if "recommendations.addressees" in cells:
            file = roles_in_file(self.in_file[ident].fact.addressees, self.rows["addressees"].get(ident, ()))
            cells["recommendations.addressees"] = roles_text(file)
        cells |= self.texts.read(item.row)
        for part in item.parts:
            prefix = self._prefix_of(item, part.number)
            cells |= {prefix + key: text for key, text in self.texts.read(part).items()}
        texts = item_texts(item.row, self.columns)
        digest = self.matches.digests.get(item.number, "")
        return SaidRow(texts.get("number", ""), texts.get("title", ""), digest, cells)

    def _add_said(self, cells: dict[str, str], sheet: str, fact: TranslatedFact, prefix: str) -> None:
        for name, text in fact_texts(fact).items():
            if self._heading(sheet, name):
                cells[prefix + name] = text

    def _texts_of(self, item: SheetItem, line: int) -> dict[str, str]:
        return self.texts.read(_row_at(item, line))

    def _prefix_of(self, item: SheetItem, line: int) -> str:
        """What the keys of a part's texts begin with; empty for the item's own row."""
        row = _row_at(item, line)
        if row is item.row:
            return ""
        texts = item_texts(row, self.columns)
        return part_prefix(texts.get("part") or texts.get("title", ""))


_SHEETS = {"deadline": "deadlines", "response": "responses"}
_STATEMENTS = {"status": "assessments", **_SHEETS}
"""The fields that make a statement, and its sheet."""
_BESIDE = {**dict.fromkeys(("statement", "rationale", "source"), "assessments"), "response_text": "responses"}
"""Fields whose texts are stored only with a statement, and the sheet of that."""


class _Here:
    """What is stored, by what a file is compared with."""

    def __init__(self, stored: StoredNow, file: Bundle) -> None:
        bundle = stored.bundle
        self.recommendations = {row.fact.id: row.fact for row in bundle.recommendations}
        approved = {(row.recommendation, row.fact.element): row.fact for row in bundle.cards}
        self.criteria: dict[tuple[str, str], SuccessCriteria] = {**approved, **stored.drafts}
        self.deadlines = {
            (row.recommendation, row.fact.element): row
            for row in sorted(bundle.deadlines, key=lambda row: first_day(row.fact.stated_on))
            if not row.withdrawn_reason
        }
        self.responses = {
            (row.recommendation, row.fact.element, row.fact.body): row
            for row in sorted(bundle.responses, key=lambda row: first_day(row.fact.given_on))
            if not row.withdrawn_reason
        }
        self._statuses = _statuses(bundle)
        self.addressees: dict[str, list[Addressee]] = defaultdict(list)
        for row in bundle.addressees:
            if not row.fact.element:
                self.addressees[row.recommendation].append(row.fact)
        both = (bundle, file)
        self.names = {
            "theme": {row.fact.id: row.fact.title for b in both for row in b.themes},
            "addressees": {row.fact.id: row.fact.name for b in both for row in b.bodies},
            "publication": {row.fact.id: row.fact.title for b in both for row in b.publications},
        }
        self.names["also_in"] = self.names["publication"]

    def status(self, item: tuple[str, str], on: str) -> str:
        """The status of an item on a day, or the newest; empty before the first."""
        known = self._statuses.get(item, [])
        day = first_day(on) if on else None
        return next((status for begin, status in reversed(known) if day is None or begin <= day), "")

    def shown(self, here: Any, file: Any, column: str) -> tuple[str, str]:
        """Two versions of a column with names instead of ids."""
        names = self.names.get(column)
        ours, theirs = fact_texts(here).get(column, ""), fact_texts(file).get(column, "")
        if names is None:
            return ours, theirs
        return _named(ours, names) or "", _named(theirs, names) or ""


def _named(ids: str | None, names: Mapping[str, str]) -> str | None:
    return "; ".join(names.get(ident, ident) for ident in ids.split(";")) if ids else ids


def _statuses(bundle: Bundle) -> dict[tuple[str, str], list[tuple[Any, str]]]:
    """The statuses of each item with their first days, in order."""
    withdrawn = {row.assessment for row in bundle.withdrawals if row.assessment}
    found: dict[tuple[str, str], list[tuple[Any, str]]] = defaultdict(list)
    for row in bundle.assessments:
        if row.fact.id not in withdrawn:
            item = row.recommendation, row.fact.element
            found[item].append((first_day(row.fact.effective_on), row.fact.status.value))
    for known in found.values():
        known.sort(key=lambda entry: entry[0])
    return dict(found)


def _status_text(texts: Mapping[str, str], prefix: str, key: str) -> str:
    """A status with the day that its row says, to be compared as one text."""
    status, day = texts.get(prefix + key, ""), texts.get(f"{prefix}status_on", "") if key == "status" else ""
    return f"{status} ({day})" if status and day else status


def _by_recommendation(rows: Iterable[Any]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.from_ if "from_" in row.__struct_fields__ else row.recommendation].append(row)
    return dict(found)


def _row_at(item: SheetItem, line: int) -> CellRow:
    return next((part for part in item.parts if part.number == line), item.row)


def _prefix(sheet: str, element: str) -> str:
    return f"{sheet}/{element}." if element else f"{sheet}."
