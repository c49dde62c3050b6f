"""An amended fact is known as before until then, keeps its place in lists, and is found by its new words."""

from msgspec.structs import replace

from app.services.bundles.importing import export_register
from app.services.container import Services
from domain import commands as c
from domain.codes import Kind, PeerReview
from domain.ids import recommendation_id, register_id
from domain.recommendation.aggregate import Recommendation
from domain.register.aggregate import Register
from domain.values import Element, Theme
from projections.catalogue import queries as catalogue
from projections.search.queries import find
from tests.support.story import REGISTER, Story


def test_an_amended_fact_is_known_as_it_was_until_then(either: Services) -> None:
    story = Story(either).recommendation("post").recommendation("law").element("oath").element("pay")
    story.do(c.OpenRegister(REGISTER, origin="x"))
    before = either.clock()
    story.do(c.NameTheme(REGISTER, theme=Theme(id="laws", title="Laws")))
    facts = either.tracker.load(Recommendation, recommendation_id(REGISTER, "post")).facts
    for title in ("A zebra", "A giraffe"):
        new = replace(facts, title=title)
        story.do(c.AmendRecommendation(REGISTER, recommendation="post", fact=new, why="Clearer."))
    oath = Element(id="oath", title="Sworn in", kind=Kind.ONE_OFF, core=True, done_when="It is so.")
    story.do(c.AmendElement(REGISTER, recommendation="post", fact=oath, why="Clearer."))
    settings = replace(
        either.tracker.load(Register, register_id(REGISTER)).settings, title="Renamed", peer_review=PeerReview.ALWAYS
    )
    story.do(c.AmendRegister(REGISTER, fact=settings, why="It grew."))
    for again in (False, True):
        if again:
            either.views.rebuild()
        with either.views.connect() as db:
            now = either.clock()
            recommendations = catalogue.recommendations(db, REGISTER, now)
            assert [(i, e.facts.title) for i, e in recommendations.items()] == [
                ("post", "A giraffe"),
                ("law", "Title of law"),
            ]
            assert catalogue.recommendations(db, REGISTER, before)["post"].facts.title == "Title of post"
            registered = catalogue.recommendations(db, REGISTER, before)["post"].registered_at
            assert recommendations["post"].registered_at == registered < before
            elements = [e.element.title for e in catalogue.elements(db, REGISTER, now)]
            assert elements == ["Sworn in", "Title of pay"]
            entry = catalogue.register(db, REGISTER)
            assert entry
            assert entry.is_open
            assert (entry.settings.title, entry.as_known(before).settings.title) == ("Renamed", "A register")
            assert [h.id for h in find(db, REGISTER, "giraffe")] == ["post"]
            assert find(db, REGISTER, "zebra") == []
    bundle = export_register(either, REGISTER)
    assert bundle.settings == settings
    assert [r.fact.title for r in bundle.recommendations] == ["A giraffe", "Title of law"]
    assert [r.fact.title for r in bundle.elements] == ["Sworn in", "Title of pay"]
