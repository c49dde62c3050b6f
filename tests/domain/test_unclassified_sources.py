"""Sources that came in before their kind was said: they are stored, and support nothing."""

import pytest
from msgspec import convert

from domain import commands as c
from domain.codes import SourceClass
from domain.values import EvidenceFacts, EvidenceText
from tests.support.story import REGISTER, Story, propose, without_envelope
from tests.support.uptake import BareUptake


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    return Story(uptake).evidence("page", "unclassified").evidence("act").recommendation().criteria()


def amended(ident: str, source_class: str) -> c.AmendEvidence:
    facts = convert({"id": ident, "publisher": "P", "source_class": source_class}, EvidenceFacts)
    text = EvidenceText(title="T", summary="S.")
    return c.AmendEvidence(REGISTER, facts=facts, text=text, key=f"key-{source_class}", salt="s", why="It is known.")


def test_a_proposal_cites_no_source_that_is_not_classified(story: Story) -> None:
    assert story.refused(propose(evidence=("page",))) == [
        "Say what kind of source it is: one that is not classified yet supports no status (rule 8)."
    ]
    assert story.refused(propose(evidence=("act", "page"))) == ["Say first what kind of source it is: “page”."]
    story.do(amended("page", "news"))
    (event,) = story.events_of(propose(evidence=("act", "page")))
    assert without_envelope(event)["topic"] == "recommendation.assessment_proposed"


def test_an_open_register_takes_no_source_that_is_not_classified(story: Story) -> None:
    story.do(c.OpenRegister(REGISTER, origin="x"))
    facts = EvidenceFacts(id="other", publisher="P", source_class=SourceClass.UNCLASSIFIED)
    note = c.NoteEvidence(REGISTER, facts=facts, text=EvidenceText(title="T", summary="S."), key="k", salt="s")
    refused = ["Choose what kind of source it is. The register is open."]
    assert story.refused(note) == refused
    assert story.refused(amended("act", "unclassified")) == refused
    (event,) = story.events_of(amended("page", "news"))
    assert without_envelope(event)["topic"] == "evidence.note_amended"
