"""Compares next year's file with what is stored and with what the last file said, and keeps what staff changed.

A text counts as changed in the file only if the file says something else than last time.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from msgspec.structs import replace

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import AddresseeRow, RecommendationRow
from app.services.mapping.asked_bodies import roles_in_file, roles_on, roles_text, rows_from
from app.services.mapping.edition import ChangedRow, GoneItem, NewItem, NextEdition
from app.services.mapping.fact_overlay import changed_columns, fact_texts, overlay
from app.services.mapping.matching import Matches
from app.services.mapping.said_rows import ITEM_SHEETS, BuiltSheet, cell_prefix
from app.services.mapping.saved import SaidRow
from app.services.mapping.statement_changes import STATEMENT_SHEETS, StatementComparison
from app.services.mapping.stored_now import StoredNow, names_of
from app.services.mapping.table import SheetItem
from app.services.mapping.types import IN_FILE, SheetMapping
from domain.codes import AddresseeRole
from domain.errors import refusal
from domain.values import RecommendationFacts

_OTHER_REGISTER = refusal(
    "Almost no row of the file is in this register.",
    cure='Choose the register that the file belongs to. If its rows are new ones, say so: unmatched = "new" among the '
    "choices.",
)


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


class _Comparison(StatementComparison):
    """Compares item by item; decides for each text whether that of the file or the stored one counts."""

    def compare(self) -> NextEdition:
        changed: list[ChangedRow] = []
        new: list[NewItem] = []
        asked = {question.row for question in self.matches.questions}
        for item in self.built.table.items:
            ident = self.built.recommendations.get(item.number, "")
            if item.number in asked or ident not in self.in_file:
                continue
            if item.number in self.matches.rows:
                changed += self._compare_item(item, ident)
            else:
                new.append(self._add_new(item, ident))
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
        )

    def _add_new(self, item: SheetItem, ident: str) -> NewItem:
        self.kept["recommendations"].append(self.in_file[ident])
        for name in ITEM_SHEETS:
            self.kept[name] += self.rows[name].get(ident, ())
        for row in self.rows["assessments"].get(ident, ()):
            self.check_day(item, row)
        facts = self.in_file[ident].fact
        return NewItem(item.number, ident, facts.title, facts.number)

    def _compare_item(self, item: SheetItem, ident: str) -> Iterable[ChangedRow]:
        self.changes, row = [], self.in_file[ident]
        before = {sheet: len(self.kept[sheet]) for sheet in STATEMENT_SHEETS.values()}
        last = self.last.get(ident, SaidRow()).cells
        here = self.here.recommendations[ident]
        file = replace(row.fact, addressees=here.addressees)
        fact = self._overlaid(item, "recommendations", here, file, last, "recommendations.")
        fact = self._compare_addressees(item, row, fact, last)
        self.kept["recommendations"].append(replace(row, fact=fact))
        for card in self.rows["cards"].get(ident, ()):
            self._compare_criteria(item, card, last)
        for assessment in self.rows["assessments"].get(ident, ()):
            self.compare_status(item, assessment, last)
        for deadline in self.rows["deadlines"].get(ident, ()):
            self.compare_deadline(item, deadline, last)
        for response in self.rows["responses"].get(ident, ()):
            self.compare_response(item, response, last)
        self.compare_relations(item, ident, last)
        stated = {sheet for sheet, number in before.items() if len(self.kept[sheet]) > number}
        if ident in self.last:
            self.note_the_rest(last, self.cells(item, ident), stated)
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

    def _overlaid(self, item: SheetItem, sheet: str, here: Any, file: Any, last: Mapping[str, str], prefix: str) -> Any:
        """The stored fact with what counts of the file."""
        if here == file:
            return here
        taken: dict[str, bool] = {}
        ours, theirs = fact_texts(here), fact_texts(file)
        for name in changed_columns(here, file):
            heading = self.heading(sheet, name)
            if not heading:  # the file does not have it: a summary follows the title that it repeats
                follows = name.startswith("summary") and not self.heading(sheet, "summary")
                taken[name] = follows and taken.get(name.replace("summary", "title"), False)
                continue
            texts = last.get(prefix + name), ours.get(name, ""), theirs.get(name, "")
            taken[name] = self.decide(item, prefix + name, heading, texts, (here, file, name)) == IN_FILE
        return overlay(here, file, lambda name: taken.get(name, False))

    def _compare_addressees(
        self, item: SheetItem, row: RecommendationRow, fact: RecommendationFacts, last: Mapping[str, str]
    ) -> RecommendationFacts:
        """Compare who is asked. In an open register it changes from today on, as rows with days."""
        ident, column = fact.id, "recommendations.addressees"
        heading = self.heading("recommendations", "addressees")
        stated, rows = fact.addressees, self.here.addressees.get(ident, [])
        here = roles_on(stated, rows, self.stored.today)
        file = roles_in_file(row.fact.addressees, self.rows["addressees"].get(ident, ()))
        if not heading or here == file:
            return fact
        texts = last.get(column), roles_text(here), roles_text(file)
        counts = self.decide(item, column, heading, texts)
        names = self.here.names["addressees"]
        self.changes[-1] = replace(
            self.changes[-1], here=roles_text(here, names), file=roles_text(file, names), last=names_of(texts[0], names)
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
        fact = self._overlaid(item, "cards", here, file, last, cell_prefix("cards", row.fact.element))
        if fact != here:
            self.kept["cards"].append(replace(row, fact=fact, approved_by="", approved_at=None))
