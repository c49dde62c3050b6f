"""What answers a proposal that is sent, how its author takes it back, and how errors are listed."""

import re
from collections.abc import Callable

from tests.support.staff_client import PROPOSE_PATH, Member, send_proposal


def test_sending_is_answered_and_leads_back_to_where_the_person_was(
    member: Callable[[str], Member],
) -> None:
    ana, ben = member("ana"), member("ben")
    workbench = "/staff/small/recommendations/law/"
    form = ana.client.get(PROPOSE_PATH, headers={"Referer": f"http://localhost{workbench}"}).text
    assert f'name="back" value="{workbench}"' in form
    sent = send_proposal(ana, back=workbench)
    assert sent.location == workbench
    page = ana.get(workbench)
    for words in ("Sent to a second person.", "Ada, Ben are told.", "You can change it until one of them decides."):
        assert words in page.text
    back = "/staff/small/proposals/law-2025-03/take-back/"
    assert f'action="{back}"' in page.html
    assert ben.post(back).location == "/staff/small/proposals/law-2025-03/"
    assert "Only its author can take a proposal back." in ben.get("/staff/small/proposals/law-2025-03/").text
    assert ana.post(back).location == f"{PROPOSE_PATH}?revise=law-2025-03"
    again = ana.get(PROPOSE_PATH, revise="law-2025-03")
    assert "No one decides on it until you send it again." in again.text
    assert "The bill passed one chamber." in again.html
    assert "You took it back." in ana.get("/staff/").text
    assert "1 proposal to review" not in ben.get("/staff/").heading
    assert send_proposal(ana, f"{PROPOSE_PATH}?revise=law-2025-03", revise="law-2025-03").status_code == 302
    assert "The bill passed one chamber." in ben.get("/staff/small/proposals/law-2025-03/").text


def test_no_address_elsewhere_is_a_way_back(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    for elsewhere in (
        "https://elsewhere.example/",
        "//elsewhere.example/staff/",
        "/staff/\\elsewhere.example",
        "/small/",
    ):
        sent = send_proposal(ana, back=elsewhere, rationale=elsewhere)
        assert sent.location.startswith("/staff/small/proposals/")


def test_the_title_of_a_page_with_errors_says_so_and_each_is_listed_once_in_order(
    member: Callable[[str], Member],
) -> None:
    ana = member("ana")
    assert "<title>Propose a status" in ana.get(PROPOSE_PATH).html
    answer = send_proposal(ana, status="", effective_on="", rationale="", confidence="sure")
    assert "<title>Error: Propose a status" in answer.text
    listed = re.findall(r'<li><a href="#f-(\w+)">', answer.text)
    assert listed == ["status", "effective_on", "rationale", "confidence"]
