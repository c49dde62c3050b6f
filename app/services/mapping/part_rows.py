"""Builds the parts of items and what counts for each, and says truthfully where no success criteria were written."""

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.ids import IdMaker
from app.services.mapping.build_context import BuildContext
from app.services.mapping.row_problems import MISSING
from app.services.mapping.table import SheetItem


class PartRows:
    """Builds the elements and the success criteria of every item of a sheet."""

    def __init__(self, context: BuildContext) -> None:
        self._context = context
        self._has_criteria = context.fields.has("counts") or context.fields.has("does_not_count")
        self._placeholder = context.public_texts("criteria")

    @property
    def element_header(self) -> list[str]:
        names = ["recommendation", "id", "title", "kind", "core", "done_when"]
        return [*names, *(f"{n}_{code}" for n in ("title", "done_when") for code in self._context.languages)]

    @property
    def card_header(self) -> list[str]:
        names = ["recommendation", "element", "counts", "does_not_count", "approved_by"]
        return [*names, *(f"{n}_{code}" for n in ("counts", "does_not_count") for code in self._context.languages)]

    def rows_of(self, item: SheetItem) -> list[CellRow]:
        """The rows that are parts of an item: its own too, if it names one."""
        own = [item.row] if self._context.fields.text(item.row, "part") else []
        return [*own, *item.parts]

    def build(self, item: SheetItem, recommendation: str, kind: str) -> list[tuple[CellRow, str]]:
        """Stage the parts of an item and its success criteria; return each part's row with its id."""
        stored = self._context.stored.elements.get(recommendation, {})
        known = {" ".join(e.title.split()).casefold(): e.id for e in stored.values()}
        maker, parts = IdMaker(stored, "part"), []
        for row in self.rows_of(item):
            title = " ".join(
                (self._context.fields.text(row, "part") or self._context.fields.text(row, "title")).split()
            )
            if not title:
                self._context.problems.add(row.number, self._context.fields.name_of("part"), MISSING["title"])
                continue
            ident = known.get(title.casefold())
            if ident is None:
                ident = maker.make(title)
                known[title.casefold()] = ident
                self._stage_element(row, recommendation, ident, title, kind)
            parts.append((row, ident))
        for row, element in parts or [(item.row, "")]:
            self._stage_criteria(row, recommendation, element)
        return parts

    def _stage_element(self, row: CellRow, recommendation: str, ident: str, title: str, kind: str) -> None:
        context = self._context
        kind = (context.code(row, "kind") if context.fields.has("kind") else "") or kind
        titles = context.translated(row, "part")
        if not any(titles):
            titles = context.translated(row, "title")
        counts = [context.fields.text(row, "counts"), *context.translated(row, "counts")]
        done_when = counts if counts[0] else self._placeholder
        record = [recommendation, ident, title, kind, "yes", done_when[0], *titles, *done_when[1:]]
        context.stage("elements", row.number, record)

    def _stage_criteria(self, row: CellRow, recommendation: str, element: str) -> None:
        context = self._context
        counts = [context.fields.text(row, "counts"), *context.translated(row, "counts")]
        others = [context.fields.text(row, "does_not_count"), *context.translated(row, "does_not_count")]
        is_written = bool(counts[0] or others[0])
        is_stored = (recommendation, element) in context.stored.criteria
        is_counted_by_parts = not element and bool(context.stored.elements.get(recommendation))
        if not is_written and (
            is_stored or is_counted_by_parts or context.mapping.choices.criteria != "earlier_record"
        ):
            return
        counts, others = (texts if texts[0] else self._placeholder for texts in (counts, others))
        approved_by = "" if is_stored else context.approved_by
        record = [recommendation, element, counts[0], others[0], approved_by, *counts[1:], *others[1:]]
        context.stage("cards", row.number, record)
