"""The forms that add a source, or a search that found nothing, to a register."""

import re
import secrets
from collections.abc import Iterator
from hashlib import sha256

import msgspec
from flask import request

from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.setup.registers import register_entry
from app.entrypoints.staff.typed_days import parse_day
from app.presentation.i18n.labels import SOURCE_CLASS, choices
from app.presentation.i18n.localize import refusal_text
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.container import Services
from app.services.locker.copies import MAX_TEXT_LENGTH, SourceCopy, check_copy, store_copy
from app.services.locker.page_reading import read_pages
from app.services.sources import sources_by_id
from domain import commands as c
from domain.codes import SourceClass
from domain.errors import Refusal, Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.text import address_refusal, archive_refusal, credentials_refusal, has_credentials, is_web_address
from domain.times import first_day
from domain.values import EvidenceFacts, EvidenceText, arrange_translations
from projections.sources.queries import find_by_address, find_by_facts

SOURCE_FIELDS = (
    *("src_title", "src_publisher", "src_url", "src_archived_url", "src_published_on"),
    *("src_class", "src_summary", "src_language", "src_rights"),
)
FILTER_FIELDS = ("find", "find_skip", "src_filled", "src_same", "unpick")
"""The words that filter the offered sources, and the place in the list; what a page filled in; a stored source that is
the same; one that is no longer selected."""
FIND, FIND_NEXT, FILL, USE = "find", "find_next", "fill_source", "use_source"
"""Buttons about sources that store nothing."""
SEARCH_FIELDS = ("search_where", "search_words", "search_from", "search_to", "search_by", "search_on", "search_rights")
_TYPED_SEARCH_FIELDS = tuple(name for name in SEARCH_FIELDS if name not in ("search_by", "search_on"))
"""Those that are empty in a new form."""
_KOREAN_SEARCH = "{where}에서 {from}부터 {to}까지를 검색했으나 아무것도 찾지 못했다. 검색어: “{words}”."


def add_source(services: Services, person: Person, register: str, form: Form) -> str:
    """Adds the typed source with its file, clears the fields, returns its id. Raises `Refused` by field."""
    problems = list(source_refusals(form))
    copy = _uploaded_copy_or_problems(services, "src_file", problems)
    if problems:
        raise Refused(*problems)
    facts = EvidenceFacts(
        id=_free_id(services, register, form["src_title"]),
        publisher=form["src_publisher"],
        source_class=SourceClass(form["src_class"]),
        published_on=form.day("src_published_on"),
        accessed_on=services.clock().date().isoformat(),
        language=form["src_language"],
        sha256=copy.sha256 if copy else "",
    )
    text = EvidenceText(
        title=form["src_title"],
        url=form["src_url"],
        archived_url=form["src_archived_url"],
        summary=form["src_summary"],
    )
    return _note(services, person, register, form, facts, text, copy, "src_")


def add_search(services: Services, person: Person, register: str, form: Form) -> str:
    """Adds a search that found nothing: where, which words, which dates, by whom. Raises `Refused` by field."""
    problems = list(_search_refusals(services, form))
    copy = _uploaded_copy_or_problems(services, "search_file", problems)
    if problems:
        raise Refused(*problems)
    title = f"Search for “{form['search_words']}” in {form['search_where']}"
    facts = EvidenceFacts(
        id=_free_id(services, register, title),
        publisher=form["search_by"],
        source_class=SourceClass.NULL_SEARCH,
        accessed_on=form.day("search_on"),
        language="en",
        sha256=copy.sha256 if copy else "",
    )
    in_korean = "ko" in register_entry(services, register).settings.languages[1:]
    search = {name.removeprefix("search_"): form[name] for name in SEARCH_FIELDS}
    search |= {name: form.day(f"search_{name}") for name in ("from", "to")}
    text = EvidenceText(
        title=title,
        summary="Searched {where} with the words “{words}” for {from} to {to}; nothing was found.".format(**search),
        translations=arrange_translations([("ko", "summary", _KOREAN_SEARCH.format(**search))] if in_korean else []),
    )
    return _note(services, person, register, form, facts, text, copy, "search_")


def handle_source_buttons(services: Services, person: Person, register: str, form: Form) -> bool:
    """Add a source or a search if its button was pressed, and select it. Returns whether one of the buttons about
    sources, including the filter, was pressed."""
    action = form["action"]
    if form["unpick"]:
        form.lists["evidence"] = [ident for ident in form.lists.get("evidence", ()) if ident != form["unpick"]]
    elif action in (FIND, FIND_NEXT):
        form.values["find_skip"] = form["find_skip"] if action == FIND_NEXT else ""
    elif action == FILL:
        fill_from_page(services, register, form)
    elif action == USE:
        _use_same(form)
    elif action in ("add_source", "add_search"):
        _add_and_select(services, person, register, form, is_source=action == "add_source")
    else:
        return False
    return True


def add_typed_sources(services: Services, person: Person, register: str, form: Form) -> None:
    """Before a form is sent: adds the source and the search that are typed but not added. Errors are in the form."""
    if _has_typed(form, SOURCE_FIELDS, "src_file"):
        _add_and_select(services, person, register, form, is_source=True)
        if form.has_errors_in("src_file", *SOURCE_FIELDS):
            form.add("evidence", _("You typed a source that is not added yet. Complete it, or clear its fields."))
    if _has_typed(form, _TYPED_SEARCH_FIELDS, "search_file"):
        _add_and_select(services, person, register, form, is_source=False)
        if form.has_errors_in("search_file", *SEARCH_FIELDS):
            form.add("evidence", _("You typed a search that is not added yet. Complete it, or clear its fields."))


def has_typed_sources(form: Form) -> bool:
    """Whether a source or a search is typed but not added."""
    return _has_typed(form, SOURCE_FIELDS, "src_file") or _has_typed(form, _TYPED_SEARCH_FIELDS, "search_file")


def fields_after_adding(form: Form) -> dict[str, list[str]]:
    """The fields about sources that a confirmation page sends instead of those that came with the request."""
    fields = {name: [form[name]] for name in (*SOURCE_FIELDS, *SEARCH_FIELDS, *FILTER_FIELDS)}
    return fields | {"evidence": form.lists.get("evidence", [])}


def _has_typed(form: Form, fields: tuple[str, ...], file_field: str) -> bool:
    file = request.files.get(file_field)
    return any(form[name] for name in fields) or bool(file and file.filename)


def _add_and_select(services: Services, person: Person, register: str, form: Form, *, is_source: bool) -> None:
    """Adds a source or a search, and selects it; a source that exists already is offered first."""
    try:
        if is_source:
            refuse_same_source(services, register, form)
        add = add_source if is_source else add_search
        form.lists.setdefault("evidence", []).append(add(services, person, register, form))
    except Refused as refused:
        form.refuse(refused)


def refuse_same_source(services: Services, register: str, form: Form) -> None:
    """Offers once a stored source with the typed address, or with title, publisher and day. Raises `Refused`."""
    facts = form["src_title"], form["src_publisher"], stored_day(form["src_published_on"])
    with services.views.connect() as db:
        by_address = next(iter(find_by_address(db, register, [form["src_url"]]).values()), "")
        ident = by_address or find_by_facts(db, register, *facts)
        source = sources_by_id(services, db, register, [ident]).get(ident)
    if source is None or form["src_same"] == ident:
        return  # there is none, or the person saw it and adds another one
    form.values["src_same"] = ident
    if by_address:
        raise Refused(
            refusal(
                "This address is already a source of the register: “{title}”.",
                cure="Use that one, or add yours again if it is another document.",
                title=source.title or ident,
                field="src_url",
            )
        )
    raise Refused(
        refusal(
            "A source with this title, publisher and day is already in the register: “{title}”.",
            cure="Use that one, or add yours again if it is another document.",
            title=source.title or ident,
            field="src_url",
        )
    )


def stored_day(text: str) -> str:
    """A typed day as stored; empty if it cannot be read."""
    try:
        return parse_day(text)
    except Refused:
        return ""


def _use_same(form: Form) -> None:
    """Selects the stored source in place of the typed one."""
    if form["src_same"]:
        form.lists.setdefault("evidence", []).append(form["src_same"])
    for name in [n for n in form.values if n.startswith("src_")]:
        form.values[name] = ""


def fill_from_page(services: Services, register: str, form: Form) -> None:
    """Fills empty fields from what the page at the typed address says about itself. Typed texts and the kind stay.

    A page that is a source already is not read: that source is offered.
    """
    if not services.settings.capture:
        form.add("src_url", _("This site does not read pages. Fill in the fields yourself."))
        return
    if not is_web_address(form["src_url"]):
        form.add("src_url", _("Enter an address that starts with http:// or https:// and has no spaces."))
        return
    try:
        if has_credentials(form["src_url"]):
            raise Refused(credentials_refusal("src_url"))
        refuse_same_source(services, register, form)
    except Refused as refused:
        form.refuse(refused)
        return
    reading = read_pages(services.fetcher, [form["src_url"]])[form["src_url"]]
    if reading.problem:
        form.add("src_url", refusal_text(reading.problem))
        return
    texts = {name: getattr(reading.metadata, name) for name in ("title", "publisher", "published_on", "language")}
    filled = [name for name, text in texts.items() if text and not form[f"src_{name}"]]
    form.values |= {f"src_{name}": texts[name] for name in filled}
    form.values["src_filled"] = " ".join(filled) or "nothing"


def search_defaults(services: Services, person: Person) -> dict[str, str]:
    """The default values of a search's form."""
    return {"search_by": person.name, "search_on": services.clock().date().isoformat()}


def source_classes() -> list[tuple[str, str]]:
    """The kinds of source that can be chosen, with their labels: not that of a search, nor that of no choice."""
    left_out = (SourceClass.NULL_SEARCH, SourceClass.UNCLASSIFIED)
    return [(code, words) for code, words in choices(SOURCE_CLASS) if code not in left_out]


def uploaded_copy(services: Services, field: str = "file") -> SourceCopy | None:
    """Returns the checked upload of a field; None if there is none. Raises `Refused` about the field."""
    file = request.files.get(field)
    if file is None or not file.filename:
        return None
    try:
        return check_copy(services, file.read(services.settings.largest_file_mb * 2**20 + 1))
    except Refused as refused:
        raise Refused(*(r.about(field) for r in refused.refusals)) from None


def _uploaded_copy_or_problems(services: Services, field: str, problems: list[Refusal]) -> SourceCopy | None:
    try:
        return uploaded_copy(services, field)
    except Refused as refused:
        problems += refused.refusals
        return None


def _note(
    services: Services,
    person: Person,
    register: str,
    form: Form,
    facts: EvidenceFacts,
    text: EvidenceText,
    copy: SourceCopy | None,
    prefix: str,
) -> str:
    """Returns the id of the source. A source that the same form added before is not added again."""
    key, salt = secrets.token_hex(16), secrets.token_hex(16)
    typed = sorted((n, v) for n, v in form.values.items() if n.startswith(prefix))
    once = sha256(msgspec.json.encode([request.form.get("form_id", ""), typed, facts.sha256])).hexdigest()
    command_id = f"{person.id}/{once}" if "form_id" in request.form else ""
    command = c.NoteEvidence(register, facts=facts, text=text, key=key, salt=salt)
    # The id stands for what was typed; key and salt of the command are other ones each time.
    ident = services.execute_for(person, command, command_id=command_id, request_digest=once)
    if copy and ident == facts.id:
        store_copy(services, person, register, facts.id, copy, rights=form[f"{prefix}rights"])
    for name in [n for n in form.values if n.startswith(prefix)]:
        form.values[name] = ""
    return ident


def source_refusals(form: Form, before: SourceClass | None = None) -> Iterator[Refusal]:
    """What is wrong with a typed source; `before` is its class until now."""
    if not form["src_title"]:
        yield refusal("Give the title of the source.", field="src_title")
    if not form["src_publisher"]:
        yield refusal("Enter who published it.", field="src_publisher")
    if not form["src_summary"]:
        yield refusal("Enter in a sentence what it shows.", field="src_summary")
    if form["src_class"] == SourceClass.NULL_SEARCH and before is not SourceClass.NULL_SEARCH:
        yield refusal("Use the form for searches that found nothing.", field="src_class")
    elif form["src_class"] not in {k.value for k in SourceClass}:
        yield refusal("Choose what kind of source it is.", field="src_class")
    yield from _address_refusals(form)
    if form["src_published_on"]:
        yield from _day_refusals(form, "src_published_on")
    if form["src_language"] and not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", form["src_language"]):
        yield refusal("A language is a code such as en or ko.", field="src_language")
    yield from _length_refusals(form, "src_rights")


def _address_refusals(form: Form) -> Iterator[Refusal]:
    wrong = [r for name in ("src_url", "src_archived_url") if (r := address_refusal(form[name], name))]
    same = archive_refusal(form["src_url"], form["src_archived_url"], "src_archived_url")
    yield from wrong or ([same] if same else [])


def _search_refusals(services: Services, form: Form) -> Iterator[Refusal]:
    if not form["search_where"]:
        yield refusal("Enter where you searched.", field="search_where")
    if not form["search_words"]:
        yield refusal("Enter the words that you searched for.", field="search_words")
    if not form["search_by"]:
        yield refusal("Enter who searched.", field="search_by")
    wrong = [r for name in ("search_from", "search_to", "search_on") for r in _day_refusals(form, name)]
    yield from wrong
    if not wrong and first_day(form.day("search_from")) > first_day(form.day("search_to")):
        yield refusal("The search must not end before it begins.", field="search_to")
    if not wrong and first_day(form.day("search_on")) > services.clock().date():
        yield refusal("The day of the search must not be in the future.", field="search_on")
    yield from _length_refusals(form, "search_rights")


def _day_refusals(form: Form, field: str) -> Iterator[Refusal]:
    if not form[field]:
        yield refusal("Enter a day.", field=field)
    try:
        form.day(field)
    except Refused as refused:
        yield from (r.about(field) for r in refused.refusals)


def _length_refusals(form: Form, field: str) -> Iterator[Refusal]:
    if len(form[field]) > MAX_TEXT_LENGTH:
        yield refusal("Shorten it to {n} characters.", n=MAX_TEXT_LENGTH, field=field)


def _free_id(services: Services, register: str, title: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60].strip("-") or "source"
    ident, number = stem, 1
    while services.tracker.find(Evidence, evidence_id(register, ident)) is not None:
        number += 1
        ident = f"{stem}-{number}"
    return ident
