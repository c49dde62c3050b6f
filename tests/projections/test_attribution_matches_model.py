"""For any addressees, trees and merges, a body's scorecard agrees with the slow model: at random times and boundaries."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from app.presentation.answers.body_numbers import BodyNumbers, count_bodies
from app.presentation.answers.body_scorecards import read_body_scorecard
from domain import commands as c
from domain.codes import AddresseeRole
from domain.errors import Refused
from domain.values import Addressee, Body, BodyMerge
from projections.catalogue import queries as catalogue
from projections.scorecards.results import TimePair
from tests.support.clock import Clock
from tests.support.logs import views_of
from tests.support.model.attribution import Act, AskedSet, Item, Merged, ParentSet, attribution
from tests.support.story import REGISTER, Story
from tests.support.uptake import uptake_in_memory

BODIES = ("ministry", "b1", "b2", "b3", "b4")
ITEMS = (Item("one", ("b1",), ()), Item("two", ("b1", "b2"), ("x", "y")), Item("three", ("b4",), ("x",)))
DAYS = ("", "2021", "2021-06-01", "2022", "2022-03")
ROWS = st.builds(
    Addressee,
    element=st.sampled_from(("", "x", "y")),
    body=st.sampled_from(BODIES),
    role=st.sampled_from(AddresseeRole),
    from_on=st.sampled_from(DAYS),
    to_on=st.sampled_from(DAYS),
)
COMMANDS = st.one_of(
    st.builds(
        lambda item, rows: c.AmendAddressees(REGISTER, recommendation=item, addressees=tuple(rows)),
        st.sampled_from([item.recommendation for item in ITEMS]),
        st.lists(ROWS, max_size=4),
    ),
    st.builds(
        lambda body, parent: c.AmendBody(REGISTER, fact=Body(id=body, name=body, parent=parent)),
        st.sampled_from(BODIES[1:]),
        st.sampled_from(("", *BODIES)),
    ),
    st.builds(
        lambda body, into: c.MergeBodies(REGISTER, merge=BodyMerge(body=body, into=into, on="2022", why="So.")),
        st.sampled_from(BODIES[1:]),
        st.sampled_from(BODIES),
    ),
)


@given(st.lists(COMMANDS, max_size=14), st.data())
@settings(max_examples=60)
def test_a_body_has_what_the_model_attributes_to_it(commands: list[c.Command], data: st.DataObject) -> None:
    story = Story(uptake_in_memory(Clock()))
    for body in BODIES[1:]:
        story.do(c.NameBody(REGISTER, body=Body(id=body, name=body)))
    for item in ITEMS:
        story.recommendation(item.recommendation, addressees=item.stated)
        for element in item.elements:
            story.element(element, recommendation=item.recommendation)
    begun = story.uptake.clock()
    acts: list[Act] = []
    for command in commands:
        at = story.uptake.clock()
        try:
            story.do(command)
        except Refused:
            story.uptake.clock.go_on(seconds=1)
            continue
        match command:
            case c.AmendAddressees():
                acts.append(AskedSet(at, command.recommendation, command.addressees))
            case c.AmendBody():
                acts.append(ParentSet(at, command.fact.id, command.fact.parent))
            case c.MergeBodies():
                acts.append(Merged(at, command.merge.body, command.merge.into))
    instants = sorted(
        {t + step for t in (begun, *(a.at for a in acts)) for step in (timedelta(0), timedelta(seconds=0.5))}
    )
    days = [date(2020, 12, 31) + timedelta(days=n) for n in (0, 1, 151, 152, 153, 365, 366, 367, 425, 424, 426)]
    with tempfile.TemporaryDirectory() as folder, views_of(story.uptake.log, Path(folder)).connect() as db:
        for known in instants:
            day = data.draw(st.sampled_from(days))
            tree = catalogue.body_tree(db, REGISTER, known)
            numbers = count_bodies(db, REGISTER, tree, TimePair(day, known))
            for body in BODIES:
                if body in tree.merged_into:
                    continue
                share = read_body_scorecard(db, REGISTER, tree, body, TimePair(day, known)).share
                found = (
                    set(share.alone),
                    {(i, e) for i, own in share.parts.items() for e in own},
                    set(share.with_others),
                )
                assert found == attribution(ITEMS, acts, body, day, known)
                of = numbers.get(body, BodyNumbers())
                assert (of.alone, of.parts, of.with_others) == tuple(len(part) for part in found)
                assert sum(of.by_status.values()) == of.own
