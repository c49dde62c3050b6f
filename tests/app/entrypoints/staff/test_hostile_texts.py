"""Markup in every text that can be imported or typed never becomes an element, attribute or link."""

import csv
import io
import json
import re
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from flask import Flask
from pypdf import PdfReader

from app.entrypoints.api.operations import READ_OPERATIONS
from app.entrypoints.api.uploads import SHEET_OPERATIONS
from app.entrypoints.api.writing import WRITE_OPERATIONS
from app.entrypoints.http.front_cache import FrontCache
from app.entrypoints.public import link_pictures
from app.services.accounts import people
from app.services.accounts.actors import Operator
from app.services.accounts.permissions import ALL_REGISTERS, StaffRole
from app.services.container import Services
from app.services.locker.copies import check_copy, find_file, set_visibility, store_copy
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.codes import Position, RelationKind
from domain.values import DeadlineFacts, Relation, ResponseFacts
from tests.support.bundles import write_small_bundle
from tests.support.crawl import crawl, places_of
from tests.support.private_content import (
    NEXT_REVIEW_PATH,
    PRIVATE_FILE,
    PRIVATE_WORD,
    SOURCE_PATH,
    fill_with_private_content,
)
from tests.support.reviews import package_file_names
from tests.support.staff_client import PROPOSE_PATH, Members, send_proposal
from tests.support.staff_pages import STAFF_PAGES

HOSTILE = "x\"'><b class=hostile onclick=alert(1)></script></style><!--]]>{{7*7}}&lt;b class=hostile&gt;"
WORDLESS = {
    *(
        "public.verify",
        "public.robots",
        "public.sitemap",
        "public.sitemap_of_site",
        "public.sitemap_of_register",
        "public.site_picture",
        "public.badge",
        "public.badge_of_recommendation",
        "public.logo",
    ),
    *("api.openapi", "api.checkpoint", "api.inclusion", "api.consistency", "api.methodology", "api.compare"),
    *("api.errata", "api.checkpoint_list"),
    *("api.addressees", "api.body_scorecard"),
    *("public.package_timestamp", "public.package_log_proof"),
    *("public.checkpoints", "public.checkpoint_file", "public.checkpoint_feed", "public.newest_checkpoint"),
}
"""What shows ids, statuses and numbers only, so that no word can stand there."""
WITH_MAIL_SERVER = {"public.follow", "public.confirm_follow", "public.stop_following"}
"""What is not there without a mail server; tests/app/services/followers looks at these."""
WORDLESS_FILES = {
    "verify.py",
    *("methodology.json", "checkpoint", "proof.json", "compare.json", "snapshot.json"),
    *("bundle/developments.csv", "bundle/withdrawals.csv"),
}
"""Of the package: the same, and what holds nothing as of its day."""
TEXTS = {
    *(
        "title",
        "title_ko",
        "name",
        "name_ko",
        "summary",
        "summary_ko",
        "authors",
        "publisher",
        "locator",
        "instruments",
    ),
    *("aliases", "strength", "indicators", "done_when", "done_when_ko", "counts", "counts_ko", "does_not_count"),
    *("does_not_count_ko", "sources_needed", "rationale", "rationale_ko", "language"),
}


def _write_hostile_bundle(folder: Path) -> Path:
    write_small_bundle(folder)
    for file in folder.glob("*.csv"):
        rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8"))))
        texts = TEXTS | ({"reason"} if file.stem == "withdrawals" else set())
        hostile = HOSTILE.replace(";", "")  # parts the texts of a list
        for row in rows:
            row |= {name: f"{PRIVATE_WORD} {row[name]} {hostile}" for name in texts & set(row)}
        with file.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    register = json.loads((folder / "register.json").read_text("utf-8"))
    for one in (register, *register["reviews"]):
        one["title"] = f"{PRIVATE_WORD} {one['title']}{HOSTILE}"
    register["summary"] = f"{PRIVATE_WORD} {register['summary']}{HOSTILE}"
    (folder / "register.json").write_text(json.dumps(register), "utf-8")
    return folder


@pytest.fixture
def small_bundle(tmp_path: Path) -> Path:
    return _write_hostile_bundle(tmp_path / "small")


class Faults(HTMLParser):
    """What a page holds that its templates did not mean."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            wrong = (
                name.startswith("on") or name == "srcdoc" or not re.fullmatch("[a-zA-Z][a-zA-Z:-]*|[a-z]+[0-9]?", name)
            )
            if wrong or (name == "class" and value == "hostile"):
                self.found.append(f"<{tag} {name}={value!r}>")
            if name in ("href", "src", "action", "formaction", "cite") and _scheme(value or "") not in (
                "",
                "http",
                "https",
                "mailto",
            ):
                self.found.append(f"<{tag} {name}={value!r}>")


def _scheme(url: str) -> str:
    return urlsplit(re.sub(r"[\x00-\x20]", "", url)).scheme.lower()


OWN_SCRIPT = "/staff/browser-button/: <a href='javascript:"
"""The link that a person drags to the bookmarks of the browser; no text of the record is in it."""


def _faults(name: str, content: bytes) -> list[str]:
    """Of an answer or a member of one, judged as a program that opens it would."""
    head = content[:200].lstrip().lower()
    if head.startswith(b"%pdf-"):
        links = [
            a.get_object().get("/A", {}).get("/URI", "")
            for p in PdfReader(io.BytesIO(content)).pages
            for a in p.get("/Annots", [])
        ]
        return [f"{name}: {link}" for link in links if _scheme(str(link)) not in ("", "http", "https")]
    if head.startswith(b"<!doctype html"):
        return [f"{name}: {fault}" for fault in Faults(content.decode()).found]
    if head.startswith((b"<?xml", b"<svg")):
        root = ElementTree.fromstring(content)
        result = [e.tag for e in root.iter() if e.get("class") == "hostile"]
        links = [v for e in root.iter() for n, v in e.items() if n.endswith(("href", "Target"))]
        return [
            f"{name}: {f}" for f in result + [v for v in links if _scheme(v) not in ("", "http", "https", "tag", "urn")]
        ]
    return []


def _state_hostile_facts(services: Services) -> None:
    """A deadline, a response and a relation of the law, each with a text."""
    words = f"{PRIVATE_WORD} {HOSTILE}"
    due = DeadlineFacts(id="", due_on="2026-12", stated_on="2024", stated_by="ministry", note=words)
    said = ResponseFacts(
        id="said", body="senate", position=Position.NOTES, given_on="2024", summary=words, evidence=("story",)
    )
    related = Relation(relation=RelationKind.RENEWS, to="talks", note=words)
    services.execute(c.StateDeadline("small", recommendation="law", deadline=due), by="ben")
    services.execute(c.ProposeResponse("small", recommendation="law", facts=said), by="ana")
    services.execute(c.PublishResponse("small", recommendation="law", response="said"), by="ben")
    services.execute(c.StateRelation("small", recommendation="law", relation=related), by="ben")
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]


def test_nothing_that_the_public_is_sent_holds_markup_from_a_text(
    services: Services, staff_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every place that can show a text shows one, so that the crawl for private words would find them too."""
    monkeypatch.setattr(link_pictures, "draw_preview", lambda *words, **_: repr(words).encode())  # as words
    freeze_review(services, "small", "ten", by="ana")
    _state_hostile_facts(services)
    store_copy(services, Operator("ana"), "small", "oath", check_copy(services, PRIVATE_FILE), rights="Ours")
    digest = sha256(PRIVATE_FILE).hexdigest()
    with services.accounts.work() as db:
        set_visibility(find_file(db, "small", "oath", digest), "Ours", public=True)
    front, files = FrontCache(staff_app, services.public_state), package_file_names(services)
    seen = crawl(staff_app, front, (PRIVATE_WORD,), digest=(digest,), file=files)
    assert sum(HOSTILE[10:18].encode() in c for one in seen.values() for c in one.content.values()) > 100
    pages = 0
    for path, one in seen.items():
        headers = one.content["headers"].decode()
        assert re.search("Content-Security-Policy: (sandbox; )?default-src 'none'", headers), path
        pages += "Content-Type: text/html" in headers
        for name, content in one.content.items():
            assert _faults(f"{path} {name}", content) == []
    assert pages > 200
    with_text = {path for path, one in seen.items() if places_of({path: one}, PRIVATE_WORD, PRIVATE_WORD)}
    reading = [operation for operation in READ_OPERATIONS if operation.scopes]
    closed = {f"api.{operation.name}" for operation in (*WRITE_OPERATIONS, *SHEET_OPERATIONS, *reading)}
    public = {e for e in staff_app.view_functions if e.startswith(("public.", "api."))} - closed
    assert public - {seen[path].endpoint for path in with_text} == WORDLESS | WITH_MAIL_SERVER
    empty = {f for f in files if not any(path.endswith(f"/files/{f}") for path in with_text)}
    assert {f for f in empty if not f.startswith("charts/")} == WORDLESS_FILES


def test_nothing_that_staff_is_sent_holds_markup_from_a_text(services: Services, member: Members) -> None:
    fill_with_private_content(services, member)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "ada@example.org"), ALL_REGISTERS, StaffRole.ADMINISTRATOR)
        people.find_user(db, "ana@example.org").name = HOSTILE
    ana, ada = member("ana"), member("ada")
    assert (
        ana.post("/staff/small/recommendations/law/comments/", text=HOSTILE, assessment="law-2025-05").status_code
        == 302
    )
    assert ana.post(f"{SOURCE_PATH}notes/", note=HOSTILE, language="en").status_code == 302
    ana.post("/staff/drafts/throw-away/", path=PROPOSE_PATH)  # it is of an older version
    assert send_proposal(ana, PROPOSE_PATH, rationale=HOSTILE, effective_on="2025-07").status_code == 302
    send_proposal(ada, PROPOSE_PATH, action="save_draft", rationale=HOSTILE)
    member("ben").post(NEXT_REVIEW_PATH, action="draft", summary=HOSTILE)
    asked = {"staff.desk": f"?q={HOSTILE}", "staff.history": f"?person={HOSTILE}", "security.login": f"?next={HOSTILE}"}
    for endpoint, path in STAFF_PAGES.items():
        answer = ada.client.get(path + asked.get(endpoint, ""), follow_redirects=True)
        assert "script-src 'self'" in answer.headers["Content-Security-Policy"], path
        assert [f for f in _faults(path, answer.data) if not f.startswith(OWN_SCRIPT)] == []


@pytest.mark.parametrize("page", [
    "<b class=hostile>", '<a href=" java\nscript:x">', '<a href="DATA:text/html,x">', "<svg onload=x>",
    '<script type="application/ld+json">{"a": "</script><b class=hostile>"}</script>',
])  # fmt: skip
def test_the_judge_sees_what_it_is_to_find(page: str) -> None:
    assert _faults("", f"<!doctype html>{page}".encode()) != []
