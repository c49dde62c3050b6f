"""Second opinions: blind until both are in, and a figure of agreement that everybody can see."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.accounts import people
from app.opinions.agreement import LEAST, computed
from app.opinions.models import Question
from app.permissions import Role
from app.wiring import Services
from tests.app.staff.conftest import Member

LIST = "/staff/small/opinions/"
SECRET = "because of the canary in the letter"


def _ask(member: Member, *persons: str, item: str = "law/") -> str:
    answer = member.post(LIST, item=item, persons=list(persons))
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def test_neither_sees_the_others_answer_before_both_are_in(
    member: Callable[[str], Member], office: Flask, services: Services
) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    question = _ask(ada, "person-ana", "person-ben")
    assert "Your opinion is asked for" in ana.get("/staff/").text
    said = {"status": "in_progress", "effective_on": "2025-03", "rationale": SECRET}
    assert ana.post(question, **said).status_code == 302
    assert "Your opinion is asked for" not in ana.get("/staff/").text
    assert SECRET in ana.get(question).text
    for other in (ben, ada):
        for path in (question, LIST, "/staff/", "/staff/small/", "/staff/small/history/"):
            assert SECRET not in other.get(path).text
    assert "1 of 2" in ada.get(LIST).text
    assert "Ana" not in ben.get(question).text
    ben.post(question, **(said | {"status": "announced", "rationale": "Nothing moved."}))
    for one in (ana, ben, ada):
        page = one.get(question)
        assert SECRET in page.text
        assert "They disagree." in page.text
    assert "they disagree" in ada.get(LIST).text
    public = office.test_client()
    for path in (
        "/small/",
        "/small/recommendations/law/",
        "/small/methodology/",
        "/small/changes/",
        "/ko/small/methodology/",
    ):
        assert SECRET not in public.get(path).text
    assert "Pairs so far: 1, too few to compute" in public.get("/small/methodology/").text
    assert services.agreement("small").pairs == 1


def test_what_is_missing_is_said_and_an_answer_is_given_once(member: Callable[[str], Member]) -> None:
    ana, ada, rita = member("ana"), member("ada"), member("rita")
    refused = ada.post(LIST, item="", persons=["person-ana"])
    assert refused.status_code == 400
    assert "Choose what is to be judged." in refused.text
    for persons in (["person-ana"], ["person-ana", "person-rita"], ["person-ana", "person-ana"]):
        assert "Choose two different people who may propose" in ada.post(LIST, item="law/", persons=persons).text
    assert ana.post(LIST, item="law/", persons=["person-ana", "person-ben"]).status_code == 403
    question = _ask(ada, "person-ana", "person-ben", item="post/kept")
    empty = ana.post(question, status="", effective_on="soon", rationale="")
    for words in ("Choose a status.", "“soon” is not a date", "Say why, in two or three sentences"):
        assert words in empty.text
    said = {"status": "in_effect", "effective_on": "2024", "rationale": "So it is."}
    assert ana.post(question, **said).status_code == 302
    assert "You have answered already" in ana.post(question, **said).text
    assert "You were not asked" in ada.post(question, **said).text
    assert rita.post(question, **said).status_code == 403
    rita.get("/staff/small/opinions/99/", status=404)


def test_agreement_is_krippendorffs_alpha_with_an_interval() -> None:
    few = (("partly", "partly"),) * (LEAST - 1)
    assert computed(few).alpha is None
    same = (("partly", "partly"),) * LEAST
    assert computed(same).alpha is None, "nothing varies, so chance explains it"
    full = (("partly", "partly"), ("announced", "announced")) * 6
    assert (computed(full).alpha, computed(full).low, computed(full).high) == (1.0, 1.0, 1.0)
    # by hand: 10 pairs, 8 alike (4 a, 4 b), 2 unlike; n_a = n_b = 10 of 20 values; 1 - (19 * 4) / (2 * 10 * 10) = 0.62
    mixed = (("a", "a"),) * 4 + (("b", "b"),) * 4 + (("a", "b"),) * 2
    found = computed(mixed)
    assert found.alpha == pytest.approx(0.62)
    assert found.low is not None
    assert found.high is not None
    assert -1 < found.low < 0.62 < found.high <= 1
    assert found == computed.__wrapped__(mixed), "the same pairs give the same interval"


def test_the_figure_is_shown_to_everybody(services: Services, office: Flask) -> None:
    from app.opinions import asking

    with office.app_context(), services.accounts.work() as db:
        for n in range(LEAST):
            asked = asking.ask(db, "small", "law", "", ["person-ana", "person-ben"], by="x", now=services.clock())
            for person in ("person-ana", "person-ben"):
                status = "partly" if n % 2 else "announced"
                asking.answer(db, asked, person, status, "2025", "So it is.", services.clock())
    text = office.test_client().get("/small/methodology/").text
    assert "Krippendorff’s alpha over 10 pairs: 1.0 (1.0 to 1.0)." in text


def test_opinions_are_kept_in_both_stores(either: Services) -> None:
    from app.opinions import asking

    with either.accounts.work() as db:
        for name in ("ana", "ben"):
            user = people.add(db, f"{name}@example.org", name, person=name)
            people.give_role(db, user, "r", Role.ANALYST)
        asking.ask(db, "r", "post", "", ["ana", "ben"], by="cem", now=either.clock())
    with either.accounts.work() as db:
        (question,) = db.query(Question)
        assert [a.person for a in question.answers] == ["ana", "ben"]
        assert len(asking.waiting_for(db, "r", "ben")) == 1
