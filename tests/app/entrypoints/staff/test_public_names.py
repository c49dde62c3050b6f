"""What the public sees of staff: a role, or the name that a person chose."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.test import Client

from app.entrypoints.http import front_cache
from app.entrypoints.http.front_cache import FrontCache
from app.services.accounts import people
from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from tests.support.crawl import Seen, crawl
from tests.support.pages import Browser, words
from tests.support.reviews import package_file_names
from tests.support.staff_client import Member, form_version, send_proposal

LAW = "/small/recommendations/law/"


def _published(member: Callable[[str], Member]) -> Member:
    """Ana proposed, Ben published; the second is returned, with his browser."""
    path, ben = send_proposal(member("ana")).location, member("ben")
    assert ben.post(path, action="publish", version=form_version(ben, path)).status_code == 302
    return ben


def test_an_act_is_that_of_a_role_and_no_public_page_holds_an_id(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    ben = _published(member)
    freeze_review(services, "small", "ten", by="person-ben")
    withdraw = "/staff/small/assessments/law-2025-03/withdraw/"
    fields = {"action": "withdraw", "why": "A wrong date.", "version": form_version(ben, withdraw)}
    assert ben.confirm(withdraw, **fields).status_code == 302
    page = ben.get(LAW)
    assert "Published 3 March 2026 by an editor" in page.text
    assert "Success criteria, version 1, approved by an editor on" in page.text
    assert "by an administrator Entered in the register" in page.text
    assert "By an editor" in ben.get("/small/changes/?order=published").text
    assert "By an editor" in ben.get("/small/corrections/").text
    korean = ben.get(f"/ko{LAW}").text
    assert "게시, 편집자" in korean
    assert "승인(편집자)" in korean
    assert "· 관리자" in korean
    seen = crawl(staff_app, FrontCache(staff_app, services.public_state), file=package_file_names(services))
    message = {path: one.content for path, one in seen.items() if _is_for_reading(path, one)}
    assert {"/small/changes.atom", LAW, f"/ko{LAW}?as_of=2024-05-01"} <= set(message)
    assert len([path for path in message if path.endswith((".pdf", ".docx"))]) > 1
    assert [path for path, content in message.items() if any(b"person-" in part for part in content.values())] == []
    record = staff_app.test_client().get("/api/v1/registers/small/recommendations/law/history").text
    assert "person-ben" in record, "what is recorded keeps the id"


def _is_for_reading(path: str, one: Seen) -> bool:
    """A page, a feed or a report; what is taken away as data holds ids."""
    return path.endswith((".pdf", ".docx")) or one.content[""].lower().startswith((b"<!doctype html", b"<?xml"))


def test_a_chosen_name_is_shown_except_on_pages_that_never_change(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    ben = _published(member)
    services.clock.go_on(days=2)  # type: ignore[attr-defined]
    ben.sign_in()
    pinned = f"{LAW}?as_of=2026-03-04&known_at=2026-03-04"
    reader = Browser(staff_app.test_client())
    before = reader.get(pinned).html
    ben.post("/staff/account/", name="Ben <Kim>", shows_name="yes", language="en")
    page = ben.get(LAW)
    message = {e.get("id", ""): words(e) for e in page.root.iter("li")}
    assert "by Ben <Kim>" in message["a-law-2025-03"]
    assert [t for ident, t in message.items() if ident.startswith("e-") and "by Ben <Kim>" in t]
    assert "By Ben <Kim>" in ben.get("/small/changes/?order=published").text
    assert "게시, Ben <Kim>" in ben.get(f"/ko{LAW}").text
    assert reader.get(pinned).html == before
    assert "by an editor" in before


@pytest.mark.parametrize("erase", [False, True])
def test_a_name_outlives_the_account_unless_it_is_erased_and_goes_at_once(
    services: Services, member: Callable[[str], Member], staff_app: Flask, monkeypatch: pytest.MonkeyPatch, erase: bool
) -> None:
    monkeypatch.setattr(front_cache, "STATE_TTL_SECONDS", 0.0)
    ben = _published(member)
    ben.post("/staff/account/", name="Ben Kim", shows_name="yes", language="en")
    reader = Client(FrontCache(staff_app, services.public_state))
    assert "by Ben Kim" in reader.get(LAW).text
    with services.accounts.work() as db:
        people.remove_user(db, people.find_user(db, "person-ben"), erase=erase)
    assert ("Ben Kim" in reader.get(LAW).text) is not erase
    with services.accounts.work() as db:
        people.add_user(db, "ben@example.org", "Ben Kim", person="person-ben")
    assert "Ben Kim" not in reader.get(LAW).text, "whoever comes back chooses anew"
