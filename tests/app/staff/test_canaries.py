"""Secret words in every private field, and a crawl of everything public: not one may be found."""

from collections.abc import Callable
from urllib.parse import urljoin, urlsplit

import html5lib
from flask import Flask
from flask.testing import FlaskClient

from app.accounts import people
from app.wiring import Services
from tests.app.staff.conftest import Member
from tests.app.staff.test_keeping_a_register import PROPOSE, _send, _version

BEGIN = [
    "/", "/about/", "/small/", "/ko/small/", "/robots.txt", "/sitemap.xml", "/small/compare/", "/small/changes/", "/small/corrections/",
    "/small/search?q=zebra", "/small/search?q=canary", "/api/openapi.json", "/api/v1/registers", "/small/download/register.xlsx",
    "/api/v1/registers/small/events", "/api/v1/registers/small/changes", "/api/v1/registers/small/search?q=zebra",
    "/api/v1/registers/small/recommendations/law/history", "/api/v1/registers/small/recommendations/law", "/small/?as_of=2025-06-01",
    "/api/v1/registers/small/scorecard", "/small/nothing/", "/small/methodology/", "/small/recommendations/law/?known_at=2026-03-02",
]  # fmt: skip
WORD = "zebra"


def test_no_private_word_is_found_in_public(services: Services, member: Callable[[str], Member], office: Flask) -> None:
    ana, ben = member("ana"), member("ben")
    _send(ana, rationale=f"{WORD}-draft", rationale_ko=f"{WORD}-초안")
    _send(ana, f"{PROPOSE}", rationale=f"{WORD}-declined", year="2025", month="4")
    declined = "/staff/small/proposals/law-2025-04/"
    ben.post(declined, action="decline", version=_version(ben, declined), note=f"{WORD}-why")
    returned = "/staff/small/proposals/law-2025-03/"
    ben.post(returned, action="return", version=_version(ben, returned), note=f"{WORD}-note")
    _send(ana, action="add_source", src_title=f"{WORD} source", src_publisher=WORD, src_class="news", src_summary=WORD)
    ana.post("/staff/small/recommendations/law/card/", element="", counts=f"{WORD}-card", does_not_count=WORD)
    ana.post("/staff/small/recommendations/law/comments/", text=f"{WORD}-comment", assessment="law-2025-04")
    bulk = {"action": "send", "pick": ["law"], "year": "2025", "month": "5", "evidence": ["story"]}
    seen_version = _version(ana, PROPOSE)
    ana.post("/staff/small/unchanged/", **bulk, **{"version-law": seen_version}, rationale=f"{WORD}-bulk")
    assert f"{WORD}-bulk" in ben.get("/staff/small/proposals/law-2025-05/").text
    asked = ben.post("/staff/small/opinions/", item="post/kept", persons=["person-ana", "person-ada"]).location
    for who in (ana, member("ada")):
        who.post(asked, status="partly", effective_on="2025", rationale=f"{WORD}-blind")
    assert f"{WORD}-blind" in ben.get(asked).text
    with services.accounts.work() as db:
        people.find(db, "ana@example.org").name = f"{WORD} Person"
    seen = _crawl(office.test_client())
    assert len(seen) > 60
    assert [path for path, content in seen.items() if _holds(content)] == []


def test_what_is_published_later_shows_only_what_was_published(member: Callable[[str], Member], office: Flask) -> None:
    ana, ben = member("ana"), member("ben")
    path = _send(ana, rationale=f"{WORD}-first").location
    ben.post(path, action="return", version=_version(ben, path), note=f"{WORD}-note")
    _send(ana, f"{PROPOSE}?revise=law-2025-03", rationale="A plain reason.", revise="law-2025-03")
    assert ben.post(path, action="publish", version=_version(ben, path)).status_code == 302
    seen = _crawl(office.test_client())
    assert any(b"A plain reason." in content for content in seen.values())
    assert [path for path, content in seen.items() if _holds(content)] == []


def _holds(content: bytes) -> bool:
    lower = content.lower().replace(b"q=zebra", b"").replace("“zebra”".encode(), b"").replace(b'value="zebra"', b"")
    return WORD.encode() in lower or b"@example.org" in lower


def _crawl(client: FlaskClient) -> dict[str, bytes]:
    """Everything that can be reached from the public pages without signing in, by address."""
    seen: dict[str, bytes] = {}
    ahead = list(BEGIN)
    while ahead and len(seen) < 400:
        path = ahead.pop()
        if path in seen or path.startswith("/static/"):
            continue
        answer = client.get(path)
        seen[path] = answer.data
        if answer.mimetype == "text/html":
            root = html5lib.parse(answer.text, namespaceHTMLElements=False)
            for element in (*root.iter("a"), *root.iter("link")):
                url = urlsplit(urljoin(f"http://127.0.0.1:8000{path}", element.get("href", "")))
                if url.netloc == "127.0.0.1:8000":
                    ahead.append(url.path + (f"?{url.query}" if url.query else ""))
    return seen
