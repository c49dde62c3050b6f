"""What changed in a register lately, and what was corrected."""

from flask import render_template
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.services.container import Services
from domain.errors import Refused, refusal
from domain.values import Element, RecommendationFacts
from projections.catalogue import queries as catalogue
from projections.changes.queries import PublicChange, latest

PAGE = 50


class Told(Struct, frozen=True):
    """A change with what it is about."""

    change: PublicChange
    facts: RecommendationFacts | None
    element: Element | None


@public.get("/<register:register>/changes/")
def changes(register: str) -> str:
    return _page(services(), register, "public/changes.html", corrections_only=False)


@public.get("/<register:register>/corrections/")
def corrections(register: str) -> str:
    return _page(services(), register, "public/corrections.html", corrections_only=True)


def _page(services: Services, register: str, template: str, *, corrections_only: bool) -> str:
    given = read_parameters("before")
    before = given.get("before")
    if before and not (before.isascii() and before.isdigit() and len(before) < 16):
        raise Refused(
            refusal("“{place}” is not a position in the log. Use the link at the foot of the page.", place=before[:40])
        )
    with services.views.connect() as db:
        page = Page(services, db, register, {})
        found = latest(
            db,
            register,
            before=int(before) if before else None,
            limit=PAGE + 1,
            corrections_only=corrections_only,
        )
        facts = catalogue.recommendations(db, register, page.times.known_at)
        elements = {
            (e.recommendation, e.element.id): e.element for e in catalogue.elements(db, register, page.times.known_at)
        }
        told = [
            Told(
                c,
                facts[c.recommendation].facts if c.recommendation else None,
                elements.get((c.recommendation, c.element)),
            )
            for c in found[:PAGE]
        ]
        older = found[PAGE - 1].position if len(found) > PAGE else None
        return render_template(
            template,
            **page.context(f"public.{'corrections' if corrections_only else 'changes'}", dated=False),
            told=told,
            names=page.names(),
            older=older,
        )
