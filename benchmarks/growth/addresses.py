"""Every address that can be read, with what stands in it in the register of the benchmark."""

from collections.abc import Iterator
from itertools import product

from flask import Flask
from msgspec import Struct

from benchmarks.growth.register import PERSON, REGISTER, REVIEW, REVIEW_DAY, SHARED

VALUES: dict[str, tuple[str, ...]] = {
    "register": (REGISTER,),
    "recommendation": ("rec-000041",),
    "body": ("body-0", "body-3"),
    "theme": ("theme-1",),
    "publication": ("report",),
    "evidence": (SHARED, "source-41"),
    "assessment": ("rec-000048-4",),
    "response": ("answer-42",),
    "deadline": ("due-42-first",),
    "review": (REVIEW,),
    "as_of": (REVIEW_DAY,),
    "person": ("ben",),
    "digest": ("0" * 64,),
    "number": ("1",),
    "size": ("1",),
    "file": ("register.json",),
    "secret": ("x",),
    "token": ("a.b",),
    "filename": ("x",),
    "name": ("x",),
}
"""By the name of a part of an address. A new part is added here, or the walk stops."""
VALUES_OF: dict[str, dict[str, tuple[str, ...]]] = {
    "download_csv": {
        "name": (
            *("scorecard", "columns", "themes", "publications", "bodies", "recommendations", "elements", "cards"),
            *("evidence", "assessments", "withdrawals", "developments"),
        )
    },
    "amend": {"kind": ("bodies",), "ident": ("body-3",)},
    "remove_fact": {"kind": ("bodies",), "ident": ("body-3",)},
    "facts": {"kind": ("bodies", "recommendations", "themes", "developments", "publications")},
    "bulk_facts": {"kind": ("recommendations", "bodies")},
    "download_facts": {"kind": ("recommendations",)},
    "add": {"kind": ("recommendations", "developments", "bodies", "elements")},
    "withdraw": {"assessment": ("rec-000041-1",)},
    "withdraw_deadline": {"recommendation": ("rec-000042",)},
    "respond": {"recommendation": ("rec-000042",)},
}
VALUES_OF["download_csv_for_people"] = {"name": ("scorecard", "recommendations", "assessments")}
"""What stands in the addresses of one endpoint, without its blueprint."""
PAST = "as_of=2023-06-01"
KNOWN = f"{PAST}&known_at=2023-09-01T12:00:00Z"
COMPARED = "from=2021-01-01&to=2025-01-01"
OF_REGISTER = f"/{REGISTER}/"
OF_API = f"/api/v1/registers/{REGISTER}"
OF_STAFF = f"/staff/{REGISTER}/"
QUERIES = (
    *(f"{OF_REGISTER}?{q}" for q in (PAST, KNOWN, "theme=theme-1", "status=partly")),
    *(f"{OF_REGISTER}compare/{q}" for q in (f"?{COMPARED}", f"?{COMPARED}&known_from=2022-01-01&known_to=2025-02-01")),
    f"{OF_REGISTER}compare/compare.csv?{COMPARED}",
    f"{OF_REGISTER}compare/chart.svg?{COMPARED}",
    f"{OF_REGISTER}compare/card.png?{COMPARED}",
    *(f"{OF_REGISTER}{at}?{KNOWN}" for at in ("bodies/", "bodies/body-0/", "themes/", "themes/theme-1/", "series/")),
    *(f"{OF_REGISTER}{at}?{KNOWN}" for at in ("calendar/", "recommendations/rec-000041/", "recommendations/")),
    *(f"{OF_REGISTER}changes/?{q}" for q in ("page=2", "body=body-0", "theme=theme-1", "kind=correction")),
    *(f"{OF_REGISTER}search?q={q}" for q in ("subject", "41", "sentence+says", "sub")),
    *(f"{OF_API}/scorecard?{q}" for q in ("limit=1", "limit=1&sort=title", "limit=1&sort=since", f"limit=1&{KNOWN}")),
    f"{OF_API}/compare?{COMPARED}&limit=1",
    f"{OF_API}/search?q=subject",
    f"{OF_API}/changes?limit=1",
    f"{OF_API}/events?limit=1",
    "/api/v1/proofs/inclusion?position=1",
    "/api/v1/proofs/consistency?first=1",
    f"/oembed?url=http://127.0.0.1:8000{OF_REGISTER}",
    *(f"{OF_STAFF}?{q}" for q in ("page=2", "q=recommendation", "q=77", "body=body-0", "body=body-3", "status=partly")),
    *(f"{OF_STAFF}?{q}" for q in ("due=late", "due=overdue", "sort=title", "sort=changed", "sort=review")),
    *(
        f"{OF_STAFF}?{q}"
        for q in ("assigned=none", "assigned=me", "missing=criteria", "proposal=open", "theme=theme-1")
    ),
    *(f"{OF_STAFF}?{q}" for q in ("body=body-0&sort=title", "status=partly&sort=title")),
    f"{OF_STAFF}evidence/?q=statement",
    f"{OF_STAFF}names/?q=an",
    f"{OF_STAFF}history/?who={PERSON}",
    f"{OF_STAFF}facts/recommendations/?q=subject",
    f"{OF_STAFF}sheet/?theme=theme-1",
    f"{OF_STAFF}translations/?show=all",
    f"{OF_STAFF}recommendations/rec-000040/propose/",
)
"""Choices and pages of the lists."""


class Address(Struct, frozen=True):
    endpoint: str
    path: str


def addresses(app: Flask) -> Iterator[Address]:
    """Every address to GET, in the first language: in the others the same views answer."""
    for rule in app.url_map.iter_rules():
        if "GET" not in (rule.methods or ()) or (rule.defaults or {}).get("lang", "en") != "en":
            continue
        name = rule.endpoint.rsplit(".", 1)[-1]
        if "lang" in rule.arguments and "lang" not in (rule.defaults or {}):
            continue
        names = sorted(rule.arguments - {"lang"})
        own = VALUES | VALUES_OF.get(name, {})
        choices = [getattr(rule._converters[n], "items", None) or own[n] for n in names]
        for given in product(*choices):
            built = rule.build(dict(zip(names, given, strict=True)) | (rule.defaults or {}))
            assert built, rule
            yield Address(rule.endpoint, built[1])
    matching = app.url_map.bind("")
    for path in QUERIES:
        endpoint, _ = matching.match(path.partition("?")[0])
        yield Address(str(endpoint), path)
