"""Public changes sent to other programs: signed, in order, each once, until they are taken; and nothing else, nowhere else."""

import base64
import hashlib
import hmac
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from msgspec.structs import replace

from app.adapters import http_client, outgoing_post
from app.services.accounts import people
from app.services.accounts.models import Base
from app.services.accounts.permissions import StaffRole
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from app.services.webhooks import delivery, subscriptions
from app.services.webhooks.delivery import RETRY_DELAYS_SECONDS, deliver_due
from domain import commands as c
from domain.values import Body
from tests.support.bundles import write_small_bundle
from tests.support.mailbox import certificate
from tests.support.receiver import Receiver, Request, receiving
from tests.support.staff_client import PROPOSE_PATH, Member, form_version, send_proposal
from tests.support.story import REGISTER, Story

HOOKS = "/staff/small/webhooks/"
WORD = "zebra"
Members = Callable[[str], Member]


@pytest.fixture
def receiver(services: Services) -> Iterator[Receiver]:
    """A receiver on this machine, and a setting that allows to send there."""
    services.settings = replace(services.settings, private_webhooks=True)
    with receiving() as receiver:
        yield receiver


@pytest.fixture
def hooked(receiver: Receiver, member: Members) -> str:
    """A webhook to the receiver; its secret."""
    return _set_up(member("ada"), f"{receiver.address}/hook?key=1")


def _set_up(who: Member, url: str) -> str:
    answer = who.post(HOOKS, url=url)
    assert answer.status_code == 200
    found = re.search(r"whsec_[\w+/=]+", answer.text)
    assert found
    return found.group()


def _publish(member: Members, **said: Any) -> str:
    ana, ben = member("ana"), member("ben")
    path = send_proposal(ana, **said).location
    assert ben.post(path, action="publish", version=form_version(ben, path)).status_code == 302
    return str(path)


def _check(secret: str, request: Request) -> None:
    """As the library of a receiver does it."""
    ident, at = request.headers["webhook-id"], request.headers["webhook-timestamp"]
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = hmac.new(key, f"{ident}.{at}.".encode() + request.body, hashlib.sha256).digest()
    assert request.headers["webhook-signature"] == f"v1,{base64.b64encode(signed).decode()}"


def test_a_public_change_is_sent_signed_as_the_api_tells_it(
    services: Services, receiver: Receiver, hooked: str, member: Members, staff_app: Flask
) -> None:
    assert deliver_due(services) == 0
    _publish(member)
    assert deliver_due(services) == 1
    (request,) = receiver.requests
    _check(hooked, request)
    assert request.path == "/hook?key=1"
    assert request.headers["content-type"] == "application/json"
    assert abs(int(request.headers["webhook-timestamp"]) - services.clock().timestamp()) < 2
    told = request.json
    assert (told["type"], told["register"]) == ("recommendation.assessment_published", "small")
    events = staff_app.test_client().get("/api/v1/registers/small/events").json
    assert told["data"] == events["events"][-1]
    assert told["timestamp"] == told["data"]["recorded_at"]
    changes = staff_app.test_client().get("/api/v1/registers/small/changes").json["changes"]
    assert told["effect"] == changes[0]["effect"]
    assert told["effect"]["recommendation_title"] == "Renew the law"
    assert told["effect"]["recommendation_after"] == told["data"]["event"]["assessment"]["status"]
    assert deliver_due(services) == 0


def test_nothing_that_is_not_public_is_ever_sent(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    ana, ben = member("ana"), member("ben")
    draft = send_proposal(ana, rationale=f"{WORD}-draft").location
    send_proposal(ana, effective_on="2025-04", rationale=f"{WORD}-declined")
    ana.post("/staff/small/recommendations/law/comments/", text=f"{WORD}-comment", assessment="law-2025-03")
    declined = "/staff/small/proposals/law-2025-04/"
    ben.post(declined, action="decline", version=form_version(ben, declined), note=f"{WORD}-why")
    ben.post(draft, action="return", version=form_version(ben, draft), note=f"{WORD}-note")
    send_proposal(
        ana, action="add_source", src_title=f"{WORD} source", src_publisher=WORD, src_class="news", src_summary=WORD
    )
    ana.post("/staff/small/recommendations/law/card/", element="", counts=f"{WORD}-card", does_not_count=WORD)
    assert deliver_due(services) == 0
    send_proposal(ana, f"{PROPOSE_PATH}?revise=law-2025-03", rationale="A plain reason.", revise="law-2025-03")
    ben.post(draft, action="publish", version=form_version(ben, draft))
    assert deliver_due(services) >= 1
    sent = b"".join(r.body + repr(r.headers).encode() for r in receiver.requests)
    assert b"A plain reason." in sent
    assert WORD.encode() not in sent
    assert b"@example.org" not in sent


def test_what_was_not_taken_is_sent_again_later_under_the_same_id(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    clock: Any = services.clock
    receiver.answers = [500, 302]
    _publish(member)
    _publish(member, effective_on="2025-04")
    assert deliver_due(services) == 0
    assert deliver_due(services) == 0
    assert len(receiver.requests) == 1
    clock.go_on(seconds=RETRY_DELAYS_SECONDS[0])
    assert deliver_due(services) == 0
    clock.go_on(seconds=RETRY_DELAYS_SECONDS[0] + 1)
    assert deliver_due(services) == 0
    clock.go_on(seconds=RETRY_DELAYS_SECONDS[1])
    assert deliver_due(services) == 2
    idents = [r.headers["webhook-id"] for r in receiver.requests]
    assert len(idents) == 4
    assert len(set(idents)) == 2
    assert idents[0] == idents[1] == idents[2]
    for request in receiver.requests:
        _check(hooked, request)
    assert len({r.headers["webhook-timestamp"] for r in receiver.requests[:3]}) == 3
    log = member("ada").get(f"{HOOKS}1/").table("Every attempt")
    assert [row[3] for row in log[1:]] == ["answered 204", "answered 204", "answered 302", "answered 500"]


def test_a_receiver_that_never_takes_it_is_stopped_and_begun_again_without_a_gap(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    receiver.answers = [503] * (len(RETRY_DELAYS_SECONDS) + 1)
    _publish(member)
    for pause in (*RETRY_DELAYS_SECONDS, 0):
        deliver_due(services)
        services.clock.go_on(seconds=pause)  # type: ignore[attr-defined]
    assert len(receiver.requests) == len(RETRY_DELAYS_SECONDS) + 1
    services.clock.go_on(days=9)  # type: ignore[attr-defined]
    assert deliver_due(services) == 0
    ada = member("ada")
    assert "Webhook 1: stopped" in ada.get(f"{HOOKS}1/").heading
    _publish(member, effective_on="2025-04")
    member("ada").post(f"{HOOKS}1/switch/", action="begin")
    assert deliver_due(services) == 2
    assert "Webhook 1: runs" in member("ada").get(f"{HOOKS}1/").heading


def test_a_receiver_that_is_gone_is_asked_no_more(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    receiver.answers = [410]
    _publish(member)
    deliver_due(services)
    assert "stopped" in member("ada").get(f"{HOOKS}1/").heading


def test_a_webhook_is_stopped_by_an_administrator(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    ada = member("ada")
    ada.post(f"{HOOKS}1/switch/", action="stop")
    _publish(member)
    assert deliver_due(services) == 0
    assert receiver.requests == []
    assert "stopped" in ada.get(HOOKS).text


def test_several_workers_send_each_event_once_and_in_order(either: Services) -> None:
    either.settings = replace(either.settings, private_webhooks=True)
    story = Story(either)
    story.do(c.OpenRegister(REGISTER, origin="x"))
    with receiving() as receiver:
        for path in ("/first", "/second"):
            with either.accounts.work() as db:
                given = {"by": "ada", "after": either.views.position().count, "now": either.clock()}
                subscriptions.add_webhook(db, either.settings, REGISTER, receiver.address + path, **given)
        for n in range(6):
            story.do(c.NameBody(REGISTER, body=Body(id=f"body-{n}", name=f"Body {n}")))
        receiver.pause = 0.02
        done: list[int] = []
        threads = [threading.Thread(target=lambda: done.append(deliver_due(either))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        while taken := deliver_due(either):
            done.append(taken)
        assert sum(done) == 12
        for path in ("/first", "/second"):
            told = [r.json["data"]["event"]["body"]["id"] for r in receiver.requests if r.path == path]
            assert told == [f"body-{n}" for n in range(6)]


def test_a_register_that_is_not_open_sends_nothing_and_then_its_opening_first(
    services: Services, receiver: Receiver, tmp_path: Path, staff_app: Flask
) -> None:
    folder = write_small_bundle(tmp_path / "closed")
    (folder / "register.json").write_text((folder / "register.json").read_text().replace('"small"', '"closed"'))
    import_bundle(services, folder, ImportOptions())
    with services.accounts.work() as db:
        people.give_role(db, people.find_user(db, "person-ada"), "closed", StaffRole.ADMINISTRATOR)
    ada = Member(staff_app, "ada")
    ada.sign_in()
    ada.post("/staff/closed/webhooks/", url=receiver.address)
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    assert deliver_due(services) == 0
    services.execute(c.OpenRegister("closed", origin="x"), by="operator")
    assert deliver_due(services) == 1
    assert receiver.topics() == ["register.opened"]


def test_a_slow_receiver_is_hung_up_on_and_holds_up_no_other(
    services: Services, receiver: Receiver, hooked: str, member: Members, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outgoing_post, "REQUEST_TIMEOUT_SECONDS", 0.6)
    with socket.create_server(("127.0.0.1", 0)) as drip:
        stop = threading.Event()

        def answer() -> None:
            connection, _ = drip.accept()
            with connection:
                while not stop.wait(0.1):
                    try:
                        connection.sendall(b"H")
                    except OSError:
                        return

        threading.Thread(target=answer, daemon=True).start()
        _set_up(member("ada"), f"http://127.0.0.1:{drip.getsockname()[1]}/")
        _publish(member)
        began = time.monotonic()
        assert deliver_due(services) == 1
        assert time.monotonic() - began < 5
        stop.set()
    assert "no answer" in member("ada").get(f"{HOOKS}2/").text


def test_the_certificate_of_a_receiver_is_checked(
    services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, pem = certificate(tmp_path)
    with receiving(context) as receiver:
        with pytest.raises(outgoing_post.Undeliverable, match="SSLCertVerificationError"):
            outgoing_post.post(receiver.address, b"{}", {}, private=True)
        monkeypatch.setenv("SSL_CERT_FILE", str(pem))
        assert outgoing_post.post(f"{receiver.address}/x", b"{}", {}, private=True).status == 204
        assert receiver.requests[0].path == "/x"


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("", "cannot be used: an address begins with https://"),
        ("http://93.184.216.34/", "cannot be used: an address begins with https://"),
        ("https://user:pass@93.184.216.34/", "has no spaces, no password"),
        ("https://93.184.216.34/#x", "cannot be used"),
        ("https://93.184.216.34:99999/", "cannot be used"),
        ("https://[::1", "cannot be used"),
        ("file:///etc/passwd", "cannot be used"),
        ("https://example.org/\r\nX: y", "cannot be used"),
        ("https://127.0.0.1/", "is in a private network"),
        ("https://localhost/", "is in a private network"),
        ("https://2130706433/", "is in a private network"),
        ("https://169.254.169.254/latest/meta-data", "is in a private network"),
        ("https://10.1.2.3/", "is in a private network"),
        ("https://[::ffff:127.0.0.1]/", "is in a private network"),
        ("https://[fd00::1]/", "is in a private network"),
        ("https://0.0.0.0/", "is in a private network"),
        ("https://nowhere.invalid/", "The host name in"),
    ],
)
def test_an_address_to_which_nothing_may_be_sent_is_refused(member: Members, url: str, sentence: str) -> None:
    answer = member("ada").post(HOOKS, url=url)
    assert answer.status_code == 400
    assert sentence in answer.text
    assert "whsec_" not in answer.text
    assert "There are none yet." in answer.text


def test_a_name_that_changes_its_mind_is_not_followed_into_the_network(
    services: Services, receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Public when it was set up, private when it is used; and resolved once for checking and connecting."""
    port = int(receiver.address.rpartition(":")[2])
    asked: list[str] = []

    def resolve(host: str, *_args: Any, **_more: Any) -> list[Any]:
        asked.append(host)
        address = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(http_client.socket, "getaddrinfo", resolve)
    outgoing_post.check_url("https://rebinds.example.org/", private=False)
    with pytest.raises(outgoing_post.Undeliverable, match="private"):
        outgoing_post.post("https://rebinds.example.org/", b"{}", {}, private=False)
    assert asked == ["rebinds.example.org"] * 2
    assert receiver.requests == []


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True), ("2606:2800:220:1::1", True), ("64:ff9b::5db8:d822", True),
        ("100.64.0.1", False), ("172.16.0.1", False), ("192.0.2.1", False), ("224.0.0.1", False), ("240.0.0.1", False),
        ("64:ff9b::7f00:1", False), ("2002:7f00:1::", False), ("fe80::1", False), ("::", False), ("ff02::1", False),
    ],
)  # fmt: skip
def test_an_address_is_public_or_not(address: str, public: bool) -> None:
    assert http_client.is_public(address) is public


def test_the_secret_is_shown_once_and_kept_in_no_table(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    ada = member("ada")
    assert "whsec_" not in ada.get(HOOKS).text
    assert "whsec_" not in ada.get(f"{HOOKS}1/").text
    raw = base64.b64decode(hooked.removeprefix("whsec_"))
    with services.accounts.work() as db:
        kept = [str(row) for table in Base.metadata.sorted_tables for row in db.execute(table.select())]
    assert not any(hooked[6:] in row or raw.hex() in row or repr(raw) in row for row in kept)
    again = ada.post(HOOKS, url=f"{receiver.address}/hook?key=1")
    assert "There is already a webhook to this address." in again.text
    ada.get(f"{HOOKS}9/", status=404)


def test_the_log_of_deliveries_forgets_after_ninety_days(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    _publish(member)
    deliver_due(services)
    services.clock.go_on(days=91)  # type: ignore[attr-defined]
    _publish(member, effective_on="2025-04")
    deliver_due(services)
    assert len(member("ada").get(f"{HOOKS}1/").table("Every attempt")) == 2


def test_a_turn_lasts_longer_than_a_request() -> None:
    assert min(RETRY_DELAYS_SECONDS) > outgoing_post.REQUEST_TIMEOUT_SECONDS * 3


def test_what_a_worker_left_when_it_died_is_sent_when_its_turn_is_over(
    services: Services, receiver: Receiver, hooked: str, member: Members
) -> None:
    _publish(member)
    with services.accounts.work() as db:
        (hook,) = subscriptions.webhooks_of(db, "small")
    assert delivery._claim_turn(services, hook)
    assert deliver_due(services) == 0
    services.clock.go_on(seconds=RETRY_DELAYS_SECONDS[0])  # type: ignore[attr-defined]
    assert deliver_due(services) == 1
    assert len(receiver.requests) == 1
