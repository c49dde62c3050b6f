"""Every computed sentence says what the API gives at the same pair of times, and how far the evidence reaches."""

import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from html import unescape
from typing import Any

import openpyxl
import pytest
from flask.testing import FlaskClient

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.entrypoints.public import link_pictures
from app.presentation.i18n.labels import STATUS
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.container import Services
from domain import commands as c
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from tests.support.clock import Clock
from tests.support.repository import ROOT
from tests.support.story import assessment

REGISTER, EVIDENCE_TO = "dprk-enablers", "2026-02-26"
REACH = "On the evidence up to 26 February 2026."
TIMES = [
    {},
    {"as_of": "2026-02-26"},
    {"as_of": "2026-02-27"},
    {"as_of": "2024-02-17"},
    {"as_of": "2023-09-14"},
    {"as_of": "2010-01-01"},
    {"as_of": "2026-11-20", "known_at": "2026-11-28T12:00:00Z"},
]


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The demo register, opened two days after its evidence was brought in."""
    clock = Clock(datetime(2026, 11, 28, tzinfo=UTC))
    folder = tmp_path_factory.mktemp("sentences")
    services = build_services(Settings(data_dir=folder, database_url=""), create=True, clock=clock)
    import_bundle(services, ROOT / "registers" / REGISTER, ImportOptions(approve_cards="cem"))
    services.execute(c.OpenRegister(REGISTER, origin="x"), by="ana")
    clock.go_on(days=2)
    yield create_app(services).test_client()
    services.close()


def api(client: FlaskClient, times: dict[str, str]) -> dict[str, Any]:
    answer: dict[str, Any] | None = client.get(f"/api/v1/registers/{REGISTER}/scorecard", query_string=times).json
    assert answer is not None
    return answer


def text_of(html: str, tag: str) -> str:
    found = re.search(rf"<{tag}[^>]*>(.*?)</{tag}>", html, re.DOTALL)
    assert found
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).split())


def is_beyond(times: dict[str, str]) -> bool:
    return times.get("as_of", "9999") > EVIDENCE_TO


def says_the_buckets(sentence: str, answer: dict[str, Any]) -> None:
    for bucket, words in (("done", "done"), ("under_way", "under way"), ("not_done", "not done")):
        found = re.search(rf"(\d+) (?:is|are|was|were) {words}", sentence)
        assert found
        assert int(found[1]) == answer["buckets"][bucket]


def says_the_conditions(sentence: str, answer: dict[str, Any]) -> None:
    """How many of those under way have which motion, and how many are overdue."""
    rows = answer["recommendations"]
    motions = Counter(r["motion"] for r in rows if UPTAKE_2026_1.bucket(r["status"]) == "under_way")
    for motion in ("stalled", "regressing", "advancing"):
        found = re.search(rf"(\d+) (?:is|are|was|were) {motion}", sentence)
        assert (int(found[1]) if found else 0) == motions[motion]
    some = re.search(r"(\d+) of the (\d+) with a deadline (?:is|are|was|were) overdue", sentence)
    every = re.search(r"(?:All|The) (\d+) with a deadline (?:is|are|was|were) overdue", sentence)
    numbers = (some[1], some[2]) if some else (every[1], every[1]) if every else ("0", "0")
    assert tuple(map(int, numbers)) == (answer["due"]["overdue"], answer["due"]["with_deadline"])


@pytest.mark.parametrize("times", TIMES, ids=lambda t: t.get("as_of", "today"))
def test_the_scorecard(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, times: dict[str, str]) -> None:
    answer, is_empty = api(client, times), not api(client, times)["recommendations"]
    pictures: list[tuple[str, ...]] = []
    monkeypatch.setattr(link_pictures, "draw_preview", lambda *texts, **_: pictures.append(texts) or b"")
    client.get(f"/{REGISTER}/card.png", query_string=times)
    ((_name, words, _foot, _blocks, under),) = pictures
    page = client.get(f"/{REGISTER}/", query_string=times).text
    frame = client.get(f"/{REGISTER}/embed/", query_string=times).text
    described = re.search(r'property="og:description" content="([^"]*)"', page)
    assert described
    for sentence in (text_of(page, "h1"), described[1], f"{words} {under}"):
        if is_empty:
            assert not re.search(r"\b(done|stalled|overdue)\b", sentence)
            continue
        says_the_buckets(sentence, answer)
        says_the_conditions(sentence, answer)
        assert (REACH in sentence) == is_beyond(times)
    if not is_empty:
        says_the_buckets(text_of(frame, "h1"), answer)
    assert (REACH in text_of(frame, "main")) == is_beyond(times)


@pytest.mark.parametrize("times", TIMES, ids=lambda t: t.get("as_of", "today"))
def test_badges_citations_and_feeds(client: FlaskClient, times: dict[str, str]) -> None:
    answer = api(client, times)
    badge = text_of(client.get(f"/{REGISTER}/badge.svg", query_string=times).text, "title")
    assert f"{answer['buckets']['done']} of {answer['rated']} done" in badge
    assert ("evidence to 26 Feb 2026" in badge) == is_beyond(times)
    for form in ("bib", "ris", "json"):
        assert (REACH in client.get(f"/{REGISTER}/cite.{form}", query_string=times).text) == is_beyond(times)
    page = client.get(f"/{REGISTER}/", query_string=times).text
    cited = re.search(r'<div class="cite">\s*<p>(.*?)</p>', page, re.DOTALL)
    assert cited
    assert (REACH in re.sub(r"<[^>]+>", "", cited[1])) == is_beyond(times)
    for form in ("atom", "json"):
        assert REACH in client.get(f"/{REGISTER}/changes.{form}").text, "a feed is about today"


@pytest.mark.parametrize("times", TIMES, ids=lambda t: t.get("as_of", "today"))
def test_each_recommendation(client: FlaskClient, monkeypatch: pytest.MonkeyPatch, times: dict[str, str]) -> None:
    pictures: list[tuple[str, str]] = []
    monkeypatch.setattr(
        link_pictures, "draw_preview", lambda *texts, **more: pictures.append((more["status"][1], texts[4])) or b""
    )
    for row in api(client, times)["recommendations"][::3]:
        address = f"/{REGISTER}/recommendations/{row['id']}"
        page = client.get(f"{address}/", query_string=times).text
        first = re.search(r'<div class="standing">(.*?)</div>', page, re.DOTALL)
        assert first
        said, status = " ".join(re.sub(r"<[^>]+>", " ", first[1]).split()), str(STATUS[row["status"]])
        assert said.startswith(status)
        assert (REACH[:-1] in said) == is_beyond(times)
        assert ("overdue since" in said) == bool(row["due"] and row["due"]["state"] == "overdue")
        assert (f"Confidence {row['confidence']}" in said) == bool(row["confidence"])
        motion = re.search(r"Direction (?!of )(\w+)", said)
        assert (motion[1] if motion else None) == row["motion"]
        of_part = re.search(r"Direction of the deciding parts?: (\w+)", said)
        assert of_part is None or of_part[1] in {e["motion"] for e in row["elements"]}
        frame = client.get(f"{address}/embed/", query_string=times).text
        badge = text_of(client.get(f"{address}/badge.svg", query_string=times).text, "title")
        citation = client.get(f"{address}/cite.ris", query_string=times).text
        client.get(f"{address}/card.png", query_string=times)
        shown_large, picture = pictures[-1]
        for text in (text_of(frame, "main"), badge, citation, shown_large):
            assert status in text
        assert (REACH in picture, REACH in text_of(frame, "main"), REACH in citation) == (is_beyond(times),) * 3
        assert ("evidence to 26 Feb 2026" in badge) == is_beyond(times)


def test_the_list_to_print_has_the_direction_of_the_deciding_parts(client: FlaskClient) -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/{REGISTER}/recommendations.xlsx").data)).active
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    place = next(row for row in rows if "Direction" in row).index("Direction")
    (pledge,) = (row for row in rows if row[0] == "Deliver the Camp David pledge on North Korea")
    page = client.get(f"/{REGISTER}/recommendations/trilateral-commitment/").text
    assert "Direction of the deciding parts: stalled" in " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert pledge[place] == "stalled"


def test_the_statement_is_of_a_part_that_decides_and_data_stay_as_they_were(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The part that began the status was set aside later: it no longer says where the whole is."""
    decides = "Pyongyang declined every recommendation from Seoul in its UN review"
    pictures: list[str] = []
    monkeypatch.setattr(link_pictures, "draw_preview", lambda *texts, **_: pictures.append(texts[4]) or b"")
    address = f"/{REGISTER}/recommendations/trilateral-commitment/"
    client.get(f"{address}card.png")
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(f"/{REGISTER}/recommendations.xlsx").data)).active
    (pledge,) = (
        row for row in sheet.iter_rows(values_only=True) if row[0] == "Deliver the Camp David pledge on North Korea"
    )
    where, why = pledge[-3:-1]
    page = client.get(address).text
    status = " ".join(re.sub(r"<[^>]+>", " ", page[page.index('class="statement"') :]).split())
    for text in (
        status[: status.index("Direction")],
        text_of(client.get(f"{address}embed/").text, "main"),
        *pictures,
        where,
    ):
        assert "Resolve the issue of unrepatriated prisoners of war" in text and decides in text
        assert "set its unification doctrine aside" not in text
    assert why.startswith("Part “Resolve the issue of unrepatriated prisoners of war”: ")
    (row,) = (r for r in api(client, {})["recommendations"] if r["id"] == "trilateral-commitment")
    assert "set its unification doctrine aside" in row["statement"]


def test_themes_and_bodies(client: FlaskClient) -> None:
    for path in ("themes/envoys", "bodies/us-state", "bodies/", "themes/"):
        assert REACH in text_of(client.get(f"/{REGISTER}/{path.rstrip('/')}/").text, "h1"), path


def test_pictures_say_what_their_pages_say(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    pictures: list[str] = []
    monkeypatch.setattr(
        link_pictures, "draw_preview", lambda *texts, **_: pictures.append(f"{texts[1]} {texts[4]}") or b""
    )
    for path in ("themes/envoys/", "bodies/us-state/", "bodies/un-security-council/", "compare/"):
        for times in ({}, {"as_of": "2024-02-17"}) if path != "compare/" else ({}, {"from": "2023-09-14"}):
            page = client.get(f"/{REGISTER}/{path}", query_string=times)
            named = re.search(r'property="og:image" content="http://[^/]+([^"]+)"', page.text)
            assert named
            assert client.get(unescape(named[1])).status_code == 200
            assert pictures[-1].split() == text_of(page.text, "h1").split(), path


def test_a_status_on_later_evidence_is_not_called_searched_to_an_earlier_day(small: Services) -> None:
    """The register was searched up to a day; one status rests on what came later."""
    client = create_app(small).test_client()
    address = "/small/recommendations/talks/"
    assert "On the evidence up to 2 January 2026." in text_of(client.get(address).text, "main")
    proposed = small.execute(
        c.ProposeAssessment(
            "small", recommendation="talks", assessment=assessment(effective_on="2026-02-20", evidence=("oath",))
        ),
        by="ana",
    )
    small.execute(c.PublishAssessment("small", recommendation="talks", assessment=proposed), by="ben")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    for path in (address, f"{address}embed/"):
        assert "On the evidence up to" not in text_of(client.get(path).text, "main"), path
    assert "evidence to" not in client.get(f"{address}badge.svg").text
    assert "On the evidence up to" not in client.get(f"{address}cite.ris").text
