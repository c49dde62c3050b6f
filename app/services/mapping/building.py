"""Builds the rows of a bundle from the items of a sheet: their line numbers are the person's own row numbers."""

from collections.abc import Iterator
from datetime import date

from msgspec import Struct

from app.services.bundles.columns import SHEETS
from app.services.bundles.ids import IdMaker
from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import Bundle, EvidenceRow
from app.services.bundles.tables import BundleTable
from app.services.mapping.build_context import Approach, BuildContext
from app.services.mapping.likeness import number_key
from app.services.mapping.matching import MatchCause, Matches
from app.services.mapping.names import NameBook
from app.services.mapping.part_rows import PartRows
from app.services.mapping.recommendation_rows import PUBLICATION_HEADER, RecommendationRows
from app.services.mapping.related_rows import DEADLINE_HEADER, RELATION_HEADER, RelatedRows
from app.services.mapping.source_rows import HEADER as SOURCE_HEADER
from app.services.mapping.status_rows import StatusRows
from app.services.mapping.table import SheetItem, SheetTable
from app.services.mapping.types import SheetMapping
from domain.errors import Refusal, Refused, refusal
from domain.methodology.versions import NEWEST
from domain.times import shown
from domain.values import RegisterSettings

_ORIGINS = {
    "themes": {"title": "theme", "id": "theme"},
    "bodies": {"name": "addressees", "id": "addressees"},
    "publications": {"title": "publication", "id": "publication", "published_on": "recommended_on"},
    "evidence": {
        "source_class": "source",
        "url": "source",
        "title": "source",
        "publisher": "source_publisher",
        "published_on": "source_on",
        "archived_url": "source_archived",
    },
    "elements": {"title": "part", "kind": "kind", "done_when": "counts"},
    "cards": {"counts": "counts", "does_not_count": "does_not_count"},
    "assessments": {
        "status": "status",
        "effective_on": "status_on",
        "reason": "status",
        "confidence": "confidence",
        "statement": "statement",
        "rationale": "rationale",
        "evidence": "source",
        "cause": "cause",
        "motion": "motion",
    },
    "deadlines": {"due_on": "deadline", "stated_on": "deadline_stated_on", "stated_by": "deadline_stated_by"},
    "responses": {
        "position": "response",
        "body": "response_by",
        "given_on": "response_on",
        "summary": "response_text",
        "evidence": "response_source",
    },
    "relations": {"to": "renews", "from": "renews"},
    "addressees": {"body": "addressees", "role": "joint_addressees"},
}
"""The field that each column of a bundle comes from; those of recommendations have the names of their fields."""

_AS_BROUGHT = Approach()


class BuiltRows(Struct, frozen=True, kw_only=True):
    """The rows of a bundle that a sheet makes. Items with problems have no rows."""

    settings: RegisterSettings
    tables: dict[str, BundleTable]
    """By name of their file, such as `recommendations`."""
    amended_sources: tuple[EvidenceRow, ...]
    """Stored sources with the archived copies that the sheet has for them."""
    recommendations: dict[int, str]
    """The id of each item's recommendation, by its row; also of those with problems."""
    item_of: dict[int, int]
    """The row of the item to which a further row belongs."""
    notes: dict[str, list[str]]
    """Texts for staff, by recommendation."""
    problems: tuple[BundleProblem, ...]
    missing: dict[str, tuple[int, ...]]
    """What rows lack, by key of `MISSING`; only `evidence` is no problem."""
    origins: dict[tuple[str, str], str]
    """The heading of the person's column that a column of a bundle comes from, by file and column."""


def build_rows(
    table: SheetTable,
    mapping: SheetMapping,
    *,
    register: str,
    stored: Bundle | None,
    matches: Matches,
    today: date,
    approach: Approach = _AS_BROUGHT,
) -> BuiltRows:
    """Return the rows that a sheet makes in a new register, or in the one that is stored.

    Raises `Refused` if the register lacks a language of the sheet.
    """
    settings = stored.settings if stored else new_settings(mapping, register)
    unknown = {c.language for c in table.columns if c.language} - set(settings.languages)
    if stored and unknown:
        reason = refusal(
            "The register has no texts in these languages: {languages}.",
            cure="Add them to its settings first.",
            languages=", ".join(sorted(unknown)),
            field="columns",
        )
        raise Refused(reason)
    return _Builder(BuildContext(table, mapping, settings, stored, today, approach), table, matches).build()


def new_settings(mapping: SheetMapping, register: str) -> RegisterSettings:
    """The settings of a register that a sheet begins, in the languages of its columns."""
    new = mapping.register
    languages = list(new.languages if new else ("en",))
    languages += sorted({c.language for c in mapping.columns if c.language} - set(languages))
    title = new.title if new else mapping.publication.title if mapping.publication else ""
    return RegisterSettings(
        id=register,
        title=title or register,
        time_zone=new.time_zone if new else "UTC",
        methodology=NEWEST,
        languages=tuple(languages),
    )


class _Builder:
    """Builds the rows of one sheet."""

    def __init__(self, context: BuildContext, table: SheetTable, matches: Matches) -> None:
        self.context, self.table, self.matches = context, table, matches
        self.recommendations = self._ids()
        self.rows = RecommendationRows(context)
        self.parts = PartRows(context)
        self.statuses = StatusRows(context)
        self.related = RelatedRows(context, self._ids_by_name(), self.rows.published_on)

    def build(self) -> BuiltRows:
        questions = {q.row: q for q in self.matches.questions}
        for item in self.table.items:
            self.context.problems.has_new = False
            if question := questions.get(item.number):
                self._ask(item, question.cause, question.candidates)
            else:
                self._build(item)
            self.context.keep_staged(keep=not self.context.problems.has_new)
        self._note_headings()
        return BuiltRows(
            settings=self.context.settings,
            tables=dict(self._tables()),
            amended_sources=tuple(self.context.source_book.amended.values()),
            recommendations=self.recommendations,
            item_of={
                n: item.number for item in self.table.items for n in (*item.also, *(r.number for r in item.parts))
            },
            notes=self.context.notes,
            problems=tuple(sorted(self.context.problems.found, key=lambda p: p.line)),
            missing={what: tuple(rows) for what, rows in self.context.problems.missing.items()},
            origins=self._origins(),
        )

    def _ids(self) -> dict[int, str]:
        """The id of each item's recommendation: as stored, as in the sheet, or made of number and title."""
        fields, known = self.context.fields, self.matches.rows
        found, wanted = dict(known), dict[int, str]()
        for item in self.table.items:
            if item.number not in found and (text := fields.text(item.row, "id").strip().lower()):
                wanted[item.number] = text
        maker = IdMaker((*self.context.stored.recommendations, *found.values()))
        for number, text in wanted.items():
            found[number] = maker.make(text)
        for item in self.table.items:
            if item.number not in found:
                title = fields.text(item.row, "title")
                found[item.number] = maker.make(fields.text(item.row, "number"), title)
        return found

    def _ids_by_name(self) -> dict[str, str]:
        """The recommendations by id and by number, if only one has it."""
        found: dict[str, str] = {}
        for facts in self.context.stored.recommendations.values():
            found |= {facts.id: facts.id} | ({number_key(facts.number): facts.id} if facts.number else {})
        if self.context.fields.has("renews"):
            for item in self.table.items:
                ident = self.recommendations[item.number]
                found[ident] = ident
                if number := self.context.fields.text(item.row, "number"):
                    found.setdefault(number_key(number), ident)
        return found

    def _ask(self, item: SheetItem, cause: MatchCause, candidates: tuple[str, ...]) -> None:
        facts = [self.context.stored.recommendations.get(c) for c in candidates]
        text = "”, “".join(shown(f.title) for f in facts if f) or self.context.fields.text(item.row, "title")
        self.context.problems.add(item.number, "", _question(cause, text), self.context.fields.text(item.row, "title"))

    def _build(self, item: SheetItem) -> None:
        ident = self.recommendations[item.number]
        built = self.rows.build(item, ident)
        parts = self.parts.build(item, ident, built.kind)
        if not parts:
            self.statuses.build(item.row, ident, "")
        for row, element in parts:
            self.statuses.build(row, ident, element)
            if row.number != item.number:
                self.related.build(row, ident, element, built.asked, built.publication)
        if parts and parts[0][0].number != item.number:
            self.statuses.note_all(item.row, ident)
        self.related.build(item.row, ident, "", built.asked, built.publication)
        self.related.note_links(item.row, ident, _LINKED)

    def _note_headings(self) -> None:
        """Heading rows that are notes belong to the item below them."""
        items = iter(self.table.items)
        item = next(items, None)
        for note in self.table.notes:
            while item and item.number < note.number:
                item = next(items, None)
            if item:
                self.context.note(self.recommendations[item.number], "", " ".join(t for t in note.cells if t.strip()))

    def _tables(self) -> Iterator[tuple[str, BundleTable]]:
        context = self.context
        headers = {
            "evidence": SOURCE_HEADER,
            "recommendations": self.rows.header,
            "elements": self.parts.element_header,
            "cards": self.parts.card_header,
            "assessments": self.statuses.header,
            "responses": self.related.response_header,
            "deadlines": DEADLINE_HEADER,
            "relations": RELATION_HEADER,
            "addressees": ["recommendation", "body", "role"],
        }
        context.records["evidence"] = context.source_book.records
        named = {
            "themes": self._themes(),
            "publications": (PUBLICATION_HEADER, list(self.rows.publications.values())),
            "bodies": _named(context.bodies, "name", context.languages, ("parent",)),
        }
        for sheet in SHEETS:
            header, records = named.get(sheet.name) or (
                headers.get(sheet.name, []),
                context.records.get(sheet.name, []),
            )
            if header and (records or sheet.needed):
                yield sheet.name, BundleTable(sheet.file, header, records)

    def _themes(self) -> tuple[list[str], list[tuple[int, list[str]]]]:
        """The new themes, in the order of the sheet; after stored ones, if these have positions."""
        context, positions = self.context, self.context.stored.theme_positions()
        header, records = _named(context.themes, "title", context.languages)
        stored = [n for n in positions if n is not None]
        if len(stored) < len(positions):
            return header, records
        first = max(stored, default=0) + 1
        return [*header, "position"], [(line, [*cells, str(n)]) for n, (line, cells) in enumerate(records, first)]

    def _origins(self) -> dict[tuple[str, str], str]:
        fields = self.context.fields
        found = {("recommendations", field): fields.name_of(field) for field in self.rows.header}
        for sheet, columns in _ORIGINS.items():
            for column, field in columns.items():
                found[sheet, column] = fields.name_of(field)
        return {place: name for place, name in found.items() if name}


_LINKED = {"status", "statement", "rationale", "source", "response", "response_text", "response_source"}
"""Fields whose links are sources."""


def _named(
    book: NameBook, column: str, languages: tuple[str, ...], more: tuple[str, ...] = ()
) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The table of the things that a sheet names for the first time."""
    header = ["id", column, *more, *(f"{column}_{code}" for code in languages)]
    records = []
    for new in book.new.values():
        values = [new.id, new.name, *(getattr(new, name) for name in more)]
        records.append((new.line, [*values, *(new.translations.get(code, "") for code in languages)]))
    return header, records


def _question(cause: MatchCause, text: str) -> Refusal:
    """What a person must say about a row that may be a stored recommendation, or is several."""
    if cause is MatchCause.TWICE:
        return refusal(
            "Several rows are “{text}”.",
            cure="Give each row an id, number or title of its own, or leave rows out.",
            text=text,
        )
    if cause is MatchCause.AMBIGUOUS:
        return refusal(
            "It is not clear which recommendation the row is: “{text}”.",
            cure="Choose it, or add its id to the sheet.",
            text=text,
        )
    if cause is MatchCause.OTHER_TITLE:
        return refusal(
            "Its number is that of “{text}”, whose title is another one.",
            cure="Say whether it is that recommendation or a new one.",
            text=text,
        )
    if cause is MatchCause.RESEMBLES:
        return refusal("It resembles “{text}”.", cure="Say whether it is that recommendation or a new one.", text=text)
    return refusal("It was withdrawn: “{text}”.", cure="Leave the row out, or say that it is new.", text=text)
