"""Public states after random acts in three registers: those of the slow model, live and rebuilt, in both ways to ask."""

import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import commands as c
from domain.codes import Kind, RelationKind, SourceClass
from domain.errors import Refused
from domain.events import read_event
from domain.values import (
    Body,
    EvidenceFacts,
    EvidenceText,
    Publication,
    RecommendationFacts,
    RegisterSettings,
    Relation,
)
from projections.all_projections import ALL_PROJECTIONS
from projections.engine.differences import differences
from projections.public_states.queries import LastPublicEvent, all_public_states, public_state
from tests.support.clock import Clock
from tests.support.logs import views_of
from tests.support.uptake import BareUptake, uptake_in_memory

REGISTERS = ("one", "two", "three")
ACTS = ("establish", "publicly", "privately", "relate", "open", "discard")


class Act(NamedTuple):
    """What an editor tries in a register, and the other one that a relation is to."""

    name: str
    register: str
    other: str


acts = st.builds(Act, st.sampled_from(ACTS), st.sampled_from(REGISTERS), st.sampled_from(REGISTERS))


def commands(act: Act, number: int) -> list[c.Command]:
    register = act.register
    match act.name:
        case "establish":
            facts = RecommendationFacts(
                id="a",
                title="A",
                summary="S.",
                kind=Kind.ONE_OFF,
                theme="t",
                addressees=("state",),
                publication="report",
                recommended_on="2020",
            )
            publication = Publication(id="report", title="Report", publisher="P", published_on="2020")
            facts_of_register = RegisterSettings(id=register, title="R", kept_by="K", licence="CC-BY-4.0")
            return [
                c.EstablishRegister(register, settings=facts_of_register),
                c.NameBody(register, body=Body(id="state", name="State")),
                c.AddPublication(register, publication=publication),
                c.RegisterRecommendation(register, facts=facts),
            ]
        case "publicly":
            return [c.NameBody(register, body=Body(id=f"b{number}", name="B"))]
        case "privately":
            ident, text = f"e{number}", EvidenceText(title="T", summary="S.")
            source = EvidenceFacts(id=ident, publisher="P", source_class=SourceClass.OFFICIAL)
            return [c.NoteEvidence(register, facts=source, text=text, key=ident, salt="s")]
        case "relate":
            relation = Relation(relation=RelationKind.REPEATS, to=f"{act.other}:a")
            return [c.StateRelation(register, recommendation="a", relation=relation)]
        case "open":
            return [c.OpenRegister(register, origin="x")]
        case _:
            return [c.DiscardRegister(register)]


def carry_out(uptake: BareUptake, tried: list[Act]) -> None:
    """Carry out what the rules let through."""
    for number, act in enumerate(tried):
        for command in commands(act, number):
            uptake.clock.go_on(seconds=1)
            try:
                uptake.execute(command, by="ana")
            except Refused:
                break


def expected(rows: list[tuple[int, int, bytes]], register: str) -> LastPublicEvent:
    """A fold of all events from the first: `register` is empty for all open registers together."""
    last, is_open, related = dict[str, LastPublicEvent](), set[str](), set[frozenset[str]]()
    for position, (_, stamp, state) in enumerate(rows, 1):
        event = read_event(state)
        name: str = event.register  # type: ignore[attr-defined]
        kind = type(event).__name__
        if kind == "RegisterDiscarded":
            last.pop(name, None)
            related = {pair for pair in related if name not in pair}
        elif event.PUBLIC:
            last[name] = LastPublicEvent(position, stamp)
        if kind == "RegisterOpened":
            is_open.add(name)
        if kind == "RelationStated":
            related.add(frozenset((name, event.relation.to.split(":")[0])))  # type: ignore[attr-defined]
    family = {register} if register else is_open
    while more := {o for pair in related for o in pair if pair & family and o in is_open} - family:
        family |= more
    states = [last[name] for name in family if name in last]
    return LastPublicEvent(max((s.position for s in states), default=0), max((s.stamp for s in states), default=0))


@given(st.lists(acts, max_size=30), st.integers(1, 7))
@settings(max_examples=40)
def test_states_are_those_of_the_model_live_and_rebuilt(tried: list[Act], rows_at_once: int) -> None:
    uptake = uptake_in_memory(Clock(datetime(2026, 1, 1, tzinfo=UTC)))
    begun = [Act("establish", name, "") for name in REGISTERS]
    carry_out(uptake, [*begun, *tried])
    rows = list(uptake.log.rows_after(0, 10**6))
    with tempfile.TemporaryDirectory() as folder:
        views = views_of(uptake.log, Path(folder))
        views.batch_rows = rows_at_once
        slow = views.build()
        with views.connect() as db, views.store.engine(slow, writing=False).connect() as other:
            assert differences(db, other, tuple(p for p in ALL_PROJECTIONS if p.name == "public_states")) == []
            states = all_public_states(db)
            assert states.of_site == expected(rows, "")
            for register in REGISTERS:
                assert states.of(register) == public_state(db, register) == expected(rows, register)
        views.close()
