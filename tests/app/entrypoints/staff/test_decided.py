"""What its author and others see of a proposal after the decision."""

import pytest

from app.services.container import Services
from app.services.inbox.decided import decided_lately
from app.services.opinions.visibility import ProposalVisibility
from projections.assessments.decisions import DecisionKind, decisions_on_proposals_of
from tests.support.staff_client import PROPOSE_PATH, Member, Members, find_user, form_version, send_proposal

PAGE = "/staff/small/proposals/law-2025-03/"


def _decide(person: Member, action: str, note: str = "") -> None:
    answer = person.post(PAGE, action=action, note=note, version=form_version(person, PAGE))
    assert answer.status_code == 302, answer.text


def _lately(services: Services, name: str) -> list[tuple[DecisionKind, str]]:
    author = find_user(services, name).person
    with services.accounts.work() as accounts, services.views.connect() as db:
        visibility = ProposalVisibility(accounts, "small", author)
        return [(d.decision, d.note) for d in decided_lately(db, visibility, "small", services.clock(), 5)]


@pytest.mark.parametrize(
    ("action", "sentence"),
    [("publish", "Published by Ben, 3 March 2026"), ("decline", "Declined by Ben, 3 March 2026")],
)
def test_the_author_reads_decision_note_and_text_at_the_same_address(
    member: Members, action: str, sentence: str
) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    _decide(ben, "return", "Which page?")
    assert "You have 1 proposal returned to you" in ana.get("/staff/").text
    send_proposal(ana, revise="law-2025-03", rationale="The bill passed one chamber, see page 2.")
    _decide(ben, action, "Thank you." if action == "decline" else "")
    page = ana.get(PAGE)
    assert sentence in page.text
    assert "The bill passed one chamber, see page 2." in page.text
    assert "Returned by Ben" in page.text
    assert "Which page?" in page.text
    assert ("Thank you." in page.text) == (action == "decline")
    assert ("Propose again from this" in page.text) == (action == "decline")
    assert ("See the page" in page.text) == (action == "publish")


def test_a_declined_proposal_is_proposed_again_from_its_text(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    _decide(ben, "decline", "Not yet.")
    address = f"{PROPOSE_PATH}?again=law-2025-03"
    assert address in ana.get(PAGE).html
    form = ana.get(address).html
    assert "The bill passed one chamber." in form
    assert 'name="revise" value=""' in form
    assert form.index("Not yet.") < form.index("New status")
    again = send_proposal(ana, address)
    assert again.status_code == 302
    assert again.location not in (PAGE, "/staff/")
    assert "Proposed by Ana" in ana.get(again.location).text
    ana.get(f"{PROPOSE_PATH}?again=never-1", status=404)


def test_a_reader_sees_the_decision_and_is_offered_nothing_else(member: Members) -> None:
    send_proposal(member("ana"))
    _decide(member("ben"), "decline", "Not yet.")
    page = member("rita").get(PAGE)
    assert "Not yet." in page.text
    assert "Propose again" not in page.text
    assert "Withdraw it" not in page.text


def test_decided_lately_has_what_others_decided_on_my_proposals(services: Services, member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    _decide(ben, "return", "Which page?")
    assert _lately(services, "ana") == [], "it is in the inbox"
    send_proposal(ana, revise="law-2025-03", rationale="See page 2.")
    _decide(ben, "decline", "Not yet.")
    assert _lately(services, "ana") == [(DecisionKind.DECLINED, "Not yet.")]
    assert _lately(services, "ben") == []
    assert "Declined by Ben" in ana.get("/staff/").text
    assert "Decided lately" not in ben.get("/staff/").text
    services.clock.go_on(days=15)  # type: ignore[attr-defined]
    assert _lately(services, "ana") == []


def test_decisions_are_found_by_person_without_reading_the_whole_register(
    services: Services, member: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    member("ana")
    statements: list[str] = []
    with services.views.connect() as db:
        execute = db.execute

        def explain(query: object) -> object:
            statements.append(str(query.compile(db, compile_kwargs={"literal_binds": True})))  # type: ignore[attr-defined]
            return execute(query)  # type: ignore[call-overload]

        monkeypatch.setattr(db, "execute", explain)
        decisions_on_proposals_of(db, "small", "person-ana", services.clock(), 20)
        plan = " ".join(str(row) for row in db.exec_driver_sql(f"explain query plan {statements[0]}"))
    assert "proposals_by_person" in plan
    assert "entries_by_assessment" in plan


def test_who_decided_first_is_said_truly(member: Members) -> None:
    path = send_proposal(member("ana")).location
    ben, ada = member("ben"), member("ada")
    version = form_version(ben, path)
    assert ben.post(path, action="publish", version=version).status_code == 302
    own = ben.post(path, action="publish", version=version)
    assert own.status_code == 409
    assert "You have already decided on this proposal" in own.text
    assert "Published by Ben" in own.text
    late = ada.post(path, action="decline", version=version, note="No.")
    assert "This proposal has already been decided" in late.text
    assert "Published by Ben" in late.text


def test_a_form_without_a_version_blames_no_one(member: Members) -> None:
    path = send_proposal(member("ana")).location
    answer = member("ben").post(path, action="publish")
    assert answer.status_code == 400
    assert "This form does not say which version you saw. Open the page again, and send it from there." in answer.text
    assert "Another person" not in answer.text


def test_a_change_in_another_tab_of_the_same_person_blames_no_one(member: Members) -> None:
    path = send_proposal(member("ana")).location
    ben = member("ben")
    old = form_version(ben, path)
    send_proposal(ben, f"{PROPOSE_PATH}?revise=law-2025-03", rationale="Changed.", revise="law-2025-03")
    answer = ben.post(path, action="return", note="Check it.", version=old)
    assert "You changed this recommendation after you opened this page. Look at it again." in answer.text
