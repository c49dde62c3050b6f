"""API tokens created in the browser, and the confirmation that an old sign-in needs."""

import time
from collections.abc import Callable

from app.services.accounts import api_tokens
from app.services.container import Services
from tests.support.staff_client import PASSWORD, Member

TOKENS = "/staff/account/tokens/"


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
    for sentence in ("Give the token a name.", "Choose what the token may do", "A token must last from 1 to 366 days"):
        assert refused.text.count(sentence) == 2
    made = ana.post(TOKENS, name="nightly", days="30", scope=["propose"])
    secret = made.text.split("uptake_")[1].split("<")[0]
    with services.accounts.work() as db:
        result = api_tokens.find_holder(db, f"uptake_{secret}", services.clock())
    assert result
    assert (result[0].id, result[1]) == ("person-ana", frozenset({"propose"}))
    page = ana.get(TOKENS)
    assert "nightly" in page.text
    assert secret not in page.html
    ana.post("/staff/account/tokens/revoke/", name="nightly")
    assert "You have no tokens." in ana.get(TOKENS).text
    old = _grown_old(ana).post(TOKENS, name="another", days="30", scope=["propose"])
    assert old.location == f"/staff/confirm?next={TOKENS}"
    assert "another" in ana.get(TOKENS).html, "what was typed is kept"


def test_guessing_at_the_confirmation_is_stopped(member: Callable[[str], Member]) -> None:
    ada = _grown_old(member("ada"))
    for _ in range(10):
        assert _confirm(ada, "/staff/confirm", "wrong") == 200
    assert _confirm(ada, "/staff/confirm") == 429
