"""For any register, day and instant, what the headlines of public pages say is what the API gives."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from app.adapters.settings import Settings
from app.bootstrap.container import build_services
from app.bootstrap.flask_app import create_app
from app.services.bundles.importing import ImportOptions, import_bundle
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from tests.support.bundles import write_small_bundle
from tests.support.clock import Clock
from tests.support.repository import ROOT

OPENED, LAST_DAY = datetime(2026, 11, 28, tzinfo=UTC), date(2026, 11, 30)
"""Three days after the opening, which are not over yet in every time zone."""
EVIDENCE_TO = {"dprk-enablers": "2026-02-26"}
"""Of the demo register; the others have the small register's."""
TODAY_IN_NEW_YORK = date(2026, 11, 30)
"""Today in the time zone of the demo register; in that of the others it is a day later."""
PRESENT = r"\b(?:is|are|has|have|match|matches|shares)\b"
REGISTERS = ("dprk-enablers", "small", "one", "all-done", "window")
THEMES = {"dprk-enablers": ["envoys", "sanctions-and-trade", "united-nations"], "one": ["laws"]}
BODIES = {"dprk-enablers": ["us-state", "united-nations", "prc", "rok", "us-congress"], "one": ["senate", "state"]}
HEADLINE = {"done": "done", "under_way": "under way", "not_done": "not done", "not_rated": "not rated"}
MOVES = {
    "up": "moved up",
    "down": "moved down",
    "reversed": "(?:was|were) reversed",
    "level": "changed without moving up or down",
    "added": "(?:is|are) new on the scorecard",
    "removed": "left the scorecard",
    "unchanged": "did not change",
}
QUICK = settings(max_examples=25)
registers = st.sampled_from(REGISTERS)
days = st.one_of(
    st.dates(date(2023, 1, 1), LAST_DAY),
    st.sampled_from([date(2023, 9, 14), date(2023, 10, 13), date(2026, 1, 2), date(2026, 2, 26), date(2026, 2, 27)]),
)
instants = st.one_of(
    st.none(), st.integers(1, 72).map(lambda hours: (OPENED + timedelta(hours=hours)).strftime("%Y-%m-%dT%H:%M:%SZ"))
)


def _small(folder: Path, ident: str, keep: str = "", status: str = "") -> Path:
    """The small register under another id: with some recommendations only, or one status of the law."""
    write_small_bundle(folder)
    entry = json.loads((folder / "register.json").read_text("utf-8"))
    (folder / "register.json").write_text(json.dumps(entry | {"id": ident}), "utf-8")
    for file in folder.glob("*.csv"):
        header, *lines = file.read_text("utf-8").splitlines()
        if keep:
            wrong = {"post", "law", "talks"} - {keep}
            lines = [row for row in lines if not any(re.search(rf"(?:^|[,;]){w}(?=[,;])", row) for w in wrong)]
        if status and file.name == "assessments.csv":
            lines = [status]
        if status and file.name == "withdrawals.csv":
            lines = []
        file.write_text("\n".join([header, *lines]) + "\n", "utf-8", newline="")
    return folder


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    folder, clock = tmp_path_factory.mktemp("any-day"), Clock(OPENED - timedelta(days=1))
    services = build_services(Settings(data_dir=folder / "data", database_url="", trial=True), create=True, clock=clock)
    done = 'a,law,,implemented,2024-03-01,first_assessment,,,high,"Done.",,oath;story,ana,ben,,,,'
    window = (
        'w,post,kept,in_effect,2024-10-13,first_assessment,,,,"In force.",,oath;story,ana,ben,,2023-10-13,2026-12-31,'
    )
    bundles = [
        ROOT / "registers" / "dprk-enablers",
        write_small_bundle(folder / "small"),
        _small(folder / "one", "one", keep="law"),
        _small(folder / "all-done", "all-done", keep="law", status=done),
        _small(folder / "window", "window", keep="post", status=window),
    ]
    for bundle in bundles:
        import_bundle(services, bundle, ImportOptions(approve_cards="cem"))
    clock.go_on(days=1)
    for ident in REGISTERS:
        services.execute(c.OpenRegister(ident, origin="x"), by="ana")
    clock.go_on(seconds=1)
    freeze_review(services, "dprk-enablers", "report", by="ana", as_of="2025-09-14")
    clock.go_on(days=3)
    yield create_app(services).test_client()
    services.close()


def times_of(day: date, known_at: str | None) -> dict[str, str]:
    return {"as_of": day.isoformat()} | ({"known_at": known_at} if known_at else {})


def headline(client: FlaskClient, path: str, times: dict[str, str]) -> str:
    response = client.get(path, query_string=times)
    found = re.search(r"<h1[^>]*>(.*?)</h1>", response.text, re.DOTALL)
    assert response.status_code == 200 and found, path
    return " ".join(re.sub(r"<[^>]+>", "", found[1]).replace("\xa0", " ").split())


def answer(client: FlaskClient, path: str, times: dict[str, str]) -> dict[str, Any]:
    response = client.get(f"/api/v1/registers/{path}", query_string=times)
    assert response.status_code == 200, response.text
    content: dict[str, Any] = response.json
    return content


def says(sentence: str, words: str, *, verbs: str = "was|were") -> int:
    """The number before some words; 0 if it is not said."""
    found = re.search(rf"(\d+) (?:{verbs}) {words}", sentence)
    return int(found[1]) if found else 0


def verbs_of(register: str, day: date, known_at: str | None) -> str:
    """The verbs about a day: of the present on pages of today that are not pinned."""
    is_today = register == "dprk-enablers" and day == TODAY_IN_NEW_YORK and not known_at
    return "is|are" if is_today else "was|were"


def says_the_rows(sentence: str, rows: list[dict[str, Any]], *, verbs: str = "was|were") -> None:
    """The buckets, those reversed, and the motions of those under way, in the tense of the day."""
    if verbs == "was|were":
        assert not re.search(PRESENT, sentence)
    buckets = Counter(UPTAKE_2026_1.bucket(row["status"]).value for row in rows)
    assert {name: says(sentence, words, verbs=verbs) for name, words in HEADLINE.items()} == {
        name: buckets[name] for name in HEADLINE
    }
    reversed_ones = re.search(r"(\d+) of those not done (?:was|were|had been) reached before", sentence)
    assert (int(reversed_ones[1]) if reversed_ones else 0) == sum(row["status"] == "reversed" for row in rows)
    motions = Counter(row["motion"] for row in rows if UPTAKE_2026_1.bucket(row["status"]) == "under_way")
    for motion in ("stalled", "regressing", "advancing"):
        assert says(sentence, motion, verbs=verbs) == motions[motion]


def says_how_far_the_evidence_reaches(sentence: str, register: str, day: date) -> None:
    last = date.fromisoformat(EVIDENCE_TO.get(register, "2026-01-02"))
    reach = f"On the evidence up to {last.day} {last:%B %Y}."
    assert (reach in sentence) == (day > last)


@given(register=registers, day=days, known_at=instants)
@QUICK
def test_a_scorecard(client: FlaskClient, register: str, day: date, known_at: str | None) -> None:
    times = times_of(day, known_at)
    rows = answer(client, f"{register}/scorecard", times)["recommendations"]
    sentence = headline(client, f"/{register}/", times)
    if not rows:
        assert sentence == f"Nothing had been recommended yet on {day.day} {day:%B %Y}."
        return
    assert re.match(rf"Of {len(rows)} recommendations?, ", sentence)
    says_the_rows(sentence, rows, verbs=verbs_of(register, day, known_at))
    says_how_far_the_evidence_reaches(sentence, register, day)
    due = answer(client, f"{register}/scorecard", times)["due"]
    overdue = re.search(r"(\d+) (?:of the (\d+) )?with a deadline (?:is|are|was|were) overdue", sentence)
    said = (int(overdue[1]), int(overdue[2] or overdue[1])) if overdue else (0, 0)
    assert said == (due["overdue"], due["with_deadline"])


@given(register=registers, day=days, known_at=instants, data=st.data())
@QUICK
def test_a_theme(client: FlaskClient, register: str, day: date, known_at: str | None, data: st.DataObject) -> None:
    theme, times = data.draw(st.sampled_from(THEMES.get(register, ["offices", "laws"]))), times_of(day, known_at)
    rows = [r for r in answer(client, f"{register}/scorecard", times)["recommendations"] if r["theme"] == theme]
    sentence = headline(client, f"/{register}/themes/{theme}/", times)
    if not rows:
        assert not re.search(r"\d+ (?:is|are|was|were) ", sentence)
        return
    assert re.search(rf": of {len(rows)} recommendations?, ", sentence)
    says_the_rows(sentence, rows, verbs=verbs_of(register, day, known_at))
    says_how_far_the_evidence_reaches(sentence, register, day)


@given(register=registers, day=days, known_at=instants, data=st.data())
@QUICK
def test_a_body(client: FlaskClient, register: str, day: date, known_at: str | None, data: st.DataObject) -> None:
    """Only what it was asked for alone, or in a part of its own, has a status in its headline."""
    body, times = data.draw(st.sampled_from(BODIES.get(register, ["senate", "ministry"]))), times_of(day, known_at)
    card = answer(client, f"{register}/bodies/{body}/scorecard", times)
    sentence = headline(client, f"/{register}/bodies/{body}/", times)
    alone, parts, shared = (len(card[name]) for name in ("alone", "parts", "with_others"))
    if not alone + parts:
        assert not re.search(r"\d+ (?:is|are|was|were) (?:done|under way|not done)", sentence)
    else:
        verbs = verbs_of(register, day, known_at)
        own = Counter(UPTAKE_2026_1.bucket(item["status"]).value for item in [*card["alone"], *card["parts"]])
        assert {name: says(sentence, words, verbs=verbs) for name, words in HEADLINE.items()} == {
            n: own[n] for n in HEADLINE
        }
        asked = re.search(r"asked for (\d+) of the \d+ as the only lead", sentence)
        assert (int(asked[1]) if asked else 0) == alone
        of_its_own = re.search(r"(\d+) parts? of its own", sentence)
        assert (int(of_its_own[1]) if of_its_own else 0) == parts
        says_how_far_the_evidence_reaches(sentence, register, day)
    with_others = re.search(r"It share[sd] (\d+)", sentence)
    assert (int(with_others[1]) if with_others else 0) == shared


@given(register=registers, first=days, second=days, known_at=instants)
@QUICK
def test_a_comparison(client: FlaskClient, register: str, first: date, second: date, known_at: str | None) -> None:
    times = {"from": first.isoformat(), "to": second.isoformat()}
    if known_at:
        times |= {"known_from": known_at, "known_to": known_at}
    compared = answer(client, f"{register}/compare", times)
    counts = compared["counts"]
    sentence = headline(client, f"/{register}/compare/", times)
    total = sum(counts.values())
    opening = re.match(r"Of (\d+) recommendations?, ", sentence)
    assert (int(opening[1]) if opening else 0) == total
    if not total:
        assert sentence.startswith("No recommendation was on a scorecard")
        return
    if "none changed its status" in sentence or "none can differ" in sentence:
        assert counts["unchanged"] == total
        assert ("none can differ" in sentence) == (first == second)
        return
    was_none = [row for row in compared["rows"] if row["direction"] == "level" and row["b"] == "not_assessed"]
    counts["level"] -= len(was_none)
    got = re.search(r"(\d+) got a first status", sentence)
    assert (int(got[1]) if got else 0) == len(was_none)
    for direction, words in MOVES.items():
        found = re.search(rf"(\d+) {words}", sentence)
        assert (int(found[1]) if found else 0) == counts[direction], direction


def test_a_frozen_review_in_the_past_tense(client: FlaskClient) -> None:
    (snapshot,) = answer(client, "dprk-enablers/reviews", {})["snapshots"]
    times = {"as_of": snapshot["as_of"], "known_at": snapshot["known_at"]}
    rows = answer(client, "dprk-enablers/scorecard", times)["recommendations"]
    sentence = headline(client, "/dprk-enablers/reviews/report/2025-09-14/", {})
    says_the_rows(sentence, rows)


@pytest.mark.parametrize(
    "path", ["dprk-enablers/", "dprk-enablers/themes/envoys/", "dprk-enablers/bodies/us-congress/"]
)
def test_today_in_the_present_tense_and_a_permanent_address_in_the_past_tense(client: FlaskClient, path: str) -> None:
    for times in ({}, {"as_of": "2026-11-30"}):
        assert re.search(r"\b(?:is|are) (?:done|under way|not done)", headline(client, f"/{path}", times))
    for times in ({"as_of": "2026-11-29"}, {"as_of": "2026-11-30", "known_at": "2026-11-30T12:00:00Z"}):
        sentence = headline(client, f"/{path}", times)
        assert re.search(r"\b(?:was|were) (?:done|under way|not done)", sentence)
        assert not re.search(PRESENT, sentence)


def test_a_filtered_list_in_the_tense_of_its_day(client: FlaskClient) -> None:
    filters = {"status": "reversed"}
    assert " recommendations matches “" in headline(client, "/dprk-enablers/", filters)
    sentence = headline(client, "/dprk-enablers/", filters | {"as_of": "2026-11-29"})
    assert " recommendations matched “" in sentence and not re.search(PRESENT, sentence)
    none = headline(client, "/dprk-enablers/", {"status": "implemented", "theme": "envoys", "as_of": "2026-11-29"})
    assert none.startswith("None of 31 recommendations matched “")


def test_korean_sentences_of_earlier_days_say_so(client: FlaskClient) -> None:
    pages = {"register": "", "bodies": "bodies/", "body": "bodies/us-congress/"}
    today, earlier = (
        {name: headline(client, f"/ko/dprk-enablers/{path}", times) for name, path in pages.items()}
        for times in ({}, {"as_of": "2026-11-29"})
    )
    assert "되돌려졌습니다" in today["register"] and "되돌려진 상태였습니다" in earlier["register"]
    assert "있고" in today["bodies"] and "있었고" in earlier["bodies"]
    assert "건입니다." in today["body"] and "건이었습니다." in earlier["body"]


@pytest.mark.parametrize(
    "path", ["/dprk-enablers/press/", "/dprk-enablers/embed/", "/dprk-enablers/charts/scorecard.svg"]
)
def test_other_places_speak_of_earlier_days_in_the_past_tense(client: FlaskClient, path: str) -> None:
    today, earlier = (client.get(path, query_string=q).text for q in ({}, {"as_of": "2026-11-29"}))
    assert re.search(r"\d+ are under way", today)
    assert re.search(r"\d+ were under way", earlier) and not re.search(r"\d+ are under way", earlier)


def test_the_parts_that_decided_on_an_earlier_day(client: FlaskClient) -> None:
    path = "/dprk-enablers/recommendations/trilateral-commitment/"
    assert " decides." in client.get(path).text
    earlier = client.get(path, query_string={"as_of": "2026-11-29"}).text
    assert " decided." in earlier and " decides." not in earlier
