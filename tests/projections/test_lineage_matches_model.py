"""Relations stated and withdrawn at random in two registers: what is refused and shown is what the slow model says."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain.codes import Kind, RelationKind
from domain.errors import Refused
from domain.times import first_day
from domain.values import Body, Publication, RecommendationFacts, RegisterSettings, Relation
from projections.lineage import queries as lineage
from tests.support.clock import Clock
from tests.support.logs import views_of
from tests.support.model.lineage import EARLIER, Item, Stated, continues, editions_of, relations_of, successors_of
from tests.support.uptake import BareUptake, uptake_in_memory

ITEMS: list[Item] = [(register, ident) for register in ("one", "two") for ident in ("a", "b", "c")]
DAYS = ("", "2020", "2021-06", "2022-03-04")
SLOW = settings(max_examples=25)


class Act(NamedTuple):
    """Something that an editor tries."""

    withdraws: bool
    source: Item
    relation: str
    target: Item
    on: str


acts = st.builds(
    Act,
    st.sampled_from([False, False, True]),
    st.sampled_from(ITEMS),
    st.sampled_from([kind.value for kind in RelationKind]),
    st.sampled_from(ITEMS),
    st.sampled_from(DAYS),
)


def two_registers() -> BareUptake:
    uptake = uptake_in_memory(Clock(datetime(2026, 1, 1, tzinfo=UTC)))
    publication = Publication(id="report", title="Report", publisher="P", published_on="2020")
    for register, ident in ITEMS:
        if ident == "a":
            uptake.execute(c.EstablishRegister(register, settings=RegisterSettings(id=register, title="R")), by="ana")
            uptake.execute(c.NameBody(register, body=Body(id="state", name="State")), by="ana")
            uptake.execute(c.AddPublication(register, publication=publication), by="ana")
        facts = RecommendationFacts(
            id=ident,
            title=ident,
            summary="S.",
            kind=Kind.ONE_OFF,
            theme="t",
            addressees=("state",),
            publication="report",
            recommended_on="2020",
        )
        uptake.execute(c.RegisterRecommendation(register, facts=facts), by="ana")
    return uptake


def carry_out(uptake: BareUptake, act: Act, facts: list[Stated]) -> None:
    """Try an act, hold what the model expects against what happens, and note the fact."""
    uptake.clock.go_on(seconds=1)
    (register, ident), kind = act.source, RelationKind(act.relation)
    to = act.target[1] if act.target[0] == register else ":".join(act.target)
    active = [f for f in facts if f[:3] == (act.source, act.relation, act.target) and f.withdrawn_at is None]
    command: c.Command
    if act.withdraws:
        command = c.WithdrawRelation(register, recommendation=ident, relation=kind, to=to, reason="Wrong.")
        is_refused = not active
    else:
        relation = Relation(relation=kind, to=to, on=act.on)
        command = c.StateRelation(register, recommendation=ident, relation=relation)
        closes_circle = act.relation in EARLIER and continues(facts, act.target, act.source)
        is_refused = bool(active) or act.source == act.target or closes_circle
    try:
        uptake.execute(command, by="ben")
        assert not is_refused, act
    except Refused:
        assert is_refused, act
        return
    at = uptake.clock()
    if act.withdraws:
        facts[facts.index(active[0])] = active[0]._replace(withdrawn_at=at)
    else:
        facts.append(Stated(act.source, act.relation, act.target, act.on, at))


@given(st.lists(acts, max_size=14), st.lists(st.integers(-2, 2), min_size=1, max_size=3))
@SLOW
def test_relations_at_every_boundary_are_those_of_the_model(tried: list[Act], shifts: list[int]) -> None:
    uptake, facts = two_registers(), list[Stated]()
    for act in tried:
        carry_out(uptake, act, facts)
    instants = {f.at for f in facts} | {f.withdrawn_at for f in facts if f.withdrawn_at} | {uptake.clock()}
    instants |= {at - timedelta(microseconds=1) for at in instants}
    days = {first_day(day) + timedelta(days=n) for day in DAYS if day for n in shifts} | {date(2026, 1, 1)}
    with tempfile.TemporaryDirectory() as folder, views_of(uptake.log, Path(folder)).connect() as db:
        for known_at in instants:
            for as_of in days:
                for item in ITEMS:
                    found = lineage.of_recommendation(db, *item, as_of, known_at)
                    expected = relations_of(facts, item, as_of, known_at)
                    assert [(r.source, r.relation.value, r.target) for r in found] == [f[:3] for f in expected]
                    successors = lineage.successors(found, item, {"one", "two"})
                    assert set(successors) == successors_of(facts, item, as_of, known_at)
                    editions, _relations = lineage.chain(db, item, as_of, known_at, {"one", "two"})
                    assert set(editions) == editions_of(facts, item, as_of, known_at)
                    assert len(set(editions)) == len(editions)
