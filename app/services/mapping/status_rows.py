"""Builds the assessments of an item: one for each status column with a word in it."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.adapters.spreadsheets.cells import CellRow
from app.services.mapping.build_context import BuildContext
from app.services.mapping.field_reading import Place
from app.services.mapping.stored_index import StoredStatus, status_in_force
from domain.codes import Reason, Status
from domain.times import first_day

_LONGEST_ID = 80


class StatusSlot(Struct, frozen=True):
    """The columns that say what an item's status was on a day: that of its row or file if `on` is empty."""

    on: str
    status: tuple[Place, ...]
    sources: tuple[Place, ...]
    texts: dict[tuple[str, str], tuple[Place, ...]]
    """The columns of `statement` and `rationale`, by field and language."""
    is_last: bool = False

    def linked(self) -> Iterable[Place]:
        """The columns whose links are sources too."""
        return (*self.status, *(place for places in self.texts.values() for place in places))


class _BuiltStatus(Struct, frozen=True):
    """A row of an assessment, with the word that it is made of."""

    place: Place
    word: str
    record: list[str]


class StatusRows:
    """Builds the assessments of every item of a sheet."""

    def __init__(self, context: BuildContext) -> None:
        self._context = context
        self._slots = _slots(context)
        self._taken = set(context.stored.assessment_ids)
        fields = context.fields
        self._loose = () if self._slots else (*fields.places("statement"), *fields.places("rationale"))

    @property
    def header(self) -> list[str]:
        names = ["id", "recommendation", "element", "status", "effective_on", "reason", "cause", "motion", "confidence"]
        names += ["statement", "rationale", "evidence"]
        return [*names, *(f"{n}_{code}" for n in ("statement", "rationale") for code in self._context.languages)]

    def build(self, row: CellRow, recommendation: str, element: str) -> None:
        """Stage the assessments that a row says; what belongs to no status becomes a note."""
        context = self._context
        before = list(context.stored.statuses.get((recommendation, element), ()))
        built = [
            one
            for slot in self._slots
            if (one := self._build(row, slot, (recommendation, element), before)) is not None
        ]
        for one in built[:-1] if context.proposes else ():
            context.note(recommendation, one.place.name, one.word)
        for one in built[-1:] if context.proposes else built:
            context.stage("assessments", row.number, one.record)
        for place in self._loose:
            if text := row.cell(place.index).strip():
                self._context.note(recommendation, place.name, text)

    def note_all(self, row: CellRow, recommendation: str) -> None:
        """Note everything that a row says about its status, which belongs to the parts of its item."""
        for slot in self._slots:
            self._note(row, recommendation, (*slot.status, *slot.linked(), *slot.sources))

    def _build(
        self, row: CellRow, slot: StatusSlot, item: tuple[str, str], before: list[StoredStatus]
    ) -> _BuiltStatus | None:
        context, (recommendation, element) = self._context, item
        place = next((p for p in slot.status if context.word("status", row.cell(p.index).strip())), None)
        if place is None:
            self._note(row, recommendation, (*slot.linked(), *slot.sources))
            return None
        word = row.cell(place.index).strip()
        status = context.code_of(row.number, "status", word, place.name)
        if status == Status.NOT_ASSESSED:
            self._note(row, recommendation, (*slot.linked(), *slot.sources))
            return None
        day, is_of_row = self._day(row, slot, place)
        known = StoredStatus(day, status)
        if not status or not day:
            return None
        if self._is_known(item, known, before, is_of_row=is_of_row):
            context.sources.amend_stored(row, slot.sources, slot.linked())
            return None
        was_reversed = any(s.status == Status.REVERSED for s in before)
        has_cause = status == Status.REVERSED or (slot.is_last and not was_reversed)
        cause = context.code(row, "cause") if has_cause else ""
        motion, confidence = (context.code(row, f) if slot.is_last else "" for f in ("motion", "confidence"))
        evidence = self._evidence(row, slot)
        originals, translations = self._texts(row, slot, word, place)
        record = [self._id(recommendation, element, day), recommendation, element, status, day]
        record += [_reason(known, before), cause, motion, confidence, *originals, ";".join(evidence), *translations]
        if not context.proposes:
            before.append(known)
            before.sort(key=lambda s: first_day(s.day))
        return _BuiltStatus(place, word, record)

    def _is_known(
        self, item: tuple[str, str], new: StoredStatus, before: Sequence[StoredStatus], *, is_of_row: bool
    ) -> bool:
        """Whether a status is stored or proposed already; one whose day no cell says is known if it did not change."""
        if new in before or (*item, new.status, new.day) in self._context.stored.proposed:
            return True
        return not is_of_row and bool(before) and before[-1].status == new.status

    def _day(self, row: CellRow, slot: StatusSlot, place: Place) -> tuple[str, bool]:
        """The day of a status, and whether its column or row says it; empty, and a problem, if nothing does."""
        context = self._context
        if slot.on:
            return ("" if context.is_future(row.number, slot.on, place.name) else slot.on), True
        if context.fields.first(row, "status_on"):
            day = context.day(row, "status_on")
            is_wrong = not day or context.is_future(row.number, day, context.fields.name_of("status_on"))
            return "" if is_wrong else day, True
        if not context.mapping.choices.status_on:
            context.problems.miss("status_on", row.number, context.fields.name_of("status_on"))
        return context.mapping.choices.status_on, False

    def _evidence(self, row: CellRow, slot: StatusSlot) -> list[str]:
        context = self._context
        cited = context.sources.cited(row, slot.sources, slot.linked())
        if not cited and context.mapping.choices.source:
            cited = [context.source_book.choose(context.mapping.choices.source, row.number)]
        if not cited:
            context.problems.note_missing("evidence", row.number)
        return cited

    def _texts(self, row: CellRow, slot: StatusSlot, word: str, place: Place) -> tuple[list[str], list[str]]:
        """Statement and rationale, and their translations in the order of the header."""
        texts = {key: _joined(row, places) for key, places in slot.texts.items()}
        languages, context = self._context.languages, self._context
        rationales = [texts.get(("rationale", code), "") for code in ("", *languages)] if texts else [""]
        if not rationales[0]:
            rationales = context.public_texts("rationale", word=word, column=place.name)
        statements = [texts.get(("statement", code), "") for code in ("", *languages)]
        return [statements[0], rationales[0]], [*statements[1:], *rationales[1:]]

    def _note(self, row: CellRow, recommendation: str, places: Iterable[Place]) -> None:
        for place in places:
            if text := row.cell(place.index).strip():
                self._context.note(recommendation, place.name, text)

    def _id(self, recommendation: str, element: str, day: str) -> str:
        made = "-".join(part for part in (recommendation, element, day) if part)
        made = made[-_LONGEST_ID:].strip("-")
        ident, number = made, 1
        while ident in self._taken:
            number += 1
            ident = f"{made[: _LONGEST_ID - 6].strip('-')}-{number}"
        self._taken.add(ident)
        return ident


def _slots(context: BuildContext) -> list[StatusSlot]:
    """The status columns by their days, in order; those without a day are the newest."""
    fields = context.fields
    days = sorted({p.on for p in fields.places("status")}, key=lambda on: (not on, on))
    languages = ("", *context.languages)
    slots = []
    for number, on in enumerate(days, 1):
        is_last = number == len(days)

        def of_slot(
            places: Sequence[Place], on: str = on, is_last: bool = is_last
        ) -> tuple[Place, ...]:  # texts and sources of no status column's day belong to the newest
            return tuple(p for p in places if p.on == on or (is_last and p.on not in days))

        texts = {
            (field, code): places
            for field in ("statement", "rationale")
            for code in languages
            if (places := of_slot(fields.places(field, code)))
        }
        status = tuple(p for p in fields.places("status") if p.on == on)
        slots.append(StatusSlot(on, status, of_slot(fields.places("source")), texts, is_last))
    return slots


def _reason(new: StoredStatus, before: Sequence[StoredStatus]) -> str:
    """Why an assessment was made, from what was known before."""
    if not before:
        return Reason.FIRST_ASSESSMENT.value
    day = first_day(new.day)
    if any(first_day(s.day) == day for s in before):
        return Reason.OUR_CORRECTION.value
    if day < first_day(before[-1].day):
        return Reason.NEW_EVIDENCE.value
    same = status_in_force(list(before), new.day) == new.status
    return Reason.REVIEWED_NO_CHANGE.value if same else Reason.WORLD_CHANGED.value


def _joined(row: CellRow, places: Iterable[Place]) -> str:
    return "\n\n".join(text for place in places if (text := row.cell(place.index).strip()))
