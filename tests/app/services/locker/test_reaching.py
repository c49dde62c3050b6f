"""The server asks the outside world and never its own network, with real servers and names that change their mind."""

import socket
import threading
import time
from collections.abc import Iterator

import pytest

from app.adapters.fetcher import AddressNotAllowed, Fetcher, NoAnswer
from app.adapters.http_client import is_public
from tests.support.sites import Site, drip, drip_body, reach, site

LARGEST = 1000


@pytest.fixture
def outside() -> Iterator[Site]:
    """A site at an address that counts as public here."""
    with site("127.0.0.2") as made:
        yield made


@pytest.fixture
def inside() -> Iterator[Site]:
    """A private site that must not be reachable through the fetcher."""
    with site("127.0.0.1") as made:
        made.show("/secret", b"the secret")
        yield made


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fe80::1%eth0", "fc00::1",
        "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::127.0.0.1", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "2002:7f00:1::",
        "2002:a00:1::1", "2001:db8::1", "2001::1", "localhost", "", "0x7f.1", "127.1",
    ],
)  # fmt: skip
def test_an_address_of_ours_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address", ["93.184.216.34", "2606:2800:220:1::1", "::ffff:93.184.216.34", "64:ff9b::5db8:d822"]
)
def test_an_address_of_the_internet_is_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "0x7f000001", "2130706433", "127.1", "0"])
def test_no_way_of_writing_loopback_reaches_a_real_server(inside: Site, host: str) -> None:
    with pytest.raises((AddressNotAllowed, NoAnswer)):
        Fetcher(ports=[inside.port]).get(f"http://{host}:{inside.port}/secret", LARGEST)
    assert inside.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "http://", "https:///x", "//example.org/", "javascript:x",
        "http://user:secret@outside.example/", "http://[::1/", "http://outside.example:99999/", "http://outside.example:22/",
        "http://" + "ü" * 80 + ".example/",
    ],
)  # fmt: skip
def test_what_is_no_address_of_the_web_is_not_asked(outside: Site, url: str) -> None:
    with pytest.raises(AddressNotAllowed):
        reach({"outside.example": ["127.0.0.2"]}, outside).get(url, LARGEST)
    assert outside.asked == []


def test_a_page_is_read_under_its_own_name(outside: Site) -> None:
    outside.show("/a?b=%EC%9D%BC", b"words", Content_Type="text/html; charset=EUC-KR")
    found = reach({"outside.example": ["127.0.0.2"]}, outside).get(
        f"http://outside.example:{outside.port}/a?b=일#c", LARGEST
    )
    assert (found.status, found.content, found.charset, found.moved_to) == (200, b"words", "euc-kr", "")
    assert outside.hosts == [f"outside.example:{outside.port}"]


def test_every_hop_of_a_redirect_is_judged(outside: Site, inside: Site) -> None:
    names = {"outside.example": ["127.0.0.2"], "inside.example": ["127.0.0.1"]}
    for n, target in enumerate(
        (f"http://127.0.0.1:{inside.port}/secret", f"http://inside.example:{inside.port}/secret", "file:///etc/passwd")
    ):
        outside.show(f"/{n}", b"", 302, Location=f"/{n}/again")
        outside.show(f"/{n}/again", b"", 301, Location=target)
        with pytest.raises(AddressNotAllowed):
            reach(names, outside, inside).get(f"http://outside.example:{outside.port}/{n}", LARGEST)
        assert f"/{n}/again" in outside.asked
    assert inside.asked == []


def test_a_name_that_changes_its_mind_is_taken_at_its_first_word(outside: Site, inside: Site) -> None:
    answers = [["127.0.0.2"], ["127.0.0.1"], ["127.0.0.1"]]
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return answers[len(asked) - 1]

    fickle = Fetcher(resolve, lambda a: a == "127.0.0.2", [outside.port, inside.port], 5)
    outside.show("/", b"outside")
    assert fickle.get(f"http://fickle.example:{outside.port}/", LARGEST).content == b"outside"
    assert asked == ["fickle.example"], "asked once: the connection goes to the address that was judged"
    with pytest.raises(AddressNotAllowed):
        fickle.get(f"http://fickle.example:{inside.port}/secret", LARGEST)
    assert inside.asked == []


def test_a_name_that_changes_its_mind_between_hops_is_judged_again(outside: Site) -> None:
    answers = iter([["127.0.0.2"], ["127.0.0.1"]])
    outside.show("/", b"", 302, Location="/again")
    fickle = Fetcher(lambda _h, _p: next(answers), lambda a: a == "127.0.0.2", [outside.port], 5)
    with pytest.raises(AddressNotAllowed):
        fickle.get(f"http://fickle.example:{outside.port}/", LARGEST)
    assert outside.asked == ["/"]


def test_one_bad_address_among_good_ones_is_enough(outside: Site) -> None:
    with pytest.raises(AddressNotAllowed, match="is not on the public internet"):
        reach({"both.example": ["127.0.0.2", "127.0.0.1"]}, outside).get(
            f"http://both.example:{outside.port}/", LARGEST
        )
    assert outside.asked == []


def test_redirects_end_somewhere(outside: Site) -> None:
    outside.show("/round", b"", 302, Location="/round")
    with pytest.raises(NoAnswer, match="more than 5 times"):
        reach({}, outside).get(f"http://127.0.0.2:{outside.port}/round", LARGEST)
    assert len(outside.asked) == 6


def test_only_lasting_redirects_say_where_a_page_moved(outside: Site) -> None:
    at = f"http://127.0.0.2:{outside.port}"
    outside.show("/old", b"", 301, Location="/new")
    outside.show("/new", b"", 302, Location="/today")
    outside.show("/today")
    found = reach({}, outside).get(f"{at}/old", LARGEST)
    assert (found.url, found.moved_to) == (f"{at}/today", f"{at}/new")
    assert reach({}, outside).get(f"{at}/new", LARGEST).moved_to == ""


def test_no_more_is_read_than_was_asked_for(outside: Site) -> None:
    outside.show("/long", b"a" * 5000)
    outside.show("/packed", b"\x1f\x8b", Content_Encoding="gzip")
    found = reach({}, outside).get(f"http://127.0.0.2:{outside.port}/long", LARGEST)
    assert (len(found.content), found.whole) == (LARGEST, False)
    with pytest.raises(NoAnswer, match="compressed"):
        reach({}, outside).get(f"http://127.0.0.2:{outside.port}/packed", LARGEST)


@pytest.mark.parametrize("way", [drip, drip_body])
def test_an_answer_that_drips_is_cut_off(outside: Site, way: object) -> None:
    outside.pages["/slow"] = way  # type: ignore[assignment]
    began = time.monotonic()
    with pytest.raises(NoAnswer, match="within 1 seconds"):
        reach({}, outside, seconds=0.6).get(f"http://127.0.0.2:{outside.port}/slow", LARGEST)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_server_that_says_nothing_is_given_up(scheme: str) -> None:
    with socket.socket() as mute:
        mute.bind(("127.0.0.2", 0))
        mute.listen()
        port = mute.getsockname()[1]
        held: list[socket.socket] = []
        threading.Thread(target=lambda: held.append(mute.accept()[0]), daemon=True).start()
        began = time.monotonic()
        with pytest.raises(NoAnswer):
            Fetcher(lambda h, _p: [h], lambda _a: True, [port], 0.5).get(f"{scheme}://127.0.0.2:{port}/", LARGEST)
        assert time.monotonic() - began < 3
        for wire in held:
            wire.close()


def test_a_server_that_does_not_speak_the_web_is_silent() -> None:
    with socket.socket() as odd:
        odd.bind(("127.0.0.2", 0))
        odd.listen()
        port = odd.getsockname()[1]

        def answer() -> None:
            wire, _ = odd.accept()
            wire.sendall(b"220 mail ready\r\n")
            wire.close()

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(NoAnswer):
            Fetcher(lambda h, _p: [h], lambda _a: True, [port], 5).get(f"http://127.0.0.2:{port}/", LARGEST)
