"""An import at one of its steps: who may open it, what was answered, and whether a form still fits it."""

from datetime import datetime

from flask import request, url_for
from msgspec import Struct

from app.adapters.spreadsheets.cells import Workbook
from app.entrypoints.staff.forms import Form
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, ngettext
from app.services.accounts.actors import Person
from app.services.accounts.permissions import ALL_REGISTERS
from app.services.bundles.exporting import export_bundle
from app.services.bundles.rows import Bundle
from app.services.container import Services
from app.services.mapping import drafts
from app.services.mapping.models import SheetImport
from app.services.mapping.types import RowCorrections, SheetMapping
from domain.errors import NotFound, refusal
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry

LEAVE = "leave"
"""The action of the button that saves the answers and leaves."""


class OpenImport(Struct, frozen=True):
    """An import that was begun, as its pages need it. `entry` is None for a register that does not exist yet."""

    number: int
    register: str
    entry: RegisterEntry | None
    file_name: str
    digest: str
    step: str
    saved_at: datetime
    version: str
    workbook: Workbook
    mapping: SheetMapping
    corrections: RowCorrections
    result: str

    def reaches(self, step: str) -> bool:
        return drafts.STEPS.index(step) <= drafts.STEPS.index(self.step)

    @property
    def stored_register(self) -> str:
        """The id of the register; empty if it is not stored yet."""
        return self.register if self.entry else ""

    @property
    def title(self) -> str:
        """The title of the register; empty as long as it has none."""
        if self.entry:
            return localized_text(self.entry.settings, "title")
        return self.mapping.register.title if self.mapping.register else ""

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages of the register, the original first."""
        if self.entry:
            return self.entry.settings.languages
        return self.mapping.register.languages if self.mapping.register else ("en",)


class StepLink(Struct, frozen=True):
    """A step in the list above a page: its name, its state in words, and its address if it can be opened."""

    label: str
    state: str
    is_here: bool
    address: str


def open_import(services: Services, person: Person, number: int) -> OpenImport:
    """Raises `NotFound` if the person has begun no such import, and `NotAllowed` without the right to its register."""
    with services.accounts.work() as db:
        found = drafts.find_import(db, person.id, number, services.clock())
        if found is None:
            raise NotFound(refusal("There is no such import, or it is older than 90 days. Bring the file again."))
        return _opened(services, person, found)


def _opened(services: Services, person: Person, found: SheetImport) -> OpenImport:
    mapping = drafts.mapping_of(found)
    with services.views.connect() as db:
        entry = catalogue.register(db, found.register) if found.register else None
    person.require("settings", found.register if entry else ALL_REGISTERS)
    return OpenImport(
        number=found.id,
        register=found.register,
        entry=entry,
        file_name=found.file_name,
        digest=found.digest,
        step=found.step,
        saved_at=found.saved_at,
        version=drafts.version_of(found),
        workbook=drafts.workbook_of(found),
        mapping=mapping,
        corrections=drafts.corrections_of(found),
        result=found.result,
    )


def stored_bundle(services: Services, register: str) -> Bundle | None:
    """What the register holds; None if there is none yet."""
    with services.views.connect() as db:
        return export_bundle(db, register) if register else None


def check_unchanged(opened: OpenImport, form: Form) -> bool:
    """Adds an error to a form that was made before the file or an answer changed; returns whether it fits."""
    if request.form.get("digest", "") != opened.digest:
        form.add("", _("This import has another file now, so the answers were not saved. Look at the new file first."))
    elif request.form.get("saved", "") != opened.version:
        form.add(
            "",
            _("These answers were changed in another window meanwhile. Yours are below and not saved yet: check them, "
              "and press the button again."),
        )  # fmt: skip
    return not form.errors


def save(
    services: Services,
    person: Person,
    opened: OpenImport,
    mapping: SheetMapping,
    corrections: RowCorrections | None = None,
    *,
    reached: str = "",
    back_to: str = "",
) -> OpenImport:
    """Saves the answers of a step; returns the import with them."""
    with services.accounts.work() as db:
        found = drafts.find_import(db, person.id, opened.number, services.clock())
        if found is None:
            raise NotFound(refusal("There is no such import, or it is older than 90 days. Bring the file again."))
        drafts.save_answers(found, services.clock(), mapping, corrections, reached=reached, back_to=back_to)
        return _opened(services, person, found)


def after_step(opened: OpenImport, action: str, following: str) -> str:
    """Where a saved step leads: to the next one, or home."""
    return url_for("staff.home") if action == LEAVE else step_address(opened.number, following)


def step_address(number: int, step: str) -> str:
    return url_for(f"staff.spreadsheet_{step}", number=number)


def step_links(opened: OpenImport, here: str) -> list[StepLink]:
    """The five steps above the page, with the answer of each that is finished."""
    labels = {
        "file": _("File"), "sheet": _("Sheet"), "columns": _("Columns"), "values": _("Values"), "preview": _("Preview")
    }  # fmt: skip
    return [
        StepLink(
            label=f"{number}. {label}",
            state=_("You are here") if step == here else _state(opened, step),
            is_here=step == here,
            address=step_address(opened.number, step) if opened.reaches(step) and step != here else "",
        )
        for number, (step, label) in enumerate(labels.items(), 1)
    ]


def _state(opened: OpenImport, step: str) -> str:
    place = drafts.STEPS.index(step)
    if place > drafts.STEPS.index(opened.step):
        return _("Not yet")
    if place == drafts.STEPS.index(opened.step):
        return _("Next")
    answers = {
        "file": opened.file_name or _("Pasted cells"),
        "sheet": ", ".join(_("row %(n)s", n=n) for n in opened.mapping.header_rows),
        "columns": ngettext("%(num)d column", "%(num)d columns", len(opened.mapping.columns)),
    }
    return _("Done: %(what)s", what=answers[step]) if step in answers else _("Done")
