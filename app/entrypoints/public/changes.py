"""The changes and the corrections of a register."""

from collections.abc import Sequence
from typing import Any

from flask import render_template
from markupsafe import Markup
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import subject_path
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import isolated, localized
from app.presentation.narrative.amendments import sentence_without_reason
from app.services.container import Services
from domain.errors import Refused, refusal
from domain.values import Body, Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange, latest

PAGE_SIZE = 50


class ChangeDetails(Struct, frozen=True):
    """A change with its recommendation, its element, and the body that responded.

    An amendment has a sentence that says what was amended. If it is not about a recommendation, it has the name of what
    was amended and the path of its page, empty if there is none.
    """

    change: PublicChange
    facts: RecommendationFacts | None
    element: Element | None
    body: Body | None
    sentence: str = ""
    name: Markup | str = ""
    path: str = ""


@public.get("/<register:register>/changes/")
def changes(register: str) -> str:
    return _render_changes(services(), register, "public/changes.html", corrections_only=False)


@public.get("/<register:register>/corrections/")
def corrections(register: str) -> str:
    return _render_changes(services(), register, "public/corrections.html", corrections_only=True)


def _render_changes(services: Services, register: str, template: str, *, corrections_only: bool) -> str:
    query = read_parameters("before")
    before = query.get("before")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise Refused(
            refusal("“{place}” is not a position in the log. Use the link at the foot of the page.", place=before[:40])
        )
    with services.views.connect() as db:
        page = Page(services, db, register, {})
        rows = latest(
            db,
            register,
            before=int(before) if before else None,
            limit=PAGE_SIZE + 1,
            corrections_only=corrections_only,
        )
        facts = catalogue.recommendations(db, register, page.times.known_at)
        elements = {
            (e.recommendation, e.element.id): e.element for e in catalogue.elements(db, register, page.times.known_at)
        }
        bodies = catalogue.bodies(db, register, page.times.known_at)
        shown = rows[:PAGE_SIZE]
        names = _subject_names(page, shown)
        details = [
            ChangeDetails(
                c,
                facts[c.recommendation].facts if c.recommendation else None,
                elements.get((c.recommendation, c.element)),
                bodies.get(c.body),
                _what_was_amended(c, elements, bodies),
                names.get((c.kind.split("_")[0], c.subject), ""),
                subject_path(register, c) or "",
            )
            for c in shown
        ]
        older = rows[PAGE_SIZE - 1].position if len(rows) > PAGE_SIZE else None
        return render_template(
            template,
            **page.context(f"public.{'corrections' if corrections_only else 'changes'}", dated=False),
            changes=details,
            names=page.names(),
            older=older,
        )


def _what_was_amended(c: PublicChange, elements: dict[tuple[str, str], Element], bodies: dict[str, Body]) -> str:
    if c.amendment is None:
        return ""
    titles = {i: isolated(localized(e, "title")) for (of, i), e in elements.items() if of == c.recommendation}
    names = {f"body/{i}": isolated(localized(body, "name")) for i, body in bodies.items()}
    return sentence_without_reason(c.amendment, titles | names)


def _subject_names(page: Page, changes: Sequence[PublicChange]) -> dict[tuple[str, str], Markup | str]:
    """The names of what was amended, by the first word of the kind of change and the id."""
    known_at, sources = page.times.known_at, {c.subject for c in changes if c.kind == "evidence_amended"}
    of: dict[str, tuple[dict[str, Any], str]] = {
        "register": ({"": page.entry.settings}, "title"),
        "theme": (catalogue.themes(page.db, page.id, known_at), "title"),
        "publication": (catalogue.publications(page.db, page.id, known_at), "title"),
        "body": (catalogue.bodies(page.db, page.id, known_at), "name"),
        "review": (catalogue.reviews(page.db, page.id, known_at), "title"),
        "evidence": (catalogue.evidence(page.db, page.id, known_at, sources), "title"),
    }
    return {(kind, i): localized(fact, name) for kind, (facts, name) in of.items() for i, fact in facts.items()}
