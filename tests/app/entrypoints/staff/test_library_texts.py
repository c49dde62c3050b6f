"""No sentence of the sign-in library reaches a page: each is replaced by ours, and ours are translated."""

import re

import pytest
from flask import Flask
from flask_security.core import _default_messages  # the only list of its messages

from app.entrypoints.cli.message_catalogue import read_catalogue
from app.entrypoints.http.library_texts import ERRORS, FORM_ERRORS, NOTICES, error_text
from app.presentation.i18n.translation import set_language
from tests.support.pages import checked_page
from tests.support.staff_client import PASSWORD, Member, Members

pytestmark = pytest.mark.filterwarnings("ignore:Passing SelectField choices")
FEATURES_NOT_IN_USE = {
    "SECURITY_CONFIRMABLE": "CONFIRM_REGISTRATION EMAIL_CONFIRMED ALREADY_CONFIRMED INVALID_CONFIRMATION_TOKEN "
    "CONFIRMATION_REQUIRED CONFIRMATION_REQUEST CONFIRMATION_EXPIRED",
    "SECURITY_REGISTERABLE": "EMAIL_ALREADY_ASSOCIATED IDENTITY_ALREADY_ASSOCIATED",
    "SECURITY_RECOVERABLE": "GENERIC_RECOVERY PASSWORD_RESET_REQUEST PASSWORD_RESET_EXPIRED PASSWORD_RESET "
    "INVALID_RESET_PASSWORD_TOKEN PASSWORD_RESET_NO_LOGIN FORGOT_PASSWORD",
    "SECURITY_OAUTH_ENABLE": "OAUTH_HANDSHAKE_ERROR IDENTITY_NOT_REGISTERED",
    "SECURITY_PASSWORDLESS": "LOGIN_EXPIRED LOGIN_EMAIL_SENT INVALID_LOGIN_TOKEN PASSWORDLESS_LOGIN_SUCCESSFUL",
    "SECURITY_UNIFIED_SIGNIN": "GENERIC_US_SIGNIN US_CURRENT_METHODS US_METHOD_NOT_AVAILABLE US_SETUP_EXPIRED "
    "US_SETUP_SUCCESSFUL US_SPECIFY_IDENTITY CODE_HAS_BEEN_SENT FAILED_TO_SEND_CODE USE_CODE PHONE_INVALID",
    "SECURITY_USERNAME_ENABLE": "USERNAME_INVALID_LENGTH USERNAME_DISALLOWED_CHARACTERS USERNAME_NOT_PROVIDED "
    "USERNAME_ALREADY_ASSOCIATED",
    "SECURITY_CHANGE_USERNAME": "USERNAME_CHANGE",
    "SECURITY_USERNAME_RECOVERY": "USERNAME_RECOVERY_REQUEST",
    "SECURITY_CHANGE_EMAIL": "CHANGE_EMAIL_EXPIRED CHANGE_EMAIL_CONFIRMED CHANGE_EMAIL_SENT",
    "SECURITY_REFRESH_TOKEN": "REFRESH_TOKEN_INVALID",
}
"""By setting that is off: the messages that only this feature shows."""
OURS = ERRORS | NOTICES
LIBRARY_WORDS = re.compile(
    r"two-factor|authenticat(?!or app)|invalid|login|please|nickname|successfully|passcode|reauth|credential", re.I
)


def test_each_message_that_a_feature_in_use_can_show_is_ours(staff_app: Flask) -> None:
    unused = {key for setting in FEATURES_NOT_IN_USE.values() for key in setting.split()}
    for setting in FEATURES_NOT_IN_USE:
        assert not staff_app.config.get(setting), f"{setting} is on, so its messages need words of ours"
    assert staff_app.config["SECURITY_TWO_FACTOR_ENABLED_METHODS"] == ["authenticator"], "no code is sent by mail"
    assert set(_default_messages) - unused == set(OURS)
    for key, ours in OURS.items():
        assert staff_app.config[f"SECURITY_MSG_{key}"][0] == ours.text
        assert not LIBRARY_WORDS.search(ours.text), ours.text


def test_each_of_them_is_in_korean() -> None:
    korean = read_catalogue("ko")
    for text in {t.text for t in [*OURS.values(), *FORM_ERRORS.values()]}:
        message = korean.get(text)
        assert message is not None, text
        assert message.string, text


def test_an_error_without_a_key_is_ours_too() -> None:
    assert error_text("This field is required.") == "Fill in this field."
    set_language("ko")
    try:
        assert error_text("This field is required.") == "이 칸을 채우십시오."
        assert error_text(ERRORS["PASSWORD_NOT_PROVIDED"].text) == "비밀번호를 입력하십시오."
        assert error_text("“100%” of <b>it</b>") == "“100%” of <b>it</b>", "an error with words of a person stays"
    finally:
        set_language("en")


ERRORS_ON_PAGES = {
    "/staff/sign-in": (
        {"email": "ana@example.org", "password": "wrong"},
        "The e-mail address or the password is wrong.",
    ),
    "/staff/confirm": ({"password": "wrong"}, "The password is wrong."),
    "/staff/account/password": (
        {"password": PASSWORD, "new_password": "another long one", "new_password_confirm": "not the same"},
        "The passwords do not match.",
    ),
    "/staff/account/passkeys": ({"name": "", "usage": "first"}, "Give the passkey a name."),
}


@pytest.mark.parametrize("path", ERRORS_ON_PAGES)
def test_an_error_is_in_the_title_the_summary_and_beside_its_field(
    staff_app: Flask, member: Members, path: str
) -> None:
    fields, sentence = ERRORS_ON_PAGES[path]
    person = Member(staff_app, "ana") if path == "/staff/sign-in" else member("ana")
    page = checked_page(path, 200, person.post(path, **fields).text)
    assert "<title>Error: " in page.html
    assert "There is a problem" in page.text
    assert page.text.count(sentence) == (1 if path == "/staff/sign-in" else 2)
    assert not LIBRARY_WORDS.search(page.text), page.text


@pytest.mark.parametrize("path", ["/staff/account/password", "/staff/confirm", "/staff/account/passkeys"])
def test_an_empty_form_is_refused_in_korean(member: Members, path: str) -> None:
    ana = member("ana")
    ana.post("/staff/account/", name="Ana", language="ko")
    page = checked_page(path, 200, ana.post(path).text)
    main = page.text.replace("Uptake", "")
    assert not re.search(r"[A-Za-z]{4,}", main), main


def test_a_stranger_reads_the_sign_in_in_the_language_of_the_browser(staff_app: Flask) -> None:
    headers = {"Accept-Language": "ko-KR,ko;q=0.9,en;q=0.8"}
    page = staff_app.test_client().get("/staff/sign-in", headers=headers).text
    assert '<html lang="ko">' in page
    assert "로그인" in page


def test_what_an_action_did_is_said_in_a_banner(member: Members) -> None:
    ana = member("ana")
    new = {"new_password": "another long phrase", "new_password_confirm": "another long phrase"}
    assert ana.post("/staff/account/password", password=PASSWORD, **new).status_code == 302
    assert "Your password is changed Your other devices are signed out." in ana.get("/staff/account/").text
    assert ana.post("/staff/confirm", password="another long phrase").status_code == 302
    assert "You confirmed your identity" in ana.get("/staff/").text
