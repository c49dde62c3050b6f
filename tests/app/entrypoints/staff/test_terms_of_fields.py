"""Fields of staff explain their terms, and the kinds of sources which statuses they support."""

import re
from collections.abc import Callable

import pytest

from domain.codes import SourceClass, Status
from domain.methodology.sources import supported_statuses
from domain.methodology.versions import VERSIONS, methodology_of
from tests.support.staff_client import PROPOSE_PATH, Member
from tests.support.staff_pages import STAFF_PAGES

TERMS = "/staff/help/terms/"


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_kind_supports_follows_from_the_rules(version: str) -> None:
    method = methodology_of(version)
    one = set(supported_statuses([SourceClass.NEWS], method))
    two = set(supported_statuses([SourceClass.NEWS, SourceClass.ANALYSIS], method))
    assert one.isdisjoint(method.high_stakes) and two >= set(method.high_stakes)
    assert Status.ANNOUNCED in one and Status.NO_ACTION not in two
    assert two < set(supported_statuses([SourceClass.OFFICIAL], method))
    assert supported_statuses([SourceClass.NULL_SEARCH], method)[0] is Status.NO_ACTION
    assert supported_statuses([SourceClass.UNCLASSIFIED], method) == ()


def test_the_form_of_a_source_says_what_each_kind_supports(member: Callable[[str], Member]) -> None:
    text = member("ana").get(PROPOSE_PATH).text
    assert (
        "Published by the body itself: a law, a decision, a statement, a dataset. One alone supports every status."
        in text
    )
    assert "Two of different publishers also support: “Implemented”" in text


def test_each_term_leads_to_its_explanation(member: Callable[[str], Member]) -> None:
    ben = member("ben")
    explained = set(re.findall(r'id="([^"]+)"', ben.get(TERMS).html))
    linked = set[str]()
    for path in (PROPOSE_PATH, STAFF_PAGES["staff.deadlines"], STAFF_PAGES["staff.respond"]):
        linked |= set(re.findall(rf'href="{TERMS}#([^"]+)"', ben.get(path).html))
    assert linked >= {"statuses", "causes", "effective-day", "motion", "confidence", "classes", "deadline", "response"}
    assert linked <= explained
