"""Reads numbers, titles, names and addresses in pasted rows as the ids of what they name."""

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from app.entrypoints.staff.typed_days import parse_day
from app.services.bundles.adding import CellReader
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.container import Services
from app.services.search.names import BODY, PUBLICATION, RECOMMENDATION, NameSearch, part_id
from app.services.sources import SourceNames
from domain.errors import Refused
from projections.assessments.queries import of_recommendation
from projections.catalogue import queries as catalogue
from projections.engine.position import last_applied_at

Cells = Mapping[str, str]
KINDS = (BODY, PUBLICATION, RECOMMENDATION)
_ELSEWHERE = re.compile(r"https?://.*|[a-z0-9-]+:[a-z0-9-]+")


def is_elsewhere(text: str) -> bool:
    """Whether a text is `register:id` or an address, not something to find in this register."""
    return bool(_ELSEWHERE.fullmatch(text))


class PastedNames:
    """Readers for the columns of one register. Each name is looked up once."""

    def __init__(self, services: Services, db: Connection, register: str) -> None:
        self._db, self._register, self._known_at = db, register, last_applied_at(db)
        self._searches = {kind: NameSearch(db, register, self._known_at, (kind,)) for kind in KINDS}
        self._sources = SourceNames(services, db, register)
        self._ids: dict[tuple[str, str], str] = {}

    def body(self, text: str, _cells: Cells) -> str:
        return self._find(BODY, text)

    def recommendation(self, text: str, _cells: Cells) -> str:
        return self._find(RECOMMENDATION, text)

    def recommendation_or_elsewhere(self, text: str, _cells: Cells) -> str:
        return text if is_elsewhere(text) else self._find(RECOMMENDATION, text)

    def body_or_publication(self, text: str, _cells: Cells) -> str:
        """The id of who is named; any other name as it is. Raises `Refused` if several have the name."""
        for kind in (BODY, PUBLICATION):
            if self._searches[kind].named(text):
                return self._find(kind, text)
        return text

    def part(self, text: str, cells: Cells) -> str:
        whole = cells["recommendation"]
        if catalogue.recommendation(self._db, self._register, whole, self._known_at) is None:
            return text  # another cell is wrong
        elements = catalogue.elements(self._db, self._register, self._known_at, whole)
        return part_id(text, [entry.element for entry in elements])

    def sources(self, text: str, _cells: Cells) -> str:
        return ";".join(self._sources.read(text))

    def assessment(self, text: str, cells: Cells) -> str:
        """An assessment by its day, if the item has one of that day; else the text, as its id."""
        try:
            day = parse_day(text)
        except Refused:
            return text
        published = of_recommendation(self._db, self._register, cells["recommendation"])
        of_day = {
            p.assessment.id
            for p in published
            if (p.assessment.element, p.assessment.effective_on) == (cells.get("element", ""), day) and not p.withdrawal
        }
        return of_day.pop() if len(of_day) == 1 else text

    def _find(self, kind: str, text: str) -> str:
        if (kind, text) not in self._ids:
            self._ids[kind, text] = self._searches[kind].one(text).fact.id
        return self._ids[kind, text]


def with_ids(
    rows: Sequence[tuple[int, dict[str, str]]], readers: Mapping[str, CellReader]
) -> list[tuple[int, dict[str, str]]]:
    """The rows with ids in some columns, read in their order. Raises `BundleRefused` with every cell that is wrong."""
    problems: list[BundleProblem] = []
    result = []
    for number, texts in rows:
        cells = dict(texts)
        for column, read in readers.items():
            try:
                cells[column] = read(cells[column], cells) if cells.get(column) else ""
            except Refused as refused:
                problems += [BundleProblem("", number, column, why, cells[column]) for why in refused.refusals]
        result.append((number, cells))
    if problems:
        raise BundleRefused(problems)
    return result
