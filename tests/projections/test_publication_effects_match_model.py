"""What each publication and each withdrawal changed, against the slow model: nothing is told of the whole that the
assessments of its parts do not make of it."""

import tempfile
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.codes import Status
from domain.times import first_day, to_microseconds
from projections.scorecards.publication_effects import AssessmentEffects, PublicationEffect, effects_of
from projections.scorecards.status_step import LaterStep, StatusStep, StepKind
from tests.support import model as m
from tests.support.histories import histories
from tests.support.logs import REGISTER, Writer, views_of
from tests.support.model.item import assessments_known, of_item, status_on
from tests.support.model.rollup import computed_status
from tests.support.model.scorecard import parts_of

DAY, MICROSECOND = timedelta(days=1), timedelta(microseconds=1)
SLOW = settings(max_examples=60)


def is_there(facts: Sequence[m.Fact], recommendation: str, known_at: datetime) -> bool:
    there = any(isinstance(f, m.Registered) and f.recommendation == recommendation and f.at <= known_at for f in facts)
    gone = any(
        isinstance(f, m.RecommendationWithdrawn) and f.recommendation == recommendation and f.at <= known_at
        for f in facts
    )
    return there and not gone


def status_of(facts: Sequence[m.Fact], recommendation: str, element: str, day: date, known_at: datetime) -> Status:
    """The status of a recommendation, or of its element, on any day."""
    if not is_there(facts, recommendation, known_at):
        return Status.NOT_ASSESSED
    known = assessments_known(facts, known_at)
    parts = parts_of(facts, recommendation, known, known_at)
    if element or not parts:
        return status_on(of_item(known, recommendation, element), day)
    return computed_status([p for p in parts if p.core], day)


def step(facts: Sequence[m.Fact], recommendation: str, element: str, day: date, at: datetime) -> StatusStep:
    return StatusStep(
        before=status_of(facts, recommendation, element, day - DAY, at),
        said=status_of(facts, recommendation, element, day, at - MICROSECOND),
        after=status_of(facts, recommendation, element, day, at),
    )


def expected(facts: Sequence[m.Fact], published: m.Published, at: datetime) -> PublicationEffect:
    name, day = published.recommendation, first_day(published.effective_on)
    whole = step(facts, name, "", day, at)
    return PublicationEffect(
        name,
        published.element,
        day,
        published.effective_on,
        to_microseconds(at),
        step(facts, name, published.element, day, at),
        whole,
        later_step(facts, published, at) if whole.said is whole.after else None,
    )


def later_step(facts: Sequence[m.Fact], published: m.Published, at: datetime) -> LaterStep | None:
    """The first day after that of an assessment on which an instant changed the whole, told with no other day."""
    name, day = published.recommendation, first_day(published.effective_on)
    if not is_there(facts, name, at - MICROSECOND):
        return None
    all_days = {first_day(f.effective_on): f for f in facts if isinstance(f, m.Published) and f.recommendation == name}
    withdrawn = {f.assessment for f in facts if isinstance(f, m.Withdrawn) and f.at == at}
    at_once = [
        first_day(f.effective_on)
        for f in facts
        if isinstance(f, m.Published) and f.recommendation == name and (f.at == at or f.assessment in withdrawn)
    ]
    if max(at_once) > day:
        return None
    for on in sorted(d for d in all_days if d > day):
        said, after = (status_of(facts, name, "", on, k) for k in (at - MICROSECOND, at))
        if said is not after:
            return LaterStep(on, said, after)
    return None


@pytest.mark.parametrize("imported", [False, True])
@given(data=st.data())
@SLOW
def test_every_publication_and_withdrawal(imported: bool, data: st.DataObject) -> None:
    facts = data.draw(histories(imported=imported, most_recommendations=2))
    writer = Writer(imported=imported)
    writer.write(facts, max(f.at for f in facts) + timedelta(hours=1))
    published = [f for f in facts if isinstance(f, m.Published)]
    withdrawn = {f.assessment: f.at for f in facts if isinstance(f, m.Withdrawn)}
    with tempfile.TemporaryDirectory() as folder, views_of(writer.log, Path(folder)).connect() as db:
        effects = effects_of(db, REGISTER, [p.assessment for p in published])
    for p in published:
        at = withdrawn.get(p.assessment)
        if at == p.at:
            assert p.assessment not in effects
            continue
        assert effects[p.assessment] == AssessmentEffects(
            expected(facts, p, p.at), expected(facts, p, at) if at else None
        )


@pytest.mark.parametrize(("before", "said", "after", "kind", "start"), [
    ("not_assessed", "not_assessed", "partly", StepKind.FIRST, "not_assessed"),
    ("in_effect", "in_effect", "reversed", StepKind.CHANGED, "in_effect"),
    ("in_effect", "not_assessed", "reversed", StepKind.CHANGED, "in_effect"),
    ("in_effect", "partly", "reversed", StepKind.CHANGED, "in_effect"),
    ("reversed", "reversed", "reversed", StepKind.UNCHANGED, "reversed"),
    ("in_effect", "reversed", "reversed", StepKind.UNCHANGED, "reversed"),
    ("partly", "not_assessed", "partly", StepKind.UNCHANGED, "partly"),
    ("partly", "reversed", "partly", StepKind.CORRECTED, "reversed"),
    ("not_assessed", "reversed", "partly", StepKind.CORRECTED, "reversed"),
    ("not_assessed", "reversed", "not_assessed", StepKind.CORRECTED, "reversed"),
])  # fmt: skip
def test_the_kind_of_a_step(before: str, said: str, after: str, kind: StepKind, start: str) -> None:
    told = StatusStep(Status(before), Status(said), Status(after))
    assert (told.kind, told.start) == (kind, Status(start))
