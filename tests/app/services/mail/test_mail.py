"""E-mail to staff over a real server: to those who may read and want it, each once, without drafts."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from msgspec.structs import replace

from app.adapters.settings import Settings, read_settings
from app.bootstrap.container import build_services
from app.entrypoints.worker.schedule import mail
from app.services.accounts import people
from app.services.container import Services
from app.services.mail.smtp import MailServerUnavailable, connection
from app.services.operations.doctor import examine
from domain.errors import Refused
from tests.support.mailbox import Mailbox, certificate, running, with_password, words
from tests.support.staff_client import PROPOSE_PATH, Member, form_version, send_proposal

TALK = "/staff/small/recommendations/law/comments/"
WORD = "zebra"
Worker = Callable[[], None]
Members = Callable[[str], Member]


def test_what_waits_for_review_is_told_once_to_whoever_may_publish(
    mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    path = send_proposal(member("ana"), rationale=f"{WORD}-draft").location
    worker()
    worker()
    assert mailbox.receivers() == ["ada", "ben"]
    (letter,) = mailbox.to("ben")
    assert letter["Subject"] == "To review: Renew the law"
    assert letter["From"] == "Uptake <uptake@example.org>"
    assert letter["Auto-Submitted"] == "auto-generated"
    body = words(letter)
    assert "Ana sent a proposal about “Renew the law” that needs a second person." in body
    assert f"http://127.0.0.1:8000{path}" in body
    assert WORD not in letter.as_string()
    send_proposal(member("ana"), f"{PROPOSE_PATH}?revise=law-2025-03", rationale="Better.", revise="law-2025-03")
    worker()
    assert mailbox.receivers() == ["ada", "ada", "ben", "ben"]
    assert len({m["Message-ID"] for m in mailbox.letters}) == 4


def test_who_is_named_reads_the_words_in_the_letter(mailbox: Mailbox, worker: Worker, member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    ana.post(TALK, text="@Rita, is this\nthe right law?", assessment="")
    ben.post(TALK, text="@Ana, see above.", assessment="")
    ana.get(TALK)  # she has seen it before a letter was sent
    worker()
    assert mailbox.receivers() == ["rita"]
    letter = mailbox.letters[0]
    assert letter["Subject"] == "Ana mentioned you: Renew the law"
    assert "    @Rita, is this\n    the right law?\n" in words(letter)


def test_who_is_to_judge_unseen_is_told_of_no_proposal_before(
    mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana, ben, ada = member("ana"), member("ben"), member("ada")
    asked = ben.post("/staff/small/opinions/", item="law/", persons=["person-ana", "person-ada"]).location
    send_proposal(ben, rationale=f"{WORD}-draft")
    ben.post(TALK, text=f"@ada, {WORD} I say.", assessment="law-2025-03")
    worker()
    assert mailbox.receivers() == ["ada", "ana"]
    assert {letter["Subject"] for letter in mailbox.letters} == {"Your opinion is asked: Renew the law"}
    assert not [letter for letter in mailbox.letters if WORD in letter.as_string()]
    mailbox.letters.clear()
    assert ada.get("/staff/").heading == "You have 1 opinion to give"
    for who in (ana, ada):
        who.post(asked, status="partly", effective_on="2025", rationale="So it is.")
    assert ada.get("/staff/").heading == "You have 1 proposal to review and 1 unread mention"
    ben.post(TALK, text="@ada, now we may talk.", assessment="law-2025-03")
    worker()
    assert mailbox.receivers() == ["ada", "ada", "ada"]


def test_a_comment_that_follows_one_that_was_removed_is_told_too(
    mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana = member("ana")
    ana.post(TALK, text="@rita first", assessment="")
    worker()
    ana.post("/staff/small/comments/1/remove/")
    ana.post(TALK, text="@rita second", assessment="")
    worker()
    assert ["first" in words(m) for m in mailbox.to("rita")] == [True, False]


def test_a_proposal_that_is_returned_is_told_to_its_author_with_the_note(
    mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ben.post(path, action="return", version=form_version(ben, path), note="Which chamber?")
    worker()
    worker()
    assert mailbox.receivers() == ["ana"]
    assert "Ben returned your proposal about “Renew the law”:\n\n    Which chamber?" in words(mailbox.letters[0])


def test_a_card_waits_for_a_second_person_too(mailbox: Mailbox, worker: Worker, member: Members) -> None:
    ana = member("ana")
    ana.post("/staff/small/recommendations/talks/card/", element="", counts=f"{WORD}.", does_not_count="No.")
    worker()
    assert mailbox.receivers() == ["ada", "ben"]
    assert WORD not in mailbox.letters[0].as_string()


def test_every_link_of_a_letter_leads_somewhere(mailbox: Mailbox, worker: Worker, member: Members) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    send_proposal(ana, effective_on="2025-04")
    ben.post(path, action="return", version=form_version(ben, path), note="Mend it.")
    ana.post("/staff/small/recommendations/talks/card/", element="", counts="A.", does_not_count="B.")
    ana.post(TALK, text="@ben look", assessment="")
    for who in (ana, ben):
        who.post("/staff/account/mail/", at_once=["mention", "review", "returned"], digest="daily")
    worker()
    assert mailbox.receivers() == ["ada", "ada", "ana", "ana", "ben", "ben", "ben", "ben"]
    for who in (ana, ben):
        for letter in mailbox.to(who.name):
            links = re.findall(r"http://127\.0\.0\.1:8000(\S+)", words(letter))
            assert len(links) >= 3
            for link in links:
                who.get(link.partition("#")[0])


def test_nothing_is_told_to_somebody_who_may_not_read_it_any_more(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana = member("ana")
    ana.post(TALK, text="@rita @ben look", assessment="")
    send_proposal(ana)
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-rita"), "small", None)
        people.disable_user(db, people.find_user(db, "person-ben"))
    worker()
    assert mailbox.receivers() == ["ada"]


def test_what_is_decided_or_old_is_no_news(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana).location
    ben.post(path, action="publish", version=form_version(ben, path))
    worker()
    assert [letter["Subject"] for letter in mailbox.letters] == ["Published: Renew the law"]
    assert mailbox.receivers() == ["ana"]
    mailbox.letters.clear()
    send_proposal(ana, effective_on="2025-04")
    services.clock.go_on(days=2)  # type: ignore[attr-defined]
    worker()
    assert mailbox.letters == []


def test_without_a_mail_server_nothing_is_sent_and_the_account_says_so(worker: Worker, member: Members) -> None:
    ana = member("ana")
    send_proposal(ana)
    worker()
    assert "No mail server is set up here." in ana.get("/staff/account/").text


def test_somebody_chooses_what_they_are_told(mailbox: Mailbox, worker: Worker, member: Members) -> None:
    ben = member("ben")
    ben.post("/staff/account/mail/", at_once=["returned"], digest="")
    page = ben.get("/staff/account/")
    assert [
        e.get("value") for e in page.root.iter("input") if e.get("name") == "at_once" and e.get("checked") is not None
    ] == ["returned"]
    send_proposal(member("ana"))
    worker()
    assert mailbox.receivers() == ["ada"]


def test_a_letter_is_ended_by_one_click_and_not_by_opening_its_link(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members, staff_app: Flask
) -> None:
    ana = member("ana")
    send_proposal(ana)
    worker()
    (letter,) = mailbox.to("ben")
    link = str(letter["List-Unsubscribe"]).strip("<>").removeprefix("http://127.0.0.1:8000")
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert link in words(letter)
    stranger = Member(staff_app, "nobody")
    assert "This is the setting “when a proposal needs a second person”" in stranger.get(link).text
    send_proposal(ana, effective_on="2025-04")
    worker()
    assert len(mailbox.to("ben")) == 2
    answer = staff_app.test_client().post(link, data={"List-Unsubscribe": "One-Click"})
    assert answer.status_code == 200
    assert "You will no longer get these e-mails" in answer.text
    send_proposal(ana, effective_on="2025-05")
    ana.post(TALK, text="@ben look", assessment="")
    worker()
    assert [m["Subject"] for m in mailbox.to("ben")[2:]] == ["Ana mentioned you: Renew the law"]
    assert "This link is not complete" in stranger.get(f"{link[:-3]}x/", status=404).text


def test_a_letter_that_was_not_taken_is_tried_again(services: Services, worker: Worker, member: Members) -> None:
    send_proposal(member("ana"))
    with running() as mailbox:
        services.settings = replace(services.settings, smtp_url=mailbox.url, smtp_from="uptake@example.org")
        mailbox.refuse = {"uptake@example.org": "553 we do not know this sender"}
        worker()
        mailbox.refuse = {"ben@example.org": "451 later", "ada@example.org": "550 never"}
        worker()
        assert mailbox.letters == []
        mailbox.refuse = {}
        worker()
        worker()
        assert mailbox.receivers() == ["ben"]


def test_a_server_that_ends_the_connection_for_one_letter_gets_the_others(
    services: Services, worker: Worker, member: Members
) -> None:
    send_proposal(member("ana"))
    with running() as mailbox:
        services.settings = replace(services.settings, smtp_url=mailbox.url, smtp_from="uptake@example.org")
        mailbox.refuse = {"ada@example.org": "421 not now"}
        worker()
        assert mailbox.receivers() == ["ben"]
        mailbox.refuse = {}
        worker()
        assert mailbox.receivers() == ["ada", "ben"]


def test_a_server_that_is_down_loses_nothing_and_names_nobody_in_the_log(
    services: Services, worker: Worker, member: Members, caplog: pytest.LogCaptureFixture
) -> None:
    send_proposal(member("ana"))
    with running() as mailbox:
        url = mailbox.url
    services.settings = replace(services.settings, smtp_url=url, smtp_from="uptake@example.org")
    worker()
    assert "cannot be used (ConnectionRefusedError). Messages are tried again." in caplog.text
    assert "@example.org" not in caplog.text
    with running() as mailbox:
        services.settings = replace(services.settings, smtp_url=mailbox.url)
        worker()
        assert mailbox.receivers() == ["ada", "ben"]


def test_two_workers_send_each_letter_once(services: Services, mailbox: Mailbox, member: Members) -> None:
    ana = member("ana")
    for month in range(3, 9):
        send_proposal(ana, effective_on=f"2025-{month:02}")
    member("ben").post("/staff/account/mail/", at_once=["review"], digest="daily")
    contexts = [services for _ in range(3)]
    threads = [threading.Thread(target=mail, args=(c,)) for c in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mailbox.receivers() == ["ada"] * 6 + ["ben"] * 7
    assert len({m["Message-ID"] for m in mailbox.letters}) == 13


@pytest.mark.parametrize(("rhythm", "days"), [("daily", 1), ("weekly", 7)])
def test_a_digest_comes_at_seven_and_once(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members, rhythm: str, days: int
) -> None:
    ana, ben = member("ana"), member("ben")
    clock = services.clock
    clock.now = clock.now.replace(day=8, hour=21, minute=59)  # type: ignore[attr-defined]  # Monday, 06:59 in Seoul
    ben.sign_in()
    ana.sign_in()
    ben.post("/staff/account/mail/", digest=rhythm)
    worker()
    clock.go_on(minutes=5)  # type: ignore[attr-defined]
    worker()
    before = len(mailbox.letters)
    send_proposal(ana, rationale=f"{WORD}-draft")
    ana.post(TALK, text=f"@ben {WORD}-said", assessment="")
    clock.go_on(days=days, minutes=-10)  # type: ignore[attr-defined]
    worker()
    assert mailbox.to("ben")[before:] == []
    clock.go_on(hours=5)  # type: ignore[attr-defined]
    worker()
    worker()
    (letter,) = mailbox.to("ben")[before:]
    assert letter["Subject"] == "2 tasks for you"
    body = words(letter)
    assert "To review\n  * Renew the law\n    http://127.0.0.1:8000/staff/small/proposals/law-2025-03/\n" in body
    assert "You were mentioned in a comment\n  * Renew the law\n" in body
    assert WORD not in body


def test_no_digest_comes_when_nothing_waits(mailbox: Mailbox, worker: Worker, member: Members) -> None:
    member("rita").post("/staff/account/mail/", digest="daily")
    worker()
    assert mailbox.letters == []


def test_a_letter_speaks_its_readers_language(mailbox: Mailbox, worker: Worker, member: Members) -> None:
    member("ben").post("/staff/account/", name="Ben", language="ko")
    send_proposal(member("ana"))
    worker()
    (letter,) = mailbox.to("ben")
    assert letter["Content-Language"] == "ko"
    assert str(letter["Subject"]).startswith("검토할 것: ")
    assert "두 번째 사람" in words(letter)
    assert mailbox.to("ada")[0]["Subject"] == "To review: Renew the law"


@pytest.mark.parametrize("scheme", ["smtp", "smtps"])
def test_a_password_is_sent_under_tls_to_a_server_that_is_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, scheme: str
) -> None:
    context, pem = certificate(tmp_path)
    options = {"ssl_context": context} if scheme == "smtps" else {"tls_context": context}
    with running(
        **options, authenticator=with_password("uptake", "p/ss"), auth_require_tls=scheme == "smtp"
    ) as mailbox:
        settings = Settings(smtp_url=f"{scheme}://uptake:p%2Fss@127.0.0.1:{mailbox.port}", smtp_from="u@example.org")
        with pytest.raises(MailServerUnavailable, match="SSLCertVerificationError"), connection(settings):
            pass
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        with connection(settings) as server:
            assert server.noop()[0] == 250
        with (
            pytest.raises(MailServerUnavailable, match=r"SMTPAuthenticationError 535"),
            connection(replace(settings, smtp_url=settings.smtp_url.replace("p%2Fss", "no"))),
        ):
            pass


def test_a_server_without_tls_is_not_spoken_to_where_tls_is_asked_for() -> None:
    with running() as mailbox:
        settings = Settings(smtp_url=f"smtp://127.0.0.1:{mailbox.port}", smtp_from="u@example.org")
        with pytest.raises(MailServerUnavailable, match="SMTPNotSupportedError"), connection(settings):
            pass


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (
            {"UPTAKE_SMTP_URL": "http://user:secret@host"},
            "an address such as smtp://user:password@mail.example.org:587",
        ),
        (
            {"UPTAKE_SMTP_URL": "smtp+plain://user:secret@mail.example.org"},
            "so that the password is sent under TLS",
        ),
        ({"UPTAKE_SMTP_URL": "smtps://mail.example.org"}, "To send e-mail, set smtp_from too"),
        ({"UPTAKE_SMTP_FROM": "nobody"}, "an address such as uptake@example.org"),
    ],
)
def test_settings_that_cannot_be_used_are_named_without_their_secret(
    given: dict[str, str], sentence: str, tmp_path: Path
) -> None:
    with pytest.raises(Refused) as refused:
        read_settings(given, tmp_path)
    assert sentence in str(refused.value)
    assert "secret" not in str(refused.value)


def test_doctor_tries_the_mail_server(services: Services) -> None:
    def said(settings: Settings) -> list[tuple[bool, str]]:
        return [(f.ok, f.sentence) for f in examine(settings, build_services) if "mail server" in f.sentence]

    assert said(services.settings) == [(True, "No mail server is set up, so Uptake sends no e-mail.")]
    with running() as mailbox:
        settings = replace(services.settings, smtp_url=mailbox.url, smtp_from="uptake@example.org")
        assert said(settings) == [(True, "The mail server accepts e-mail from uptake@example.org.")]
    assert said(settings)[0][0] is False


def test_a_letter_that_cannot_be_written_holds_up_no_other(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members, caplog: pytest.LogCaptureFixture
) -> None:
    with services.accounts.work() as db:
        people.find_user(db, "person-ada").email = "ada@[x"
    send_proposal(member("ana"))
    worker()
    assert mailbox.receivers() == ["ben"]
    assert "A message could not be written (AttributeError)." in caplog.text
    assert "ada@" not in caplog.text


def test_a_letter_about_a_part_names_it_and_says_what_became_of_the_whole(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    fields = {"element": "kept", "status": "in_progress", "effective_on": "2025-03", "evidence": "story"}
    path = send_proposal(ana, "/staff/small/recommendations/post/propose/", **fields).location
    ben.post(path, action="publish", version=form_version(ben, path))
    worker()
    (letter,) = mailbox.to("ana")
    assert letter["Subject"] == "Published: Fill the post, part “Kept filled”"
    assert "Reversed to In progress from March 2025; the whole: Reversed to Partly implemented." in words(letter)


def test_a_digest_names_the_parts_that_tasks_are_about(
    services: Services, mailbox: Mailbox, worker: Worker, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    ben.post("/staff/account/mail/", at_once=[], digest="daily")
    fields = {"element": "kept", "status": "in_progress", "effective_on": "2025-03", "evidence": "story"}
    send_proposal(ana, "/staff/small/recommendations/post/propose/", **fields)
    ana.post("/staff/small/recommendations/post/card/", element="funded", counts="A.", does_not_count="B.")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]
    worker()
    (letter,) = mailbox.to("ben")
    assert "To review\n  * Fill the post, part “Kept filled”\n" in words(letter)
    assert "Success criteria to approve\n  * Fill the post, part “Funded”\n" in words(letter)
