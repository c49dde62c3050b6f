"""Guesses the field of each column, from its heading and from its values, and says why."""

from collections import defaultdict
from collections.abc import Callable, Sequence

from msgspec import Struct, structs

from app.services.mapping.column_values import ColumnValues
from app.services.mapping.fields import FIELDS
from app.services.mapping.headings import HeadingGuess, guess_heading
from app.services.mapping.types import LEAVE_OUT, NOTE
from domain.errors import Refusal, refusal

_DATE_FIELDS = frozenset({"deadline", "deadline_stated_on", "status_on", "recommended_on", "source_on", "response_on"})
_MOSTLY = 0.6
_HARDLY = 0.3
_MAX_WORDS = 40
"""More different values than that are no list of words."""


class ColumnChoice(Struct, frozen=True, kw_only=True):
    """A column's field for the mapping, and why."""

    values: ColumnValues
    field: str
    why: Refusal
    must_choose: bool = False
    language: str = ""
    on: str = ""
    is_exact: bool = False


def choose_columns(columns: Sequence[ColumnValues], language: str) -> list[ColumnChoice]:
    """Choose a field for every column; no two columns fill a field that has one value, except in two languages.

    `language` is that of the recommendations.
    """
    choices = [_choose(values) for values in columns]
    choices = _with_title(_with_number(choices))
    return _without_doubles([_with_language(choice, language) for choice in choices], language)


def _choose(values: ColumnValues) -> ColumnChoice:
    heading = guess_heading(values.heading)
    if not values.filled:
        return ColumnChoice(values=values, field=LEAVE_OUT, why=refusal("The column is empty."))
    if heading.field in FIELDS:
        return _by_heading(values, heading)
    if heading.field == NOTE and values.addresses < _MOSTLY:
        return _ask(values, heading)
    return _by_values(values, heading)


def _by_heading(values: ColumnValues, heading: HeadingGuess) -> ColumnChoice:
    """The field of the heading, if the values can be it; else what the values look like."""
    field, on = heading.field, heading.on
    why = refusal("By the heading.")
    if other := _other_field(values, field):
        field, why = other, refusal("By the heading and the values.")
    if field in _DATE_FIELDS:
        if values.years < _HARDLY:
            return _ask(values, heading)
        why = _looks_like_dates(values)
    elif field == "source":
        if values.addresses < _HARDLY:
            return _ask(values, heading)
        why = _looks_like_addresses(values)
    elif field in ("kind", "confidence", "cause", "motion") and values.words(field) < _HARDLY:
        return _ask(values, heading)
    elif field in ("theme", "addressees", "publication", "joint_addressees"):
        why = refusal("By the heading; different values: {count}.", count=values.different)
    elif field in ("title", "summary"):
        why = refusal("By the heading. Characters of the longest text: {count}.", count=values.longest)
    if field not in FIELDS or not FIELDS[field].by_day:
        on = ""
    return ColumnChoice(
        values=values, field=field, why=why, language=heading.language, on=on, is_exact=heading.is_exact
    )


def _other_field(values: ColumnValues, field: str) -> str:
    """The field that the values show instead of that of the heading; empty if they agree."""
    rules: dict[str, tuple[tuple[str, Callable[[], bool]], ...]] = {
        "status": (
            ("response", lambda: values.words("response") > max(_MOSTLY, values.words("status"))),
            ("status_on", lambda: values.dates > _MOSTLY),
            ("statement", lambda: values.is_prose and values.words("status") < _HARDLY),
        ),
        "status_on": (("statement", lambda: values.is_prose), ("status", lambda: _is_status(values))),
        "statement": (("status", lambda: _is_status(values)),),
        "rationale": (("status", lambda: _is_status(values)),),
        "response": (("response_text", lambda: values.is_prose and values.words("response") < _HARDLY),),
        "response_text": (("response", lambda: values.words("response") > _MOSTLY),),
        "number": (("title", lambda: values.average > 40),),
        "id": (("title", lambda: values.average > 40),),
        "title": (("number", lambda: values.numbers > 0.8 and values.average < 16),),
        "theme": (("title", lambda: values.is_prose and values.is_unique and values.average > 80),),
        "publication": (("source", lambda: values.addresses > _MOSTLY),),
        "recommended_on": (),
    }
    return next((other for other, holds in rules.get(field, ()) if holds()), "")


def _is_status(values: ColumnValues) -> bool:
    return values.different <= _MAX_WORDS and values.words("status") > _MOSTLY


def _by_values(values: ColumnValues, heading: HeadingGuess) -> ColumnChoice:
    """What the values look like, where the heading says nothing."""
    if values.addresses > _MOSTLY:
        return ColumnChoice(values=values, field="source", why=_looks_like_addresses(values))
    if _is_status(values):
        why = refusal("By the values: most are words for a status.")
        return ColumnChoice(values=values, field="status", why=why, on=heading.on)
    if heading.on and values.is_prose:
        why = refusal("A long text with a day in its heading.")
        return ColumnChoice(values=values, field="statement", why=why, on=heading.on, must_choose=True)
    if values.words("response") > _MOSTLY and values.different <= _MAX_WORDS and values.different > 1:
        return ColumnChoice(
            values=values, field="response", why=refusal("By the values: most are words for a response.")
        )
    return _ask(values, heading)


def _ask(values: ColumnValues, heading: HeadingGuess) -> ColumnChoice:
    """A column that only a person can decide about: a note, which is never public."""
    if values.is_prose or (heading.field == NOTE and values.average > 20):
        why = refusal(
            "Please choose. Free text; rows: {count}, characters of the longest: {longest}.",
            count=values.filled,
            longest=values.longest,
        )
    elif values.dates > _MOSTLY:
        why = refusal("Please choose. {dates}", dates=_looks_like_dates(values))
    else:
        why = refusal(
            "Please choose. Different values: {count}; rows: {rows}.", count=values.different, rows=values.filled
        )
    return ColumnChoice(values=values, field=NOTE, why=why, must_choose=True, language=heading.language)


def _looks_like_dates(values: ColumnValues) -> Refusal:
    count = round(values.years * values.filled)
    return refusal("{count} of {total} look like dates.", count=count, total=values.filled)


def _looks_like_addresses(values: ColumnValues) -> Refusal:
    return refusal(
        "By the values. Cells with addresses: {count}; hosts: {hosts}.",
        count=round(values.addresses * values.filled),
        hosts=max(1, len(values.hosts())),
    )


def _with_number(choices: list[ColumnChoice]) -> list[ColumnChoice]:
    """The first column that numbers the rows is the number, if no heading says so."""
    if any(choice.field in ("number", "id") for choice in choices):
        return choices
    for n, choice in enumerate(choices):
        values = choice.values
        if choice.must_choose and choice.field == NOTE and values.numbers > 0.9 and values.is_unique:
            why = refusal("By the values: each row has another number.")
            choices[n] = structs.replace(choice, field="number", why=why, must_choose=False)
            break
    return choices


def _with_title(choices: list[ColumnChoice]) -> list[ColumnChoice]:
    """A sheet without a column of titles has them in its summaries, or in its longest texts that differ."""
    if any(choice.field == "title" for choice in choices):
        return choices
    for n, choice in enumerate(choices):
        if choice.field == "summary":
            choices[n] = structs.replace(choice, field="title")
            return choices
    open_ones = [
        (choice.values.average, -n)
        for n, choice in enumerate(choices)
        if choice.must_choose
        and choice.field == NOTE
        and choice.values.is_unique
        and choice.values.average > 20
        and not guess_heading(choice.values.heading).is_exact
    ]
    if open_ones:
        n = -max(open_ones)[1]
        why = refusal("By the values: the longest texts that differ in each row.")
        choices[n] = structs.replace(choices[n], field="title", why=why, must_choose=False)
    return choices


def _with_language(choice: ColumnChoice, language: str) -> ColumnChoice:
    if choice.language == language or choice.field not in FIELDS or not FIELDS[choice.field].has_language:
        return structs.replace(choice, language="")
    return choice


def _without_doubles(choices: list[ColumnChoice], language: str) -> list[ColumnChoice]:
    """Leave the best column to each field with one value, and ask about the others."""
    groups: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for n, choice in enumerate(choices):
        if choice.field in FIELDS and not FIELDS[choice.field].several:
            groups[choice.field, choice.language, choice.on].append(n)
    for (field, tag, _on), places in groups.items():
        if len(places) < 2:
            continue
        best, *others = sorted(places, key=lambda n: (not choices[n].is_exact, -choices[n].values.filled, n))
        if field == "title" and not tag:
            best, others = _shorter_title(choices, best, others)
        for n in others:
            choices[n] = _second(choices, n, best, language)
    return choices


def _shorter_title(choices: list[ColumnChoice], best: int, others: list[int]) -> tuple[int, list[int]]:
    """Of a title and a text, the shorter is the title."""
    ranked = sorted((best, *others), key=lambda n: (not choices[n].is_exact, choices[n].values.average))
    return ranked[0], ranked[1:]


def _second(choices: list[ColumnChoice], n: int, best: int, language: str) -> ColumnChoice:
    """Another column for a field that is filled: in another language, the text of a title, or a question."""
    choice, first = choices[n], choices[best]
    if FIELDS[choice.field].has_language and not choice.language and not first.language:
        if abs(choice.values.hangul - first.values.hangul) > 0.7:
            why = refusal("The same in another language.")
            tag = "ko" if choice.values.hangul > first.values.hangul else "en"
            if tag != language:
                return structs.replace(choice, language=tag, why=why)
            choices[best] = structs.replace(first, language="ko" if tag == "en" else "en", why=why)
            return choice
        if choice.field == "title" and not any(c.field == "summary" for c in choices):
            return structs.replace(choice, field="summary")
    why = refusal("Please choose. Column {column} is already used for this.", column=first.values.letters)
    return structs.replace(choice, field=NOTE, why=why, must_choose=True, on="", language="")
