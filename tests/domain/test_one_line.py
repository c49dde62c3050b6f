"""Titles and names have no line breaks, and addresses no passwords, whichever command they come with; older events that
have them are still read."""

import pytest
from msgspec.structs import replace

from domain import commands as c
from domain.codes import RelationKind, Status
from domain.ids import register_id
from domain.register.aggregate import Register
from domain.register.events import ThemeNamed
from domain.text import ONE_LINE, in_one_line, normalized
from domain.values import (
    Body,
    DeadlineFacts,
    DisplayScale,
    EvidenceFacts,
    EvidenceText,
    Publication,
    RegisterSettings,
    Relation,
    Theme,
)
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

NO_PASSWORD = (
    "The address contains a user name or password, which everyone could read. Delete what is between // and @."
)
WITH_PASSWORD = "https://user:pw@x.org/"


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    return Story(uptake)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("Fill\nthe post", "Fill the post"),
        ("Fill \r\n  the\u2028post\n", "Fill the post"),
        ("Fill\tthe  post", "Fill\tthe  post"),
        ("직위를\n채울 것", "직위를 채울 것"),
    ],
)
def test_a_line_break_in_a_title_becomes_a_space(story: Story, text: str, stored: str) -> None:
    theme = Theme(id="posts", title=text, translations={"ko": {"title": text}})
    (event,) = story.events_of(c.NameTheme(REGISTER, theme=theme))
    assert isinstance(event, ThemeNamed)
    assert (event.theme.title, event.theme.translations) == (stored, {"ko": {"title": stored}})


def test_every_name_is_in_one_line_and_longer_texts_keep_their_paragraphs() -> None:
    words = dict.fromkeys(Status, "Two\nlines")
    scale = DisplayScale(id="own", title="Own\nscale", labels=words, titles={"ko": "두\n줄"}, labels_in={"ko": words})
    settings = RegisterSettings(
        id="r", title="A\nregister", summary="One.\n\nTwo.", kept_by="A\nkeeper", scales=(scale,)
    )
    stored = normalized(c.EstablishRegister("r", settings=settings)).settings
    assert (stored.title, stored.kept_by, stored.summary) == ("A register", "A keeper", "One.\n\nTwo.")
    (own,) = stored.scales
    assert (own.title, own.titles, set(own.labels.values())) == ("Own scale", {"ko": "두 줄"}, {"Two lines"})
    assert set(own.labels_in["ko"].values()) == {"Two lines"}
    body = normalized(c.NameBody("r", body=Body(id="b", name="A\nministry", short_name="A\nM"))).body
    assert (body.name, body.short_name) == ("A ministry", "A M")
    paper = Publication(id="p", title="A\nreport", authors=("Ann\nA",), publisher="P\nQ", published_on="2020")
    paper = normalized(c.AddPublication("r", publication=paper)).publication
    assert (paper.title, paper.authors, paper.publisher) == ("A report", ("Ann A",), "P Q")
    due = DeadlineFacts(id="", due_on="2030", stated_on="2020", stated_by="A\nminister", note="One.\nTwo.")
    due = normalized(c.StateDeadline("r", recommendation="x", deadline=due)).deadline
    assert (due.stated_by, due.note) == ("A minister", "One.\nTwo.")
    assert not ONE_LINE & {"summary", "rationale", "note", "why", "reason", "counts", "done_when"}


def test_an_older_title_with_a_line_break_is_read_and_can_be_changed(uptake: BareUptake, story: Story) -> None:
    register = uptake.tracker.load(Register, register_id(REGISTER))
    register.name_theme(Theme(id="posts", title="Fill\nposts"), by="ana")
    uptake.tracker.save(register)
    assert uptake.tracker.load(Register, register_id(REGISTER)).themes["posts"].title == "Fill\nposts"
    story.do(c.AmendTheme(REGISTER, fact=Theme(id="posts", title="Fill\nthe posts")))
    assert uptake.tracker.load(Register, register_id(REGISTER)).themes["posts"].title == "Fill the posts"


@pytest.mark.parametrize(
    ("address", "holds"),
    [
        ("http://user:pw@x.org/", True),
        ("HTTPS://user@x.org", True),
        ("https://x.org\\@y.org/", True),
        ("https://x.org/@user", False),
        ("https://x.org?mail=a@b.org", False),
        ("https://x.org#@", False),
        ("ben@x.org", False),
    ],
)
def test_a_password_in_the_address_of_a_source_is_refused(story: Story, address: str, holds: bool) -> None:
    command = c.NoteEvidence(
        REGISTER,
        facts=EvidenceFacts(id="s", publisher="P", source_class="official"),  # type: ignore[arg-type]
        text=EvidenceText(title="T", url=address, summary="S."),
        key="k",
        salt="s",
    )
    expected = [NO_PASSWORD] if holds else []
    if address.startswith("ben@"):
        expected = ["Enter an address that starts with http:// or https:// and has no spaces."]
    assert (story.refused(command) if expected else story.events_of(command) and []) == expected


def test_no_field_for_an_address_takes_a_password(story: Story, uptake: BareUptake) -> None:
    paper = Publication(id="p", title="P", publisher="P", published_on="2020", url=WITH_PASSWORD)
    assert story.refused(c.AddPublication(REGISTER, publication=paper)) == [NO_PASSWORD]
    settings = uptake.tracker.load(Register, register_id(REGISTER)).settings
    for field in ("contact", "report_errors", "licence"):
        assert story.refused(c.AmendRegister(REGISTER, fact=replace(settings, **{field: WITH_PASSWORD}))) == [
            NO_PASSWORD
        ]
    story.recommendation("post")
    relation = Relation(relation=RelationKind.RENEWS, to=WITH_PASSWORD)
    assert story.refused(c.StateRelation(REGISTER, recommendation="post", relation=relation)) == [NO_PASSWORD]


def test_the_text_of_one_line_is_stable() -> None:
    assert in_one_line(in_one_line("a\n\nb \u2029 c")) == "a b c"
