"""A character that changes the order of reading is refused on every road that stores a text."""

import pytest

from app.services.accounts import api_tokens, identities, people
from app.services.accounts.identity_claims import IdentityClaims
from app.services.comments.notes import add_notes
from app.services.container import Services
from domain.errors import Refused
from tests.support.staff_client import Members, find_user
from tests.support.staff_forms import change_form

TURNED = "pay \u202etcon"
SENTENCE = "contains RIGHT-TO-LEFT OVERRIDE (U+202E), which changes the order of reading. Delete it."
LAW = "/staff/small/recommendations/law/comments/"


def test_names_of_people_are_read_as_they_are_stored(services: Services, member: Members) -> None:
    ana, ada = member("ana"), member("ada")
    before = find_user(services, "ana").name
    refused = ana.post("/staff/account/", name=TURNED, shows_name="yes", language="en")
    assert refused.status_code == 400
    assert f"Name {SENTENCE}" in refused.text
    assert TURNED in refused.text, "what was typed is kept"
    assert find_user(services, "ana").name == before
    invited = ada.post("/staff/small/people/", email="new@example.org", name=TURNED, role="reader")
    assert invited.status_code == 400
    assert SENTENCE in invited.text
    with services.accounts.work() as db, pytest.raises(Refused, match="RIGHT-TO-LEFT"):
        people.add_user(db, "new@example.org", TURNED)


def test_names_of_tokens_too(services: Services, member: Members) -> None:
    with services.accounts.work() as db, pytest.raises(Refused, match="RIGHT-TO-LEFT"):
        api_tokens.create_token(db, people.find_user(db, "ana@example.org"), TURNED, ["read"], 5, services.clock())
    refused = member("ana").post("/staff/account/tokens/", name=TURNED, scope=["read"], days="5")
    assert SENTENCE in refused.text


@pytest.mark.filterwarnings("ignore:Passing SelectField choices")
def test_names_of_passkeys_too(services: Services, member: Members) -> None:
    ana, passkeys = member("ana"), "/staff/account/passkeys"
    start = ana.post(passkeys, name="My key", usage="secondary")
    assert start.status_code == 200
    assert "There is a problem" not in start.text
    refused = ana.post(passkeys, name=TURNED, usage="secondary")
    assert "Use only letters, digits, spaces and hyphens in the name." in refused.text
    too_long = ana.post(passkeys, name="k" * 65, usage="secondary")
    assert "This is too long. Shorten it." in too_long.text


def test_what_colleagues_write_to_each_other_too(member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    asked = ben.post("/staff/small/opinions/", item="law/", persons=["person-ana", "person-ada"]).location
    answer = ana.post(asked, status="announced", effective_on="2025", rationale=TURNED)
    assert answer.status_code == 400
    assert f"Rationale {SENTENCE}" in answer.text
    assert f"Text {SENTENCE}" in ana.post(LAW, text=TURNED, assessment="").text


def test_what_no_one_here_typed_is_stored_without_it(services: Services, member: Members) -> None:
    ana = member("ana")
    with services.accounts.work() as db:
        add_notes(db, "person-ana", "small", {"law": [TURNED]}, services.clock())
        user = people.add_user(db, "new@example.org")
        claims = IdentityClaims(
            issuer="https://a.example", subject="1", email="new@example.org", name=TURNED, signed_in_at=None
        )
        identities.account_of(db, claims, "A", services.clock())
        assert user.name == "pay tcon"
    page = ana.get(LAW).text
    assert "pay tcon" in page
    assert "\u202e" not in page


@pytest.mark.parametrize("name", ["src_url", "src_archived_url"])
def test_the_addresses_of_a_source_are_marked(member: Members, name: str) -> None:
    page = change_form(member("ada"), "/staff/small/evidence/oath/amend/", why="So.", **{name: "https://a.org/\u202e"})
    assert "The address contains RIGHT-TO-LEFT OVERRIDE (U+202E), which cannot be seen." in page.text
    assert page.text.partition(f'name="{name}"')[2].partition(">")[0].count('aria-invalid="true"') == 1


@pytest.mark.parametrize(
    ("name", "label", "in_korean"),
    [
        ("src_title", "Title", "제목에"),
        ("src_publisher", "Publisher", "발행처에"),
        ("src_summary", "Summary", "요약에"),
    ],
)
def test_the_field_of_a_source_is_marked_and_named_by_its_label(
    member: Members, name: str, label: str, in_korean: str
) -> None:
    ada, path = member("ada"), "/staff/small/evidence/oath/amend/"
    typed = {name: TURNED}
    page = change_form(ada, path, why="So.", **typed)
    assert f"{label} {SENTENCE}" in page.text
    assert page.text.partition(f'name="{name}"')[2].partition(">")[0].count('aria-invalid="true"') == 1
    ada.post("/staff/account/", name="Ada", shows_name="yes", language="ko")
    assert (
        f"{in_korean} 읽는 순서를 바꾸는 문자 RIGHT-TO-LEFT OVERRIDE (U+202E)"
        in change_form(ada, path, why="So.", **typed).text
    )
