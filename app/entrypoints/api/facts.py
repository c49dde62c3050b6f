"""Reads what a register names: its settings, themes, publications, bodies and sources."""

from collections.abc import Callable
from hashlib import sha256

import msgspec
from msgspec import Struct
from sqlalchemy import Connection

from app.entrypoints.api.operations import read_operation
from app.entrypoints.http.query_params import find_open_register
from app.entrypoints.http.services import services
from app.presentation.answers import api_models
from app.services.container import Services
from domain.errors import NotFound, refusal
from domain.values import Body, Publication, RegisterSettings, Theme
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.engine.position import last_applied_at

SETTINGS = "/registers/{register}/settings"
THEME = "/registers/{register}/themes/{theme}"
PUBLICATION = "/registers/{register}/publications/{publication}"
BODY = "/registers/{register}/bodies/{body}"
EVIDENCE = "/registers/{register}/evidence/{evidence}"

RegisterFact = RegisterSettings | Theme | Publication | Body | EvidenceEntry


@read_operation(SETTINGS, answers=api_models.RegisterFactShape)
def read_settings(query: dict[str, str], register: str) -> api_models.RegisterFactShape:
    """The settings of a register as they are now."""
    return _read(services(), register, find_settings)


@read_operation(THEME, answers=api_models.RegisterFactShape)
def read_theme(query: dict[str, str], register: str, theme: str) -> api_models.RegisterFactShape:
    """A theme as it is now."""
    return _read(services(), register, find_theme, theme)


@read_operation(PUBLICATION, answers=api_models.RegisterFactShape)
def read_publication(query: dict[str, str], register: str, publication: str) -> api_models.RegisterFactShape:
    """A publication as it is now."""
    return _read(services(), register, find_publication, publication)


@read_operation(BODY, answers=api_models.RegisterFactShape)
def read_body(query: dict[str, str], register: str, body: str) -> api_models.RegisterFactShape:
    """A body as it is now."""
    return _read(services(), register, find_named_body, body)


@read_operation(EVIDENCE, answers=api_models.RegisterFactShape)
def read_evidence(query: dict[str, str], register: str, evidence: str) -> api_models.RegisterFactShape:
    """A public source as it is now."""
    return _read(services(), register, find_evidence, evidence)


class CurrentFact(Struct, frozen=True):
    """A fact as it is now; `merged_into` is set for a body that became part of another one."""

    fact: RegisterFact
    merged_into: str | None = None

    @property
    def tag(self) -> str:
        """A digest that changes with the fact."""
        return sha256(msgspec.json.encode(self)).hexdigest()[:16]


FactFinder = Callable[[Connection, str, str], CurrentFact | None]


def find_settings(db: Connection, register: str, ident: str) -> CurrentFact | None:
    entry = catalogue.register(db, register)
    return CurrentFact(entry.settings) if entry else None


def find_theme(db: Connection, register: str, ident: str) -> CurrentFact | None:
    found = catalogue.themes(db, register, last_applied_at(db)).get(ident)
    return CurrentFact(found) if found else None


def find_publication(db: Connection, register: str, ident: str) -> CurrentFact | None:
    found = catalogue.publications(db, register, last_applied_at(db)).get(ident)
    return CurrentFact(found) if found else None


def find_named_body(db: Connection, register: str, ident: str) -> CurrentFact | None:
    tree = catalogue.body_tree(db, register, last_applied_at(db))
    return CurrentFact(tree.bodies[ident], tree.merged_into.get(ident)) if ident in tree.bodies else None


def find_evidence(db: Connection, register: str, ident: str) -> CurrentFact | None:
    found = catalogue.evidence(db, register, last_applied_at(db), [ident]).get(ident)
    return CurrentFact(found) if found else None


def find_fact(services: Services, register: str, find: FactFinder, ident: str = "") -> CurrentFact:
    """Raises `NotFound`."""
    with services.views.connect() as db:
        found = find(db, register, ident)
    if found is None:
        raise NotFound(refusal("There is nothing called “{id}” here.", id=ident))
    return found


def _read(services: Services, register: str, find: FactFinder, ident: str = "") -> api_models.RegisterFactShape:
    with services.views.connect() as db:
        find_open_register(db, register)
    found = find_fact(services, register, find, ident)
    fields = {n: getattr(found.fact, n) for n in found.fact.__struct_fields__}
    return api_models.RegisterFactShape(
        register, ident or register, msgspec.to_builtins(fields), found.tag, found.merged_into
    )
