"""Second opinions: hidden until both are in, and the figure of agreement."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.opinions import requests
from app.services.opinions.agreement import MIN_PAIRS, agreement, compute_agreement
from app.services.opinions.models import Question
from tests.support.staff_client import PROPOSE_PATH, Member, send_proposal

LIST = "/staff/small/opinions/"
SECRET = "because of the canary in the letter"


def _ask(member: Member, *persons: str, item: str = "law/") -> str:
    answer = member.post(LIST, item=item, persons=list(persons))
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_neither_sees_the_others_answer_before_both_are_in(
    member: Callable[[str], Member], staff_app: Flask, services: Services
) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    question = _ask(ada, "person-ana", "person-ben")
    assert "Requests for your opinion" in ana.get("/staff/").text
    form_fields = {"status": "in_progress", "effective_on": "2025-03", "rationale": SECRET}
    assert ana.post(question, **form_fields).status_code == 302
    assert "Requests for your opinion" not in ana.get("/staff/").text
    assert SECRET in ana.get(question).text
    for other in (ben, ada):
        for path in (question, LIST, "/staff/", "/staff/small/", "/staff/small/history/"):
            assert SECRET not in other.get(path).text
    assert "1 of 2" in ada.get(LIST).text
    assert "Ana" not in ben.get(question).text
    ben.post(question, **(form_fields | {"status": "announced", "rationale": "Nothing moved."}))
    for one in (ana, ben, ada):
        page = one.get(question)
        assert SECRET in page.text
        assert "They disagree." in page.text
    assert "they disagree" in ada.get(LIST).text
    public = staff_app.test_client()
    for path in (
        "/small/",
        "/small/recommendations/law/",
        "/small/methodology/",
        "/small/changes/",
        "/ko/small/methodology/",
    ):
        assert SECRET not in public.get(path).text
    assert "Pairs so far: 1, too few to compute" in public.get("/small/methodology/").text
    with services.accounts.work() as db:
        assert agreement(db, "small").pairs == 1


def test_what_is_missing_is_said_and_an_answer_is_given_once(member: Callable[[str], Member]) -> None:
    ana, ada, rita = member("ana"), member("ada"), member("rita")
    refused = ada.post(LIST, item="", persons=["person-ana"])
    assert refused.status_code == 400
    assert "Choose what to assess." in refused.text
    for persons in (["person-ana"], ["person-ana", "person-rita"], ["person-ana", "person-ana"]):
        assert "Choose two different people who may propose" in ada.post(LIST, item="law/", persons=persons).text
    assert ana.post(LIST, item="law/", persons=["person-ana", "person-ben"]).status_code == 403
    question = _ask(ada, "person-ana", "person-ben", item="post/kept")
    empty = ana.post(question, status="", effective_on="soon", rationale="")
    for words in ("Choose a status.", "“soon” is not a date", "Give the reasons in two or three sentences"):
        assert words in empty.text
    form_fields = {"status": "in_effect", "effective_on": "2024", "rationale": "So it is."}
    assert ana.post(question, **form_fields).status_code == 302
    assert "You have already answered" in ana.post(question, **form_fields).text
    assert "You have not been asked" in ada.post(question, **form_fields).text
    assert rita.post(question, **form_fields).status_code == 403
    rita.get("/staff/small/opinions/99/", status=404)


def test_agreement_is_krippendorffs_alpha_with_an_interval() -> None:
    few = (("partly", "partly"),) * (MIN_PAIRS - 1)
    assert compute_agreement(few).alpha is None
    same = (("partly", "partly"),) * MIN_PAIRS
    assert compute_agreement(same).alpha is None, "nothing varies, so chance explains it"
    full = (("partly", "partly"), ("announced", "announced")) * 6
    assert (compute_agreement(full).alpha, compute_agreement(full).low, compute_agreement(full).high) == (1.0, 1.0, 1.0)
    # by hand: 10 pairs, 8 alike (4 a, 4 b), 2 unlike; n_a = n_b = 10 of 20 values; 1 - (19 * 4) / (2 * 10 * 10) = 0.62
    mixed = (("a", "a"),) * 4 + (("b", "b"),) * 4 + (("a", "b"),) * 2
    result = compute_agreement(mixed)
    assert result.alpha == pytest.approx(0.62)
    assert result.low is not None
    assert result.high is not None
    assert -1 < result.low < 0.62 < result.high <= 1
    assert result == compute_agreement.__wrapped__(mixed), "the same pairs give the same interval"


def test_the_figure_is_shown_to_everybody(services: Services, staff_app: Flask) -> None:
    with staff_app.app_context(), services.accounts.work() as db:
        for n in range(MIN_PAIRS):
            asked = requests.ask_question(
                db, "small", "law", "", ["person-ana", "person-ben"], by="x", now=services.clock()
            )
            for person in ("person-ana", "person-ben"):
                status = "partly" if n % 2 else "announced"
                requests.record_opinion(db, asked, person, status, "2025", "So it is.", services.clock())
    text = staff_app.test_client().get("/small/methodology/").text
    assert "Krippendorff’s alpha over 10 pairs: 1.0 (1.0 to 1.0)." in text


def test_opinions_are_kept_in_both_stores(either: Services) -> None:
    from app.services.opinions import requests

    with either.accounts.work() as db:
        for name in ("ana", "ben"):
            user = people.add_user(db, f"{name}@example.org", name, person=name)
            people.give_role(db, user, "r", StaffRole.ANALYST)
        requests.ask_question(db, "r", "post", "", ["ana", "ben"], by="cem", now=either.clock())
    with either.accounts.work() as db:
        (question,) = db.query(Question)
        assert [a.person for a in question.answers] == ["ana", "ben"]
        assert len(requests.unanswered_questions(db, "r", "ben")) == 1


def test_what_others_propose_is_hidden_while_an_opinion_is_open(member: Callable[[str], Member]) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    question = _ask(ben, "person-ana", "person-ada")
    path = send_proposal(ben, rationale=SECRET).location
    ben.post("/staff/small/recommendations/law/comments/", text="About March.", assessment="law-2025-03")
    for address in (path, f"{PROPOSE_PATH}?revise=law-2025-03"):
        refused = ada.client.get(address)
        assert refused.status_code == 400
        assert "You can see this proposal once both people have answered." in refused.text
    assert ada.post(path, action="publish", version="9").status_code == 400
    everywhere = (
        "/staff/", "/staff/small/", "/staff/small/history/", "/staff/small/reviews/yearly/2026-09-14/",
        "/staff/small/recommendations/law/comments/", "/staff/small/evidence/story/",
    )  # fmt: skip

    def told(who: Member) -> list[str]:
        signs = (
            "March 2025",
            "law-2025-03",
            "open proposal",
            "To review",
            "About March.",
            "Open proposals 1",
            "Mar 2025",
        )
        result = [f"{p}: {s}" for p in everywhere for s in signs if s in " ".join(who.get(p).text.split())]
        taken = ("/staff/history.csv", "/staff/small/history.jsonl")
        return result + [f"{p}: {SECRET}" for p in taken if "assessment_proposed" in who.client.get(p).text]

    assert told(ada) == []
    form_fields = {"effective_on": "2025-03", "rationale": "So it is."}
    ana.post(question, status="announced", **form_fields)
    assert ana.client.get(path).status_code == 400
    ada.post(question, status="partly", **form_fields)
    assert SECRET in ada.get(path).text
    assert {line.split(": ")[0] for line in told(ada)} > set(everywhere)


def test_one_s_own_proposal_stays_in_sight(member: Callable[[str], Member]) -> None:
    ana, ada = member("ana"), member("ada")
    _ask(member("ben"), "person-ana", "person-ada")
    path = send_proposal(ana, rationale="My own reason.").location
    assert "My own reason." in ana.get(path).text
    assert ada.client.get(path).status_code == 400


def test_only_those_are_asked_who_can_be_blind(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    send_proposal(ana)
    biased = ben.post(LIST, item="law/", persons=["person-ana", "person-ada"])
    assert biased.status_code == 400
    assert "Ana proposed the open proposal on this item. Choose another person." in biased.text
    _ask(ben, "person-ana", "person-ada", item="post/kept")
    twice = ben.post(LIST, item="post/kept", persons=["person-ana", "person-ada"])
    assert "Two people have already been asked about this item. Wait for them, or cancel the request." in twice.text


def test_a_status_that_does_not_fit_is_no_answer(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    question = _ask(member("ben"), "person-ana", "person-ada", item="post/kept")
    answer = ana.post(question, status="implemented", effective_on="2025", rationale="Kept text.")
    assert answer.status_code == 400
    assert "“Implemented” does not fit an item of the kind “continuing”. Use “in effect”." in answer.text
    assert "Kept text." in answer.text
    assert "Choose a status." in ana.post(question, status="not_assessed", effective_on="2025", rationale="x").text


def test_a_question_that_is_called_off_is_gone_unseen(member: Callable[[str], Member]) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    question = _ask(ben, "person-ana", "person-ada")
    form_fields = {"status": "announced", "effective_on": "2025", "rationale": SECRET}
    ana.post(question, **form_fields)
    assert "Your answer is saved. You cannot change it." in ana.get(question).text
    assert ana.post(f"{question}call-off/").status_code == 403
    page = ben.get(question).text
    assert "The request is sent. It is on the home pages of Ada and Ana." in page
    assert "Cancel the request" in page
    assert "The request is cancelled. No answer is kept." in ben.get(ben.post(f"{question}call-off/").location).text
    assert "Requests for your opinion" not in ada.get("/staff/").text
    ada.get(question, status=404)
    kept = _ask(ben, "person-ana", "person-ada")
    for who in (ana, ada):
        who.post(kept, **form_fields)
    assert "Both people have answered, so you can no longer cancel this." in ben.post(f"{kept}call-off/").text


def test_those_who_were_asked_cannot_call_the_question_off(member: Callable[[str], Member]) -> None:
    """Else one of them would unmake the other's answer, or choose to be blind no longer."""
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    question = _ask(ben, "person-ben", "person-ana")
    assert "Cancel the request" not in ben.get(question).text
    ana.post(question, status="announced", effective_on="2025", rationale=SECRET)
    for _ in range(2):
        refused = ben.post(f"{question}call-off/")
        assert refused.status_code == 400
        assert "You have been asked for your own opinion, so you cannot cancel the request." in refused.text
        assert SECRET not in refused.text + ben.get(question).text
        ben.post(question, status="announced", effective_on="", rationale="Not yet whole.")
    assert ada.post(f"{question}call-off/").status_code == 302


def test_alpha_is_that_of_the_textbook() -> None:
    """Krippendorff, “Computing Krippendorff’s Alpha-Reliability” (2011), example B: two observers, nominal data."""
    pairs = tuple(zip("aabbdcccedda", "babbbcccedddx", strict=False))
    assert compute_agreement(pairs).alpha == pytest.approx(0.692)


def test_where_nearly_all_is_alike_no_interval_is_pretended() -> None:
    assert compute_agreement((("a", "a"),) * 19 + (("a", "b"),)).alpha is None
    assert compute_agreement((("a", "a"),) * 12 + (("b", "b"),) * 8).alpha == 1.0


def test_independent_answers_agree_as_chance_would() -> None:
    result = compute_agreement(tuple((a, b) for a in "abcd" for b in "abcd") * 4)
    assert result.alpha == pytest.approx(0, abs=0.02)
    assert result.low is not None
    assert result.high is not None
    assert result.low < 0 < result.high
