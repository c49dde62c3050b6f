"""A recommendation continues earlier ones, here and in other registers."""

from domain import commands as c
from domain.codes import Kind, RelationKind
from domain.values import Body, Publication, RecommendationFacts, RegisterSettings, Relation
from tests.support.story import REGISTER, Story, without_envelope
from tests.support.uptake import BareUptake


def state(to: str, relation: str = "renews", recommendation: str = "post", **more: str) -> c.StateRelation:
    stated = Relation(relation=RelationKind(relation), to=to, **more)
    return c.StateRelation(REGISTER, recommendation=recommendation, relation=stated)


def withdraw(to: str, reason: str = "A mistake.", recommendation: str = "post") -> c.WithdrawRelation:
    return c.WithdrawRelation(
        REGISTER, recommendation=recommendation, relation=RelationKind.RENEWS, to=to, reason=reason
    )


def two(uptake: BareUptake) -> Story:
    return Story(uptake).recommendation().recommendation("old")


def other_register(story: Story, ident: str = "cycle-2") -> None:
    """Another register with a recommendation “first”."""
    story.do(c.EstablishRegister(ident, settings=RegisterSettings(id=ident, title="Another")))
    story.do(c.NameBody(ident, body=Body(id="ministry", name="Ministry")))
    published = Publication(id="report", title="Report", publisher="P", published_on="2015")
    story.do(c.AddPublication(ident, publication=published))
    facts = RecommendationFacts(
        id="first",
        title="First",
        summary="What is asked.",
        kind=Kind.ONE_OFF,
        theme="offices",
        addressees=("ministry",),
        publication="report",
        recommended_on="2015",
    )
    story.do(c.RegisterRecommendation(ident, facts=facts))


def test_a_relation_is_stated_and_withdrawn(uptake: BareUptake) -> None:
    story = two(uptake)
    (stated,) = story.events_of(state("old", on="2023-05", note="Word for word."))
    assert without_envelope(stated) == {
        "topic": "recommendation.relation_stated",
        "originator_version": 2,
        "recorded_by": "ana",
        "based_on": 1,
        "recommendation": "post",
        "relation": {"relation": "renews", "to": "old", "on": "2023-05", "note": "Word for word."},
    }
    (withdrawn,) = story.events_of(withdraw("old"), by="ben")
    assert without_envelope(withdrawn) == {
        "topic": "recommendation.relation_withdrawn",
        "originator_version": 3,
        "recorded_by": "ben",
        "based_on": 2,
        "recommendation": "post",
        "relation": "renews",
        "to": "old",
        "reason": "A mistake.",
        "withdrawn_by": "ben",
    }
    assert len(story.events_of(state("old"))) == 1, "what was withdrawn can be stated again"


def test_the_own_register_is_not_named(uptake: BareUptake) -> None:
    (event,) = two(uptake).events_of(state("r:old"))
    assert without_envelope(event)["relation"] == {"relation": "renews", "to": "old"}


def test_a_relation_to_another_register_and_to_an_address(uptake: BareUptake) -> None:
    story = two(uptake)
    other_register(story)
    assert len(story.events_of(state("cycle-2:first"))) == 1
    assert len(story.events_of(state("https://example.org/upr/60.10", "repeats"))) == 1
    assert story.refused(state("cycle-2:second")) == ["There is no recommendation “second” in “cycle-2”."]
    assert story.refused(state("cycle-1:first")) == [
        "There is no register “cycle-1” here. Enter the address of the recommendation instead, beginning with https://."
    ]


def test_a_target_must_exist_and_be_another_one(uptake: BareUptake) -> None:
    story = two(uptake)
    target = (
        "Enter the id of a recommendation, “register:id” for one in another register here, or an address that starts "
        "with https://."
    )
    assert story.refused(state("none")) == ["There is no recommendation “none” in “r”."]
    assert story.refused(state("post")) == ["“post” cannot be related to itself."]
    assert story.refused(state("http://example.org")) == [target]
    assert story.refused(state("")) == [target]
    assert story.refused(state("https://a b")) == ["Enter an address that starts with https:// and has no spaces."]
    assert story.refused(state("old", on="2023-13")) == ["There is no day “2023-13” in the calendar."]
    story.do(state("old"))
    assert story.refused(state("old")) == ["“post” already has this relation to “old”."]


def test_withdrawn_recommendations_are_not_related(uptake: BareUptake) -> None:
    story = two(uptake)
    story.do(c.WithdrawRecommendation(REGISTER, recommendation="old", reason="A mistake."), by="ben")
    assert story.refused(state("old")) == ["“old” is withdrawn, so nothing can be related to it."]
    assert story.refused(state("post", recommendation="old")) == ["“old” is withdrawn, so you cannot add to it."]


def test_editions_never_lead_in_a_circle(uptake: BareUptake) -> None:
    story = two(uptake).recommendation("oldest")
    story.do(state("old"))
    story.do(state("oldest", "supersedes", "old"))
    assert story.refused(state("post", "split_from", "oldest")) == [
        "“post” already continues “oldest”, directly or through others, so “oldest” cannot continue it."
    ]
    assert len(story.events_of(state("post", "repeats", "oldest"))) == 1, "a repetition is no edition"


def test_circles_are_found_across_registers(uptake: BareUptake) -> None:
    story = two(uptake)
    other_register(story)
    story.do(state("cycle-2:first"))
    back = Relation(relation=RelationKind.RENEWS, to=f"{REGISTER}:post")
    assert story.refused(c.StateRelation("cycle-2", recommendation="first", relation=back)) == [
        "“post” already continues “first”, directly or through others, so “first” cannot continue it."
    ]


def test_only_a_stated_relation_is_withdrawn_and_with_a_reason(uptake: BareUptake) -> None:
    story = two(uptake)
    assert story.refused(withdraw("old", reason=" ")) == [
        "“post” has no such relation to “old”.",
        "Enter why it is withdrawn. The reason is public.",
    ]


def test_what_others_are_related_to_is_not_removed(uptake: BareUptake) -> None:
    story = two(uptake)
    other_register(story)
    other_register(story, "cycle-3")
    story.do(state("old"))
    for register in ("cycle-2", "cycle-3"):
        relation = Relation(relation=RelationKind.REPEATS, to=f"{REGISTER}:old")
        story.do(c.StateRelation(register, recommendation="first", relation=relation))
    remove = c.RemoveRecommendation(REGISTER, recommendation="old")
    related = "“old” cannot be removed, because others are related to it: {}. Remove those relations first.".format
    assert story.refused(remove) == [related("cycle-2:first, cycle-3:first, post")]
    story.do(c.DiscardRegister("cycle-3"))
    story.do(withdraw("old"))
    assert story.refused(remove) == [related("cycle-2:first")]
    gone = c.WithdrawRelation(
        "cycle-2", recommendation="first", relation=RelationKind.REPEATS, to=f"{REGISTER}:old", reason="A mistake."
    )
    story.do(gone)
    (removed,) = story.events_of(remove)
    assert without_envelope(removed)["topic"] == "recommendation.removed"
