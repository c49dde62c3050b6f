"""The strict reading of a review: its statuses by the evidence that existed by its day, and by no other."""

import io
import json
import re
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape
from pathlib import Path
from uuid import uuid5

import msgspec
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from app.bootstrap.command_line import main
from app.bootstrap.flask_app import create_app
from app.presentation.narrative.strict_reading import StrictReading, StrictRow
from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview
from app.services.snapshots.metadata import SnapshotMetadata
from app.services.snapshots.public_log import PackedLog
from app.services.snapshots.rebuild import rebuild
from app.services.snapshots.recomputation import open_package
from app.services.snapshots.strict_reading import strict_reading
from app.services.snapshots.verify import verify
from domain.codes import Confidence, SourceClass, Status
from domain.evidence.events import EvidenceDisclosed
from domain.ids import register_id
from domain.times import first_day, written
from domain.values import EvidenceFacts
from tests.support import model as m
from tests.support.histories import histories
from tests.support.logs import REGISTER, Writer, views_of
from tests.support.model.item import assessments_known
from tests.support.model.scorecard import Scorecard, scorecard
from tests.support.repository import ROOT
from tests.support.reviews import package_file

LOW, MEDIUM, HIGH = Confidence.LOW, Confidence.MEDIUM, Confidence.HIGH
ADDED = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(seconds=1)
SOURCES = {
    facts.id: facts
    for facts in (
        EvidenceFacts(id="act", publisher="State", source_class=SourceClass.OFFICIAL, published_on="2021-03-04"),
        EvidenceFacts(id="late-act", publisher="State", source_class=SourceClass.OFFICIAL, published_on="2025-02"),
        EvidenceFacts(id="story", publisher="Daily", source_class=SourceClass.NEWS, published_on="2022"),
        EvidenceFacts(id="other", publisher="Weekly", source_class=SourceClass.NEWS, published_on="2024-06-01"),
        EvidenceFacts(id="late", publisher="Monthly", source_class=SourceClass.NEWS, published_on="2025-12-31"),
        EvidenceFacts(id="search", publisher="Us", source_class=SourceClass.NULL_SEARCH, published_on="2023-01-01"),
        EvidenceFacts(id="undated", publisher="Site", source_class=SourceClass.REPOST),
    )
}


def reading_of(package: Path) -> StrictReading:
    with open_package(verify(package)) as source:
        return source.strict_reading


def test_later_sources_are_left_out_of_the_small_register(package: Path) -> None:
    """The oath of 2023 stands; the search of 2026, without a date of its own, was not there in 2024."""
    reading = reading_of(package)
    assert reading.sources == ("search",)
    assert reading.assessments == ("law-1",)
    assert (reading.recommendations, reading.other_status) == (3, 1)
    assert reading.rows == (
        StrictRow(
            id="law",
            status=Status.NO_ACTION,
            strict_status=Status.NOT_ASSESSED,
            confidence=Confidence.LOW,
            left_out=("law-1",),
        ),
    )


def obviously_existed(source: EvidenceFacts, added: datetime, day: date) -> bool:
    if source.published_on:
        return first_day(source.published_on) <= day
    return added.date() <= day


def obviously_carried(cited: Sequence[EvidenceFacts]) -> Confidence:
    has_primary = any(s.source_class is SourceClass.OFFICIAL for s in cited)
    papers = {s.publisher for s in cited if s.source_class is SourceClass.NEWS}
    if has_primary and papers:
        return HIGH
    return MEDIUM if has_primary or len(papers) >= 2 else LOW


def obviously_strict(fact: m.Published, there: Mapping[str, EvidenceFacts]) -> m.Published | None:
    """The rule, written down once more: what is left of an assessment."""
    left = [there[ident] for ident in fact.evidence if ident in there]
    if len(left) == len(fact.evidence):
        return fact
    if not left:
        return None
    carried = obviously_carried(left)
    kinds = {s.source_class for s in left}
    if fact.status is Status.NO_ACTION and not kinds & {SourceClass.NULL_SEARCH, SourceClass.OFFICIAL}:
        return None
    if fact.status in (Status.IMPLEMENTED, Status.IN_EFFECT, Status.REVERSED) and LOW in (carried, fact.confidence):
        return None
    order = [LOW, MEDIUM, HIGH]
    confidence = order[min(order.index(carried), order.index(fact.confidence))]
    return replace(fact, evidence=tuple(s.id for s in left), confidence=confidence)


def obviously_strict_facts(facts: Sequence[m.Fact], there: Mapping[str, EvidenceFacts]) -> list[m.Fact]:
    kept: list[m.Fact] = []
    dropped = set()
    for fact in facts:
        if isinstance(fact, m.Published):
            strict = obviously_strict(fact, there)
            if strict is None:
                dropped.add(fact.assessment)
            else:
                kept.append(strict)
        elif not (isinstance(fact, m.Withdrawn) and fact.assessment in dropped):
            kept.append(fact)
    return kept


@st.composite
def cited_histories(draw: st.DrawFn) -> list[m.Fact]:
    facts = draw(histories(imported=draw(st.booleans())))
    evidence = st.lists(st.sampled_from(sorted(SOURCES)), min_size=0, max_size=3, unique=True).map(tuple)
    return [replace(f, evidence=draw(evidence)) if isinstance(f, m.Published) else f for f in facts]


@settings(max_examples=25)
@given(
    facts=cited_histories(),
    imported=st.booleans(),
    day=st.dates(date(2019, 1, 1), date(2026, 12, 31)),
    added_days=st.integers(0, 9000),
)
def test_it_is_the_scorecard_of_the_assessments_that_stand(
    facts: list[m.Fact], imported: bool, day: date, added_days: int
) -> None:
    added = ADDED + timedelta(days=added_days)
    known = datetime(2040, 1, 1, tzinfo=UTC)
    writer = Writer(imported=True)
    for ident, source in SOURCES.items():
        disclosed = EvidenceDisclosed(
            originator_id=uuid5(register_id(REGISTER), ident),
            originator_version=1,
            recorded_by="x",
            based_on=0,
            register=REGISTER,
            facts=source,
            record=ident,
            digest="",
        )
        writer.log.append([disclosed], added)
    writer.write(facts, datetime(2030, 1, 1, tzinfo=UTC))
    there = {ident: s for ident, s in SOURCES.items() if obviously_existed(s, added, day)}
    metadata = SnapshotMetadata(
        register=REGISTER,
        review="x",
        as_of=day.isoformat(),
        known_at=written(known),
        log_position=len(writer.log.rows),
        origin="x",
        reconstructed=True,
        signed_off=False,
    )
    end_of_day = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    with tempfile.TemporaryDirectory() as folder, views_of(writer.log, Path(folder)).connect() as db:
        log = PackedLog([line for _row, _stamp, line in writer.log.rows], {})
        reading = strict_reading(db, log, metadata, end_of_day)
    strict_facts = obviously_strict_facts(facts, there)
    about_the_day = [f for f in assessments_known(facts, known) if first_day(f.effective_on) <= day]
    kept = {f.assessment for f in strict_facts if isinstance(f, m.Published)}
    assert set(reading.sources) == {ident for f in about_the_day for ident in f.evidence} - there.keys()
    assert set(reading.assessments) == {f.assessment for f in about_the_day} - kept
    frozen, strict = scorecard(facts, day, known), scorecard(strict_facts, day, known)
    expected = {name for name in frozen if _held(frozen, name) != _held(strict, name)}
    rows = {row.id: row for row in reading.rows if not row.element}
    assert rows.keys() == expected
    for name, row in rows.items():
        assert (row.status, row.confidence, row.strict_status, row.strict_confidence) == (
            *_held(frozen, name),
            *_held(strict, name),
        )
    assert reading.other_status == sum(frozen[name].status is not strict[name].status for name in frozen)
    elements = {(r.id, r.element): (r.status, r.strict_status) for r in reading.rows if r.element}
    pairs = [
        ((name, part), (then.status, strict[name].elements[part].status))
        for name in frozen
        for part, then in frozen[name].elements.items()
    ]
    assert {of: both for of, both in pairs if both[0] is not both[1]} == {
        of: both for of, both in elements.items() if both[0] is not both[1]
    }


def _held(card: Scorecard, name: str) -> tuple[Status, Confidence | None]:
    return card[name].status, card[name].confidence


def test_the_command_says_what_differs(package: Path) -> None:
    said = CliRunner().invoke(main, ["snapshot", "strict", str(package)])
    assert said.exit_code == 0, said.output
    assert said.output.splitlines()[1:] == [
        "Without the 1 source that is not known to have existed by that day, 1 of 3 recommendations has another status.",
        "law: no_action (low) → not_assessed; without law-1",
    ]
    data = json.loads(CliRunner().invoke(main, ["snapshot", "strict", str(package), "--json"]).stdout)
    assert (data["recommendations"], data["other_status"], data["sources"]) == (3, 1, ["search"])
    changed = package.with_name("changed.zip")
    changed.write_bytes(package.read_bytes()[:-1])
    assert CliRunner().invoke(main, ["snapshot", "strict", str(changed)]).exit_code == 1


SENTENCE = (
    "Without the 1 source that is not known to have existed by that day, 1 of 3 recommendations has another status. "
    "Renew the law: “Not assessed” instead of “No action found”."
)


def test_a_package_has_it_as_data_and_says_it_on_its_first_page_and_on_the_public_page(
    small: Services, frozen: FrozenReview
) -> None:
    in_data = json.loads(package_file(frozen, "scorecard.json"))["strict"]
    assert msgspec.convert(in_data, StrictReading) == reading_of(frozen.file)
    assert (in_data["other_status"], in_data["sources"], in_data["totals"]["not_assessed"]) == (1, ["search"], 2)
    first_page = PdfReader(io.BytesIO(package_file(frozen, "report.pdf"))).pages[0].extract_text()
    public_page = create_app(small).test_client().get("/small/reviews/ten/2024-02-17/").text
    for text in (first_page, package_file(frozen, "index.html").decode(), public_page):
        assert SENTENCE in " ".join(re.sub(r"<[^>]+>", "", unescape(text)).split())


def test_a_package_of_an_earlier_format_has_none_although_its_events_give_one(tmp_path: Path) -> None:
    kept = next((ROOT / "tests" / "packages" / "uptake-snapshot-3").glob("*.zip"))
    rebuilt = rebuild(kept, tmp_path).file
    with zipfile.ZipFile(rebuilt) as archive:
        files = {name.partition("/data/")[2]: archive.read(name) for name in archive.namelist()}
    assert "strict" not in json.loads(files["scorecard.json"])
    assert "Strict reading" not in files["index.html"].decode()
    assert reading_of(kept).sources
