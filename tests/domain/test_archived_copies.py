"""A source may have the address of its copy in an archive, which is checked as its own address is."""

import pytest

from domain import commands as c
from domain.codes import SourceClass
from domain.evidence.record import read_evidence_text
from domain.values import EvidenceFacts, EvidenceText
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

ACT, COPY = "https://www.example.org/act", "https://web.archive.org/web/20240603/https://www.example.org/act"
SAME = "This is the address of the source itself. Enter the address of the copy in the archive."
FACTS = EvidenceFacts(id="act", publisher="Gazette", source_class=SourceClass.OFFICIAL)


@pytest.fixture
def story(uptake: BareUptake) -> Story:
    return Story(uptake)


def noting(archived_url: str) -> c.NoteEvidence:
    text = EvidenceText(title="The act", url=ACT, archived_url=archived_url, summary="It says.")
    return c.NoteEvidence(REGISTER, facts=FACTS, text=text, key="k", salt="s")


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("javascript:alert(1)", "Enter an address that starts with http:// or https:// and has no spaces."),
        ("https://perma.cc/" + "a" * 2000, "Shorten the address to 2000 characters."),
        (
            "https://ana:pw@perma.cc/a",
            "The address contains a user name or password, which everyone could read. Delete what is between // and @.",
        ),
        (ACT, SAME),
        ("http://example.org/act/#top", SAME),
    ],
)
def test_an_address_that_is_none_of_an_archive_is_refused(story: Story, address: str, reason: str) -> None:
    assert story.refused(noting(address)) == [reason]


def test_a_source_gets_one_at_once_or_later(story: Story, uptake: BareUptake) -> None:
    story.do(noting(""))
    story.do(c.AmendEvidence(REGISTER, facts=FACTS, text=noting(COPY).text, key="later", salt="s", why=""))
    same = c.AmendEvidence(REGISTER, facts=FACTS, text=noting(ACT).text, key="same", salt="s", why="")
    assert story.refused(same) == [SAME]
    stored = uptake.log.records(["k", "later"])
    assert [read_evidence_text(body).archived_url for body in stored.values()] == ["", COPY]


def test_a_text_that_was_stored_before_there_were_such_addresses_is_read() -> None:
    stored = b'{"notes":"","salt":"s","summary":"It says.","title":"The act","translations":{},"url":""}'
    assert read_evidence_text(stored).archived_url == ""
