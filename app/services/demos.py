"""The demonstration registers: invented, kept as office sheets, and imported as an office imports its own."""

from pathlib import Path

from msgspec.structs import replace

from app.adapters.resources import data_dir
from app.adapters.spreadsheets.reading import read_file
from app.services.accounts.actors import Actor, authorize
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.register_json import FILE, read_register
from app.services.bundles.rows import Bundle
from app.services.container import Services
from app.services.mapping.importing import SheetOptions, import_sheet
from app.services.mapping.toml_files import read_mapping
from domain.commands import EstablishRegister, OpenRegister
from domain.errors import Conflict, NotFound, Refused, refusal
from domain.register.settings_rules import SAMPLE_PREFIX
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry

_MAPPING = "mapping.toml"


def demo_names() -> list[str]:
    """The names of the demonstration registers, which are their ids."""
    return sorted(folder.name for folder in _folder().iterdir())


def demo_settings(name: str) -> Bundle:
    """The register without its contents. Raises `NotFound` for an unknown name."""
    if name not in demo_names():
        names = ", ".join(demo_names())
        raise NotFound(
            refusal("There is no demonstration register “{name}”. There are: {names}.", name=name, names=names)
        )
    problems: list[BundleProblem] = []
    register = read_register((_folder() / name / FILE).read_bytes(), problems)
    if register.settings is None:
        raise BundleRefused(problems)
    return Bundle(settings=register.settings, opened_at=None, reviews=register.reviews)


def load_demo(services: Services, actor: Actor, name: str) -> str:
    """Import a demonstration register and open it; return its id.

    Raises `NotFound` for an unknown name, and `Conflict` if it is open already. One that was begun is finished.
    """
    entry = _entry(services, actor, name)
    if entry and entry.is_open:
        raise Conflict(refusal("The demonstration register “{name}” is here already.", name=name))
    _import_sheet(services, actor, name, name, is_new=entry is None)
    services.execute_for(actor, OpenRegister(name, origin=services.settings.origin))
    return name


def load_sample(services: Services, actor: Actor, name: str) -> str:
    """Import a demonstration register that only staff see, to play in; return its id.

    Raises `NotFound` for an unknown name, and `Conflict` if it is here already.
    """
    register = SAMPLE_PREFIX + name
    if _entry(services, actor, register):
        raise Conflict(refusal("The sample “{name}” is here already.", name=name))
    _import_sheet(services, actor, name, register, is_new=True)
    return register


def _entry(services: Services, actor: Actor, register: str) -> RegisterEntry | None:
    authorize(actor, EstablishRegister, register)
    services.catch_up()
    with services.views.connect() as db:
        return catalogue.register(db, register)


def _import_sheet(services: Services, actor: Actor, name: str, register: str, *, is_new: bool) -> None:
    bundle = demo_settings(name)
    if is_new:
        assert bundle.settings is not None
        named = replace(bundle, settings=replace(bundle.settings, id=register))
        import_bundle(services, named, ImportOptions(by=actor.id))
    folder = _folder() / name
    (sheet,) = (path for path in folder.iterdir() if path.name not in (FILE, _MAPPING))
    workbook = read_file(sheet.name, sheet.read_bytes())
    mapping = read_mapping((folder / _MAPPING).read_text(encoding="utf-8"))
    result = import_sheet(services, actor, workbook, mapping, SheetOptions(register=register))
    if result.problems:
        raise Refused(*(str(group.cause) for group in result.problems))


def _folder() -> Path:
    return data_dir("registers") / "demos"
