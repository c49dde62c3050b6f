"""The changes and the corrections of a register."""

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.services.container import Services
from domain.errors import Refused, refusal
from domain.values import Body, Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange, latest

PAGE_SIZE = 50


class ChangeDetails(Struct, frozen=True):
    """A change with its recommendation, its element, and the body that responded."""

    change: PublicChange
    facts: RecommendationFacts | None
    element: Element | None
    body: Body | None


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
        details = [
            ChangeDetails(
                c,
                facts[c.recommendation].facts if c.recommendation else None,
                elements.get((c.recommendation, c.element)),
                bodies.get(c.body),
            )
            for c in rows[:PAGE_SIZE]
        ]
        older = rows[PAGE_SIZE - 1].position if len(rows) > PAGE_SIZE else None
        return render_template(
            template,
            **page.context(f"public.{'corrections' if corrections_only else 'changes'}", dated=False),
            changes=details,
            names=page.names(),
            older=older,
        )
