"""Secret words in every private field, and a crawl of everything public that must not find one."""

import logging
from hashlib import sha256

import pytest
from flask import Flask
from msgspec.structs import replace
from werkzeug.test import Client, TestResponse

from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap.metrics import CountingMiddleware
from app.entrypoints.http.front_cache import Application, FrontCache
from app.entrypoints.public import link_pictures
from app.entrypoints.worker.review_freezing import freeze_due
from app.entrypoints.worker.scheduled_publication import publish_due
from app.services.container import Services
from app.services.locker.copies import notes_of
from app.services.mail.digest import send_digests
from app.services.mail.immediate import send_news
from app.services.webhooks.delivery import deliver_due
from tests.support.crawl import Seen, crawl, places_of
from tests.support.private_content import (
    PAST_REVIEW_PATH,
    PRIVATE_FILE,
    PRIVATE_WORD,
    SOURCE_PATH,
    fill_with_private_content,
)
from tests.support.reviews import package_file_names
from tests.support.staff_client import PROPOSE_PATH, Members, form_version, send_form, send_proposal


@pytest.fixture
def services(services: Services) -> Services:
    services.settings = replace(services.settings, metrics_token="a-token-of-a-test")
    return services


@pytest.fixture
def front(services: Services, staff_app: Flask) -> Application:
    """One for the whole test, as a web process has it: what was public once must not linger."""
    return CountingMiddleware(FrontCache(staff_app, services.public_state, clock=lambda: services.clock().timestamp()))


@pytest.fixture(autouse=True)
def read_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """A picture is crawled as the words that are drawn into it."""
    monkeypatch.setattr(link_pictures, "draw_preview", lambda *words, **_more: repr(words).encode())


def work(services: Services) -> None:
    """All that the worker does by the clock, that it may be heard in the log."""
    jobs = open_jobs(services.settings)
    for job in (publish_due, freeze_due, deliver_due):
        job(services)
    send_news(services, jobs)
    send_digests(services, jobs)
    jobs.dispose()


def leaks(seen: dict[str, Seen], *secrets: str) -> list[str]:
    """Where the private word, an address of a person or a secret is."""
    return places_of(seen, PRIVATE_WORD, PRIVATE_WORD, "@example.org", *secrets)


def _metrics(front: Application) -> dict[str, Seen]:
    """Numbers about all that was asked for."""
    answer = Client(front, TestResponse).get("/metrics", headers={"Authorization": "Bearer a-token-of-a-test"})
    assert b"uptake_answers_total" in answer.data
    return {"/metrics": Seen("", answer.status_code, {"": answer.data})}


def test_no_private_word_is_found_in_public(
    services: Services, member: Members, staff_app: Flask, front: Application, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, "uptake")
    secrets, digest = fill_with_private_content(services, member), sha256(PRIVATE_FILE).hexdigest()
    work(services)
    before = crawl(staff_app, front, (PRIVATE_WORD, "canary"), digest=(digest,))
    assert len(before) > 500
    assert {405, 404, 400, 200} <= {one.status for one in before.values()}
    assert leaks(before | _metrics(front), *secrets) == []

    ana, ben, ada = member("ana"), member("ben"), member("ada")
    with services.accounts.work() as db:
        note = notes_of(db, "small", ["oath"])[0].id
    for action in ("show", "hide"):  # for a moment it was public; the cache has seen it
        ben.post(f"{SOURCE_PATH}notes/{note}/", action=action, confirmed="yes")
        rights = {f"rights-{digest}": f"{PRIVATE_WORD}-rights"}
        ben.post(f"{SOURCE_PATH}files/{digest}/", action=action, confirmed="yes", **rights)
        page_text = Client(front, TestResponse).get("/small/recommendations/post/").text
        assert (f"{PRIVATE_WORD}-note" in page_text) is (action == "show")
    embargoed, returned = (f"/staff/small/proposals/law-2025-0{month}/" for month in (6, 3))
    ben.post(embargoed, action="return", version=form_version(ben, embargoed), note=f"{PRIVATE_WORD}-back")
    send_proposal(ana, f"{PROPOSE_PATH}?revise=law-2025-03", rationale="A plain reason.", revise="law-2025-03")
    assert ben.post(returned, action="publish", version=form_version(ben, returned)).status_code == 302
    for summary in (f"{PRIVATE_WORD}-summary", "A plain summary."):
        ben.post(PAST_REVIEW_PATH, action="draft", summary=summary)
    for who in (ben, ada):
        assert send_form(who, PAST_REVIEW_PATH, action="sign").status_code == 302
    send_form(ada, PAST_REVIEW_PATH, confirms=True, action="freeze")
    services.clock.go_on(days=3)  # type: ignore[attr-defined]
    work(services)
    after = crawl(staff_app, front, (PRIVATE_WORD, "canary"), digest=(digest,), file=package_file_names(services))
    for words in (b"A plain reason.", b"A plain summary."):
        assert any(words in content for one in after.values() for content in one.content.values())
    assert leaks(after | _metrics(front), *secrets) == []
    assert leaks(_refusals(staff_app), *secrets) == []
    assert "mail server" in caplog.text
    assert leaks({"log": Seen("", 0, {"": caplog.text.encode()})}, *secrets) == []


def _refusals(staff_app: Flask) -> dict[str, Seen]:
    """Pages that stand in for those that broke, were too large, or belong to another person."""
    staff_app.view_functions["public.about"] = lambda **_lang: 1 / 0  # type: ignore[assignment]
    client, result = staff_app.test_client(), {}
    large = {"data": b"x" * 2**20 * 40, "content_type": "application/x-www-form-urlencoded"}
    write = "/api/v1/registers/small/assessments/law-2025-05/publish"
    for answer, status in (
        (client.get("/about/"), 500),
        (client.get("/ko/about/"), 500),
        (client.post("/staff/sign-in", **large), 413),
        (client.post("/staff/sign-in"), 400),
        (client.post(write), 401),
        (client.post(write, headers={"Authorization": "Bearer uptake_x"}), 401),
        (client.get("/staff/small/proposals/law-2025-05/", follow_redirects=True), 200),
    ):
        assert answer.status_code == status, answer.request.path
        result[f"{answer.request.path} {status}"] = Seen("", status, {"": answer.data})
    return result
