"""The fourth step: what the words in the cells mean, which names are the same, and how dates and links are read."""

from flask import redirect, render_template, request
from msgspec import Struct
from msgspec.structs import replace
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import SIGNED_IN, allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.spreadsheet.name_pairs import PAIR_ANSWERS, answer_pairs
from app.entrypoints.staff.spreadsheet.steps import (
    LEAVE,
    OpenImport,
    after_step,
    check_unchanged,
    open_import,
    save,
    step_address,
    step_links,
    stored_bundle,
)
from app.entrypoints.staff.spreadsheet.word_choices import code_choices
from app.presentation.i18n.labels import SOURCE_CLASS, choices, day_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.bundles.typed_dates import read_date
from app.services.container import Services
from app.services.mapping.fields import FIELDS
from app.services.mapping.guesses import Guess, HostGuess, WordGuess
from app.services.mapping.guessing import guess_values
from app.services.mapping.near_names import NearNames
from app.services.mapping.types import HostChoice, SheetMapping
from domain.codes import SourceClass

MAX_WORDS, MAX_HOSTS, MAX_NAMES = 100, 100, 200
"""How many are asked about on one page, the most common first; and how many names are listed."""
DATE_ORDERS = ("dmy", "mdy", "ymd")
NAME_KINDS = ("bodies", "themes", "publications")


class WordQuestion(Struct, frozen=True):
    """A word of a field, with the name of its input and the answer that the form shows."""

    input: str
    word: WordGuess
    answer: str


class WordField(Struct, frozen=True):
    """The words of one field, and the codes to choose from."""

    field: str
    label: str
    questions: list[WordQuestion]
    choices: list[tuple[str, str]]
    cells: int
    hidden: int
    """Number of words that are not asked about here."""


class PairQuestion(Struct, frozen=True):
    """Two names that look alike."""

    input: str
    kind: str
    pair: NearNames
    first_rows: tuple[int, ...]
    second_rows: tuple[int, ...]
    counts: tuple[int, int]


class HostQuestion(Struct, frozen=True):
    input: str
    host: HostGuess


@staff.route("/spreadsheet/<number:number>/values/", methods=["GET", "POST"])
@allowed(SIGNED_IN)
def spreadsheet_values(number: int) -> tuple[str, int] | Response:
    """Asks each word, pair of names, host and kind of date once, with our guess chosen."""
    opened = open_import(services(), current_person(), number)
    if not opened.reaches("values"):
        return redirect(step_address(number, opened.step))
    stored = stored_bundle(services(), opened.stored_register)
    guess = guess_values(opened.workbook, opened.mapping, stored)
    form = Form(**_values(guess))
    if request.method == "POST":
        form.read(*form.values, "action")
        if check_unchanged(opened, form) and _save_values(services(), current_person(), opened, form, guess):
            return redirect(after_step(opened, form["action"], "preview"))
    return _page(opened, form, guess)


def _word_questions(guess: Guess) -> dict[str, list[tuple[str, WordGuess]]]:
    """The words to ask about, by field, each with the name of its input."""
    return {
        field: [(f"word-{field}-{n}", word) for n, word in enumerate(words[:MAX_WORDS])]
        for field, words in guess.words.items()
        if words
    }


def _pairs(guess: Guess) -> list[tuple[str, str, NearNames]]:
    """The pairs of names, each with the name of its input and its kind."""
    return [(f"pair-{k}-{n}", k, pair) for k in NAME_KINDS for n, pair in enumerate(guess.near_names.get(k, ()))]


def _hosts(guess: Guess) -> list[tuple[str, HostGuess]]:
    return [(f"host-{n}", host) for n, host in enumerate(guess.hosts[:MAX_HOSTS])]


def _values(guess: Guess) -> dict[str, str]:
    values = {name: word.code for asked in _word_questions(guess).values() for name, word in asked}
    values |= {name: pair.answer for name, _kind, pair in _pairs(guess)}
    for name, host in _hosts(guess):
        values |= {name: host.source_class, f"{name}-publisher": host.publisher}
    if guess.dates:
        values["date_order"] = guess.dates.order
    return values


def _save_values(services: Services, person: Person, opened: OpenImport, form: Form, guess: Guess) -> bool:
    """Saves the answers; returns whether the form is complete."""
    mapping = _answered_words(guess.mapping, form, guess, complete=form["action"] != LEAVE)
    mapping = answer_pairs(mapping, [(kind, pair, form[name]) for name, kind, pair in _pairs(guess)])
    mapping = replace(mapping, hosts=mapping.hosts | _answered_hosts(form, guess), register=opened.mapping.register)
    if guess.dates:
        if form["date_order"] not in DATE_ORDERS:
            form.add("date_order", _("Choose how the dates are read."))
        mapping = replace(mapping, date_order=form["date_order"])
    if form.errors:
        return False
    save(services, person, opened, mapping, reached="preview" if form["action"] != LEAVE else "")
    return True


def _answered_words(mapping: SheetMapping, form: Form, guess: Guess, *, complete: bool) -> SheetMapping:
    words = {field: dict(known) for field, known in mapping.words.items()}
    for field, asked in _word_questions(guess).items():
        codes = {code for code, _label in code_choices(field)}
        for name, word in asked:
            code = form[name]
            if code not in codes and (code or complete):
                form.add(name, _("Say what “%(word)s” means, or leave these cells out.", word=word.word[:60]))
                continue
            words.setdefault(field, {}).update(dict.fromkeys(word.spellings, code))
    return replace(mapping, words=words)


def _answered_hosts(form: Form, guess: Guess) -> dict[str, HostChoice]:
    found, classes = {}, {code for code, _label in _source_classes()}
    for name, host in _hosts(guess):
        if form[name] not in classes:
            form.add(name, _("Choose what the links to %(host)s are.", host=host.host))
        else:
            found[host.host] = HostChoice(source_class=form[name], publisher=form[f"{name}-publisher"])
    return found


def _page(opened: OpenImport, form: Form, guess: Guess) -> tuple[str, int]:
    fields = [_word_field(field, asked, form, guess) for field, asked in _word_questions(guess).items()]
    pairs = [_pair_question(name, kind, pair, guess) for name, kind, pair in _pairs(guess)]
    page = render_template(
        "staff/spreadsheet/values.html",
        opened=opened,
        form=form,
        steps=step_links(opened, "values"),
        fields=fields,
        undecided=sum(not question.answer for field in fields for question in field.questions),
        pairs=pairs,
        pair_answers=PAIR_ANSWERS,
        names=[
            (label, guess.names[kind][:MAX_NAMES], len(guess.names[kind]))
            for kind, label in _kind_labels()
            if kind in guess.names
        ],
        hosts=[HostQuestion(name, host) for name, host in _hosts(guess)],
        more_hosts=max(0, len(guess.hosts) - MAX_HOSTS),
        classes=_source_classes(),
        dates=guess.dates,
        orders=_date_orders(guess),
        unknown=guess.unknown,
    )
    return page, form.status


def _source_classes() -> list[tuple[str, str]]:
    return [(code, label) for code, label in choices(SOURCE_CLASS) if code != SourceClass.NULL_SEARCH]


def _kind_labels() -> list[tuple[str, str]]:
    return [("bodies", _("Bodies")), ("themes", _("Themes")), ("publications", _("Publications"))]


def _word_field(field: str, asked: list[tuple[str, WordGuess]], form: Form, guess: Guess) -> WordField:
    return WordField(
        field=field,
        label=str(FIELDS[field].label),
        questions=[WordQuestion(name, word, form[name]) for name, word in asked],
        choices=code_choices(field),
        cells=sum(word.count for word in guess.words[field]),
        hidden=max(0, len(guess.words[field]) - MAX_WORDS),
    )


def _pair_question(name: str, kind: str, pair: NearNames, guess: Guess) -> PairQuestion:
    by_name = {spelling: found for found in guess.names.get(kind, ()) for spelling in (found.name, *found.spellings)}
    first, second = by_name.get(pair.first), by_name.get(pair.second)
    return PairQuestion(
        input=name,
        kind=kind,
        pair=pair,
        first_rows=first.rows[:5] if first else (),
        second_rows=second.rows[:5] if second else (),
        counts=(first.count if first else 0, second.count if second else 0),
    )


def _date_orders(guess: Guess) -> list[tuple[str, str, str]]:
    """The ways to read the ambiguous dates: order, the day that the example is then, and the order in words."""
    if guess.dates is None:
        return []
    words = {"dmy": _("day first"), "mdy": _("month first"), "ymd": _("year first")}
    read = ((order, read_date(guess.dates.example, order)) for order in words)
    return [(order, day_text(day), words[order]) for order, day in read if day]
