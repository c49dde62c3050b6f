"""Checks each row of an uploaded sheet against the rules, and builds its proposals."""

from collections.abc import Sequence
from enum import EnumType, StrEnum
from typing import Any

from msgspec import Struct

from app.entrypoints.staff.bulk.sheet_rows import KEY_COLUMNS, NEW_COLUMNS, TEXT_COLUMNS, SheetRow
from app.entrypoints.staff.forms import is_translation, parse_number
from app.presentation.i18n.localize import refusal_text
from app.services.accounts.actors import Person
from app.services.bundles.typed_values import read_value
from app.services.container import Services
from app.services.sources import SourceNames
from domain import commands as c
from domain.batch import BatchRefused
from domain.codes import Cause, Confidence, Motion, Reason, Status
from domain.errors import Refusal, Refused, refusal, refuse
from domain.ids import recommendation_id
from domain.methodology.rules import status_on
from domain.recommendation.aggregate import Recommendation
from domain.times import day_in
from domain.values import Assessment, arrange_translations
from projections.catalogue.entries import RegisterEntry

CODES: dict[str, type[StrEnum]] = {
    "status": Status, "reason": Reason, "cause": Cause, "motion": Motion, "confidence": Confidence
}  # fmt: skip
DATES = {"effective_on": "date", "window_from": "date", "window_to": "date", "review_by": "day"}
REQUIRED_COLUMNS = ("status", "effective_on", "reason", "rationale")


class SheetRowCheck(Struct):
    """A row with its refusals: pairs of the column (empty if about the whole row) and a sentence."""

    row: SheetRow
    refusals: list[tuple[str, str]]

    def refuse(self, refusals: Sequence[Refusal]) -> None:
        columns = (*KEY_COLUMNS, *NEW_COLUMNS)
        self.refusals += [((r.field or "") if r.field in columns else "", refusal_text(r)) for r in refusals]


class CheckedSheet(Struct, frozen=True):
    verdicts: list[SheetRowCheck]
    commands: list[c.ProposeAssessment]
    """The proposals of valid rows; send them only if all rows are valid."""

    @property
    def is_fit(self) -> bool:
        return not any(v.refusals for v in self.verdicts)


def check_rows(services: Services, person: Person, entry: RegisterEntry, rows: Sequence[SheetRow]) -> CheckedSheet:
    """Check all rows in order, each as if the earlier ones were proposed. Stores nothing."""
    verdicts = [SheetRowCheck(row, []) for row in rows]
    first_lines: dict[tuple[str, str], int] = {}
    ready: list[tuple[SheetRowCheck, c.ProposeAssessment]] = []
    for verdict in verdicts:
        cells = verdict.row.cells
        item = (cells["recommendation"], cells["element"])
        line = first_lines.setdefault(item, verdict.row.line)
        if line != verdict.row.line:
            verdict.refuse([refusal("Line {line} already covers the same item.", line=line, field="recommendation")])
        verdict.refuse(_version_conflicts(services, entry, cells))
        try:
            ready.append((verdict, _read_row(services, entry.id, cells)))
        except Refused as refused:
            verdict.refuse(refused.refusals)
    try:
        services.check_all([command for _verdict, command in ready], by=person.id)
    except BatchRefused as batch:
        for index, refused_command in batch.by_index.items():
            verdict = ready[index][0]
            if not any(column == "version" for column, _sentence in verdict.refusals):
                verdict.refuse(refused_command.refusals)
    return CheckedSheet(verdicts, [command for verdict, command in ready if not verdict.refusals])


def _read_row(services: Services, register: str, cells: dict[str, str]) -> c.ProposeAssessment:
    """Raises `Refused` by column for values that cannot be read, and for sources that the register does not have."""
    problems, sources = list[Refusal](), ""
    try:
        with services.views.connect() as db:
            sources = ";".join(SourceNames(services, db, register).read(cells["evidence"]))
    except Refused as refused:
        problems += [r.about("evidence") for r in refused.refusals]
    try:
        command = read_proposal(register, cells | {"evidence": sources})
    except Refused as refused:
        raise Refused(*refused.refusals, *problems) from None
    refuse(problems)
    return command


def _version_conflicts(services: Services, entry: RegisterEntry, cells: dict[str, str]) -> list[Refusal]:
    """Returns a refusal if the recommendation changed after the sheet was downloaded."""
    aggregate = services.tracker.find(Recommendation, recommendation_id(entry.id, cells["recommendation"]))
    if aggregate is None or str(aggregate.version) == cells["version"]:
        return []
    today = day_in(entry.settings.time_zone, services.clock())
    return [
        refusal(
            "The row was made from version {old}, with the status “{was}”. The current version is {new}, "
            "with “{now}”. Download the sheet again and check this row.",
            old=cells["version"][:20] or "?",
            was=cells.get("status_now", "")[:40],
            new=aggregate.version,
            now=status_on(aggregate.earlier(cells["element"]), today).value,
            field="version",
        )
    ]


def read_proposal(register: str, cells: dict[str, str]) -> c.ProposeAssessment:
    """Raises `Refused` by column for values that cannot be read."""
    problems: list[Refusal] = []
    for column in REQUIRED_COLUMNS:
        if not cells[column]:
            problems.append(refusal("Fill in this cell.", field=column))
    values: dict[str, Any] = {}
    kinds: dict[str, str | EnumType] = {**CODES, **DATES, "evidence": "ids"}
    for column, kind in kinds.items():
        if not cells.get(column):
            continue
        try:
            values[column], _written = read_value(kind, cells[column])
        except Refused as refused:
            problems += [r.about(column) for r in refused.refusals]
    if problems:
        raise Refused(*problems)
    values = {column: cells.get(column, "") for column in ("element", "effective_on", *TEXT_COLUMNS)} | values
    texts = (
        (n.removeprefix(f"{field}_"), field, cells[n])
        for n in cells
        for field in Assessment.TRANSLATED
        if is_translation(n, field)
    )
    assessment = Assessment(id="", **values, translations=arrange_translations(texts))
    return c.ProposeAssessment(
        register,
        recommendation=cells["recommendation"],
        assessment=assessment,
        expected_version=parse_number(cells["version"]) or 0,
    )
