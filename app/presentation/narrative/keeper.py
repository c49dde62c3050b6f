"""Who keeps a register: the author and publisher wherever it is cited."""

from markupsafe import Markup
from msgspec import Struct
from msgspec.structs import replace

from app.presentation.i18n.localize import localized, localized_text
from app.presentation.i18n.translation import _
from domain.register.settings_rules import contact_address, licence_address
from domain.values import RegisterSettings
from projections.catalogue.entries import RegisterEntry


class Keeper(Struct, frozen=True):
    """`name` is who keeps the register, `marked_name` the same for a page.

    Citations begin with `cited`, on a page `marked_cited`: the register's own words, or its authors, or its keeper.
    The others are empty where the register does not state them."""

    name: str
    kept_by: str = ""
    contact: str = ""
    contact_url: str = ""
    errors: str = ""
    errors_url: str = ""
    licence: str = ""
    licence_url: str = ""
    funded_by: str = ""
    marked_name: Markup | str = ""
    cited: str = ""
    marked_cited: Markup | str = ""


def keeper_of(register: RegisterEntry) -> Keeper:
    """The keeper of a register. One that was opened before registers had keepers is named by its site."""
    keeper, settings = build_keeper(register.settings, register.origin), register.settings
    if not settings.kept_by:
        return _with_citation(replace(keeper, marked_name=keeper.name), settings)
    named = replace(in_language_of_page(keeper, settings), marked_name=localized(settings, "kept_by"))
    return _with_citation(named, settings)


def in_language_of_page(keeper: Keeper, settings: RegisterSettings) -> Keeper:
    """The keeper as the settings name it in the language of the page."""
    kept_by = localized_text(settings, "kept_by")
    return replace(
        keeper, name=kept_by or keeper.name, kept_by=kept_by, funded_by=localized_text(settings, "funded_by")
    )


def author_names(settings: RegisterSettings) -> str:
    return "; ".join(author.name for author in settings.authors)


def _with_citation(keeper: Keeper, settings: RegisterSettings) -> Keeper:
    if settings.cite_as:
        return replace(keeper, cited=localized_text(settings, "cite_as"), marked_cited=localized(settings, "cite_as"))
    if names := author_names(settings):
        return replace(keeper, cited=names, marked_cited=names)
    return replace(keeper, cited=keeper.name, marked_cited=keeper.marked_name)


def build_keeper(settings: RegisterSettings, origin: str) -> Keeper:
    errors = settings.report_errors or settings.contact
    return Keeper(
        name=settings.kept_by or origin or settings.title,
        kept_by=settings.kept_by,
        contact=settings.contact,
        contact_url=contact_address(settings.contact),
        errors=errors,
        errors_url=contact_address(errors),
        licence=settings.licence,
        licence_url=licence_address(settings.licence) if settings.licence else "",
        funded_by=settings.funded_by,
    )


def kept_lines(keeper: Keeper) -> list[tuple[str, str]]:
    """Label and text of each thing that the register says about its keeper, an address for both uses once."""
    lines = [
        (_("Kept by"), keeper.kept_by),
        (_("Funded by"), keeper.funded_by),
        (_("Contact"), keeper.contact),
        (_("Report an error"), keeper.errors if keeper.errors != keeper.contact else ""),
        (_("Licence"), keeper.licence),
    ]
    return [(label, text) for label, text in lines if text]
