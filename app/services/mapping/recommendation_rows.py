"""Builds the recommendation of each item, from its cells, from what is stored and from what was chosen for all."""

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow
from app.services.bundles.ids import IdMaker
from app.services.mapping.build_context import BuildContext, listed
from app.services.mapping.row_problems import MISSING
from app.services.mapping.table import SheetItem
from domain.values import RecommendationFacts

_HEADER = ["id", "title", "summary", "kind", "theme", "addressees", "instruments", "publication", "also_in", "locator"]
_HEADER += ["recommended_on", "aliases", "strength", "indicators", "number", "position", "priority"]
PUBLICATION_HEADER = ["id", "title", "publisher", "published_on", "url"]


class BuiltItem(Struct, frozen=True, gc=False):
    """What the other builders need to know about a recommendation."""

    kind: str
    asked: list[str]
    publication: str


class RecommendationRows:
    """Builds the recommendations of a sheet, and the publications that they are in."""

    def __init__(self, context: BuildContext) -> None:
        self._context = context
        self.published_on = {p.id: p.published_on for p in context.stored.publications.values()}
        self.publications: dict[str, tuple[int, list[str]]] = {}
        self._position = context.stored.next_position
        self._has_joint = context.fields.has("joint_addressees")
        self._chosen_publication = ""
        self._choices = {" ".join(n.split()).casefold(): c for n, c in context.mapping.publications.items()}

    @property
    def header(self) -> list[str]:
        return [*_HEADER, *(f"{n}_{code}" for n in ("title", "summary") for code in self._context.languages)]

    def build(self, item: SheetItem, ident: str) -> BuiltItem:
        """Stage the recommendation of an item, and note what is missing."""
        context, row, fields = self._context, item.row, self._context.fields
        old = context.stored.recommendations.get(ident)
        titles = [fields.text(row, "title"), *context.translated(row, "title")]
        if not titles[0] and old is None:
            context.problems.add(row.number, fields.name_of("title"), MISSING["title"])
        kind = self._kind(row, old)
        theme = self._theme(item, old)
        asked, joint = self._addressees(row, old)
        recommended_on = context.day(row, "recommended_on") or (old.recommended_on if old else "")
        recommended_on = recommended_on or context.mapping.choices.recommended_on
        publication = self._publication(row, old, recommended_on)
        recommended_on = recommended_on or self.published_on.get(publication, "")
        if not recommended_on and not fields.first(row, "recommended_on"):
            context.problems.miss("recommended_on", row.number, fields.name_of("recommended_on"))
        texts = self._texts(row, titles, old)
        record = [ident, texts[0][0], texts[1][0], kind, theme, listed((*asked, *joint))]
        record += [self._list(row, "instruments", old), publication, self._also_in(row, old, recommended_on)]
        record += [self._text(row, "locator", old), recommended_on, self._list(row, "aliases", old)]
        record += [old.strength if old else "", listed(old.indicators) if old else "", self._text(row, "number", old)]
        record += [self._next_position(old), self._priority(row, old), *texts[0][1:], *texts[1][1:]]
        context.stage("recommendations", row.number, record)
        for role, bodies in (("lead", asked), ("joint", joint)):
            for body in bodies if joint else ():
                context.stage("addressees", row.number, [ident, body, role])
        return BuiltItem(kind, [*asked, *joint], publication)

    def _kind(self, row: CellRow, old: RecommendationFacts | None) -> str:
        context = self._context
        if context.word("kind", context.fields.first(row, "kind")):
            return context.code(row, "kind")
        if old or context.mapping.choices.kind:
            return old.kind.value if old else context.mapping.choices.kind
        context.problems.miss("kind", row.number, context.fields.name_of("kind"))
        return ""

    def _theme(self, item: SheetItem, old: RecommendationFacts | None) -> str:
        context, row = self._context, item.row
        heading = next((text for text in item.heading.cells if text.strip()), "") if item.heading else ""
        if name := context.fields.text(row, "theme") or heading:
            theme = context.id_named(context.themes, "themes", row, "theme", name)
            for code in context.languages:
                context.themes.translate(theme, code, context.fields.text(row, "theme", code))
            return theme
        if old:
            return old.theme
        if context.mapping.choices.theme:
            return context.themes.choose(context.mapping.choices.theme, row.number)
        context.problems.miss("theme", row.number, context.fields.name_of("theme"))
        return ""

    def _addressees(self, row: CellRow, old: RecommendationFacts | None) -> tuple[list[str], list[str]]:
        context = self._context
        leads = self._bodies(row, "addressees")
        joint = [b for b in self._bodies(row, "joint_addressees") if b not in leads] if self._has_joint else []
        if leads or joint:
            return (leads, joint) if leads else (joint, [])
        if old:
            return list(old.addressees), []
        if context.mapping.choices.addressee:
            return [context.bodies.choose(context.mapping.choices.addressee, row.number)], []
        context.problems.miss("addressees", row.number, context.fields.name_of("addressees"))
        return [], []

    def _bodies(self, row: CellRow, field: str) -> list[str]:
        context = self._context
        names = context.fields.values(row, field)
        bodies = [context.id_named(context.bodies, "bodies", row, field, name) for name in names]
        for code in context.languages:
            translations = context.fields.values(row, field, code)
            if len(translations) == len(names):
                for body, text in zip(bodies, translations, strict=True):
                    context.bodies.translate(body, code, text)
        return list(dict.fromkeys(bodies))

    def _publication(self, row: CellRow, old: RecommendationFacts | None, recommended_on: str) -> str:
        context = self._context
        if name := context.fields.text(row, "publication"):
            return self._named(name, row, recommended_on)
        if old:
            return old.publication
        if context.mapping.publication:
            return self._chosen(row.number)
        if len(context.stored.publications) == 1:
            return next(iter(context.stored.publications))
        context.problems.miss("publication", row.number, context.fields.name_of("publication"))
        return ""

    def _chosen(self, line: int) -> str:
        """The publication that was chosen for all rows."""
        choice, context = self._context.mapping.publication, self._context
        assert choice is not None
        if not self._chosen_publication:
            ident = choice.id if choice.id in context.stored.publications else context.publications.find(choice.title)
            if not ident:
                ident = choice.id or IdMaker(context.stored.publications, "publication").make(choice.title)
                record = [ident, choice.title, choice.publisher, choice.published_on, choice.url]
                self.publications[ident] = line, record
                self.published_on[ident] = choice.published_on
            self._chosen_publication = ident
        return self._chosen_publication

    def _named(self, name: str, row: CellRow, recommended_on: str) -> str:
        context, choice = self._context, self._context.mapping.publication
        if choice and " ".join(name.split()).casefold() == " ".join(choice.title.split()).casefold():
            return self._chosen(row.number)
        ident = context.id_named(context.publications, "publications", row, "publication", name)
        if ident in context.stored.publications or ident in self.publications:
            return ident
        named = self._choices.get(" ".join(name.split()).casefold())
        publisher = named.publisher if named else choice.publisher if choice else ""
        published_on = (
            (named.published_on if named else "") or recommended_on or (choice.published_on if choice else "")
        )
        for what, value in (("publisher", publisher), ("published_on", published_on)):
            if not value:
                context.problems.miss(what, row.number, context.fields.name_of("publication"))
        if publisher and published_on:
            self.publications[ident] = row.number, [ident, context.publications.new[ident].name, publisher]
            self.publications[ident][1].extend((published_on, named.url if named else ""))
            self.published_on[ident] = published_on
        return ident

    def _also_in(self, row: CellRow, old: RecommendationFacts | None, recommended_on: str) -> str:
        if not self._context.fields.has("also_in"):
            return listed(old.also_in) if old else ""
        return ";".join(self._named(name, row, recommended_on) for name in self._context.fields.values(row, "also_in"))

    def _texts(self, row: CellRow, titles: list[str], old: RecommendationFacts | None) -> tuple[list[str], list[str]]:
        """Title and summary with their translations. A summary that the sheet does not have is the title."""
        context = self._context
        summaries = [context.fields.text(row, "summary"), *context.translated(row, "summary")]
        if old is None:
            return titles, summaries if summaries[0] else titles
        codes = ("", *context.languages)
        old_titles = [_old_text(old, "title", code) for code in codes]
        old_summaries = [_old_text(old, "summary", code) for code in codes]
        new_titles = [new or before for new, before in zip(titles, old_titles, strict=True)]
        copied = new_titles if old.summary == old.title else old_summaries
        return new_titles, [new or before for new, before in zip(summaries, copied, strict=True)]

    def _text(self, row: CellRow, field: str, old: RecommendationFacts | None) -> str:
        if self._context.fields.has(field):
            return self._context.fields.text(row, field)
        return str(getattr(old, field)) if old else ""

    def _list(self, row: CellRow, field: str, old: RecommendationFacts | None) -> str:
        if self._context.fields.has(field):
            return listed(self._context.fields.values(row, field))
        return listed(getattr(old, field)) if old else ""

    def _priority(self, row: CellRow, old: RecommendationFacts | None) -> str:
        if self._context.fields.has("priority"):
            return "yes" if self._context.code(row, "priority") == "yes" else ""
        return "yes" if old and old.priority else ""

    def _next_position(self, old: RecommendationFacts | None) -> str:
        if old:
            return "" if old.position is None else str(old.position)
        self._position += 1
        return str(self._position - 1)


def _old_text(old: RecommendationFacts, field: str, language: str) -> str:
    return old.translations.get(language, {}).get(field, "") if language else str(getattr(old, field))
