"""Comments: who may read them, who is notified, and how they are removed."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.comments.conversation import comments_on
from app.services.comments.mentions import handles_in, mentioned_users
from app.services.container import Services
from domain.errors import Refused
from tests.support.staff_client import Member, form_version, send_proposal

TALK = "/staff/small/recommendations/law/comments/"


def test_a_comment_on_a_recommendation_is_read_by_colleagues_and_counted(member: Callable[[str], Member]) -> None:
    ana, rita = member("ana"), member("rita")
    assert "There are no comments yet." in rita.get(TALK).text
    answer = rita.post(TALK, text="Is the date right?\nI doubt it.", assessment="")
    assert answer.location == f"{TALK}#comments"
    page = ana.get(TALK)
    assert "Rita · 3 March 2026, 12:00 UTC" in page.text
    assert "Is the date right?\nI doubt it." in page.html
    assert "Comments (1): Renew the law" in ana.get("/staff/small/").text


def test_a_comment_on_a_proposal_is_shown_with_the_decision(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ben.post(TALK, text="About another thing.", assessment="")
    answer = ana.post(TALK, text="Look at the second source.", assessment="law-2025-03")
    assert answer.location == f"{path}#comments"
    page = ben.get(path).text
    assert "Look at the second source." in page
    assert "About another thing." not in page
    whole = ben.get(TALK).text
    assert "About another thing." in whole
    assert "on the proposal law-2025-03" in whole
    ben.post(path, action="publish", version=form_version(ben, path))
    late = ana.post(TALK, text="Thank you.", assessment="law-2025-03")
    assert late.location == f"{TALK}#comments"
    assert "Thank you." in ana.get(TALK).text


def test_who_is_named_sees_it_at_home_until_they_have_looked(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    ana.post(TALK, text="@Ben, @ana: what do you think?", assessment="")
    assert "1 task for you" in ben.get("/staff/").heading
    assert "You were mentioned in a comment" in ben.get("/staff/").text
    assert "You’re up to date" in ana.get("/staff/").heading
    ben.get(TALK)
    assert "You’re up to date" in ben.get("/staff/").heading


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a comment."),
        ("x" * 5001, "Comments must be 5000 characters or fewer. This one has 5001."),
        ("a\x07b", "The text contains a control character. Retype it."),
        ("Ask @bne.", "No one who can read this has the name “@bne”. Use one of: @ada, @ana, @ben, @rita."),
    ],
)
def test_what_cannot_be_said_is_refused_and_kept_in_the_form(
    member: Callable[[str], Member], text: str, sentence: str
) -> None:
    answer = member("ana").post(TALK, text=text, assessment="")
    assert answer.status_code == 400
    assert answer.text.count(sentence) == 2
    assert text[:4999] in answer.text


def test_a_comment_sent_twice_is_kept_once(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    for _ in range(2):
        assert ana.post(TALK, text="Once.", assessment="").status_code == 302
    with services.accounts.work() as db:
        assert [c.text for c in comments_on(db, "small", "law")] == ["Once."]


def test_a_comment_is_removed_by_its_author_or_an_administrator(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    for text in ("First.", "Second."):
        ana.post(TALK, text=f"{text} @ben", assessment="")
    with services.accounts.work() as db:
        first, second = (c.id for c in comments_on(db, "small", "law"))
    refused = ben.post(f"/staff/small/comments/{first}/remove/")
    assert refused.status_code == 400
    assert "Only the author of a comment or an administrator can remove it." in refused.text
    assert ana.post(f"/staff/small/comments/{first}/remove/").status_code == 302
    assert ada.post(f"/staff/small/comments/{second}/remove/").status_code == 302
    assert "This comment no longer exists." in ana.post(f"/staff/small/comments/{first}/remove/").text
    assert "There are no comments yet." in ben.get(TALK).text


def test_a_proposal_of_another_recommendation_takes_no_comment(member: Callable[[str], Member]) -> None:
    answer = member("ana").post(TALK, text="Hello.", assessment="post-1")
    assert answer.status_code == 404
    member("ana").get(TALK.replace("law", "none"), status=404)


def test_handles_are_names_and_ids_where_names_are_ambiguous(either: Services) -> None:
    with either.accounts.work() as db:
        for person, name in (
            ("p-1", "Ana Kim"),
            ("p-2", "김아나"),
            ("p-3", "Kim"),
            ("p-4", "Kim"),
            ("p-5", ""),
            ("p-6", "Out"),
        ):
            user = people.add_user(db, f"{person}@example.org", name, person=person)
            if name != "Out":
                people.give_role(db, user, "small", StaffRole.READER)
        known = handles_in(db, "small")
        assert set(known) == {"ana-kim", "김아나", "p-3", "p-4", "p-5"}
        named = {u.person for u in mentioned_users("@Ana-Kim, (@김아나님이) @p-5! a@example.org “@state”", known)}
        assert named == {"p-1", "p-2", "p-5"}
        for text in ("@ana", "@ana-kims", "@out"):
            with pytest.raises(Refused, match="No one who can read this has the name"):
                mentioned_users(text, known)


def test_who_leaves_and_is_erased_takes_their_comments_along(
    services: Services, member: Callable[[str], Member], staff_app: Flask
) -> None:
    for name in ("ana", "ben"):
        member(name).post(TALK, text=f"From {name}. @ada", assessment="")
    with services.accounts.work() as db:
        people.remove_user(db, people.find_user(db, "ana@example.org"), erase=True)
        people.remove_user(db, people.find_user(db, "ben@example.org"), erase=False)
    page = member("ada").get(TALK).text
    assert "From ana." not in page
    assert "person-ben ·" in page
