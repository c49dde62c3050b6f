"""Sources: those that can be picked for a proposal, and a new one typed beside it."""

import re
import secrets
from collections.abc import Iterable

import msgspec
from sqlalchemy import Connection

from app.accounts.guard import current_person
from app.staff.forms import Form
from app.web.services import services
from domain import commands as c
from domain.errors import Refused, say
from domain.facts import EvidenceFacts, EvidenceText
from domain.ids import evidence_id
from domain.words import SourceClass
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import EvidenceEntry
from projections.timeline import queries as timeline


def offered(
    db: Connection, register: str, recommendation: str, picked: Iterable[str]
) -> tuple[list[EvidenceEntry], list[EvidenceEntry]]:
    """Sources known to the register: those picked or cited for this recommendation, and all others."""
    near = set(picked)
    for entry in timeline.of_recommendation(db, register, recommendation, private=True):
        cited = getattr(getattr(entry.event, "assessment", None), "evidence", ())
        near |= set(cited)
        near |= set(getattr(getattr(entry.event, "facts", None), "evidence", ()))
    known = catalogue.evidence(db, register, services().clock())
    noted = {i: e for i, e in _noted(db, register).items() if i not in known}
    every = [*noted.values(), *known.values()]
    return [e for e in every if e.id in near or e.id in noted], [e for e in every if e.id not in near | set(noted)]


def add_source(register: str, form: Form) -> str:
    """Note the source that was typed, and empty its fields; returns its id. Raises `Refused` by field."""
    missing = {
        "src_title": say("Give the title of the source.", field="src_title"),
        "src_publisher": say("Say who published it.", field="src_publisher"),
        "src_summary": say("Say in a sentence what it shows.", field="src_summary"),
    }
    problems = [sentence for field, sentence in missing.items() if not form[field]]
    if form["src_class"] not in {k.value for k in SourceClass}:
        problems.append(say("Choose what kind of source it is.", field="src_class"))
    if form["src_url"] and not re.fullmatch(r"https?://[^\s<>\"]{3,2000}", form["src_url"]):
        problems.append(say("An address begins with http:// or https://.", field="src_url"))
    if problems:
        raise Refused(*problems)
    of = services()
    ident = _free_id(register, form["src_title"])
    facts = EvidenceFacts(
        id=ident,
        publisher=form["src_publisher"],
        source_class=SourceClass(form["src_class"]),
        published_on=form["src_published_on"],
        accessed_on=of.clock().date().isoformat(),
        language=form["src_language"],
    )
    text = EvidenceText(title=form["src_title"], url=form["src_url"], summary=form["src_summary"])
    key, salt = secrets.token_hex(16), secrets.token_hex(16)
    of.execute(c.NoteEvidence(register, facts=facts, text=text, key=key, salt=salt), by=current_person().id)
    for name in [n for n in form.values if n.startswith("src_")]:
        form.values[name] = ""
    return ident


def _free_id(register: str, title: str) -> str:
    stem = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60] or "source"
    ident, number = stem, 1
    while services().tracker.find(evidence_id(register, ident)) is not None:
        number += 1
        ident = f"{stem}-{number}"
    return ident


def _noted(db: Connection, register: str) -> dict[str, EvidenceEntry]:
    """Sources that no published assessment cites yet, with their texts from beside the log."""
    found = {}
    log = services().log
    for entry in timeline.of_register(db, register, topics=["evidence.noted"], private=True):
        event = entry.event
        facts: EvidenceFacts = event.facts  # type: ignore[attr-defined]
        kept = log.records([event.record]).get(event.record)  # type: ignore[attr-defined]
        text = msgspec.json.decode(kept, type=EvidenceText) if kept else None
        found[facts.id] = EvidenceEntry(
            id=facts.id,
            publisher=facts.publisher,
            source_class=facts.source_class,
            title=text.title if text else "",
            url=text.url if text else "",
            published_on=facts.published_on,
            summary=text.summary if text else "",
            language=facts.language,
            removed=text is None,
        )
    return found
