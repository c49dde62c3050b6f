"""Translations side by side with their originals; outdated ones are marked."""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from app.entrypoints.http.guard import allowed, current_person
from app.entrypoints.http.services import services
from app.entrypoints.staff.blueprint import staff
from app.entrypoints.staff.confirmation import Confirmation, goes_back, require_confirmation
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.amendable_facts import COMMANDS, AmendableFact, stored_facts
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.field_labels import LABELS
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.container import Services
from domain.amendments import names_of_translations
from domain.errors import Refused
from domain.values import TranslatedFact, arrange_translations, translations_by_name
from projections.catalogue.entries import RegisterEntry
from projections.catalogue.queries import outdated_translations

ROWS_PER_PAGE = 40
KINDS = {
    "register": "settings",
    "theme": "themes",
    "publication": "publications",
    "body": "bodies",
    "review": "reviews",
    "recommendation": "recommendations",
    "element": "elements",
}
"""Kinds of the catalogue and of `AmendableFact`."""


class TranslationRow(Struct, frozen=True):
    """A text with its translation into a language; `name` is the field's name in the form."""

    amendable: AmendableFact
    field: str
    language: str
    original: str
    original_language: str
    translation: str
    is_outdated: bool

    @property
    def name(self) -> str:
        return f"{self.amendable.kind}.{self.amendable.key}.{self.translation_name}"

    @property
    def is_open(self) -> bool:
        """Is it missing or outdated?"""
        return self.is_outdated or not self.translation

    @property
    def translation_name(self) -> str:
        return f"{self.field}_{self.language}"

    @property
    def label(self) -> str:
        return str(LABELS[self.field])


@staff.route("/<register:register>/translations/", methods=["GET", "POST"])
@allowed("settings")
def translations(register: str) -> tuple[str, int] | Response:
    """Shows missing and outdated translations, or all; saves a whole page at once."""
    entry, form = register_entry(services(), register), Form()
    show = request.args.get("show", "open")
    start = _start(request.args.get("start", "0"))
    with services().views.connect() as db:
        all_rows = _translation_rows(db, register, entry.settings.languages)
    rows = [t for t in all_rows if show == "all" or t.is_open]
    if request.method == "POST":
        form.read(*(t.name for t in all_rows if t.name in request.form), many=["checked"])
        saved = _save(services(), current_person(), entry, all_rows, form)
        if saved is not None and not form.errors:
            announce(ngettext("%(num)d text is saved.", "%(num)d texts are saved.", saved))
            same_page = start if show == "all" else None
            return redirect(url_for("staff.translations", register=register, show=show, start=same_page))
        rows = [t for t in all_rows if t.name in form.values]
        start = 0
    else:
        form.values = {t.name: t.translation for t in rows} | form.values  # a saved draft takes precedence
    page = render_template(
        "staff/translations.html",
        entry=entry,
        texts=rows[start : start + ROWS_PER_PAGE],
        show=show,
        start=start,
        next_start=start + ROWS_PER_PAGE if len(rows) > start + ROWS_PER_PAGE else None,
        open_count=sum(t.is_open for t in all_rows),
        form=form,
    )
    return page, form.status


def _with_texts(fact: TranslatedFact, new: dict[tuple[str, str], str]) -> TranslatedFact:
    """Returns the fact with new translations, by language and field."""
    texts = {(code, field): text for code, named in fact.translations.items() for field, text in named.items()} | new
    return replace(fact, translations=arrange_translations((*key, text) for key, text in texts.items()))


def _start(text: str) -> int:
    """The position of the first row of a page; 0 if the text is not a number."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 0


def _translation_rows(db: Connection, register: str, languages: Sequence[str]) -> list[TranslationRow]:
    """Returns every text with each of its translations, in the order of the record."""
    late = {(KINDS[kind], ident.replace("/", "."), field) for kind, ident, field in outdated_translations(db, register)}
    return [
        TranslationRow(a, field, code, original, own, texts.get(name, ""), (a.kind, a.key, name) in late)
        for kind in COMMANDS
        for a in stored_facts(db, register, kind)
        for own, texts in [(getattr(a.fact, "language", "") or languages[0], translations_by_name(a.fact))]
        for name, (field, code) in names_of_translations(type(a.fact), languages[1:]).items()
        if (original := getattr(a.fact, field)) and code != own
    ]


def _save(
    services: Services, person: Person, entry: RegisterEntry, all_rows: list[TranslationRow], form: Form
) -> int | None:
    """Executes one command per fact with a new translation; a refused one does not stop the others.

    Returns how many texts were saved; None if the person went back from the page that asks.
    """
    by_fact: dict[tuple[str, str], list[TranslationRow]] = {}
    for t in all_rows:
        if t.name in form.values and (form[t.name] != t.translation or t.name in form.lists["checked"]):
            by_fact.setdefault((t.amendable.kind, t.amendable.key), []).append(t)
    count = sum(map(len, by_fact.values()))
    if goes_back():
        return None
    if count and entry.is_open:
        require_confirmation(_confirmation(count), entry=entry)
    for texts in by_fact.values():
        amendable = texts[0].amendable
        fact = _with_texts(amendable.fact, {(t.language, t.field): form[t.name] for t in texts})
        checked = tuple(t.translation_name for t in texts if t.name in form.lists["checked"] and form[t.name])
        try:
            services.execute_for(person, amendable.command(entry.id, fact, checked=checked))
        except Refused as refused:
            form.refuse(Refused(*(r.about(f"{amendable.kind}.{amendable.key}.{r.field}") for r in refused.refusals)))
    return count


def _confirmation(count: int) -> Confirmation:
    return Confirmation(
        title=ngettext("Publish %(num)d translated text?", "Publish %(num)d translated texts?", count),
        happens=(
            _("Everyone can read the translation at once."),
            _("You can change it again at any time. A translation needs no reason."),
        ),
        button=ngettext("Publish %(num)d text", "Publish %(num)d texts", count),
    )
