"""Comments: who may read them, who is notified, and how they are removed."""

from collections.abc import Callable

import pytest
from flask import Flask

from app.services.accounts import people
from app.services.accounts.permissions import StaffRole
from app.services.comments.conversation import add_comment, comments_on
from app.services.comments.mentions import find_mentions, handles_in, search_handles
from app.services.comments.models import Comment
from app.services.container import Services
from tests.support.staff_client import Member, form_version, send_proposal

TALK = "/staff/small/recommendations/law/comments/"


def test_a_comment_on_a_recommendation_is_read_by_colleagues_and_counted(member: Callable[[str], Member]) -> None:
    ana, rita = member("ana"), member("rita")
    assert "There are no comments yet." in rita.get(TALK).text
    answer = rita.post(TALK, text="Is the date right?\nI doubt it.", assessment="")
    assert answer.location == TALK
    page = ana.get(TALK)
    assert "Rita · 3 March 2026, 21:00" in page.text
    assert "Is the date right?\nI doubt it." in page.html
    assert "Comments (1): Renew the law" in ana.get("/staff/small/").text


def test_a_comment_on_a_proposal_is_shown_with_the_decision(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ben.post(TALK, text="About another thing.", assessment="")
    answer = ana.post(TALK, text="Look at the second source.", assessment="law-2025-03")
    assert answer.location == path
    page = ben.get(path).text
    assert "Look at the second source." in page
    assert "About another thing." not in page
    whole = ben.get(TALK).text
    assert "About another thing." in whole
    assert "on an open proposal" in whole
    assert "law-2025-03" not in whole
    ben.post(path, action="publish", version=form_version(ben, path))
    late = ana.post(TALK, text="Thank you.", assessment="law-2025-03")
    assert late.location == TALK
    assert "Thank you." in ana.get(TALK).text


def test_who_is_named_sees_it_at_home_until_they_have_looked(member: Callable[[str], Member]) -> None:
    ana, ben = member("ana"), member("ben")
    ana.post(TALK, text="@Ben, @ana: what do you think?", assessment="")
    assert "1 unread mention" in ben.get("/staff/").heading
    assert "You were mentioned in a comment" in ben.get("/staff/").text
    assert "2 recommendations are stale or due for review" in ana.get("/staff/").heading
    ben.get(TALK)
    assert "2 recommendations are stale or due for review" in ben.get("/staff/").heading


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "Enter a comment."),
        ("x" * 5001, "Comments must be 5000 characters or fewer. This one has 5001."),
        ("a\x07b", "Text contains a control character. Type the text again."),
        ("a\u202eb", "Text contains RIGHT-TO-LEFT OVERRIDE (U+202E), which changes the order of reading. Delete it."),
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
    asked = ana.post(f"/staff/small/comments/{first}/remove/")
    assert "Remove this comment?" in asked.text
    assert "First. @ben" in asked.text
    assert ana.post(f"/staff/small/comments/{first}/remove/", confirmed="no").status_code == 302
    refused = ben.post(f"/staff/small/comments/{first}/remove/")
    assert refused.status_code == 400
    assert "Only the author of a comment or an administrator can remove it." in refused.text
    assert ana.confirm(f"/staff/small/comments/{first}/remove/").status_code == 302
    assert ada.confirm(f"/staff/small/comments/{second}/remove/").status_code == 302
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
        mentions = find_mentions("@Ana-Kim,@p-5 (@김아나님이) @p-5! a@example.org @kim@example.org “@state”", known)
        assert [r.person for r in mentions.readers] == ["p-1", "p-5", "p-2"]
        assert mentions.unknown == ()
        assert find_mentions("@ana @ana-kims, @Out @out", known).unknown == ("ana", "ana-kims", "Out", "out")
        assert search_handles(known, "아나") == [("김아나", "김아나")]
        assert [h for h, _name in search_handles(known, "kim")] == ["p-3", "p-4", "ana-kim"]


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
    assert "a person without an account (ID person-ben) ·" in page


def test_an_unknown_name_is_plain_text_and_no_one_is_told_twice(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    assert ana.post(TALK, text="@bne and @Ben, @ben: mail ada@example.org", assessment="").status_code == 302
    banner = ana.get(TALK).text
    assert "Your comment is added. Ben will see that you mentioned them." in banner
    assert "No one who can read this has the name @bne, so it stays plain text." in banner
    with services.accounts.work() as db:
        (comment,) = comments_on(db, "small", "law")
        assert [m.user_id for m in comment.mentions] == [people.find_user(db, "ben@example.org").id]
    assert "2 recommendations are stale or due for review" in member("ada").get("/staff/").heading


def test_names_to_mention_are_searched_and_paged(services: Services, member: Callable[[str], Member]) -> None:
    rita = member("rita")
    with services.accounts.work() as db:
        for n in range(20):
            user = people.add_user(db, f"kim{n}@example.org", f"김민수 {n:02}", person=f"kim-{n:02}")
            people.give_role(db, user, "small", StaffRole.READER)
    page = rita.get("/staff/small/names/", q="@민수")
    assert page.html.count("data-handle") == 8
    assert "20 names" in page.text
    assert "김민수-08" in rita.get("/staff/small/names/", q="민수", page="2").text
    assert "No one who can read this register has such a name." in rita.get("/staff/small/names/", q="zz").text
    assert rita.get(TALK).text.split("for example")[1].split("Find a name")[0].count("@") == 5


def test_older_comments_are_on_the_next_page(services: Services, member: Callable[[str], Member]) -> None:
    with services.accounts.work() as db:
        ana = people.find_user(db, "ana@example.org")
        for n in range(60):
            about = Comment(register="small", recommendation="law", text=f"Number {n}.")
            add_comment(db, ana, about, services.clock())
            db.flush()
    page = member("rita").get(TALK)
    assert "Number 59." in page.text
    assert "Number 9." not in page.text
    older = next(link for link in page.links() if "before=" in link)
    page = member("rita").get(older)
    assert "Number 9." in page.text
    assert "Number 10." not in page.text
