"""Sources with their copies and notes: what staff see, what the public sees, and what is deleted."""

import io
import re
from collections.abc import Callable
from hashlib import sha256
from typing import Any

import msgspec
import pytest
from flask import Flask

from app.bootstrap.container import build_services
from app.services.container import Services
from app.services.operations.doctor import examine
from projections.catalogue import queries as catalogue
from tests.support.sample_files import HTML_BYTES, PDF_BYTES, SVG_BYTES, picture_bytes
from tests.support.sites import reach, site
from tests.support.staff_client import Member, form_version, send_proposal

OATH = "/staff/small/evidence/oath/"
PUBLIC = "/small/recommendations/post/"
SEARCH = {
    "search_where": "National Gazette",
    "search_words": "special envoy",
    "search_from": "2023-09",
    "search_to": "2026-02-28",
    "search_by": "A small register",
    "search_on": "2026-03-02",
}
Members = Callable[[str], Member]


def _file(content: bytes, name: str = "copy.pdf") -> tuple[io.BytesIO, str]:
    return io.BytesIO(content), name


def _keep(who: Member, content: bytes = PDF_BYTES, path: str = OATH, name: str = "copy.pdf", **fields: Any) -> Any:
    return who.post(f"{path}files/", file=_file(content, name), **fields)


def _digest(content: bytes = PDF_BYTES) -> str:
    return sha256(content).hexdigest()


def _change(who: Member, action: str, digest: str = "", path: str = OATH, rights: str = "") -> Any:
    digest = digest or _digest()
    return who.post(f"{path}files/{digest}/", action=action, confirmed="yes", **{f"rights-{digest}": rights})


def _lies(services: Services) -> list[str]:
    return [p.name for p in (services.settings.data_dir / "locker").rglob("*") if p.is_file()]


def test_a_copy_is_kept_with_who_when_and_its_digest(services: Services, member: Members) -> None:
    ana = member("ana")
    assert _keep(ana, rights="Ministry, open licence").status_code == 302
    page = ana.get(OATH)
    assert _digest() in page.text
    assert "Uploaded on 3 March 2026, 21:0" in page.text
    assert "by Ana" in page.text
    assert "Rights: Ministry, open licence" in page.text
    assert "staff only" in page.text
    history = ana.get("/staff/small/history/").text
    assert f"A copy of evidence “The oath” was saved: PDF, SHA-256 {_digest()}." in history
    assert "copy saved" in ana.get("/staff/small/evidence/").text
    again = _keep(ana)
    assert again.status_code == 400
    assert again.text.count("This file is already saved for this source.") == 2
    assert _lies(services) == [_digest()]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [(PDF_BYTES, "pdf"), (HTML_BYTES, "html"), ("낱말".encode(), "txt"), (picture_bytes("WEBP"), "png")],
)
def test_a_copy_is_saved_and_never_shown(member: Members, content: bytes, suffix: str) -> None:
    ana, rita = member("ana"), member("rita")
    assert _keep(ana, content, name='../../etc/"x\r\nSet-Cookie: a=b.svg').status_code == 302
    (link,) = [link for link in rita.get(OATH).links() if "/files/" in link]
    answer = rita.client.get(link)
    headers = answer.headers
    assert headers["Content-Type"] == "application/octet-stream"
    assert re.fullmatch(rf'attachment; filename="oath-[0-9a-f]{{8}}\.{suffix}"', headers["Content-Disposition"])
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'; frame-ancestors 'none'"
    assert headers["Cache-Control"] == "no-store"
    assert sha256(answer.data).hexdigest() in link
    assert suffix == "png" or answer.data == content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (SVG_BYTES, "SVG pictures can contain programs"),
        (b"", "The file is empty"),
        (b"\x7fELF\x02", "The file must be PDF, HTML, plain text in UTF-8"),
        (b"a" * (2**20 + 1), "larger than 1 MB"),
    ],
)
def test_a_refused_file_is_named_next_to_its_field(
    services: Services, member: Members, content: bytes, sentence: str
) -> None:
    services.settings = msgspec.structs.replace(services.settings, largest_file_mb=1)
    ana = member("ana")
    answer = _keep(ana, content, rights="What I typed")
    assert answer.status_code == 400
    assert answer.text.count(sentence) == 2
    assert "What I typed" in answer.text
    assert "Choose a file first." in ana.post(f"{OATH}files/").text
    assert not (services.settings.data_dir / "locker").exists()


def test_more_than_the_site_takes_is_refused_in_a_sentence(staff_app: Flask, member: Members) -> None:
    ana = member("ana")
    staff_app.config["MAX_CONTENT_LENGTH"] = 1000
    answer = _keep(ana, b"a" * 2000)
    assert answer.status_code == 413
    assert "The request is too large" in answer.text


def test_an_editor_shows_a_copy_to_everybody_and_hides_it_again(
    services: Services, staff_app: Flask, member: Members
) -> None:
    ana, ben, public = member("ana"), member("ben"), staff_app.test_client()
    _keep(ana)
    address = f"/small/evidence/oath/{_digest()}"
    pinned = f"{PUBLIC}?as_of=2026-01-01&known_at=2026-03-02"
    before = public.get(pinned).data
    assert public.get(address).status_code == 404
    refused = _change(ben, "show")
    assert refused.status_code == 400
    assert refused.text.count("Enter the licence or legal basis for showing the file to everyone") == 2
    assert _change(ana, "show", rights="Mine").status_code == 403
    assert _change(ben, "show", rights="Ministry, open licence").status_code == 302
    answer = public.get(address)
    assert (answer.status_code, answer.data) == (200, PDF_BYTES)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    for path, words in ((PUBLIC, "Download our copy of"), (f"/ko{PUBLIC}", "보관 사본 저장")):
        page = public.get(path).text
        assert words in page
        assert "Ministry, open licence" in page
    assert public.get(f"/ko{address}").status_code == 200
    assert public.get(pinned).data == before, "a pinned page stays as it was"
    assert _change(ben, "hide", rights="Ministry, open licence").status_code == 302
    assert public.get(address).status_code == 404
    assert "Download our copy" not in public.get(PUBLIC).text
    assert ben.client.get(f"{OATH}files/{_digest()}").status_code == 200


def test_a_copy_that_is_taken_away_is_gone_with_its_last_source(services: Services, member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    story = "/staff/small/evidence/story/"
    _keep(ana)
    _keep(ana, path=story)
    assert _lies(services) == [_digest()]
    assert _change(ben, "remove").status_code == 302
    assert _lies(services) == [_digest()], "another source has the same bytes"
    assert ben.client.get(f"{OATH}files/{_digest()}").status_code == 404
    assert _change(ben, "remove", path=story).status_code == 302
    assert _lies(services) == []
    assert "was saved" in ana.get("/staff/small/history/").text
    assert _change(ben, "remove").status_code == 404
    assert _keep(ana).status_code == 302


def test_a_source_that_is_not_public_shows_nothing_of_its_copy(staff_app: Flask, member: Members) -> None:
    ana, ben, public = member("ana"), member("ben"), staff_app.test_client()
    made = ana.post(
        "/staff/small/new-source/", src_title="New", src_publisher="P", src_class="official", src_summary="S",
        src_file=_file(PDF_BYTES),
    )  # fmt: skip
    assert made.location == "/staff/small/evidence/new/"
    _change(ben, "show", path=made.location, rights="Free")
    address = f"/small/evidence/new/{_digest()}"
    assert public.get(address).status_code == 404
    path = send_proposal(ana, evidence=["new", "story"]).location
    ben.post(path, action="publish", version=form_version(ben, path))
    assert public.get(address).data == PDF_BYTES
    assert f",{_digest()}" in public.get("/small/download/evidence.csv").text, "the row says which file was kept"


def test_a_source_is_added_with_its_copy_from_the_proposal(services: Services, member: Members) -> None:
    ana = member("ana")
    source = {"src_title": "Minutes", "src_publisher": "House", "src_class": "official", "src_summary": "The vote."}
    bad = send_proposal(
        ana, action="add_source", **source, src_published_on="May", src_language="English", src_file=_file(SVG_BYTES)
    )
    for sentence in ("“May” is not a date", "A language is a code such as en or ko.", "SVG pictures can contain"):
        assert bad.text.count(sentence) == 2
    assert 'value="Minutes"' in bad.text
    assert 'id="f-src_file"' in bad.text
    good = send_proposal(ana, action="add_source", **source, src_file=_file(PDF_BYTES), src_rights="House")
    assert 'value="minutes" checked' in good.text
    page = ana.get("/staff/small/evidence/minutes/").text
    assert "Rights: House" in page
    assert "Only staff see it. It becomes public" in page
    path = send_proposal(ana, evidence=["minutes", "story"]).location
    assert "/staff/small/evidence/minutes/" in ana.get(path).links()
    assert "In progress since Mar 2025 Renew the law not published" in ana.get("/staff/small/evidence/minutes/").text


def test_a_search_that_found_nothing_has_a_form_of_its_own(
    services: Services, staff_app: Flask, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    form = "/staff/small/new-search/"
    assert 'value="Ana"' in ana.get(form).html
    empty = ana.post(form, **dict.fromkeys(SEARCH, ""))
    for sentence in ("Enter where you searched.", "Enter the words that you searched for.", "Enter who searched."):
        assert empty.text.count(sentence) == 2
    wrong = ana.post(form, **SEARCH | {"search_from": "2026", "search_to": "2025", "search_on": "2030-01-01"})
    assert wrong.text.count("The search must not end before it begins.") == 2
    assert wrong.text.count("The day of the search must not be in the future.") == 2
    assert "special envoy" in wrong.text
    as_source = send_proposal(
        ana, action="add_source", src_title="x", src_publisher="x", src_class="null_search", src_summary="x"
    )
    assert "Use the form for searches that found nothing" in as_source.text
    added = send_proposal(ana, action="add_search", **SEARCH, search_file=_file(picture_bytes()))
    ident = "search-for-special-envoy-in-national-gazette"
    assert f'value="{ident}" checked' in added.text
    path = send_proposal(ana, status="no_action", evidence=[ident], confidence="").location
    assert ben.post(path, action="publish", version=form_version(ben, path)).status_code == 302
    with services.views.connect() as db:
        row = catalogue.evidence(db, "small", services.clock(), [ident])[ident]
    assert (row.source_class, row.publisher, row.accessed_on) == ("null_search", "A small register", "2026-03-02")
    page = staff_app.test_client().get("/small/recommendations/law/").text
    assert (
        "Searched National Gazette with the words “special envoy” for 2023-09 to 2026-02-28; nothing was found." in page
    )
    assert "검색어: “special envoy”" in staff_app.test_client().get("/ko/small/recommendations/law/").text


def test_notes_are_for_staff_until_an_editor_shows_them(staff_app: Flask, member: Members) -> None:
    ana, ben, public = member("ana"), member("ben"), staff_app.test_client()
    assert "Write the note first." in ana.post(f"{OATH}notes/", note="").text
    assert "Shorten it to 4000 characters." in ana.post(f"{OATH}notes/", note="a" * 4001).text
    ana.post(f"{OATH}notes/", note="맹세의 <b>녹화</b>", language="ko")
    assert "맹세의 <b>녹화</b>" in ana.get(OATH).text
    assert "녹화" not in public.get(PUBLIC).text
    (number,) = set(re.findall(r"/evidence/oath/notes/(\d+)/", ben.get(OATH).html))
    assert ana.post(f"{OATH}notes/{number}/", action="show").status_code == 403
    ben.confirm(f"{OATH}notes/{number}/", action="show")
    assert '<span lang="ko">맹세의 &lt;b&gt;녹화&lt;/b&gt;</span>' in public.get(PUBLIC).text
    assert "녹화" not in public.get(f"{PUBLIC}?known_at=2026-03-02").text
    assert ben.post(f"/staff/small/evidence/story/notes/{number}/", action="remove").status_code == 404
    ben.confirm(f"{OATH}notes/{number}/", action="remove")
    assert "녹화" not in public.get(PUBLIC).text


def test_the_server_fetches_a_copy_only_where_that_is_allowed(services: Services, member: Members) -> None:
    ana = member("ana")
    assert "Fetch a copy" not in ana.get(OATH).text
    assert "This site does not fetch copies" in ana.post(f"{OATH}capture/").text
    services.settings = msgspec.structs.replace(services.settings, capture=True)
    assert "Fetch a copy" in ana.get(OATH).text
    with site("127.0.0.2") as outside, site("127.0.0.1") as inside:
        inside.show("/secret", b"the secret")
        source = {"src_title": "Page", "src_publisher": "P", "src_class": "official", "src_summary": "S"}
        ana.post("/staff/small/new-source/", **source, src_url=f"http://source.example:{outside.port}/page")
        page = "/staff/small/evidence/page/"
        services.fetcher = reach({"source.example": ["127.0.0.2"]}, outside, inside)
        assert "The address returned the status 404 instead of the source." in ana.post(f"{page}capture/").text
        outside.show("/page", b"", 302, Location=f"http://127.0.0.1:{inside.port}/secret")
        assert "is not on the public internet, so it is not fetched." in ana.post(f"{page}capture/").text
        outside.show("/page", SVG_BYTES, Content_Type="text/html")
        assert "SVG pictures can contain programs" in ana.post(f"{page}capture/").text
        outside.show("/page", HTML_BYTES, Content_Type="image/png")
        assert ana.post(f"{page}capture/", rights="P").status_code == 302
        assert inside.asked == []
    page_text = ana.get(page).text
    assert f"Fetched on 3 March 2026, 21:00 for Ana from http://source.example:{outside.port}/page." in page_text
    assert _digest(HTML_BYTES) in page_text


def test_a_copy_of_another_source_or_register_is_not_handed_out(staff_app: Flask, member: Members) -> None:
    _keep(member("ana"))
    ben = member("ben")
    _change(ben, "show", rights="Free")
    for path in ("/small/evidence/story/", "/small/evidence/none/", "/other/evidence/oath/"):
        assert staff_app.test_client().get(path + _digest()).status_code == 404
    assert staff_app.test_client().get(f"/small/evidence/oath/{_digest()}?x=1").status_code == 200
    assert ben.client.get(f"/staff/other/evidence/oath/files/{_digest()}").status_code == 403


def test_an_examination_finds_a_copy_that_was_changed_or_lost(services: Services, member: Members) -> None:
    ana = member("ana")
    _keep(ana)
    assert "All 1 saved copies of sources are unchanged." in [
        f.sentence for f in examine(services.settings, build_services)
    ]
    (path,) = [p for p in (services.settings.data_dir / "locker").rglob("*") if p.is_file()]
    path.write_bytes(b"something else")
    (bad,) = [f for f in examine(services.settings, build_services) if "saved copies" in f.sentence]
    assert (bad.ok, bad.sentence) == (
        False,
        f"Of 1 saved copies of sources, these are damaged or missing: {_digest()}.",
    )
    assert "is damaged, so you cannot download it" in ana.client.get(f"{OATH}files/{_digest()}").text


@pytest.mark.parametrize(
    "path", ["/staff/small/evidence/", OATH, "/staff/small/new-source/", "/staff/small/new-search/"]
)
@pytest.mark.parametrize("name", ["ada", "rita"])
def test_a_page_of_the_locker_is_well_made(member: Members, path: str, name: str) -> None:
    who = member(name)
    member("ana").post(f"{OATH}notes/", note="A note")
    _keep(member("ana"))
    who.get(path, status=200 if name == "ada" or "new-" not in path else 403)


def test_a_source_says_what_rests_on_it(member: Members) -> None:
    text = member("rita").get("/staff/small/evidence/story/").text
    assert "Announced since 1 Mar 2024 Renew the law" in text
    assert "20 May 2024: The envoy travelled." in text


def test_a_source_that_is_not_there_is_named(member: Members) -> None:
    assert "There is no source “none” in this register." in member("ana").get("/staff/small/evidence/none/", 404).text
    assert _keep(member("ana"), path="/staff/small/evidence/none/").status_code == 404


def test_sources_are_found_by_words(member: Members) -> None:
    rita = member("rita")
    assert "/staff/small/evidence/oath/" in rita.get("/staff/small/evidence/?q=OATH").html
    assert "/staff/small/evidence/story/" not in rita.get("/staff/small/evidence/?q=oath").html
    assert "No source matches these words." in rita.get("/staff/small/evidence/?q=nothing+of+the+kind").text
