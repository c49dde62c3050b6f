"""Following by e-mail over a real mail server: confirmed first, one letter a day, each once, none after stopping."""

import re
import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select

from app.bootstrap.flask_app import create_app
from app.entrypoints.worker.schedule import mail, reader_contacts
from app.services.container import Services
from app.services.followers.models import Follow, Follower
from app.services.followers.requests import count_followers, delete_follower
from app.services.operations.backups.backup import write_backup
from domain import commands as c
from domain.errors import NotFound
from tests.support.follower import SITE, link_in, publish
from tests.support.follower import Follower as Reader
from tests.support.mailbox import Mailbox, words

Worker = Callable[[], None]
LAW = "/small/follow/?recommendation=law"


@pytest.fixture
def app(small: Services, mailbox: Mailbox) -> Flask:
    return create_app(small)


@pytest.fixture
def reader(app: Flask) -> Reader:
    return Reader(app)


@pytest.fixture
def next_morning(small: Services, worker: Worker) -> Worker:
    """The worker runs on the next day, several times."""

    def run() -> None:
        small.clock.go_on(days=1)  # type: ignore[attr-defined]
        for _ in range(3):
            worker()
            small.clock.go_on(minutes=20)  # type: ignore[attr-defined]

    return run


@pytest.fixture
def follow(reader: Reader, mailbox: Mailbox, worker: Worker) -> Callable[..., str]:
    """The reader asks for something and confirms it; the letters so far are forgotten. Returns the link to confirm."""

    def follow(path: str = LAW, by: Reader = reader) -> str:
        assert by.ask(path).status_code == 303
        worker()
        link = link_in(mailbox.letters[-1], "confirm")
        by.press(link)
        mailbox.letters.clear()
        return link

    return follow


def rows(services: Services) -> tuple[list[Follower], list[Follow]]:
    with services.accounts.work() as db:
        return list(db.scalars(select(Follower))), list(db.scalars(select(Follow)))


def test_a_reader_follows_reads_once_and_stops(
    small: Services, mailbox: Mailbox, worker: Worker, next_morning: Worker, reader: Reader
) -> None:
    publish(small, effective_on="2026-01")  # before
    answer = reader.ask(LAW)
    assert answer.status_code == 303
    assert reader.email not in answer.location
    assert reader.open(answer.location).heading == "Look at your e-mail"
    worker()
    worker()
    (letter,) = mailbox.letters
    assert letter["To"] == reader.email
    assert letter["Subject"] == "Follow “Renew the law”? Please confirm"
    assert "List-Unsubscribe" not in letter
    link = link_in(letter, "confirm")
    assert "in_progress" not in letter.as_string() and reader.email not in words(letter)
    publish(small, effective_on="2026-02-01", status="partly")  # before it is confirmed
    next_morning()
    assert len(mailbox.letters) == 1
    assert reader.open(link).heading == "Do you want to follow this by e-mail?"
    next_morning()
    assert len(mailbox.letters) == 1
    for _ in range(2):
        confirmed = reader.press(link)
        assert confirmed.heading == "You follow this now"
    next_morning()
    assert len(mailbox.letters) == 1
    publish(small, effective_on="2026-03", rationale="It stalls.")
    next_morning()
    next_morning()
    (letter,) = mailbox.letters[1:]
    assert letter["Subject"] == "Renew the law: Partly implemented to In progress from March 2026"
    body = words(letter)
    assert (
        f"A small register\n{SITE}/small/\n\nWhat changed\n\n  * Renew the law: Partly implemented to In progress from March 2026\n"
        in body
    )
    assert "It stalls." in body
    assert f"{SITE}/small/recommendations/law/#a-law-2026-03" in body
    assert "On the evidence up to 2 January 2026." in body
    sent = str(dict(letter.raw_items())["List-Unsubscribe"])
    assert sent.startswith(f"<{SITE}"), "mail programs read it as it is sent"
    stop = sent.strip("<>").removeprefix(SITE)
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert stop == link_in(letter, "stop")
    assert reader.open(stop).heading == "What you follow by e-mail"
    assert len(rows(small)[0]) == 1
    assert reader.press(stop, **{"List-Unsubscribe": "One-Click"}).heading == "You get no more e-mails"
    assert rows(small) == ([], [])
    publish(small, effective_on="2026-03-02", status="in_progress")
    next_morning()
    assert len(mailbox.letters) == 2
    assert reader.open(stop).heading == "You get no more e-mails"
    assert reader.press(stop).heading == "You get no more e-mails"
    assert "no longer works" in reader.open(link, status=404).text


def test_the_page_after_confirming_stops_at_once(reader: Reader, small: Services, follow: Callable[..., str]) -> None:
    follow("/small/follow/")
    confirmed = reader.open(follow())
    stop = re.search(
        r'<form class="form" action="([^"]+)"[^>]*>\s*<input type="hidden" name="follow" value="(\d+)">', confirmed.html
    )
    assert stop and stop[1] in confirmed.links()
    left = reader.press(stop[1], follow=stop[2])
    assert left.heading == "What you follow by e-mail" and "You get no more e-mails about that." in left.text
    ((_follower,), (rest,)) = rows(small)
    assert rest.kind == "register"


def test_what_changed_is_apart_from_what_was_corrected(
    small: Services, mailbox: Mailbox, next_morning: Worker, follow: Callable[..., str]
) -> None:
    follow("/small/follow/")
    publish(small)
    publish(small, effective_on="2026-02", status="announced", reason="our_correction", rationale="We misread it.")
    publish(
        small,
        recommendation="talks",
        status="no_action",
        effective_on="2026",
        reason="first_assessment",
        evidence=("search",),
    )
    small.execute(c.AmendRegister("small", fact=settings_with(small), why="A typing mistake."), by="ana")
    next_morning()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "What you follow: 2 changes, 2 corrections"
    body = words(letter)
    changed, corrected = body.partition("What this register corrected")[::2]
    assert "* Hold talks: No action found from 2026\n" in changed
    assert "* Renew the law: Announced to In progress from February 2026" in changed
    assert (
        "* Renew the law: In progress corrected to Announced, from February 2026\n"
        "    We said: In progress, since February 2026. Now: Announced, since 1 March 2024. We misread it."
    ) in corrected
    assert "Summary: We said: “Three recommendations”. Now: “Another summary”. A typing mistake." in corrected
    links = [line.partition(": ")[2] for line in corrected.splitlines() if "Read it as it was" in line]
    of_register, of_law = (Reader(create_app(small)).open(link.removeprefix(SITE)).text for link in links)
    assert "Three recommendations." in of_register and "Another summary." not in of_register
    assert "In progress since February 2026" in of_law and "We misread it." not in of_law


def settings_with(services: Services, **fields: object):  # type: ignore[no-untyped-def]
    from msgspec.structs import replace

    from projections.catalogue import queries as catalogue

    with services.views.connect() as db:
        entry = catalogue.register(db, "small")
    assert entry
    return replace(entry.settings, **({"summary": "Another summary."} | fields))


def test_a_part_is_named_with_what_became_of_the_whole(
    small: Services, mailbox: Mailbox, next_morning: Worker, follow: Callable[..., str]
) -> None:
    follow("/small/follow/?recommendation=post")
    publish(small, "post", element="kept", effective_on="2025-03", status="in_progress")
    publish(small, "post", element="kept", effective_on="2025-04", status="in_progress", reason="reviewed_no_change")
    next_morning()
    (letter,) = mailbox.letters
    body = words(letter)
    assert "Fill the post, part “Kept filled”: Reversed to In progress from March 2025; the whole: Reversed to" in body
    assert (
        "What else was published\n\n  * Fill the post, part “Kept filled”: still In progress (reviewed in April 2025)"
        in body
    )
    assert letter["Subject"] == "What you follow: 1 change, 1 other entry"


@pytest.mark.parametrize(
    ("of", "title", "is_law"),
    [
        ("recommendation=law", "Renew the law", True),
        ("recommendation=post", "Fill the post", False),
        ("theme=laws", "Laws", True),
        ("theme=offices", "Offices", False),
        ("body=senate", "Senate", True),
        ("body=state", "State", True),
        ("body=ministry", "Ministry", False),
    ],
)
def test_only_what_is_followed_is_in_a_letter(
    small: Services,
    mailbox: Mailbox,
    next_morning: Worker,
    reader: Reader,
    follow: Callable[..., str],
    of: str,
    title: str,
    is_law: bool,
) -> None:
    follow(f"/small/follow/?{of}")
    publish(small)
    next_morning()
    assert len(mailbox.letters) == is_law
    (page,) = {reader.open(link_in(m, "stop")).text for m in mailbox.letters} or {title}
    assert title in page


def test_drafts_and_what_is_refused_are_in_no_letter(
    small: Services, mailbox: Mailbox, next_morning: Worker, follow: Callable[..., str]
) -> None:
    from tests.support.story import assessment

    follow("/small/follow/")
    proposal = assessment(effective_on="2026-02", status="in_progress", reason="world_changed", evidence=("story",))
    small.execute(c.ProposeAssessment("small", recommendation="law", assessment=proposal), by="ana")
    next_morning()
    assert mailbox.letters == []


def test_one_letter_a_day_has_all_and_one_follow_can_be_stopped(
    small: Services, mailbox: Mailbox, next_morning: Worker, reader: Reader, follow: Callable[..., str]
) -> None:
    follow()
    follow("/small/follow/?theme=laws")
    follow("/small/follow/?body=ministry")
    publish(small)
    next_morning()
    (letter,) = mailbox.letters
    assert words(letter).count("Renew the law") == 1
    stop = link_in(letter, "stop")
    page = reader.open(stop)
    assert [name for name in ("Renew the law", "Laws", "Ministry") if name in page.text] == [
        "Renew the law",
        "Laws",
        "Ministry",
    ]
    _, follows = rows(small)
    page = reader.press(stop, follow=str(follows[0].id))
    assert "Renew the law" not in page.text and "You still follow" in page.text
    for number in ("999", "x", "-1"):
        reader.press(stop, follow=number)
    assert len(rows(small)[1]) == 2
    for left in rows(small)[1]:
        page = reader.press(stop, follow=str(left.id))
    assert page.heading == "You get no more e-mails"
    assert rows(small) == ([], [])


def test_a_letter_that_the_server_did_not_take_comes_later_with_all_news(
    small: Services, mailbox: Mailbox, next_morning: Worker, reader: Reader, follow: Callable[..., str]
) -> None:
    follow()
    publish(small)
    mailbox.refuse = {reader.email: "451 later"}
    next_morning()
    assert mailbox.letters == []
    publish(small, effective_on="2026-03", status="partly")
    mailbox.refuse = {}
    next_morning()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "What you follow: 2 changes"
    publish(small, effective_on="2026-03-02", status="in_progress")
    next_morning()
    assert [m["Subject"] for m in mailbox.letters[1:]] == [
        "Renew the law: Partly implemented to In progress from 2 March 2026"
    ]


def test_a_worker_that_ends_while_it_sends_sends_nothing_twice(
    small: Services, mailbox: Mailbox, next_morning: Worker, follow: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from app.services.mail import delivery

    follow()
    publish(small)
    deliver = delivery.deliver

    def killed(*args: object) -> None:
        deliver(*args)  # type: ignore[arg-type]
        raise KeyboardInterrupt

    monkeypatch.setattr(delivery, "deliver", killed)
    monkeypatch.setattr(delivery, "release_claim", lambda *_: None)  # a process that was killed releases nothing
    with pytest.raises(KeyboardInterrupt):
        next_morning()
    monkeypatch.undo()
    next_morning()
    next_morning()
    assert len(mailbox.letters) == 1


def test_two_workers_send_each_letter_once(
    small: Services, app: Flask, mailbox: Mailbox, follow: Callable[..., str]
) -> None:
    for name in ("a", "b", "c"):
        follow(by=Reader(app, name))
    publish(small)
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    contexts = [small for _ in range(3)]
    threads = [threading.Thread(target=mail, args=(context,)) for context in contexts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert mailbox.receivers() == ["a", "b", "c"]


def test_letters_speak_the_language_of_the_page(
    small: Services, mailbox: Mailbox, worker: Worker, next_morning: Worker, reader: Reader
) -> None:
    reader.ask("/ko/small/follow/?recommendation=post")
    worker()
    (letter,) = mailbox.letters
    assert letter["Content-Language"] == "ko"
    assert "직위를 채울 것" in str(letter["Subject"])
    link = link_in(letter, "confirm")
    assert link.startswith("/ko/follow/confirm/")
    reader.press(link)
    publish(small, "post", element="kept", effective_on="2025-03", status="in_progress")
    next_morning()
    (letter,) = mailbox.letters[1:]
    assert letter["Content-Language"] == "ko"
    assert "/ko/small/recommendations/post/" in words(letter)
    assert "2025년 3월" in words(letter)


def test_the_answer_is_the_same_for_an_address_that_follows(
    mailbox: Mailbox, worker: Worker, small: Services, reader: Reader, follow: Callable[..., str]
) -> None:
    first = reader.ask(LAW)
    follow()
    again = reader.ask(LAW)
    assert (first.status_code, first.location, first.text) == (again.status_code, again.location, again.text)
    worker()
    assert mailbox.letters == []
    small.clock.go_on(days=1, hours=1)  # type: ignore[attr-defined]
    assert reader.ask(LAW).location == first.location
    worker()
    assert [m["Subject"] for m in mailbox.letters] == ["You already follow “Renew the law”"]


def test_many_requests_have_to_wait(small: Services, reader: Reader, app: Flask) -> None:
    topics = [
        "recommendation=law",
        "recommendation=post",
        "recommendation=talks",
        "theme=laws",
        "theme=offices",
        "body=state",
    ]
    answers = [reader.ask(f"/small/follow/?{topic}") for topic in topics]
    assert [a.status_code for a in answers] == [303] * 5 + [429]
    assert "There were too many requests." in answers[-1].text and reader.email in answers[-1].text
    others = [Reader(app, f"r{n}").ask(LAW, wait=4).status_code for n in range(26)]
    assert others == [303] * 25 + [429]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"email": "reader at example"}, "Type a whole e-mail address, such as name@example.org."),
        ({"email": ""}, "Type a whole e-mail address"),
        ({"email": "a@" + "x" * 250 + ".org"}, "Type a whole e-mail address"),
        ({"email": "a@example.org\nBcc: b@example.org"}, "Type a whole e-mail address"),
        ({"email": "reader(1)@example.org"}, "Type a whole e-mail address"),
        ({"email": "g0:reader@example.org"}, "Type a whole e-mail address"),
        ({"email": "a..b@example.org"}, "Type a whole e-mail address"),
        ({"email": "a@example..org"}, "Type a whole e-mail address"),
        ({"email": "=?utf-8?q?b=40example.org?=@x.org"}, "Type a whole e-mail address"),
        ({"trap": "http://buy.example"}, "Clear this field and send the form again."),
        ({"wait": 1}, "as fast as only a program does"),
        ({"stamp": "made-up"}, "This page was open for more than a day."),
    ],
)
def test_a_refusal_keeps_what_was_typed(reader: Reader, small: Services, fields: dict[str, str], sentence: str) -> None:
    answer = reader.ask(LAW, **fields)  # type: ignore[arg-type]
    assert answer.status_code == 400
    assert sentence in answer.text
    assert fields.get("email", reader.email).split("\n")[0] in answer.text
    assert rows(small) == ([], [])


def test_addresses_that_are_not_confirmed_are_deleted(
    small: Services, mailbox: Mailbox, worker: Worker, reader: Reader, app: Flask, follow: Callable[..., str]
) -> None:
    follow(by=Reader(app, "other"))
    reader.ask(LAW)
    worker()
    link = link_in(mailbox.letters[-1], "confirm")
    context = small
    small.clock.go_on(days=6)  # type: ignore[attr-defined]
    reader_contacts(context)
    assert len(rows(small)[0]) == 2
    small.clock.go_on(days=1, hours=1)  # type: ignore[attr-defined]
    reader_contacts(context)
    assert [f.email for f in rows(small)[0]] == ["other@example.org"]
    assert "no longer works" in reader.open(link, status=404).text


def test_without_a_mail_server_nothing_can_be_followed(small: Services) -> None:
    app = create_app(small)
    reader = Reader(app)
    assert "/small/follow/" not in reader.open("/small/").text
    assert "This site sends no e-mail." in reader.open("/small/follow/", status=404).text


def test_pages_lead_to_the_form(reader: Reader) -> None:
    for path, of in {
        "/small/": "",
        "/small/changes/": "",
        "/small/recommendations/law/": "?recommendation=law",
        "/small/themes/laws/": "?theme=laws",
        "/small/bodies/senate/": "?body=senate",
        "/ko/small/bodies/senate/": "?body=senate",
    }.items():
        prefix = "/ko" if path.startswith("/ko") else ""
        assert f"{prefix}/small/follow/{of}" in reader.open(path).links()


@pytest.mark.parametrize(
    "path", ["/small/follow/?recommendation=none", "/nowhere/follow/", "/follow/confirm/x/", "/follow/stop/x.y/"]
)
def test_what_is_not_there_is_said(reader: Reader, path: str) -> None:
    reader.open(path, status=404)


def test_a_link_of_one_kind_does_not_do_the_other(small: Services, reader: Reader, follow: Callable[..., str]) -> None:
    link = follow()
    reader.open(link.replace("/confirm/", "/stop/"), status=404)
    assert len(rows(small)[0]) == 1


def test_addresses_are_in_no_log_address_backup_or_cookie(
    small: Services,
    mailbox: Mailbox,
    next_morning: Worker,
    reader: Reader,
    follow: Callable[..., str],
    caplog: pytest.LogCaptureFixture,
    tmp_path,
) -> None:
    caplog.set_level("DEBUG")
    follow()
    publish(small)
    mailbox.refuse = {reader.email: "550 no such user"}
    next_morning()
    own = [r.getMessage() for r in caplog.records if r.name != "mail.log"]  # that of the server of the test
    assert "The mail server did not accept a message (SMTPRecipientsRefused 550)." in own
    assert not [line for line in own if reader.email in line]
    write_backup(small, tmp_path / "backup")
    assert not [p for p in (tmp_path / "backup").rglob("*") if p.is_file() and reader.email.encode() in p.read_bytes()]
    assert "Set-Cookie" not in reader.client.get(LAW).headers


def test_an_operator_deletes_an_address_and_staff_see_a_number(
    small: Services, reader: Reader, follow: Callable[..., str]
) -> None:
    follow()
    follow("/small/follow/")
    reader.ask("/small/follow/?theme=laws")
    with small.accounts.work() as db:
        assert count_followers(db, "small") == 1
        assert count_followers(db, "other") == 0
        delete_follower(db, " Reader@Example.org ")
    assert rows(small) == ([], [])
    with small.accounts.work() as db, pytest.raises(NotFound):
        delete_follower(db, reader.email)


def test_a_letter_comes_at_seven_where_the_register_is_kept(
    small: Services, mailbox: Mailbox, worker: Worker, follow: Callable[..., str]
) -> None:
    follow()
    publish(small)
    clock = small.clock
    clock.now = clock.now.replace(hour=21, minute=59)  # type: ignore[attr-defined]  # 06:59 in Seoul
    worker()
    assert mailbox.letters == []
    clock.go_on(minutes=1)  # type: ignore[attr-defined]
    worker()
    assert len(mailbox.letters) == 1


def test_a_long_letter_leads_to_all_changes(
    small: Services,
    mailbox: Mailbox,
    next_morning: Worker,
    reader: Reader,
    follow: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("app.services.followers.news.MAX_CHANGES", 2)
    monkeypatch.setattr("app.services.followers.news.CHANGES_PER_QUERY", 2)
    follow("/small/follow/?theme=laws")
    for day in ("2026-01-05", "2026-01-06", "2026-01-07"):
        publish(small, effective_on=day, reason="reviewed_no_change", status="announced")
        publish(
            small,
            "talks",
            effective_on=day,
            status="no_action",
            reason="first_assessment" if day == "2026-01-05" else "reviewed_no_change",
            evidence=("search",),
        )
    next_morning()
    (letter,) = mailbox.letters
    assert letter["Subject"] == "Many changes in what you follow"
    body = words(letter)
    assert body.count("* Renew the law") == 2 and "Hold talks" not in body
    link = f"{SITE}/small/changes/?order=published"
    assert link in body
    reader.open(link.removeprefix(SITE))


def test_an_address_is_asked_at_most_twenty_times_in_a_day(
    small: Services, reader: Reader, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.services.followers.requests.MAX_ASKED_IN_A_DAY", 2)
    topics = ("recommendation=law", "recommendation=post", "theme=laws")
    answers = [reader.ask(f"/small/follow/?{topic}", wait=3600) for topic in topics]
    assert [a.status_code for a in answers] == [303, 303, 429]
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    assert reader.ask("/small/follow/?theme=laws").status_code == 303
