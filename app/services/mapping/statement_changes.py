"""Compares the statements of a file: statuses, deadlines, responses and relations, and the texts beside them."""

from collections.abc import Mapping
from datetime import datetime

from msgspec.structs import replace

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import AssessmentRow, DeadlineRow, ResponseRow
from app.services.mapping.comparing import FileComparison
from app.services.mapping.edition import ChangeKind, FieldChange
from app.services.mapping.table import SheetItem
from app.services.mapping.types import HERE, IN_FILE
from domain.errors import refusal

_OLD_DAY = refusal(
    "The status changed, but its day is still that of the last file.",
    cure="Enter the day of the statuses of this file.",
)
_SHEETS = {"deadline": "deadlines", "response": "responses"}
STATEMENT_SHEETS = {"status": "assessments", **_SHEETS}
"""The fields that make a statement, and its sheet."""
_BESIDE = {**dict.fromkeys(("statement", "rationale", "source"), "assessments"), "response_text": "responses"}
"""Fields whose texts are stored only with a statement, and the sheet of that."""


class StatementComparison(FileComparison):
    """Keeps the statements that the file changes. What it says again, though staff changed it, is left as it is."""

    def compare_status(self, item: SheetItem, row: AssessmentRow, last: Mapping[str, str]) -> None:
        texts, prefix = self.texts_of(item, row.line), self.prefix_of(item, row.line)
        on = row.fact.effective_on if row.fact.effective_on in self.texts.days() else ""
        key = f"status@{on}" if on else "status"
        said, now = status_text(last, prefix, key), status_text(texts, "", key)
        here = self.here.status((row.recommendation, row.fact.element), on)
        was = last.get(prefix + key)
        item_and_status = row.recommendation, row.fact.element, row.fact.status.value, row.fact.effective_on
        if item_and_status in self.stored.proposed:
            return
        column = f"{key}/{row.fact.element}" if row.fact.element else key
        heading = self.heading_of("status", on)
        differs_here = was is not None and here not in (was, row.fact.status.value)
        texts_then = said if was is not None else None, here, now
        if self.decide(item, column, heading, texts_then, changed_here=differs_here) == IN_FILE:
            self.kept["assessments"].append(row)
            self.check_day(item, row)
            day = row.fact.effective_on
            self.changes[-1] = replace(self.changes[-1], last=was, file=f"{row.fact.status.value} ({day})")

    def check_day(self, item: SheetItem, row: AssessmentRow) -> None:
        """A status of this year must not have the day that was chosen for all statuses of the last file."""
        chosen, last = self.mapping.choices.status_on, self.stored.last
        if not last or row.recommendation not in last.said:
            return
        if row.fact.effective_on in self.texts.days() or self.texts_of(item, row.line).get("status_on"):
            return
        if chosen == last.mapping.choices.status_on and row.fact.effective_on == chosen:
            heading = self.heading_of("status")
            self.problems.append(BundleProblem(self.built.table.file, row.line, heading, _OLD_DAY, chosen))

    def compare_deadline(self, item: SheetItem, row: DeadlineRow, last: Mapping[str, str]) -> None:
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

    def compare_response(self, item: SheetItem, row: ResponseRow, last: Mapping[str, str]) -> None:
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
        texts, prefix = self.texts_of(item, row.line), self.prefix_of(item, row.line)
        key, (here, file) = fields[0], shown
        was = last.get(prefix + key)
        is_same = was is not None and all(last.get(prefix + f) == texts.get(f) for f in fields)
        column = f"{key}/{row.fact.element}" if row.fact.element else key
        heading = self.heading_of(key)
        said = file if is_same else None if was is None else was
        return self.decide(item, column, heading, (said, here, file), changed_here=was is not None and since)

    def _is_later(self, at: datetime | None) -> bool:
        """Whether something was published here after the last file was imported."""
        return bool(self.stored.last and at and at > self.stored.last.at)

    def compare_relations(self, item: SheetItem, ident: str, last: Mapping[str, str]) -> None:
        """Relations that the file says again, though staff withdrew them, are left as they are."""
        if "renews" not in last or last["renews"] != self.texts_of(item, item.number).get("renews"):
            self.kept["relations"] += self.rows["relations"].get(ident, ())

    def note_the_rest(self, last: Mapping[str, str], now: Mapping[str, str], stated: set[str]) -> None:
        """Note what changed in the file and is not stored, so that nothing is silent: a text about a status that is
        the same, and a status that is not there any more. `stated` has the sheets with new statements.
        """
        for key, was in last.items():
            field, text = key.rsplit(">")[-1].split("@")[0].split("#")[0], now.get(key, "")
            if was != text and _BESIDE.get(field, "") not in ("", *stated):
                self._note(key, field, ChangeKind.NOT_STORED if text else ChangeKind.EMPTIED, was, text)
            elif was and not text and field in STATEMENT_SHEETS:
                self._note(key, field, ChangeKind.EMPTIED, was, "")
        for key in now.keys() - last.keys():
            field = key.rsplit(">")[-1].split("@")[0].split("#")[0]
            if _BESIDE.get(field, "") not in ("", *stated):
                self._note(key, field, ChangeKind.NOT_STORED, "", now[key])

    def _note(self, key: str, field: str, kind: ChangeKind, was: str, text: str) -> None:
        heading = self.heading_of(field, key.partition("@")[2])
        change = FieldChange(column=key, heading=heading, kind=kind, last=was, here="", file=text, counts=HERE)
        self.changes.append(change)


def status_text(texts: Mapping[str, str], prefix: str, key: str) -> str:
    """A status with the day that its row says, to be compared as one text."""
    status, day = texts.get(prefix + key, ""), texts.get(f"{prefix}status_on", "") if key == "status" else ""
    return f"{status} ({day})" if status and day else status
