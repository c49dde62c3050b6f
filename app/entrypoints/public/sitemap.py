"""What machines that follow links need: which pages there are, in which languages, and where not to go.

The sitemap is an index of files of limited size: one of the pages that are about no register, and for each kind of page
of a register as many as it takes.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import product
from xml.etree import ElementTree as Xml

from flask import Response, current_app
from msgspec import Struct
from sqlalchemy import Connection
from werkzeug.routing import Rule

from app.entrypoints.http.query_params import find_open_register, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.presentation.i18n.languages import LANGUAGES, SOURCE
from app.services.container import Services
from app.services.snapshots.review_schedule import review_occurrences
from domain.errors import NotFound, refusal
from domain.times import days_after
from projections.catalogue import queries as catalogue
from projections.catalogue.entries import RegisterEntry
from projections.changes import queries as changes
from projections.engine.position import last_applied_at

SITEMAP, XHTML = "http://www.sitemaps.org/schemas/sitemap/0.9", "http://www.w3.org/1999/xhtml"
MAX_PAGES = 1_000
"""Pages in a file, each once in every language; the format allows 50,000 addresses and 50 MB."""
NOT_IN_SITEMAP = {
    "public.robots": "for machines",
    "public.sitemap": "for machines",
    "public.sitemap_of_site": "for machines",
    "public.sitemap_of_register": "for machines",
    "public.oembed": "for machines",
    "public.feed": "a feed, which its page links to",
    "public.corrections_feed": "a feed, which its page links to",
    "public.recommendation_feed": "a feed, which its page links to",
    "public.theme_feed": "a feed, which its page links to",
    "public.body_feed": "a feed, which its page links to",
    "public.checkpoint_feed": "a feed, which its page links to",
    "public.checkpoint_file": "a file, which its page links to",
    "public.newest_checkpoint": "a file, which its page links to",
    "public.cite": "a citation, which its page links to",
    "public.cite_recommendation": "a citation, which its page links to",
    "public.cite_review": "a citation, which its page links to",
    "public.compare_csv": "a file, which its page links to",
    "public.download_bundle": "a file, which its page links to",
    "public.download_csv": "a file, which its page links to",
    "public.download_csv_for_people": "a file, which its page links to",
    "public.download_workbook": "a file, which its page links to",
    "public.due_calendar": "a calendar, which its page links to",
    "public.logo": "a picture",
    "public.kept_copy": "a file, which its page links to",
    "public.package": "a file, which its page links to",
    "public.package_file": "a file, which its page links to",
    "public.package_log_proof": "a file, which its page links to",
    "public.package_timestamp": "a file, which its page links to",
    "public.printed_list": "a file, which its page links to",
    "public.embed": "a frame for pages of other sites",
    "public.embed_recommendation": "a frame for pages of other sites",
    "public.editions": "leads to recommendations, which have their own pages",
    "public.badge": "a picture",
    "public.badge_of_recommendation": "a picture",
    "public.picture": "a picture",
    "public.picture_of_theme": "a picture",
    "public.picture_of_body": "a picture",
    "public.picture_of_review": "a picture",
    "public.picture_of_comparison": "a picture",
    "public.over_time_chart": "a picture",
    "public.scorecard_chart": "a picture",
    "public.recommendation_chart": "a picture",
    "public.comparison_chart": "a picture",
    "public.site_picture": "a picture",
    "public.picture_of_recommendation": "a picture",
    "public.report_error": "a form",
    "public.follow": "a form",
    "public.confirm_follow": "a form, for who has its link",
    "public.stop_following": "a form, for who has its link",
    "public.search_description": "for machines",
    "public.search": "shows nothing without words to search for",
}
"""The public endpoints that the sitemap leaves out, each with the reason."""


KINDS = {
    "register": frozenset({"register"}),
    "theme": frozenset({"register", "theme"}),
    "body": frozenset({"register", "body"}),
    "review": frozenset({"register", "review"}),
    "frozen": frozenset({"register", "review", "as_of"}),
    "recommendation": frozenset({"register", "recommendation"}),
}
"""The kinds of pages of a register, by the variable parts of their addresses."""


class Subject(Struct, frozen=True):
    """What pages of a kind are about: the variable parts of their addresses, and when it last changed."""

    values: dict[str, str]
    changed_at: datetime | None


@public.get("/robots.txt")
def robots() -> Response:
    read_parameters()
    lines = ["User-agent: *", "Disallow: /staff/", "Disallow: /*?before=", f"Sitemap: {absolute_url('/sitemap.xml')}"]
    return _public("\n".join(lines) + "\n", "text/plain")


@public.get("/sitemap.xml")
def sitemap() -> Response:
    """The index of all files."""
    read_parameters()
    Xml.register_namespace("", SITEMAP)
    root = Xml.Element(f"{{{SITEMAP}}}sitemapindex")
    _add_address(root, "sitemap", absolute_url(page_url("public.sitemap_of_site", lang=SOURCE)), None)
    with services().views.connect() as db:
        for entry in (e for e in catalogue.registers(db) if e.is_open):
            changed_at = _last_change(db, entry)
            for kind, number in _files(services(), db, entry):
                path = page_url("public.sitemap_of_register", lang=SOURCE, register=entry.id, kind=kind, number=number)
                _add_address(root, "sitemap", absolute_url(path), changed_at)
    return _public(Xml.tostring(root, encoding="utf-8", xml_declaration=True), "application/xml")


@public.get("/sitemap/site.xml")
def sitemap_of_site() -> Response:
    """The pages that are about no register."""
    read_parameters()
    return _list_pages(_endpoints(frozenset()), [Subject({}, None)])


@public.get(f"/sitemap/<register:register>/<any({', '.join(KINDS)}):kind>-<number:number>.xml")
def sitemap_of_register(register: str, kind: str, number: int) -> Response:
    """The pages of a kind, in files of limited size."""
    read_parameters()
    with services().views.connect() as db:
        entry = find_open_register(db, register)
        if not 1 <= number <= _file_count(services(), db, entry, kind):
            raise NotFound(refusal("There is no page at this address. Check the address for typing mistakes."))
        endpoints = _endpoints(KINDS[kind])
        return _list_pages(endpoints, _subjects(services(), db, entry, kind, number))


def _endpoints(arguments: frozenset[str]) -> list[str]:
    """The public pages whose addresses have these variable parts, from the routes of the blueprint."""
    return [rule.endpoint for rule in current_app.url_map.iter_rules() if _is_listed(rule, arguments)]


def _is_listed(rule: Rule, arguments: frozenset[str]) -> bool:
    is_first_language = (rule.defaults or {}).get("lang") == SOURCE
    is_page = rule.endpoint.startswith("public.") and rule.endpoint not in NOT_IN_SITEMAP
    return is_page and is_first_language and rule.arguments - {"lang"} == arguments


def _files(services: Services, db: Connection, entry: RegisterEntry) -> list[tuple[str, int]]:
    """The files of a register: the kind of page, and which file of that kind."""
    return [(kind, n) for kind in KINDS for n in range(1, _file_count(services, db, entry, kind) + 1)]


def _file_count(services: Services, db: Connection, entry: RegisterEntry, kind: str) -> int:
    if kind == "register":
        return 1
    if kind == "frozen":
        subjects = len(_frozen_reviews(services, db, entry))
    else:
        subjects = catalogue.count_ids(db, entry.id, kind, last_applied_at(db))
    return -(-subjects // _subjects_per_file(KINDS[kind]))


def _subjects_per_file(arguments: frozenset[str]) -> int:
    return max(1, MAX_PAGES // max(1, len(_endpoints(arguments))))


def _subjects(services: Services, db: Connection, entry: RegisterEntry, kind: str, number: int) -> list[Subject]:
    """What the pages of a file are about."""
    limit = _subjects_per_file(KINDS[kind])
    skip, changed_at = (number - 1) * limit, _last_change(db, entry)
    if kind == "register":
        return [Subject({"register": entry.id}, changed_at)]
    if kind == "frozen":
        return _frozen_reviews(services, db, entry)[skip : skip + limit]
    ids = catalogue.ids_page(db, entry.id, kind, last_applied_at(db), skip=skip, limit=limit)
    changes_by_id: dict[str, datetime] = {}
    if kind == "recommendation" and ids:
        changes_by_id = changes.last_changes_at(db, entry.id, ids[0], ids[-1])
        changed_at = entry.opened_at
    return [Subject({"register": entry.id, kind: i}, _later(changes_by_id.get(i), changed_at)) for i in ids]


def _frozen_reviews(services: Services, db: Connection, entry: RegisterEntry) -> list[Subject]:
    until = days_after(services.clock().date(), 1)
    return [
        Subject({"register": entry.id, "review": o.schedule.id, "as_of": o.as_of}, o.preparation.snapshot.known_at)
        for o in review_occurrences(db, entry.id, until)
        if o.preparation.snapshot
    ]


def _last_change(db: Connection, entry: RegisterEntry) -> datetime | None:
    return _later(changes.last_change_at(db, entry.id), entry.opened_at)


def _later(a: datetime | None, b: datetime | None) -> datetime | None:
    return max(filter(None, (a, b)), default=None)


def _list_pages(endpoints: Iterable[str], subjects: Iterable[Subject]) -> Response:
    """Every page about each subject, once in every language."""
    Xml.register_namespace("", SITEMAP)
    Xml.register_namespace("xhtml", XHTML)
    root = Xml.Element(f"{{{SITEMAP}}}urlset")
    for subject, endpoint in product(subjects, endpoints):
        addresses = {c: absolute_url(page_url(endpoint, lang=c, **subject.values)) for c in LANGUAGES}
        alternates = addresses | {"x-default": addresses[SOURCE]}
        for address in addresses.values():
            url = _add_address(root, "url", address, subject.changed_at)
            for code, other in alternates.items():
                Xml.SubElement(url, f"{{{XHTML}}}link", rel="alternate", hreflang=code, href=other)
    return _public(Xml.tostring(root, encoding="utf-8", xml_declaration=True), "application/xml")


def _add_address(parent: Xml.Element, tag: str, address: str, changed_at: datetime | None) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{SITEMAP}}}{tag}")
    Xml.SubElement(element, f"{{{SITEMAP}}}loc").text = address
    if changed_at:
        Xml.SubElement(element, f"{{{SITEMAP}}}lastmod").text = changed_at.astimezone(UTC).date().isoformat()
    return element


def _public(content: str | bytes, mimetype: str) -> Response:
    response = Response(content, mimetype=mimetype)
    response.headers["Cache-Control"] = "public, no-cache"
    return response
