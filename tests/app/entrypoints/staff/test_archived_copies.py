"""Staff give a source the address of its archived copy; readers find it with the link of the source."""

from collections.abc import Callable

from flask import Flask

from app.services.container import Services
from app.services.sources import sources_by_id
from tests.support.pages import Browser
from tests.support.staff_client import Member
from tests.support.staff_forms import change_form

Members = Callable[[str], Member]
ACT, COPY = "https://example.org/oath", "https://web.archive.org/web/2026/https://example.org/oath"
SAME = "This is the address of the source itself. Enter the address of the copy in the archive."
SOURCE = {
    "src_title": "A law",
    "src_publisher": "Gazette",
    "src_summary": "It says so.",
    "src_class": "official",
    "src_url": "https://gazette.example/law",
}


def archived(services: Services, ident: str) -> str:
    with services.views.connect() as db:
        return sources_by_id(services, db, "small", [ident])[ident].archived_url


def test_a_new_source_has_one(member: Members, small: Services) -> None:
    ana, path = member("ana"), "/staff/small/new-source/"
    for wrong, reason in (
        ("perma.cc/1", "Enter an address that starts with http:// or https:// and has no spaces."),
        (SOURCE["src_url"], SAME),
    ):
        refused = ana.post(path, action="add", **SOURCE, src_archived_url=wrong)
        assert (refused.status_code, reason in refused.text) == (400, True)
    assert ana.post(path, action="add", **SOURCE, src_archived_url="https://perma.cc/1").status_code == 302
    assert archived(small, "a-law") == "https://perma.cc/1"
    assert 'href="https://perma.cc/1"' in ana.get("/staff/small/evidence/a-law/").html


def test_a_public_source_gets_one_later_and_readers_find_it(member: Members, staff_app: Flask, small: Services) -> None:
    ada, public = member("ada"), Browser(staff_app.test_client())
    path, why = "/staff/small/evidence/oath/amend/", "The page may go."
    assert SAME in change_form(ada, path, src_archived_url=ACT, why=why).text
    assert change_form(ada, path, src_archived_url=COPY, why=why).status_code == 302
    assert archived(small, "oath") == COPY
    page = public.get("/small/recommendations/post/")
    assert all(f'href="{address}"' in page.html for address in (ACT, COPY))
    assert "Archived copy: The oath" in page.text
    assert "아카이브 사본: The oath" in public.get("/ko/small/recommendations/post/").text
    assert f"Archived copy: We said: nothing. Now: “{COPY}”." in public.get("/small/corrections/").text


def test_many_sources_get_one_in_a_table(member: Members, small: Services) -> None:
    ana = member("ana")
    rows = f"url\ttitle\tpublisher\tclass\tsummary\tarchived copy\n{SOURCE['src_url']}\tA law\tGazette\tofficial\tSo.\t{COPY}"
    page = ana.post("/staff/small/bulk/sources/", action="read", addresses=rows)
    assert COPY in page.text
    fields = {"url": SOURCE["src_url"], "title": "A law", "publisher": "Gazette", "class": "official", "summary": "So."}
    typed = {f"{name}.1": text for name, text in (fields | {"archived_url": COPY}).items()}
    stored = ana.post("/staff/small/bulk/sources/", action="store", row=["1"], pick=["1"], **typed)
    assert stored.status_code == 302, stored.text
    assert archived(small, "a-law") == COPY
