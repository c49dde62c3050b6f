"""What the settings of a register say about its publisher: identifiers, authors, colour and citation."""

from typing import Any

import pytest

from domain import commands as c
from domain.identifiers import bare_doi, orcid_address, ror_address
from domain.register.events import RegisterAmended, RegisterEstablished
from domain.register.publisher_rules import contrast_with_white
from domain.values import Author, RegisterSettings
from tests.support.story import REGISTER, Story
from tests.support.uptake import BareUptake

ORCID = "https://orcid.org/0000-0002-1825-0097"
HANA = Author(name="Hana Kim", orcid=ORCID, affiliation="Example University")


def settings(**fields: Any) -> RegisterSettings:
    return RegisterSettings(id=REGISTER, title="A register", kept_by="A keeper", licence="CC-BY-4.0", **fields)


def test_identifiers_are_stored_in_one_form(uptake: BareUptake) -> None:
    typed = settings(
        ror="ROR.org/05GQ02987",
        authors=(Author(name="Hana\nKim", orcid="0000-0002-1825-0097", affiliation="Example University"),),
        colour="#0B5394",
        doi="https://doi.org/10.5281/zenodo.12",
        cite_as="Example University\n(2026). Treaty Watch.",
    )
    story = Story(uptake)
    (event,) = story.events_of(c.AmendRegister(REGISTER, fact=typed))
    assert isinstance(event, RegisterAmended)
    assert event.settings == settings(
        ror="https://ror.org/05gq02987",
        authors=(HANA,),
        colour="#0b5394",
        doi="10.5281/zenodo.12",
        cite_as="Example University (2026). Treaty Watch",
    )
    established = story.events_of(
        c.EstablishRegister("other", settings=RegisterSettings(id="other", title="Other", doi="doi: 10.5281/x"))
    )
    assert isinstance(established[0], RegisterEstablished)
    assert established[0].settings.doi == "10.5281/x"


def test_the_same_identifiers_in_another_form_are_no_change(uptake: BareUptake) -> None:
    story = Story(uptake)
    story.do(c.AmendRegister(REGISTER, fact=settings(doi="10.5281/x")))
    again = c.AmendRegister(REGISTER, fact=settings(doi="https://doi.org/10.5281/x"))
    assert story.refused(again) == ["You have not changed anything."]


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("ror", "https://ror.org/05gq02988", "“https://ror.org/05gq02988” is not a ROR id. Look your institution up"),
        ("ror", "Example University", "“Example University” is not a ROR id."),
        ("doi", "zenodo.1234567", "“zenodo.1234567” is not a DOI. Copy it with its prefix, such as 10.5281/zenodo"),
        ("doi", "10.5281/with space", "“10.5281/with space” is not a DOI."),
        ("colour", "blue", "“blue” is not a colour. Write it as # and six digits or letters from a to f,"),
        ("colour", "#0b539", "“#0b539” is not a colour."),
        ("colour", "#888888", "White text on #888888 is hard to read: the contrast is 3.5 to 1, and at least 4.5 to 1"),
        ("authors", (Author(name="A", orcid="0000-0002-1825-0098"),), "“0000-0002-1825-0098” is not an ORCID iD."),
        ("authors", (Author(name=" "),), "Enter the name of author 1."),
        ("authors", (HANA, Author(name="Lee; Bo")), "Write the name of author 2 without a semicolon."),
        ("authors", (Author(name="Kim, 0000-0002-1825-0098"),), "“Kim, 0000-0002-1825-0098” holds an ORCID iD. Put"),
        ("authors", (HANA, HANA), f"Two authors have the ORCID iD {ORCID}. Correct one of them."),
        ("authors", (Author(name="n" * 201),), "“nnnn"),
        ("authors", (Author(name="A"),) * 101, "There are 101 authors; the limit is 100."),
        ("cite_as", "c" * 1001, "This has 1001 characters; the limit is 1000. Shorten it."),
        ("translations", {"ko": {"cite_as": "c" * 1001}}, "This has 1001 characters; the limit is 1000. Shorten it."),
    ],
)
def test_what_is_not_valid_is_refused(uptake: BareUptake, field: str, value: Any, sentence: str) -> None:
    (refused,) = Story(uptake).refused(c.AmendRegister(REGISTER, fact=settings(**{field: value})))
    assert refused.startswith(sentence)


def test_check_digits_are_those_of_real_identifiers() -> None:
    for orcid in ("0000-0002-1694-233X", "0000-0001-5109-3700", "http://orcid.org/0000-0002-1825-0097/"):
        assert orcid_address(orcid)
    for ror in ("03yrm5c26", "https://ror.org/00f54p054", "02mhbdp94", "04h9pn542"):
        assert ror_address(ror)
    for wrong in ("0000-0002-1694-2330", "0000-0002-1694-233", "١٢٣٤-0002-1825-0097", "ſ3yrm5c26", ""):
        assert not orcid_address(wrong)
        assert not ror_address(wrong)
    assert bare_doi("http://dx.doi.org/10.1000/182") == "10.1000/182"
    assert not bare_doi("10.1000/\u00e9")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_with_white("#000000") == 21
    assert contrast_with_white("#ffffff") == 1
    assert round(contrast_with_white("#767676"), 2) == 4.54
