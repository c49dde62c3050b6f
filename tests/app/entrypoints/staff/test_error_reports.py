"""Staff read the errors that readers reported, close them, and delete the addresses that readers left."""

from collections.abc import Callable

import pytest

from app.services.container import Services
from app.services.error_reports.handling import contacts_of, delete_old_contacts, list_reports
from app.services.error_reports.sending import SentReport, form_name, send_report
from app.services.form_stamps import make_stamp
from tests.support.clock import Clock
from tests.support.staff_client import Member

PAGE = "/staff/small/error-reports/"


@pytest.fixture
def report(small: Services, clock: Clock) -> int:
    stamp = make_stamp(small.settings, form_name("small"), clock())
    clock.go_on(seconds=60)
    send_report(
        small,
        SentReport(
            "small", "/small/recommendations/law/?as_of=2025-01-01", "The <b>bill</b> is older.", "en",
            email="reader@example.org", stamp=stamp,
        ),
    )  # fmt: skip
    with small.accounts.work() as db:
        return list_reports(db, "small", is_closed=False)[0][0].id


def count(services: Services) -> tuple[int, int]:
    with services.accounts.work() as db:
        return tuple(list_reports(db, "small", is_closed=closed)[1] for closed in (False, True))  # type: ignore[return-value]


def test_reports_are_in_the_inbox_of_those_who_can_correct(report: int, member: Callable[[str], Member]) -> None:
    for name, sees in (("ana", True), ("ben", True), ("rita", False)):
        home = member(name).get("/staff/").text
        assert ("The <b>bill</b> is older." in home) == sees, name


def test_a_report_is_closed_and_opened_again(report: int, member: Callable[[str], Member], small: Services) -> None:
    ana = member("ana")
    page = ana.get(PAGE)
    assert "/small/recommendations/law/?as_of=2025-01-01" in page.links()
    assert "reader@example.org" not in page.text
    ana.post(f"{PAGE}{report}/close/")
    assert count(small) == (0, 1)
    assert "The <b>bill</b> is older." in ana.get(f"{PAGE}?show=closed").text
    ana.post(f"{PAGE}{report}/reopen/")
    assert count(small) == (1, 0)


def test_editors_see_the_address_of_a_reader_and_delete_it(
    report: int, member: Callable[[str], Member], small: Services
) -> None:
    ben = member("ben")
    assert "mailto:reader@example.org" in ben.get(PAGE).html
    ben.confirm(f"{PAGE}{report}/delete/", what="contact")
    assert "reader@example.org" not in ben.get(PAGE).text
    assert count(small) == (1, 0)
    ben.confirm(f"{PAGE}{report}/delete/", what="report")
    assert count(small) == (0, 0)
    gone = ben.post(f"{PAGE}{report}/close/")
    assert gone.status_code == 404


def test_analysts_delete_nothing_and_readers_see_nothing(report: int, member: Callable[[str], Member]) -> None:
    assert member("ana").post(f"{PAGE}{report}/delete/", what="report").status_code == 403
    member("rita").get(PAGE, 403)


def test_the_address_of_a_reader_is_deleted_a_month_after_the_report_is_closed(
    report: int, member: Callable[[str], Member], small: Services, clock: Clock
) -> None:
    def contacts() -> dict[int, str]:
        with small.accounts.work() as db:
            reports = [r for closed in (False, True) for r in list_reports(db, "small", is_closed=closed)[0]]
            return contacts_of(db, reports)

    member("ana").post(f"{PAGE}{report}/close/")
    clock.go_on(days=29)
    delete_old_contacts(small)
    assert contacts() == {report: "reader@example.org"}
    clock.go_on(days=2)
    delete_old_contacts(small)
    assert contacts() == {}
    assert count(small) == (0, 1)
