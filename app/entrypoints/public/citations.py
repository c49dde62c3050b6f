"""Citations of a page as BibTeX, RIS and CSL-JSON, always with both dates."""

import json
import re
from datetime import date

from flask import Response
from msgspec import Struct

from app.entrypoints.http.query_params import read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.page import Page
from app.presentation.i18n.labels import day_text, status_word
from app.presentation.i18n.languages import english_name
from app.presentation.i18n.localize import language_of, localized_text
from app.presentation.i18n.translation import _
from app.presentation.narrative.keeper import keeper_of
from app.services.container import Services
from domain.errors import NotFound, refusal
from domain.times import compact
from domain.values import TranslatedFact
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.scorecards.queries import standings

CITATION_TYPES = {
    "bib": "application/x-bibtex",
    "ris": "application/x-research-info-systems",
    "json": "application/json",
}
FORMAT_RULE = "<any(bib, ris, json):form>"
_BIBTEX_ESCAPES = str.maketrans(
    {c: f"\\{c}" for c in "&%$#_"}
    | {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    | {"{": r"\textbraceleft{}", "}": r"\textbraceright{}"}  # BibTeX counts braces, also those after a backslash
)
_SEVERAL_NAMES = re.compile(r"\band\b|&|[{}]|,.*,", re.IGNORECASE)
"""In the name of an author: a group, or what BibTeX would take apart wrongly."""


class Citation(Struct, frozen=True):
    """`known_on` is the day of the known-at instant; it is the date of the citation.

    `people` are its authors; without any, its publisher is. `doi` is empty if it has none.
    """

    key: str
    title: str
    note: str
    url: str
    known_on: date
    language: str
    publisher: str
    people: tuple[str, ...]
    doi: str = ""

    @property
    def authors(self) -> tuple[str, ...]:
        return self.people or (self.publisher,)


@public.get(f"/<register:register>/cite.{FORMAT_RULE}")
def cite(register: str, form: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        note = _dates_note(page, page.evidence_reach)
        return _cite_page(
            services(),
            page,
            form,
            page.entry.settings,
            localized_text(page.entry.settings, "title"),
            note,
            "public.scorecard",
            register,
        )


@public.get(f"/<register:register>/recommendations/<ident:recommendation>/cite.{FORMAT_RULE}")
def cite_recommendation(register: str, recommendation: str, form: str) -> Response:
    query = read_parameters("as_of", "known_at")
    with services().views.connect() as db:
        page = Page(services(), db, register, query)
        entry = catalogue.recommendation(db, register, recommendation, page.times.known_at)
        if entry is None:
            raise NotFound(refusal("There is no recommendation “{id}” in this register.", id=recommendation))
        standing = standings(db, register, page.times.pair, recommendation).get(recommendation)
        status = status_word(standing.status) if standing else _("not on the scorecard")
        title = f"{localized_text(entry.facts, 'title')} ({localized_text(page.entry.settings, 'title')})"
        note = f"{status}. {_dates_note(page, page.reach_of(standing))}"
        key = f"{register}-{recommendation}"
        return _cite_page(
            services(),
            page,
            form,
            entry.facts,
            title,
            note,
            "public.recommendation",
            key,
            recommendation=recommendation,
        )


def _dates_note(page: Page, reach: str) -> str:
    note = _(
        "As of %(day)s, as known at %(known)s. Methodology %(method)s.",
        day=day_text(page.times.as_of.isoformat()),
        known=compact(page.times.known_at),
        method=page.entry.settings.methodology,
    )
    return f"{note} {reach}".rstrip()


def _cite_page(
    services: Services,
    page: Page,
    form: str,
    cited: TranslatedFact,
    title: str,
    note: str,
    endpoint: str,
    key: str,
    **of: str,
) -> Response:
    address = page_url(endpoint, register=page.id, **of, **page.times.query(services.clock()))
    citation = Citation(
        f"uptake-{key}-{page.times.as_of}",
        title,
        note,
        absolute_url(address),
        page.times.known_day,
        language_of(cited, "title"),
        *publisher_and_people(page.entry),
    )
    return citation_response(citation, form)


def publisher_and_people(entry: RegisterEntry) -> tuple[str, tuple[str, ...]]:
    return keeper_of(entry).name, tuple(author.name for author in entry.settings.authors)


def citation_response(citation: Citation, form: str) -> Response:
    """A citation as a file to download."""
    text = {"bib": to_bibtex, "ris": to_ris, "json": to_csl}[form](citation)
    response = Response(text, content_type=f"{CITATION_TYPES[form]}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{citation.key}.{form}"'
    response.headers["Cache-Control"] = "public, no-cache"
    return response


def to_bibtex(citation: Citation) -> str:
    fields = {
        "author": " and ".join(map(_bibtex_person, citation.people)) or _whole_in_bibtex(citation.publisher),
        "title": "{" + citation.title.translate(_BIBTEX_ESCAPES) + "}",
        "organization": citation.publisher.translate(_BIBTEX_ESCAPES),
        "year": str(citation.known_on.year),
        "month": str(citation.known_on.month),
        "day": str(citation.known_on.day),
        "note": citation.note.translate(_BIBTEX_ESCAPES),
        **({"doi": citation.doi.translate(_BIBTEX_ESCAPES)} if citation.doi else {}),
        "url": citation.url,
        "language": english_name(citation.language).lower(),
    }
    return (
        f"@online{{{citation.key},\n" + "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items()) + "}\n"
    )


def _bibtex_person(name: str) -> str:
    """A name that BibTeX takes apart itself, unless it would read more or other names in it."""
    return _whole_in_bibtex(name) if _SEVERAL_NAMES.search(name) else name.translate(_BIBTEX_ESCAPES)


def _whole_in_bibtex(name: str) -> str:
    return "{" + name.translate(_BIBTEX_ESCAPES) + "}"


def to_ris(citation: Citation) -> str:
    lines = [
        ("TY", "ELEC"),
        *(("AU", name) for name in citation.authors),
        ("TI", citation.title),
        ("PB", citation.publisher),
        ("PY", str(citation.known_on.year)),
        ("DA", citation.known_on.strftime("%Y/%m/%d/")),
        ("N1", citation.note),
        *([("DO", citation.doi)] if citation.doi else []),
        ("UR", citation.url),
        ("LA", citation.language),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in lines)


def to_csl(citation: Citation) -> str:
    item = {
        "id": citation.key,
        "type": "webpage",
        "author": [{"literal": name} for name in citation.authors],
        "publisher": citation.publisher,
        "title": citation.title,
        "issued": {"date-parts": [[citation.known_on.year, citation.known_on.month, citation.known_on.day]]},
        "note": citation.note,
        **({"DOI": citation.doi} if citation.doi else {}),
        "URL": citation.url,
        "language": citation.language,
    }
    return json.dumps([item], ensure_ascii=False, indent=1) + "\n"
