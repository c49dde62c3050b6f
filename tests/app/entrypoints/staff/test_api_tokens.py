"""API tokens created in the browser, and the confirmation that an old sign-in needs."""

import time
from collections.abc import Callable

import pytest

from app.services.accounts import api_tokens
from app.services.accounts.actors import Person
from app.services.container import Services
from tests.support.staff_client import PASSWORD, Member

TOKENS = "/staff/account/tokens/"
REVOKE = "/staff/account/tokens/revoke/"


def _banner(html: str) -> str:
    return html.partition('role="status"')[2].partition("</div>")[0]


def _grown_old(member: Member) -> Member:
    """The same session, an hour after its password was typed."""
    with member.client.session_transaction(path="/staff/") as session:
        session["fs_paa"] = time.time() - 3600
        session.pop("fs_gexp", None)
    return member


def _confirm(member: Member, where: str, password: str = PASSWORD) -> int:
    return int(member.post(where, password=password).status_code)


def test_a_token_is_made_shown_once_and_taken_back(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    refused = ana.post(TOKENS, name="", days="900")
    for sentence in ("Give the token a name.", "Choose what the token may do.", "A token must last from 1 to 366 days"):
        assert refused.text.count(sentence) == 2
    made = ana.post(TOKENS, name="nightly", days="30", scope=["propose"])
    assert "The token “nightly” is made" in _banner(made.text)
    secret = made.text.split("uptake_")[1].split("<")[0]
    result = _holder(services, secret)
    assert result
    assert (result[0].id, result[1]) == ("person-ana", frozenset({"propose"}))
    page = ana.get(TOKENS)
    assert "nightly" in page.text
    assert secret not in page.html
    asked = ana.post(REVOKE, revoke="nightly").text
    assert "Revoke the token “nightly”?" in asked
    assert "Scripts that use it stop working at once" in asked
    assert ana.post(REVOKE, revoke="nightly", confirmed="no").location == TOKENS
    assert _holder(services, secret), "asking and going back change nothing"
    assert ana.post(REVOKE, revoke="nightly", confirmed="yes").location == TOKENS
    assert _holder(services, secret) is None
    page = ana.get(TOKENS)
    assert "The token “nightly” is revoked" in _banner(page.html)
    assert "You have no tokens." in page.text
    assert ana.post(REVOKE, revoke="another").status_code == 404
    old = _grown_old(ana).post(TOKENS, name="another", days="30", scope=["propose"])
    assert old.location == f"/staff/confirm?next={TOKENS}"
    assert "another" in ana.get(TOKENS).html, "what was typed is kept"


def _holder(services: Services, secret: str) -> tuple[Person, frozenset[str]] | None:
    with services.accounts.work() as db:
        return api_tokens.find_holder(db, f"uptake_{secret}", services.clock())


@pytest.mark.parametrize(
    ("language", "words", "name"),
    [
        ("en", "Propose: propose a status, add evidence and write success criteria", "Publish, Withdraw; until"),
        ("ko", "제안하기: 상태를 제안하고 근거 자료를 추가하고 성공 기준을 작성하는 일", "게시, 철회;"),
    ],
)
def test_scopes_are_words(member: Callable[[str], Member], language: str, words: str, name: str) -> None:
    ben = member("ben")
    ben.post("/staff/account/", name="", shows_name="", language=language)
    ben.post(TOKENS, name="nightly", days="30", scope=["publish", "withdraw"])
    page = ben.get(TOKENS).text
    assert words in page
    assert name in page
    assert "publish withdraw" not in page


def test_guessing_at_the_confirmation_is_stopped(member: Callable[[str], Member]) -> None:
    ada = _grown_old(member("ada"))
    for _ in range(10):
        assert _confirm(ada, "/staff/confirm", "wrong") == 200
    assert _confirm(ada, "/staff/confirm") == 429
