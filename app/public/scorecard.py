"""A register's scorecard at any pair of times."""

from collections import defaultdict
from typing import Any

from flask import render_template
from msgspec import Struct

from app.public.blueprint import public
from app.public.headlines import of_scorecard
from app.public.notes import notes_on
from app.public.page import Page
from app.web.asking import parameters
from app.web.services import services
from app.web.words import STATUS
from domain.errors import Refused
from domain.facts import Body, RecommendationFacts, Theme
from domain.methodology import UPTAKE_2026_1 as METHOD
from domain.words import Status
from projections.catalogue import queries as catalogue
from projections.scorecards.answers import Standing
from projections.scorecards.queries import counts, standings

KNOWN = ("as_of", "known_at", "scale", "theme", "body", "status")


class Line(Struct, frozen=True):
    """One recommendation on the page."""

    facts: RecommendationFacts
    standing: Standing
    addressees: tuple[Body, ...]
    elements: dict[str, str]


@public.get("/<register:register>/")
def scorecard(register: str) -> str:
    given = parameters(*KNOWN)
    with services().views.connect() as db:
        page = Page(db, register, given)
        known = page.times.known_at
        held = standings(db, register, page.times.pair)
        numbers = counts(db, register, page.times.pair)
        facts = catalogue.recommendations(db, register, known)
        bodies = catalogue.bodies(db, register, known)
        themes = catalogue.themes(db, register, known)
        titles: dict[str, dict[str, str]] = defaultdict(dict)
        for element in catalogue.elements(db, register, known):
            titles[element.recommendation][element.element.id] = element.element.title
        lines = [
            Line(
                facts[s.id].facts,
                s,
                tuple(bodies[b] for b in facts[s.id].facts.addressees),
                titles[s.id],
            )
            for s in held.values()
        ]
        choices = {
            "theme": [(t.id, t.title) for t in themes.values()],
            "body": [(b.id, b.name) for b in bodies.values()],
            "status": [(s.value, str(STATUS[s])) for s in Status],
            "scale": [(s.code, s.title) for s in METHOD.scales],
        }
        _refuse_unknown(given, choices)
        shown = [line for line in lines if _wanted(line, given)]
        return render_template(
            "public/scorecard.html",
            **page.context("public.scorecard"),
            link_times=page.link_times(),
            counts=numbers,
            blocks=_blocks(held),
            headline=of_scorecard(numbers),
            notes=notes_on(page.entry, page.times, numbers),
            groups=_by_theme(shown, themes),
            shown=len(shown),
            choices=choices,
            filters=given,
            scale=next((s for s in METHOD.scales if s.code == given.get("scale")), None),
            method=METHOD,
            publications=list(catalogue.publications(db, register, known).values()),
        )


def _refuse_unknown(given: dict[str, str], choices: dict[str, list[tuple[str, str]]]) -> None:
    problems = [
        f"There is no {name} “{given[name][:60]}” here."
        for name, known in choices.items()
        if name in given and given[name] not in {value for value, _ in known}
    ]
    if problems:
        raise Refused(*problems)


def _wanted(line: Line, given: dict[str, str]) -> bool:
    return (
        given.get("theme") in (None, line.facts.theme)
        and given.get("status") in (None, line.standing.status.value)
        and (given.get("body") is None or given["body"] in line.facts.addressees)
    )


def _by_theme(lines: list[Line], themes: dict[str, Theme]) -> list[tuple[Theme, list[Line]]]:
    groups: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.standing.theme].append(line)
    return [(themes.get(t) or Theme(id=t, title=t), found) for t, found in groups.items()]


def _blocks(held: dict[str, Standing]) -> list[dict[str, Any]]:
    """The bucket bar: statuses in ladder order, each with the place and width of its blocks in percent."""
    order = ("in_effect", "implemented", "partly", "in_progress", "announced", "no_action", "contrary", "reversed")
    rest = ("not_assessed", "superseded", "unverifiable")
    by_status = {s: sum(x.status == s for x in held.values()) for s in (*order, *rest)}
    total = len(held)
    buckets = [METHOD.bucket(Status(s)) for s, n in by_status.items() if n]
    gaps = len(set(buckets)) - 1
    width = min(4.0, (100 - 1.2 * max(gaps, 0)) / total) if total else 0
    x, blocks, before = 0.0, [], None
    for status, n in by_status.items():
        bucket = METHOD.bucket(Status(status))
        if n and before is not None and bucket is not before:
            x += 1.2
        if n:
            before = bucket
        singles = [n] if total > 120 and n else [1] * n
        for count in singles:
            blocks.append({"status": status, "x": round(x, 2), "width": round(width * count * 0.9, 3)})
            x += width * count
    return blocks
