"""Single sign-on with a real provider on loopback that returns every kind of bad response."""

import logging
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit
from urllib.request import HTTPRedirectHandler, build_opener

import pytest
from flask import Flask
from joserfc.jwk import RSAKey
from msgspec.structs import replace
from sqlalchemy import func, select

from app.adapters.settings import Settings, read_settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.accounts import identities, login_sessions, one_time_links, people, provider
from app.services.accounts.actors import OPERATOR
from app.services.accounts.identity_claims import IdentityClaims
from app.services.accounts.models import Identity, User
from app.services.accounts.permissions import StaffRole
from app.services.container import Services
from app.services.operations.doctor import examine
from domain.errors import Refused
from tests.support.issuer import CLIENT, SECRET, Issuer, running
from tests.support.staff_client import Member, find_user

START, CONFIRM = "/staff/provider/", "/staff/provider/confirm/"
BROKEN = "Staff Login returned an invalid response, so you were not signed in."
SILENT = "Staff Login is not available or returned an invalid response. Try again later."
LOST = "This sign-in was started in another browser or has timed out. Sign in again."


@pytest.fixture
def issuer() -> Iterator[Issuer]:
    with running() as issuer:
        yield issuer


def _with(settings: Settings, issuer: Issuer) -> Settings:
    named = {"oidc_issuer": issuer.address, "oidc_client_id": CLIENT, "oidc_client_secret": SECRET}
    return replace(settings, oidc_label="Staff Login", **named)


@pytest.fixture
def ana(services: Services, staff_app: Flask, issuer: Issuer) -> Member:
    """A browser in front of an installation that knows the provider; no one is signed in."""
    services.settings = _with(services.settings, issuer)
    return Member(create_app(services), "ana")


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_: Any) -> None:
        """It redirects to the requested page."""


def _sent_back(to: str) -> str:
    """What the provider makes of an address that a browser was led to: the one it leads back to."""
    try:
        build_opener(_Stay).open(to)
    except HTTPError as answer:
        back = urlsplit(answer.headers["Location"])
        return f"{back.path}?{back.query}"
    raise AssertionError("the provider leads nowhere")


def _there_and_back(who: Member, path: str = START) -> Any:
    return who.client.get(_sent_back(who.client.get(path).location))


def _is_in(who: Member) -> bool:
    return bool(who.client.get("/staff/account/").status_code == 200)


def _refused(who: Member, answer: Any, sentence: str) -> None:
    assert answer.status_code == 403
    assert sentence in answer.text
    assert SECRET not in answer.text
    assert not _is_in(who)


def _age(who: Member, seconds: int = 3600) -> None:
    """Let the sign-in of this browser be longer past."""
    with who.client.session_transaction(path="/staff") as session:
        session["fs_paa"] -= seconds
        session.pop("fs_gexp", None)


def test_an_account_signs_in_and_is_identified_by_more_than_an_address(
    services: Services, ana: Member, issuer: Issuer
) -> None:
    page = ana.get("/staff/sign-in", next="/staff/small/")
    link = next(link for link in page.links() if link.startswith(START))
    assert "Sign in with Staff Login" in page.text
    assert _there_and_back(ana, link).location == "/staff/small/"
    assert _is_in(ana)
    issuer.person |= {"email": "ben@example.org", "sub": issuer.person["sub"]}
    again = Member(ana.client.application, "ana")
    assert _there_and_back(again).location == "/staff/"
    assert "You sign in with ana@example.org." in again.get("/staff/account/").text
    with services.accounts.work() as db:
        assert db.scalar(select(func.count()).select_from(Identity)) == 1
        current = login_sessions.active_sessions(db, people.find_user(db, "person-ana"))
    assert len(current) == 2
    again.post("/staff/account/sessions/", seat="")
    assert not _is_in(ana)


def test_our_second_factor_is_not_asked_for(services: Services, ana: Member) -> None:
    with services.accounts.work() as db:
        user = people.find_user(db, "person-ana")
        user.tf_primary_method, user.tf_totp_secret = "authenticator", "{}"
    assert _there_and_back(ana).location == "/staff/"
    assert _is_in(ana)


def test_an_invited_person_needs_no_password(services: Services, ana: Member, issuer: Issuer) -> None:
    with services.accounts.work() as db:
        new = people.add_user(db, "new@example.org")
        people.give_role(db, new, "small", StaffRole.ANALYST)
        secret = one_time_links.create_link(db, new, services.clock(), by=OPERATOR)
    welcome = f"/staff/welcome/{secret}/"
    issuer.person |= {"sub": "2", "email": "New@Example.org", "name": "Nan New"}
    assert START in ana.get(welcome).links()
    assert _there_and_back(ana).location == "/staff/"
    welcomed = ana.get("/staff/").text
    assert "Welcome, Nan New" in welcomed
    assert "Your role in “" in welcomed
    assert "Welcome, Nan New" not in ana.get("/staff/").text
    assert "Nan New" in ana.get("/staff/account/").text
    ana.get(welcome, status=404)
    assert not find_user(services, "new").is_invited


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        ({"email": "who@example.org"}, "There is no account for who@example.org. Accounts are by invitation: ask"),
        ({"email_verified": False}, "Staff Login has not verified your e-mail address. Verify it there first."),
        ({"email_verified": "true"}, "Staff Login has not verified your e-mail address"),
        ({"email_verified": None}, "Staff Login has not verified your e-mail address"),
        ({"email": None}, "Staff Login has not verified your e-mail address"),
        ({"email": "ana@example.org\0"}, "Staff Login has not verified your e-mail address"),
        ({"email": "rita@example.org"}, "Your account is locked. Ask an administrator."),
        ({"email": "ben@example.org"}, "The account of ben@example.org belongs to another person at Staff Login"),
    ],
)
def test_no_one_else_gets_in_and_no_account_is_created(
    services: Services, ana: Member, issuer: Issuer, person: dict[str, Any], sentence: str
) -> None:
    with services.accounts.work() as db:
        people.disable_user(db, people.find_user(db, "person-rita"))
        ben = people.find_user(db, "person-ben")
        db.add(Identity(issuer=issuer.address, subject="1", user_id=ben.id, bound_at=services.clock()))
        before = db.scalar(select(func.count()).select_from(User))
    issuer.person |= person
    _refused(ana, _there_and_back(ana), sentence)
    with services.accounts.work() as db:
        assert db.scalar(select(func.count()).select_from(User)) == before
        assert db.scalars(select(Identity.subject)).all() == ["1"]


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://other.example.org"},
        {"aud": "another-client"},
        {"aud": [CLIENT, "another-client"]},
        {"aud": [CLIENT], "azp": "another-client"},
        {"exp": 1_000_000_000},
        {"nbf": 9_000_000_000},
        {"nonce": "of-another-sign-in"},
        {"nonce": None},
        {"iss": None},
        {"aud": None},
        {"exp": None},
        {"sub": None},
        {"sub": ""},
        {"sub": "x" * 256},
        {"auth_time": "yesterday"},
        {"at_hash": "of-another-token"},
    ],
)
def test_a_token_with_wrong_claims_signs_no_one_in(ana: Member, issuer: Issuer, claims: dict[str, Any]) -> None:
    issuer.claims = claims
    _refused(ana, _there_and_back(ana), BROKEN)


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_only_signatures_that_the_provider_alone_can_make_count(ana: Member, issuer: Issuer, algorithm: str) -> None:
    issuer.algorithm = algorithm
    _refused(ana, _there_and_back(ana), BROKEN)


def test_a_key_that_is_not_the_providers_signs_nothing_and_a_new_one_is_looked_up(ana: Member, issuer: Issuer) -> None:
    issuer.key = RSAKey.generate_key(2048, {"kid": "one"})
    _refused(ana, _there_and_back(ana), BROKEN)
    issuer.key = issuer.published
    assert _there_and_back(ana).location == "/staff/"
    issuer.key = issuer.published = RSAKey.generate_key(2048, {"kid": "two"})
    assert _there_and_back(ana).location == "/staff/"


def test_an_address_may_accompany_the_token(ana: Member, issuer: Issuer) -> None:
    issuer.tells_in_token = False
    assert _there_and_back(ana).location == "/staff/"
    other = Member(ana.client.application, "ana")
    issuer.claims = {"sub": "somebody-else"}
    _refused(other, _there_and_back(other), "Staff Login has not verified your e-mail address")


@pytest.mark.parametrize("path", ["/token", "/jwks"])
def test_garbage_on_the_way_back_is_a_sentence(
    ana: Member, issuer: Issuer, caplog: pytest.LogCaptureFixture, path: str
) -> None:
    caplog.set_level(logging.DEBUG, "uptake")
    issuer.broken = {path}
    answer = _there_and_back(ana)
    _refused(ana, answer, "Staff Login")
    assert SECRET not in caplog.text
    issuer.broken = set()
    assert _there_and_back(ana).location == "/staff/"


def test_a_provider_that_is_down_slow_or_another_is_a_sentence(
    ana: Member, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    discovery = "/.well-known/openid-configuration"
    issuer.broken = {discovery}
    _refused(ana, ana.client.get(START), SILENT)
    issuer.broken, issuer.slow = set(), {discovery}
    monkeypatch.setattr(provider, "PROVIDER_TIMEOUT_SECONDS", 0.5)
    begun = time.monotonic()
    _refused(ana, ana.client.get(START), SILENT)
    assert time.monotonic() - begun < 5
    issuer.slow = set()
    whole = issuer.metadata()
    monkeypatch.setattr(issuer, "metadata", lambda: whole | {"issuer": "https://other.example.org"})
    _refused(ana, ana.client.get(START), BROKEN)
    monkeypatch.setattr(issuer, "metadata", dict)
    _refused(ana, ana.client.get(START), BROKEN)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        ("access_denied", "The sign-in with Staff Login was cancelled. Try again."),
        ("<script>", "Staff Login did not sign you in. Try again later."),
    ],
)
def test_what_is_broken_off_there_is_a_sentence(ana: Member, issuer: Issuer, error: str, sentence: str) -> None:
    issuer.error = error
    answer = _there_and_back(ana)
    _refused(ana, answer, sentence)
    assert "<script>" not in answer.text


def test_only_what_was_begun_in_this_browser_comes_back_and_once(
    ana: Member, issuer: Issuer, monkeypatch: pytest.MonkeyPatch
) -> None:
    back = _sent_back(ana.client.get(START).location)
    thief = Member(ana.client.application, "ben")
    _refused(thief, thief.client.get(back), LOST)
    _refused(ana, ana.client.get("/staff/provider/back/?code=x&state=é"), LOST)
    _refused(ana, ana.client.get(back), LOST)
    back = _sent_back(ana.client.get(START).location)
    assert ana.client.get(back).location == "/staff/"
    monkeypatch.setattr(issuer, "asked", [])
    assert ana.client.get(back).status_code == 403
    assert issuer.asked == []
    back = _sent_back(thief.client.get(START).location)
    with thief.client.session_transaction(path="/staff") as session:
        session["provider"] = session["provider"] | {"at": session["provider"]["at"] - 16 * 60}
    _refused(thief, thief.client.get(back), LOST)


def test_every_sign_in_has_a_state_a_nonce_and_a_challenge_of_its_own(ana: Member) -> None:
    asked = [parse_qs(urlsplit(ana.client.get(START).location).query) for _ in range(2)]
    assert asked[0]["redirect_uri"] == ["http://127.0.0.1:8000/staff/provider/back/"]
    assert asked[0]["code_challenge_method"] == ["S256"]
    for name in ("state", "nonce", "code_challenge"):
        assert asked[0][name] != asked[1][name]


@pytest.mark.parametrize(
    "wanted", ["https://evil.example.org/staff/", "//evil.example.org", "/staff/\\evil", "/small/"]
)
def test_the_sign_in_never_redirects_to_another_site(ana: Member, wanted: str) -> None:
    to = ana.client.get(START, query_string={"next": wanted}).location
    assert ana.client.get(_sent_back(to)).location == "/staff/"


def test_a_person_without_a_password_confirms_at_the_provider(services: Services, ana: Member, issuer: Issuer) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "person-ana").password = None
    _there_and_back(ana)
    _age(ana)
    token = {"name": "script", "scope": "propose", "days": "30"}
    asked = ana.post("/staff/account/tokens/", **token).location
    page = ana.get(asked)
    assert 'type="password"' not in page.html
    link = next(link for link in page.links() if link.startswith(CONFIRM))
    issuer.stubborn, issuer.signed_in_at = True, time.time() - 600
    stale = _there_and_back(ana, link)
    assert "Staff Login did not ask you to confirm your identity. Use another way to confirm it." in stale.text
    issuer.claims = {"auth_time": None}
    assert "did not ask you to confirm your identity" in _there_and_back(ana, link).text
    issuer.claims, issuer.stubborn = {}, False
    with services.accounts.work() as db:
        ben = people.find_user(db, "person-ben")
        db.add(Identity(issuer=issuer.address, subject="1", user_id=ben.id, bound_at=services.clock()))
    mine, issuer.person = issuer.person, {"sub": "1"}
    assert "You signed in with Staff Login as a different person." in _there_and_back(ana, link).text
    assert ana.post("/staff/account/tokens/", **token).status_code == 302
    issuer.person = mine
    assert _there_and_back(ana, link).location == "/staff/account/tokens/"
    assert "uptake_" in ana.post("/staff/account/tokens/", **token).text


def test_a_confirmation_needs_a_session_of_ours(services: Services, ana: Member) -> None:
    assert "/staff/sign-in" in ana.client.get(CONFIRM).location
    _there_and_back(ana)
    back = _sent_back(ana.client.get(CONFIRM).location)
    with services.accounts.work() as db:
        login_sessions.end_sessions(db, people.find_user(db, "person-ana"), services.clock())
    answer = ana.client.get(back)
    assert "/staff/sign-in" in answer.location
    assert not _is_in(ana)


def test_a_sign_in_is_no_fresher_than_it_was_there(ana: Member, issuer: Issuer) -> None:
    issuer.signed_in_at = time.time() - 3600
    _there_and_back(ana)
    assert ana.post("/staff/account/tokens/", name="script").location.startswith("/staff/confirm")


def test_without_a_provider_there_is_none(member: Callable[[str], Member], staff_app: Flask) -> None:
    client = staff_app.test_client()
    assert client.get(START).status_code == 404
    assert START not in client.get("/staff/sign-in").text
    assert START not in member("ana").get("/staff/confirm").html


def test_an_account_is_bound_once_and_the_binding_goes_with_it(either: Services) -> None:
    message = IdentityClaims("https://login.example.org", "1", "ana@example.org", "Ana", None)
    with either.accounts.work() as db:
        people.add_user(db, "ana@example.org", person="ana")
    for email in ("ana@example.org", "", "another@example.org"):
        with either.accounts.work() as db:
            assert identities.account_of(db, replace(message, email=email), "x", either.clock())[0].person == "ana"
    with pytest.raises(Refused, match="belongs to another person at x"), either.accounts.work() as db:
        identities.account_of(db, replace(message, subject="2"), "x", either.clock())
    with either.accounts.work() as db:
        people.remove_user(db, people.find_user(db, "ana"), erase=False)
        assert db.scalar(select(func.count()).select_from(Identity)) == 0


def test_settings_that_lack_something_say_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    values = {"UPTAKE_OIDC_ISSUER": "https://login.example.org", "UPTAKE_OIDC_CLIENT_SECRET": SECRET}
    with pytest.raises(Refused, match="For single sign-on, set oidc_client_id too.") as refused:
        read_settings(values, tmp_path)
    assert SECRET not in str(refused.value)
    values["UPTAKE_OIDC_CLIENT_ID"] = CLIENT
    assert read_settings(values, tmp_path).oidc_client_secret == SECRET
    with pytest.raises(Refused, match="it must begin with https://"):
        read_settings(values | {"UPTAKE_OIDC_ISSUER": "http://login.example.org"}, tmp_path)
    monkeypatch.setattr("app.adapters.settings.find_spec", lambda name: None)
    with pytest.raises(Refused, match="needs two more packages. Install “uptake\\[oidc\\]”"):
        read_settings(values, tmp_path)


def test_the_doctor_says_whether_it_answers(services: Services, issuer: Issuer) -> None:
    settings = _with(services.settings, issuer)
    good = next(f for f in examine(settings, build_services) if issuer.address in f.sentence)
    assert (good.ok, good.sentence) == (True, f"Staff can sign in at {issuer.address}. It answers.")
    issuer.broken = {"/.well-known/openid-configuration"}
    bad = next(f for f in examine(settings, build_services) if issuer.address in f.sentence)
    assert (bad.ok, bad.sentence) == (False, f"No one can sign in at {issuer.address}: {SILENT}")
    assert all(SECRET not in f.sentence for f in examine(settings, build_services))
