"""Who keeps a register: what its settings may say, and what it needs to open."""

import pytest

from domain import commands as c
from domain.codes import Status
from domain.register.events import RegisterAmended, RegisterOpened
from domain.values import DisplayScale, RegisterSettings
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

KEPT = {"kept_by": "A keeper", "licence": "CC-BY-4.0"}
WORDS = {status: f"Word for {status}" for status in Status}
WRONG_CONTACT = "“{}” is neither an e-mail address nor an address that starts with https://."


def settings(**fields: object) -> RegisterSettings:
    return RegisterSettings(id=REGISTER, title="A register", **(KEPT | fields))  # type: ignore[arg-type]


def test_a_register_needs_a_keeper_and_a_licence_to_open(uptake: BareUptake) -> None:
    story = Story(uptake, kept_by="", licence="")
    open_it = c.OpenRegister(REGISTER, origin="x")
    assert story.refused(open_it) == [
        "Enter who keeps this register in its settings before you open it. Citations name them.",
        "Enter the licence of this register in its settings before you open it, such as CC-BY-4.0.",
    ]
    story.do(c.AmendRegister(REGISTER, fact=settings()))
    story.do(open_it)
    assert story.refused(c.AmendRegister(REGISTER, fact=settings(licence=""), why="W.")) == [
        "Enter the licence of this register in its settings before you open it, such as CC-BY-4.0."
    ]


def test_a_register_opens_without_a_keeper_if_that_is_asked_for(uptake: BareUptake) -> None:
    story = Story(uptake, kept_by="", licence="")
    (event,) = story.events_of(c.OpenRegister(REGISTER, origin="x", without_keeper=True))
    assert isinstance(event, RegisterOpened)
    story.do(c.AmendRegister(REGISTER, fact=settings(licence=""), why="The keeper is known now."))
    story.do(c.AmendRegister(REGISTER, fact=settings(), why="The licence is chosen."))


@pytest.mark.parametrize(
    ("field", "text", "sentence"),
    [
        ("contact", "keepers", WRONG_CONTACT.format("keepers")),
        ("contact", "http://example.org", WRONG_CONTACT.format("http://example.org")),
        ("report_errors", "a@b", WRONG_CONTACT.format("a@b")),
        (
            "licence",
            "free",
            "“free” is neither the SPDX id of a licence, such as CC-BY-4.0, nor an address that starts with https://.",
        ),
        ("licence", "cc-by-4.0", "Write the licence as “CC-BY-4.0”."),
        ("default_scale", "own", "There is no display scale “own” in these settings."),
    ],
)
def test_what_is_not_valid_is_refused(uptake: BareUptake, field: str, text: str, sentence: str) -> None:
    story = Story(uptake)
    assert story.refused(c.AmendRegister(REGISTER, fact=settings(**{field: text}))) == [sentence]


@pytest.mark.parametrize("licence", ["ODbL-1.0", "CC0-1.0", "https://example.org/terms/"])
def test_an_spdx_id_or_an_address_is_a_licence(uptake: BareUptake, licence: str) -> None:
    story = Story(uptake)
    (event,) = story.events_of(c.AmendRegister(REGISTER, fact=settings(licence=licence)))
    assert isinstance(event, RegisterAmended)
    assert event.settings.licence == licence


def test_a_scale_has_a_label_for_every_status(uptake: BareUptake) -> None:
    story = Story(uptake)
    some = {Status.IMPLEMENTED: "Complete"} | {s: "Open" for s in Status if s not in ("implemented", "reversed")}
    own = DisplayScale(id="own", title="Our words", labels=some)
    taken = DisplayScale(id="gao", title="Ours", labels=WORDS)
    assert story.refused(c.AmendRegister(REGISTER, fact=settings(scales=(own,), default_scale="own"))) == [
        "The display scale “own” needs a label for every status. Missing: reversed."
    ]
    assert story.refused(c.AmendRegister(REGISTER, fact=settings(scales=(taken,)))) == [
        "“gao” is already the id of another scale. Choose another."
    ]
    whole = DisplayScale(id="own", title="Our words", labels=WORDS, labels_in={"fr": {Status.PARTLY: "Partiel"}})
    (sentence,) = story.refused(c.AmendRegister(REGISTER, fact=settings(scales=(whole,))))
    assert sentence.startswith("The display scale “own” needs a label for every status (fr). Missing: not_assessed, ")


def test_the_methodology_of_an_open_register_changes_with_a_reason(uptake: BareUptake) -> None:
    story = Story(uptake)
    story.do(c.OpenRegister(REGISTER, origin="x"))
    newer = settings(methodology="uptake-2026.2")
    assert story.refused(c.AmendRegister(REGISTER, fact=newer)) == ["Enter why you changed it. The reason is public."]
    (event,) = story.events_of(c.AmendRegister(REGISTER, fact=newer, why="A better version."))
    assert isinstance(event, RegisterAmended)
    assert (event.settings.methodology, event.why) == ("uptake-2026.2", "A better version.")
    assert story.refused(c.AmendRegister(REGISTER, fact=settings(methodology="none"), why="W.")) == [
        "There is no methodology “none”. Use one of: uptake-2026.1, uptake-2026.2."
    ]
