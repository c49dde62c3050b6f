"""What a sheet does not say, as questions that are asked once, with the answers that stand now."""

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.spreadsheet.preview import Preview
from app.entrypoints.staff.spreadsheet.steps import OpenImport
from app.presentation.i18n.labels import KIND
from app.presentation.i18n.translation import _, ngettext
from app.services.bundles.typed_dates import read_date
from app.services.mapping.types import Choices, PublicationChoice, SheetMapping

MAX_PUBLICATIONS = 20
"""How many publications that cells name are asked about."""
CRITERIA, REVIEW, LEGACY = ("earlier_record", "write"), ("as_brought", "second_person"), ("yes", "no")
_DATES = ("recommended_on", "status_on", "response_on")
_UNANSWERED = {"addressee": "addressees", "source": "response_source"}
"""What is missing without an answer, where it has another name."""
_TEXTS = ("theme", "addressee", "responder", "source")


class MissingQuestion(Struct, frozen=True):
    """A question with the name of its field. Without choices it is answered with a text."""

    name: str
    label: str
    hint: str
    rows: int
    choices: tuple[tuple[str, str, str], ...] = ()
    """The value, the answer, and what it means."""
    counts_statuses: bool = False
    """Whether `rows` is a number of statuses: one row may state several."""


class PublicationQuestion(Struct, frozen=True):
    """Publisher and day of a publication; `name` is the beginning of the names of its fields."""

    name: str
    title: str
    asks_title: bool


def ask(opened: OpenImport, preview: Preview) -> list[MissingQuestion]:
    """The questions about this sheet."""
    asked = _questions(opened, {thing.what: thing.rows for thing in preview.missing}, preview)
    return [_with_waiting(question, preview.unanswered) for question in asked]


def _with_waiting(question: MissingQuestion, unanswered: dict[str, int]) -> MissingQuestion:
    """A question that says how many rows cannot be imported before it is answered."""
    waiting = unanswered.get(_UNANSWERED.get(question.name, question.name), 0)
    if not waiting:
        return question
    words = ngettext("%(num)d row waits for this answer.", "%(num)d rows wait for this answer.", waiting)
    return replace(question, hint=f"{words} {question.hint}")


def _questions(opened: OpenImport, missing: dict[str, int], preview: Preview) -> Iterator[MissingQuestion]:
    is_open = opened.entry is not None and opened.entry.is_open
    if rows := missing.get("kind"):
        kinds = tuple((str(code), str(label), "") for code, label in KIND.items())
        yield MissingQuestion("kind", _("Kind"), _("The kind decides which statuses fit."), rows, kinds)
    if rows := missing.get("criteria"):
        yield MissingQuestion(
            "criteria", _("Success criteria"), _criteria_hint(), rows, _criteria_choices(is_open=is_open)
        )
    if _has_status(opened.mapping) and not is_open:
        hint = _("Your sheet states what was done. Choose who answers for it.")
        yield MissingQuestion(
            "review",
            _("Review by a second person"),
            hint,
            preview.numbers["assessments"],
            _review_choices(),
            counts_statuses=True,
        )
    if (preview.legacy or not opened.mapping.legacy) and not is_open:
        hint = _("The rules ask for sources, and for more of them where a status is “implemented”.")
        marked = preview.numbers["legacy"]
        yield MissingQuestion(
            "legacy",
            _("Statuses without the sources that the rules ask for"),
            hint,
            marked or missing.get("source", 0),
            _legacy_choices(),
            counts_statuses=bool(marked),
        )
    yield from _text_questions(missing)


def _text_questions(missing: dict[str, int]) -> Iterator[MissingQuestion]:
    day = _("Such as 30 September 2024, 2024-09 or 2024.")
    if rows := missing.get("response_source"):
        hint = _(
            "An address that stands for all responses and statuses without a link, such as the answer of the body. A "
            "response is not imported without a source."
        )
        yield MissingQuestion("source", _("Source of the responses and statuses"), hint, rows)
    elif rows := missing.get("source"):
        hint = _(
            "An address that stands for all statuses without a link, such as the sheet itself. You can leave it empty."
        )
        yield MissingQuestion("source", _("Source of the statuses"), hint, rows)
    if rows := missing.get("theme"):
        yield MissingQuestion("theme", _("Theme"), _("One theme for all rows without one."), rows)
    if rows := missing.get("addressees"):
        yield MissingQuestion(
            "addressee", _("Asked of"), _("One body for all rows that do not say who was asked."), rows
        )
    if rows := missing.get("recommended_on"):
        hint = _(
            "Leave it empty for the day of the publication, or type a day such as 30 September 2024, 2024-09 or 2024."
        )
        yield MissingQuestion("recommended_on", _("Recommended on"), hint, rows)
    if rows := missing.get("status_on"):
        yield MissingQuestion("status_on", _("Day of the status"), day, rows)
    if rows := missing.get("response_on"):
        yield MissingQuestion("response_on", _("Response given on"), day, rows)
    if rows := missing.get("response_source"):
        yield MissingQuestion("responder", _("Response given by"), _("The body that gave the responses."), rows)


def _criteria_hint() -> str:
    return _("Criteria say in advance what counts as done. Your sheet has none.")


def _criteria_choices(*, is_open: bool) -> tuple[tuple[str, str, str], ...]:
    later = (
        _("They are listed as work to do.")
        if is_open
        else _("They are listed as work to do before the register opens.")
    )
    return (
        (
            "earlier_record",
            _("Import without."),
            _("Public pages say that the item comes from an earlier record and that no criteria were written before "
              "the first assessment."),
        ),
        ("write", _("Staff write them."), later),
    )  # fmt: skip


def _review_choices() -> tuple[tuple[str, str, str], ...]:
    return (
        (
            "as_brought",
            _("Import them as an earlier record."),
            _("They carry the mark “imported from an earlier record” on public pages."),
        ),
        (
            "second_person",
            _("A second person reviews each of them."),
            _("They wait as proposals and are not shown before they are published."),
        ),
    )


def _legacy_choices() -> tuple[tuple[str, str, str], ...]:
    return (
        ("yes", _("Import them with a mark."), _("The mark is public until they are assessed again.")),
        ("no", _("Leave these rows out."), _("They stay in the list to finish.")),
    )


def _has_status(mapping: SheetMapping) -> bool:
    return any(column.field == "status" for column in mapping.columns)


def ask_publications(mapping: SheetMapping) -> list[PublicationQuestion]:
    """The publications whose publisher and day are asked: that of the whole sheet, or those that cells name."""
    asked = [PublicationQuestion("pub", "", asks_title=True)] if mapping.publication else []
    named = list(mapping.publications.items())[:MAX_PUBLICATIONS]
    return asked + [
        PublicationQuestion(f"pub-{n}", choice.title or name, asks_title=False)
        for n, (name, choice) in enumerate(named)
    ]


def answer_values(mapping: SheetMapping) -> dict[str, str]:
    """The answers that stand, by name of their fields."""
    values: dict[str, str] = {name: getattr(mapping.choices, name) for name in Choices.__struct_fields__}
    values["legacy"] = "yes" if mapping.legacy else "no"
    if mapping.publication:
        values |= {f"pub-{field}": getattr(mapping.publication, field) for field in _PUBLICATION_FIELDS}
    for n, choice in enumerate(list(mapping.publications.values())[:MAX_PUBLICATIONS]):
        values |= {f"pub-{n}-{field}": getattr(choice, field) for field in ("publisher", "published_on")}
    return values


_PUBLICATION_FIELDS = ("title", "publisher", "published_on")


def with_answers(mapping: SheetMapping, form: Form, asked: list[MissingQuestion]) -> SheetMapping:
    """The mapping with the typed answers; adds to the form what is wrong with them."""
    changed: dict[str, str] = {}
    for question in asked:
        if question.name == "legacy":
            mapping = replace(mapping, legacy=form["legacy"] != "no")
        elif (answer := _answer(question, form)) is not None:
            changed[question.name] = answer
    return _with_publications(replace(mapping, choices=replace(mapping.choices, **changed)), form)


def _answer(question: MissingQuestion, form: Form) -> str | None:
    """The typed answer to a question; None if it is no possible one."""
    name, text = question.name, form[question.name]
    if question.choices:
        return text if text in {value for value, _answer, _meaning in question.choices} else None
    if name in _DATES and text:
        return _day(form, name)
    return text


def _day(form: Form, name: str) -> str | None:
    day = read_date(form[name])
    if not day:
        form.add(name, _("Type a day such as 30 September 2024, or 2024-09, or a year."))
    return day or None


def _with_publications(mapping: SheetMapping, form: Form) -> SheetMapping:
    if mapping.publication:
        choice = _typed_publication(mapping.publication, "pub", form)
        if form["pub-title"]:
            choice = replace(choice, title=form["pub-title"])
        mapping = replace(mapping, publication=choice)
    named = {
        name: _typed_publication(choice, f"pub-{n}", form) if n < MAX_PUBLICATIONS else choice
        for n, (name, choice) in enumerate(mapping.publications.items())
    }
    return replace(mapping, publications=named)


def _typed_publication(choice: PublicationChoice, name: str, form: Form) -> PublicationChoice:
    publisher, day = form[f"{name}-publisher"], form[f"{name}-published_on"]
    if not publisher:
        form.add(f"{name}-publisher", _("Say who published it."))
    read = read_date(day)
    if not read:
        form.add(f"{name}-published_on", _("Type a day such as 30 September 2024, or 2024-09, or a year."))
    return replace(choice, publisher=publisher or choice.publisher, published_on=read or choice.published_on)
