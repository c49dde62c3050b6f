"""Checkpoints are public: each as a file, in a paged list and in a feed, with the cosignatures of witnesses."""

from xml.etree import ElementTree as Xml

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from werkzeug.test import Client

from app.adapters.jobs_db.tables import open_jobs
from app.bootstrap.flask_app import create_app
from app.entrypoints.http.front_cache import FrontCache
from app.services.container import Services
from app.services.transparency import checkpoints
from app.services.transparency.cosignatures import cosign, cosignature_times
from app.services.transparency.signed_notes import COSIGNATURE, Verifier, open_note, parse_note
from app.services.transparency.signing_keys import checkpoint_key, mark_compromised, signing_key
from domain.times import written
from tests.support.pages import Browser

ATOM = "{http://www.w3.org/2005/Atom}"


def test_each_checkpoint_is_a_file_and_the_list_has_pages(small: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    on_a_page, in_the_feed = 7, 3
    monkeypatch.setattr("app.entrypoints.public.checkpoints.ON_A_PAGE", on_a_page)
    monkeypatch.setattr("app.entrypoints.public.checkpoints.IN_THE_FEED", in_the_feed)
    browser, jobs = Browser(create_app(small).test_client()), open_jobs(small.settings)
    assert "There is no checkpoint yet" in browser.get("/verify/checkpoints/").text
    assert create_app(small).test_client().get("/verify/checkpoint").status_code == 404
    count = small.catch_up().count
    sizes = range(count - on_a_page, count + 1)
    for size in sizes:
        assert checkpoints.make_checkpoint(small, jobs, size)
    client = create_app(small).test_client()
    first, second = (client.get(f"/verify/checkpoints/{query}").text for query in ("", "?page=2"))
    assert f'href="/verify/checkpoints/{count}"' in first
    assert f'href="/verify/checkpoints/{sizes[0]}"' in second
    assert f'href="/verify/checkpoints/{sizes[0]}"' not in first
    assert "Page 2 of 2" in browser.get("/verify/checkpoints/?page=2").text
    assert client.get("/verify/checkpoints/?page=3").status_code == 400
    log = checkpoint_key(small.settings).verifier
    for size in (sizes[0], count):
        answer = client.get(f"/verify/checkpoints/{size}")
        assert answer.mimetype == "text/plain"
        assert open_note(answer.text, [log]).size == size
    assert client.get("/verify/checkpoint").text == answer.text
    assert client.get("/verify/checkpoints/999999").status_code == 404
    feed = Xml.fromstring(client.get("/verify/checkpoints.atom").data)
    assert len(feed.findall(f"{ATOM}entry")) == in_the_feed
    assert (feed.findtext(f"{ATOM}entry/{ATOM}summary") or "").startswith(f"{log.name}\n{count}\n")
    jobs.dispose()


def test_programs_read_all_checkpoints_in_pages(small: Services) -> None:
    """A page continues below the last size, so a checkpoint that is made meanwhile moves nothing."""
    client, jobs, key = create_app(small).test_client(), open_jobs(small.settings), Ed25519PrivateKey.generate()
    address, log = "/api/v1/checkpoints", checkpoint_key(small.settings).verifier
    assert client.get(address).json == {"checkpoints": [], "next": None}
    count = small.catch_up().count
    for size in range(count - 5, count):
        assert checkpoints.make_checkpoint(small, jobs, size)
    text = checkpoints.bare_note(jobs, count - 1).split("\n\n")[0] + "\n"
    witness = Verifier("w.example", key.public_key().public_bytes_raw(), COSIGNATURE)
    line = cosign(text, witness.name, key, 1_770_000_000)
    checkpoints.add_cosignature(jobs, count - 1, witness, line, small.clock())
    page = client.get(f"{address}?limit=2").json
    checkpoints.make_checkpoint(small, jobs, count)
    read = []
    while page:
        read += page["checkpoints"]
        page = page["next"] and client.get(f"{address}?limit=2&cursor={page['next']}").json
    assert [c["size"] for c in read] == list(range(count - 1, count - 6, -1))
    assert [open_note(c["note"], [log]).size for c in read] == [c["size"] for c in read]
    assert [c["cosignatures"] for c in read] == [1, 0, 0, 0, 0]
    assert "— w.example " in read[0]["note"]
    assert {c["made_at"] for c in read} == {written(small.clock())}
    newest = client.get(f"{address}?limit=1")
    assert newest.json and newest.json["checkpoints"][0]["size"] == count
    assert newest.headers["Cache-Control"] == client.get("/api/v1/checkpoint").headers["Cache-Control"]
    for wrong in ("limit=0", "limit=1001", "cursor=x", "page=2"):
        assert client.get(f"{address}?{wrong}").status_code == 400, wrong
    jobs.dispose()


def test_cosignatures_are_served_with_their_checkpoint(small: Services) -> None:
    jobs, key = open_jobs(small.settings), Ed25519PrivateKey.generate()
    witness = Verifier("w.example", key.public_key().public_bytes_raw(), COSIGNATURE)
    note = checkpoints.make_checkpoint(small, jobs)
    assert note
    checkpoint = parse_note(note)[0]
    client = create_app(small).test_client()
    for seconds in (1_770_000_000, 1_770_000_009):
        line = cosign(checkpoint.text, witness.name, key, seconds)
        checkpoints.add_cosignature(jobs, checkpoint.size, witness, line, small.clock())
    for path in (f"/verify/checkpoints/{checkpoint.size}", "/verify/checkpoint"):
        assert cosignature_times(client.get(path).text, [witness]) == {witness: 1_770_000_000}
    answer = client.get("/api/v1/checkpoint").json
    assert answer
    assert answer["note"].startswith(f"{note}— w.example ")
    jobs.dispose()


def test_the_cache_in_front_does_not_hide_a_new_checkpoint_or_a_compromised_key(small: Services) -> None:
    """Neither is an entry of the record, so nothing would empty the cache."""
    front, jobs = Client(FrontCache(create_app(small), small.public_state)), open_jobs(small.settings)
    address = small.settings.base_url
    keys = "/.well-known/uptake-keys.json"
    paths = ("/verify/", "/api/v1/checkpoint", "/api/v1/checkpoints", keys)
    count = small.catch_up().count
    checkpoints.make_checkpoint(small, jobs, count - 1)
    before = {path: front.get(path, base_url=address).text for path in paths}
    checkpoints.make_checkpoint(small, jobs, count)
    mark_compromised(small.settings, signing_key(small.settings).verifier.fingerprint, small.clock())
    for path, text in before.items():
        assert front.get(path, base_url=address).text != text, path
    jobs.dispose()
