"""Completes a guessed mapping with what a file does not show: each assumption is said, so that it can be corrected."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import PurePath

from msgspec import Struct, structs

from app.adapters.spreadsheets.cells import Workbook, column_number
from app.services.bundles.rows import Bundle
from app.services.bundles.typed_dates import read_date
from app.services.mapping.guesses import MissingThing
from app.services.mapping.headings import split_day
from app.services.mapping.near_names import is_office
from app.services.mapping.table import SheetTable
from app.services.mapping.types import Choices, NameChoice, NewRegister, PublicationChoice, SheetMapping
from domain.codes import Kind
from domain.errors import Refusal, refusal
from domain.times import first_day


class NotSaid(Struct, frozen=True):
    """What stands for something that the file does not say, in one language."""

    theme: str
    addressee: str
    responder: str
    publisher: str


_TIME_ZONES = {"ko": "Asia/Seoul"}
_TEXTS = {
    "en": NotSaid("All recommendations", "Not named", "Government", "Not stated"),
    "ko": NotSaid("전체 권고", "명시되지 않음", "정부", "적혀 있지 않음"),
    "fr": NotSaid("Toutes les recommandations", "Non précisé", "Gouvernement", "Non précisé"),
    "de": NotSaid("Alle Empfehlungen", "Nicht genannt", "Regierung", "Nicht angegeben"),
    "es": NotSaid("Todas las recomendaciones", "No indicado", "Gobierno", "No indicado"),
}


def assume(
    workbook: Workbook,
    table: SheetTable,
    mapping: SheetMapping,
    missing: Sequence[MissingThing],
    stored: Bundle | None,
    language: str,
) -> tuple[SheetMapping, tuple[Refusal, ...]]:
    """The mapping with every choice that an import needs; what was chosen before stays."""
    lacks = {thing.what for thing in missing}
    titles = _titles_above(table, mapping)
    assumed: list[Refusal] = []
    publication = mapping.publication
    if publication is None and "publication" in lacks and stored and len(stored.publications) == 1:
        only = stored.publications[0].fact
        publication = PublicationChoice(
            id=only.id, title=only.title, publisher=only.publisher, published_on=only.published_on, url=only.url
        )
    elif publication is None and "publication" in lacks:
        publication = _publication(workbook, table, mapping, titles, language)
        assumed += _said_of(publication)
    made_on = publication.published_on if publication else _first_day_in(table, mapping) or _this_year()
    choices = mapping.choices
    texts = _not_said(language)
    found = Choices(
        kind=Kind.ONE_OFF.value if "kind" in lacks else "",
        criteria="earlier_record" if "criteria" in lacks else "",
        review="as_brought",
        theme=texts.theme if "theme" in lacks else "",
        addressee=texts.addressee if "addressees" in lacks else "",
        status_on=_status_day(titles, table, mapping, made_on) if "status_on" in lacks else "",
        responder=_responder(mapping, texts) if "response" in {c.field for c in mapping.columns} else "",
    )
    new = {
        name: value
        for name in found.__struct_fields__
        if not getattr(choices, name) and (value := getattr(found, name))
    }
    assumed += _said_choices(new, missing)
    register = mapping.register
    if register is None and stored is None:
        register = _register(workbook, titles, mapping, language)
        assumed.append(
            refusal("The time zone of the register was assumed: {zone}.", field="register", zone=register.time_zone)
        )
    mapping = structs.replace(
        mapping, publication=publication, choices=structs.replace(choices, **new), register=register
    )
    return mapping, tuple(assumed)


def _not_said(language: str) -> NotSaid:
    return _TEXTS.get(language.split("-")[0], _TEXTS["en"])


def publication_of(name: str, choice: NameChoice, table: SheetTable, mapping: SheetMapping) -> PublicationChoice:
    """The publication of a name in a cell, with the year in it, else the first day in the file."""
    language = mapping.register.languages[0] if mapping.register else "en"
    day = split_day(name)[1] or mapping.choices.recommended_on or _first_day_in(table, mapping) or _this_year()
    return PublicationChoice(id=choice.id, title=choice.name, publisher=_not_said(language).publisher, published_on=day)


def _titles_above(table: SheetTable, mapping: SheetMapping) -> list[str]:
    """The texts above the headings."""
    first = min(mapping.header_rows, default=0)
    return [" ".join(" ".join(row.cells).split()) for row in table.sheet.rows if row.number < first]


def _publication(
    workbook: Workbook, table: SheetTable, mapping: SheetMapping, titles: list[str], language: str
) -> PublicationChoice:
    """The publication of all recommendations: the title above the headings or the name of the file."""
    offices = [text for text in titles if is_office(text) and len(text) < 80]
    others = [text for text in titles if text not in offices]
    title = (others or titles or [file_title(workbook) or _not_said(language).theme])[0]
    publisher = offices[0] if offices and others else _not_said(language).publisher
    named = next((day for text in (title, file_title(workbook)) if (day := split_day(text)[1])), "")
    days = [day for day in (named, _first_day_in(table, mapping)) if day]
    return PublicationChoice(
        title=title, publisher=publisher, published_on=min(days, key=first_day) if days else _this_year()
    )


def _said_of(publication: PublicationChoice) -> Iterator[Refusal]:
    yield refusal(
        "No column names the publication. Assumed: “{title}”, published by “{publisher}” in {day}. Correct it before "
        "you open the register.",
        field="publication",
        title=publication.title,
        publisher=publication.publisher,
        day=publication.published_on,
    )


def _said_choices(new: dict[str, str], missing: Sequence[MissingThing]) -> Iterator[Refusal]:
    """A sentence for each choice that was made for rows that do not say something."""
    rows = {thing.what: thing.rows for thing in missing}
    if "recommended_on" in rows:
        yield refusal(
            "The day of the recommendation is missing. Rows: {rows}. Assumed: the day of the publication.",
            field="choices.recommended_on",
            rows=rows["recommended_on"],
        )
    if "kind" in new:
        yield refusal("The kind is missing. Rows: {rows}. Assumed: one-off.", field="choices.kind", rows=rows["kind"])
    if "criteria" in new:
        yield refusal(
            "Success criteria are missing. Rows: {rows}. The public page will say that the item comes from an earlier "
            "record and that no criteria were written before the first assessment.",
            field="choices.criteria",
            rows=rows["criteria"],
        )
    if "theme" in new:
        yield refusal(
            "The theme is missing. Rows: {rows}. Assumed: “{name}”.",
            field="choices.theme",
            rows=rows["theme"],
            name=new["theme"],
        )
    if "addressee" in new:
        yield refusal(
            "The body that was asked is missing. Rows: {rows}. Assumed: “{name}”. Correct it before you open the "
            "register.",
            field="choices.addressee",
            rows=rows["addressees"],
            name=new["addressee"],
        )
    if "status_on" in new:
        yield refusal(
            "The day of the status is missing. Rows: {rows}. Assumed: {day}.",
            field="choices.status_on",
            rows=rows["status_on"],
            day=new["status_on"],
        )
    if "responder" in new:
        yield refusal(
            "No column says who gave the responses. Assumed: “{name}”.",
            field="choices.responder",
            name=new["responder"],
        )


def _status_day(titles: Sequence[str], table: SheetTable, mapping: SheetMapping, made_on: str) -> str:
    """The day in the title rows, else the last day in the file that is not a deadline, else that of the publication."""
    named = [day for text in titles if len(day := split_day(text)[1]) >= 7]
    days = [*named, *_days_in(table, mapping)]
    later = [day for day in days if first_day(day) >= first_day(made_on)]
    return named[0] if named and named[0] in later else max(later, key=first_day, default=made_on)


def _responder(mapping: SheetMapping, texts: NotSaid) -> str:
    return "" if any(c.field == "response_by" for c in mapping.columns) else texts.responder


def _register(workbook: Workbook, titles: Sequence[str], mapping: SheetMapping, language: str) -> NewRegister:
    others = dict.fromkeys(c.language for c in mapping.columns if c.language and c.language != language)
    title = (
        next((text for text in titles if not is_office(text)), "") or file_title(workbook) or _not_said(language).theme
    )
    return NewRegister(title=title, time_zone=_TIME_ZONES.get(language, "UTC"), languages=(language, *others))


def file_title(workbook: Workbook) -> str:
    """The name of the file as a title, if it has none above the headings; empty for pasted cells."""
    return " ".join(PurePath(workbook.name).stem.replace("_", " ").split())


def _days_in(table: SheetTable, mapping: SheetMapping) -> Iterator[str]:
    """The days of statuses and recommendations that the file states."""
    for column in table.columns:
        if column.field == "status" and column.on:
            yield column.on
        if column.field in ("status_on", "recommended_on"):
            n = column_number(column.column)
            texts = {item.cell(n).strip() for item in table.items}
            yield from (day for text in sorted(texts) if (day := read_date(text, mapping.date_order, numbers=True)))


def _first_day_in(table: SheetTable, mapping: SheetMapping) -> str:
    return min(_days_in(table, mapping), key=first_day, default="")


def _this_year() -> str:
    return str(datetime.now(UTC).year)
