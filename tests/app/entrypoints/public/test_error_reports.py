"""A reader reports an error from the foot of a page. No account, no cookie, no script, no other site."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from app.bootstrap.flask_app import create_app
from app.services.container import Services
from app.services.error_reports.handling import contacts_of, list_reports
from app.services.error_reports.models import ErrorReport
from app.services.error_reports.sending import SentReport, TooManyReports, form_name, send_report
from app.services.form_stamps import make_stamp
from tests.support.clock import Clock
from tests.support.pages import Browser, checked_page

FORM = "/small/report-error/"
POST = "/small/recommendations/post/"
TEXT = "The day is wrong.\nThe oath was on 14 October."


@pytest.fixture
def client(small: Services) -> FlaskClient:
    return create_app(small).test_client()


def stamp_of(html: str) -> str:
    return html.partition('name="stamp" value="')[2].partition('"')[0]


@pytest.fixture
def send(client: FlaskClient, clock: Clock) -> Callable[..., TestResponse]:
    """Opens the form, waits as long as a person would, and sends it."""

    def send(wait: int = 30, **fields: str) -> TestResponse:
        stamp = stamp_of(client.get(FORM).text)
        clock.go_on(seconds=wait)
        return client.post(FORM, data={"text": TEXT, "stamp": stamp, **fields})

    return send


def reports(services: Services) -> list[ErrorReport]:
    with services.accounts.work() as db:
        return list_reports(db, "small", is_closed=False)[0]


@pytest.mark.parametrize(
    "path", [POST, "/small/", "/small/search?q=post", "/small/compare/", "/small/reviews/", "/ko/small/"]
)
def test_every_foot_leads_to_the_form_with_the_page_as_it_was_seen(browser: Browser, path: str) -> None:
    (link,) = (a for a in browser.get(path).links() if "/report-error/" in a)
    form = browser.client.get(link)
    assert form.headers["Cache-Control"] == "no-store"
    page = checked_page(link, 200, form.text)
    assert any(seen.startswith(path.split("?")[0]) for seen in page.links() if "report-error" not in seen)
    assert "Set-Cookie" not in form.headers
    if path == POST:
        assert 'value="/small/recommendations/post/?as_of=' in form.text


def test_pages_without_a_register_lead_to_the_keepers(browser: Browser) -> None:
    assert "/about/#h-kept" in browser.get("/").links()
    about = browser.get("/about/")
    assert FORM in about.links()


def test_a_report_reaches_the_staff_with_its_page(
    client: FlaskClient, send: Callable[..., TestResponse], small: Services
) -> None:
    seen = f"{POST}?as_of=2025-01-01&known_at=2026-03-01T00:00:00Z"
    answer = send(page=seen, email="reader@example.org")
    assert answer.status_code == 303
    done = checked_page(answer.location, 200, client.get(answer.location).text)
    assert done.heading == "Your report was sent"
    (report,) = reports(small)
    assert (report.text, report.page, report.recommendation, report.language) == (TEXT, seen, "post", "en")
    with small.accounts.work() as db:
        assert contacts_of(db, [report]) == {report.id: "reader@example.org"}


def test_the_same_report_sent_twice_is_one(send: Callable[..., TestResponse], small: Services) -> None:
    assert [send(page=POST).status_code for _ in range(2)] == [303, 303]
    assert len(reports(small)) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"text": " "}, "Say what is wrong."),
        ({"text": "x" * 5001}, "Your text has 5,001 characters; shorten it to 5,000."),
        ({"email": "reader at example"}, "Write the e-mail address like name@example.org"),
        ({"trap": "http://buy.example"}, "Clear this field and send the form again."),
        ({"wait": 1}, "as fast as only a program does"),
        ({"wait": 100_000}, "This page was open for more than a day."),
        ({"stamp": "made-up"}, "This page was open for more than a day."),
    ],
)
def test_a_refusal_keeps_what_was_typed(
    send: Callable[..., TestResponse], small: Services, fields: dict[str, str], sentence: str
) -> None:
    answer = send(**{"email": "reader@example.org", "page": POST, **fields})
    assert answer.status_code == 400
    page = checked_page(FORM, 400, answer.text)
    assert sentence in page.text
    typed = {"text": TEXT, "email": "reader@example.org", "page": POST} | {
        name: text for name, text in fields.items() if name in ("text", "email", "trap")
    }
    for text in typed.values():
        assert text.strip().split("\n")[0] in answer.text
    assert ('class="trap-shown"' in answer.text) == ("trap" in fields)
    assert reports(small) == []


def test_many_reports_from_one_address_have_to_wait(
    send: Callable[..., TestResponse], small: Services, clock: Clock
) -> None:
    answers = [send(text=f"Report {n}") for n in range(11)]
    assert [answer.status_code for answer in answers] == [303] * 10 + [429]
    assert "send your report again in 15 minutes" in answers[-1].text
    assert "Report 10" in answers[-1].text
    clock.go_on(seconds=15 * 60)
    assert send(text="Report 10").status_code == 303


def test_a_flood_does_not_stop_another_reader(small: Services, clock: Clock) -> None:
    def report(sender: str, number: int = 0) -> None:
        stamp = make_stamp(small.settings, form_name("small"), clock.now - timedelta(seconds=60))
        send_report(small, SentReport("small", POST, f"{sender} {number}", "en", stamp=stamp, sender=sender))

    for network, reports_of_it in enumerate((10, 10, 10, 10, 10, 10, 7)):  # 60 after the first of each
        for number in range(reports_of_it):
            report(f"192.0.2.{network}", number)
    with pytest.raises(TooManyReports):
        report("192.0.2.6", 7)
    report("198.51.100.1")
    report("2001:db8::1")
    with pytest.raises(TooManyReports):
        report("2001:db8::2")  # the same reader may have both addresses


@pytest.mark.parametrize(
    "page", ["https://evil.example/small/", "/staff/small/", "javascript:alert(1)", '/small/" onclick=', "x" * 600]
)
def test_only_pages_of_the_register_are_kept(send: Callable[..., TestResponse], small: Services, page: str) -> None:
    assert send(page=page).status_code == 303
    assert [report.page for report in reports(small)] == [""]


def test_the_form_is_there_in_korean(client: FlaskClient) -> None:
    page = checked_page("/ko" + FORM, 200, client.get("/ko" + FORM).text)
    assert page.heading == "오류 알리기"
