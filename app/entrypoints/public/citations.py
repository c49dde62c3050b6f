"""How a page is quoted: in words, and as BibTeX, RIS and CSL-JSON, always with both dates."""

import json
from datetime import date

from flask import Response
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.labels import STATUS, day_text
from app.presentation.i18n.languages import english_name
from app.presentation.i18n.localize import localized_text
from app.presentation.i18n.translation import _, page_language
from app.services.container import Services
from domain.errors import NotFound, refusal
from domain.times import written
from projections.catalogue import queries as catalogue
from projections.scorecards.queries import standings

FORMS = {"bib": "application/x-bibtex", "ris": "application/x-research-info-systems", "json": "application/json"}
FORM_RULE = "<any(bib, ris, json):form>"
_SPECIAL = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_{}"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
)


class Citation(Struct, frozen=True):
    """`known` is the day of the register's knowledge, which is the citation's date."""

    key: str
    title: str
    note: str
    url: str
    known: date
    language: str


@public.get(f"/<register:register>/cite.{FORM_RULE}")
def cite(register: str, form: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        note = _note(page)
        return _answer(
            services(), page, form, localized_text(page.entry.settings, "title"), note, "public.scorecard", register
        )


@public.get(f"/<register:register>/recommendations/<ident:recommendation>/cite.{FORM_RULE}")
def cite_recommendation(register: str, recommendation: str, form: str) -> Response:
    given = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, given)
        entry = catalogue.recommendation(db, register, recommendation, page.times.known_at)
        if entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        held = standings(db, register, page.times.pair, recommendation).get(recommendation)
        status = str(STATUS[held.status]) if held else _("not on the scorecard")
        title = f"{localized_text(entry.facts, 'title')} ({localized_text(page.entry.settings, 'title')})"
        note = f"{status}. {_note(page)}"
        key = f"{register}-{recommendation}"
        return _answer(services(), page, form, title, note, "public.recommendation", key, recommendation=recommendation)


def _note(page: Page) -> str:
    return _(
        "As of %(day)s, as known at %(known)s. Methodology %(method)s.",
        day=day_text(page.times.as_of.isoformat()),
        known=written(page.times.known_at),
        method=page.entry.settings.methodology,
    )


def _answer(
    services: Services, page: Page, form: str, title: str, note: str, endpoint: str, key: str, **of: str
) -> Response:
    address = page_url(endpoint, register=page.id, **of, **page.times.query(services.clock()))
    made = Citation(
        f"uptake-{key}-{page.times.as_of}", title, note, absolute_url(address), page.times.known_day, page_language()
    )
    return answer(made, form)


def answer(made: Citation, form: str) -> Response:
    """A citation as a file."""
    text = {"bib": bibtex, "ris": ris, "json": csl}[form](made)
    response = Response(text, content_type=f"{FORMS[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{made.key}.{form}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def bibtex(of: Citation) -> str:
    fields = {
        "author": "{Uptake}",
        "title": "{" + of.title.translate(_SPECIAL) + "}",
        "year": str(of.known.year),
        "month": str(of.known.month),
        "day": str(of.known.day),
        "note": of.note.translate(_SPECIAL),
        "url": of.url,
        "language": english_name(of.language).lower(),
    }
    return f"@online{{{of.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"


def ris(of: Citation) -> str:
    lines = [
        ("TY", "ELEC"),
        ("AU", "Uptake"),
        ("TI", of.title),
        ("PY", str(of.known.year)),
        ("DA", of.known.strftime("%Y/%m/%d/")),
        ("N1", of.note),
        ("UR", of.url),
        ("LA", of.language),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)


def csl(of: Citation) -> str:
    item = {
        "id": of.key,
        "type": "webpage",
        "author": [{"literal": "Uptake"}],
        "title": of.title,
        "issued": {"date-parts": [[of.known.year, of.known.month, of.known.day]]},
        "note": of.note,
        "URL": of.url,
        "language": of.language,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"
