"""Builds what a row says beside its item: deadlines, responses, relations and notes for staff."""

import re
from collections.abc import Mapping

from app.adapters.spreadsheets.cells import CellRow
from app.services.mapping.build_context import BuildContext
from app.services.mapping.likeness import number_key
from app.services.mapping.types import NOTE
from domain.errors import refusal
from domain.text import is_web_address
from domain.times import shown

DEADLINE_HEADER = ["id", "recommendation", "element", "due_on", "stated_on", "stated_by"]
RELATION_HEADER = ["from", "relation", "to"]
_ELSEWHERE = re.compile(r"[a-z0-9][a-z0-9-]{0,79}:[a-z0-9][a-z0-9-]{0,79}")
_LONGEST_ID = 80


class RelatedRows:
    """Builds deadlines, responses and relations of every item of a sheet."""

    def __init__(self, context: BuildContext, ids_by_name: Mapping[str, str], published_on: Mapping[str, str]) -> None:
        """`ids_by_name` has the recommendations by id and number; `published_on` the days of publications."""
        self._context, self._ids_by_name, self._published_on = context, ids_by_name, published_on
        self._taken = {*context.stored.deadline_ids, *context.stored.response_ids}

    @property
    def response_header(self) -> list[str]:
        names = ["id", "recommendation", "element", "body", "position", "given_on", "summary", "evidence"]
        return [*names, *(f"summary_{code}" for code in self._context.languages)]

    def build(self, row: CellRow, recommendation: str, element: str, asked: list[str], publication: str) -> None:
        """Stage what a row of an item, or of one of its parts, says."""
        fields = self._context.fields
        if fields.has("deadline"):
            self._deadline(row, recommendation, element, publication)
        if fields.has("response") or fields.has("response_text"):
            self._response(row, recommendation, element, asked)
        if fields.has("renews") and not element:
            self._relations(row, recommendation)
        for place in fields.places(NOTE):
            if text := row.cell(place.index).strip():
                self._context.note(recommendation, place.name, text)

    def note_links(self, row: CellRow, recommendation: str, fields_with_sources: set[str]) -> None:
        """Note the links in cells that are no sources of anything."""
        for heading, address in self._context.fields.links_elsewhere(row, fields_with_sources):
            self._context.note(recommendation, heading, address)

    def _deadline(self, row: CellRow, recommendation: str, element: str, publication: str) -> None:
        context = self._context
        if not context.fields.first(row, "deadline") or not (due := context.day(row, "deadline")):
            return
        if (recommendation, element, due) in context.stored.deadlines:
            return
        if context.fields.first(row, "deadline_stated_on"):
            stated_on = context.day(row, "deadline_stated_on")
            if not stated_on or context.is_future(row.number, stated_on, context.fields.name_of("deadline_stated_on")):
                return
        else:
            stated_on = self._published_on.get(publication, "")
        if not stated_on:
            context.problems.miss("deadline_stated_on", row.number, context.fields.name_of("deadline"))
            return
        said = context.fields.text(row, "deadline_stated_by")
        stated_by = (context.bodies.find(said) or context.publications.find(said) or said) if said else publication
        ident = self._id(recommendation, element, "due", due)
        context.stage("deadlines", row.number, [ident, recommendation, element, due, stated_on, stated_by])

    def _response(self, row: CellRow, recommendation: str, element: str, asked: list[str]) -> None:
        context, fields = self._context, self._context.fields
        word = context.word("response", fields.first(row, "response"))
        if not word:
            for place in fields.places("response_text"):
                if text := row.cell(place.index).strip():
                    context.note(recommendation, place.name, text)
            return
        position = context.code(row, "response")
        body = self._responder(row, asked)
        given_on = self._given_on(row)
        evidence = self._evidence(row)
        if not (position and body and given_on and evidence):
            return
        if (recommendation, body, position) in context.stored.responses:
            return
        summaries = [fields.text(row, "response_text"), *context.translated(row, "response_text")]
        if not summaries[0]:
            summaries = context.public_texts("response", word=word, column=fields.name_of("response"))
        ident = self._id(recommendation, element, body, given_on)
        record = [ident, recommendation, element, body, position, given_on, summaries[0], ";".join(evidence)]
        context.stage("responses", row.number, [*record, *summaries[1:]])

    def _responder(self, row: CellRow, asked: list[str]) -> str:
        context = self._context
        if name := context.fields.text(row, "response_by"):
            return context.id_named(context.bodies, "bodies", row, "response_by", name)
        if len(asked) == 1:  # no other body can respond
            return asked[0]
        if context.mapping.choices.responder:
            return context.bodies.choose(context.mapping.choices.responder, row.number)
        context.problems.miss("responder", row.number, context.fields.name_of("response"))
        return ""

    def _given_on(self, row: CellRow) -> str:
        context = self._context
        if context.fields.first(row, "response_on"):
            day = context.day(row, "response_on")
            return "" if not day or context.is_future(row.number, day, context.fields.name_of("response_on")) else day
        if not (chosen := context.mapping.choices.response_on):
            context.problems.miss("response_on", row.number, context.fields.name_of("response"))
        return chosen

    def _evidence(self, row: CellRow) -> list[str]:
        context = self._context
        response_places = (*context.fields.places("response"), *context.fields.places("response_text"))
        cited = context.sources.cited(row, context.fields.places("response_source"), response_places)
        if not cited and context.mapping.choices.source:
            cited = [context.source_book.choose(context.mapping.choices.source, row.number)]
        if not cited:
            context.problems.miss("response_source", row.number, context.fields.name_of("response"))
        return cited

    def _relations(self, row: CellRow, recommendation: str) -> None:
        context = self._context
        for text in context.fields.values(row, "renews"):
            target = text if is_web_address(text) else self._target(text)
            if not target:
                reason = refusal(
                    "“{text}” is no recommendation of the sheet or the register.",
                    cure="Write its number, its id, an id of another register as register:id, or an address.",
                    text=shown(text),
                )
                context.problems.add(row.number, context.fields.name_of("renews"), reason, text)
            elif (recommendation, target) not in context.stored.relations:
                context.stage("relations", row.number, [recommendation, "renews", target])

    def _target(self, text: str) -> str:
        key = text.strip().lower()
        if found := self._ids_by_name.get(key) or self._ids_by_name.get(number_key(text)):
            return found
        if not _ELSEWHERE.fullmatch(key):
            return ""
        return key.removeprefix(f"{self._context.settings.id}:")

    def _id(self, *parts: str) -> str:
        made = "-".join(part for part in parts if part)[-_LONGEST_ID:].strip("-")
        ident, number = made, 1
        while ident in self._taken:
            number += 1
            ident = f"{made[: _LONGEST_ID - 6].strip('-')}-{number}"
        self._taken.add(ident)
        return ident
