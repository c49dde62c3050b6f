"""Amends what a register names: its settings, themes, publications, bodies and sources; merges bodies."""

import secrets
from collections.abc import Callable

from msgspec.structs import replace

from app.entrypoints.api.facts import (
    BODY,
    EVIDENCE,
    PUBLICATION,
    SETTINGS,
    THEME,
    FactFinder,
    find_evidence,
    find_fact,
    find_named_body,
    find_publication,
    find_settings,
    find_theme,
)
from app.entrypoints.api.writing import ApiCaller, DecidedSubject, on_seen_version, write_operation
from app.entrypoints.http.services import services
from app.presentation.answers.api_write_models import (
    AmendBodyShape,
    AmendEvidenceShape,
    AmendFactShape,
    AmendPublicationShape,
    AmendSettingsShape,
    AmendThemeShape,
    FactDoneShape,
    MergeBodyShape,
    changes_to,
)
from app.services.bundles.languages import check_language
from app.services.container import Services
from domain import commands as c
from domain.amendments import fact_tag
from domain.errors import Refused, refusal
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id, register_id
from domain.register.aggregate import Register
from domain.text import archive_refusal
from domain.values import BodyMerge, EvidenceText, TranslatedFact


def _named_in_register(find: FactFinder, part: str = "") -> DecidedSubject:
    """A fact of a register, whose id is a part of the address."""
    return DecidedSubject(
        Register,
        lambda register, _values: register_id(register),
        lambda services, register, values: find_fact(services, register, find, values.get(part, "")).tag,
    )


_SOURCE = DecidedSubject(
    Evidence,
    lambda register, values: evidence_id(register, values["evidence"]),
    lambda services, register, values: find_fact(services, register, find_evidence, values["evidence"]).tag,
)


@write_operation(
    f"{SETTINGS}/amendments",
    command=c.AmendRegister,
    body=AmendSettingsShape,
    answers=FactDoneShape,
    subject=_named_in_register(find_settings),
)
def amend_settings(caller: ApiCaller, payload: AmendSettingsShape, register: str) -> FactDoneShape:
    """Amend the settings of a register. The reason is public; fields that are left out stay."""
    if isinstance(payload.languages, list):
        for code in payload.languages:
            check_language(code)
    return _amend(services(), caller, c.AmendRegister, payload, register, find_settings)


@write_operation(
    f"{THEME}/amendments",
    command=c.AmendTheme,
    body=AmendThemeShape,
    answers=FactDoneShape,
    subject=_named_in_register(find_theme, "theme"),
)
def amend_theme(caller: ApiCaller, payload: AmendThemeShape, register: str, theme: str) -> FactDoneShape:
    """Amend a theme. The reason is public; fields that are left out stay."""
    return _amend(services(), caller, c.AmendTheme, payload, register, find_theme, theme)


@write_operation(
    f"{PUBLICATION}/amendments",
    command=c.AmendPublication,
    body=AmendPublicationShape,
    answers=FactDoneShape,
    subject=_named_in_register(find_publication, "publication"),
)
def amend_publication(
    caller: ApiCaller, payload: AmendPublicationShape, register: str, publication: str
) -> FactDoneShape:
    """Amend a publication. The reason is public; fields that are left out stay."""
    return _amend(services(), caller, c.AmendPublication, payload, register, find_publication, publication)


@write_operation(
    f"{BODY}/amendments",
    command=c.AmendBody,
    body=AmendBodyShape,
    answers=FactDoneShape,
    subject=_named_in_register(find_named_body, "body"),
)
def amend_body(caller: ApiCaller, payload: AmendBodyShape, register: str, body: str) -> FactDoneShape:
    """Amend a body. The reason is public; fields that are left out stay."""
    return _amend(services(), caller, c.AmendBody, payload, register, find_named_body, body)


@write_operation(
    f"{BODY}/merge",
    command=c.MergeBodies,
    body=MergeBodyShape,
    answers=FactDoneShape,
    subject=_named_in_register(find_named_body, "body"),
)
def merge_body(caller: ApiCaller, payload: MergeBodyShape, register: str, body: str) -> FactDoneShape:
    """Say that a body became part of another one. The reason is public."""
    merge = BodyMerge(body=body, into=payload.into, on=payload.on, why=payload.why)
    return _execute(services(), caller, c.MergeBodies(register, merge=merge), find_named_body, body)


@write_operation(
    f"{EVIDENCE}/amendments",
    command=c.AmendEvidence,
    body=AmendEvidenceShape,
    answers=FactDoneShape,
    subject=_SOURCE,
)
def amend_evidence(caller: ApiCaller, payload: AmendEvidenceShape, register: str, evidence: str) -> FactDoneShape:
    """Amend a public source. The reason is public; fields that are left out stay."""
    shown = find_fact(services(), register, find_evidence, evidence).fact
    facts = services().tracker.load(Evidence, evidence_id(register, evidence)).facts
    changes = changes_to(payload, shown.translations)
    text = {n: changes.get(n, getattr(shown, n)) for n in ("title", "url", "archived_url", "summary", "translations")}
    if "archived_url" not in changes and archive_refusal(text["url"], text["archived_url"]):
        raise Refused(
            refusal("This is the address of the archived copy. Enter the address of the source itself.", field="url")
        )
    command = c.AmendEvidence(
        register,
        facts=replace(facts, **{n: v for n, v in changes.items() if n not in text}),
        text=EvidenceText(**text),
        key=secrets.token_hex(16),
        salt=secrets.token_hex(16),
        why=payload.why,
    )
    return _execute(services(), caller, command, find_evidence, evidence)


def _amend(
    services: Services,
    caller: ApiCaller,
    command: Callable[..., c.Command],
    payload: AmendFactShape,
    register: str,
    find: FactFinder,
    ident: str = "",
) -> FactDoneShape:
    fact = find_fact(services, register, find, ident).fact
    assert isinstance(fact, TranslatedFact)
    changed = replace(fact, **changes_to(payload, fact.translations))
    seen = command(register, fact=changed, why=payload.why, expected_tag=fact_tag(fact))
    return _execute(services, caller, seen, find, ident)


def _execute(
    services: Services, caller: ApiCaller, command: c.Command, find: FactFinder, ident: str = ""
) -> FactDoneShape:
    seen = on_seen_version(services, caller, command)
    services.execute_for(caller.person, seen, command_id=caller.key, request_digest=caller.digest)
    found = find_fact(services, command.register, find, ident)
    return FactDoneShape(ident or command.register, found.tag)
