"""Garbage in every field for pasted rows: a sentence, each cause once, own rows, and the typed text kept."""

import html
import re

import pytest

from app.services.container import Services
from tests.support.staff_client import Members

PASTING_PAGES = {
    "/staff/small/setup/themes/": "title\tposition",
    "/staff/small/setup/publications/": "title\tpublisher\tpublished_on",
    "/staff/small/setup/bodies/": "name\tparent",
    "/staff/small/setup/recommendations/": "title\tsummary\tkind\ttheme\taddressees\tpublication\trecommended_on",
    "/staff/small/setup/elements/": "recommendation\ttitle\tkind\tcore\tdone_when",
    "/staff/small/setup/developments/": "date\tsummary\trecommendations\tdirection",
    "/staff/small/setup/deadlines/": "recommendation\tdue_on\tstated_on\tstated_by",
    "/staff/small/relations/": "from\trelation\tto",
    "/staff/small/responses/": "recommendation\tbody\tposition\tgiven_on\tsummary\tevidence",
}
"""The pages with a field for pasted rows, and a heading that each of them understands."""
JUNK = ('"', "=1+1", "\u202egnirts", "<script>x</script>", "; ;", "9" * 40, "2024-02-31", "국가", "x" * 300)


def _junk_rows(header: str) -> str:
    width = header.count("\t") + 1
    rows = ["\t".join(JUNK[(row + column) % len(JUNK)] for column in range(width)) for row in range(40)]
    return "\n".join([header, *rows])


@pytest.mark.parametrize("path", PASTING_PAGES)
def test_junk_is_refused_in_sentences(small: Services, member: Members, path: str) -> None:
    ada, pasted, before = member("ada"), _junk_rows(PASTING_PAGES[path]), small.log.last()
    answer = ada.post(path, action="paste", pasted=pasted)
    assert answer.status_code == 400
    assert small.log.last() == before
    causes = [html.unescape(text).strip() for text in re.findall(r"<h3>(.*?)</h3>", answer.text, re.DOTALL)]
    assert causes
    assert len(causes) == len(set(causes))
    places = re.findall(r'<p class="where"[^>]*>(.*?)</p>', answer.text, re.DOTALL)
    numbers = [int(n) for place in places for n in re.findall(r"\d+", place.partition(":")[0].partition(" and ")[0])]
    assert all(2 <= number <= 41 for number in numbers)
    assert "<script>x" not in answer.text
    field = re.search(r'<textarea id="f-pasted"[^>]*>(.*?)</textarea>', answer.text, re.DOTALL)
    assert field
    assert html.unescape(field[1]) == pasted
    assert len(answer.text) - len(field[1]) < 20_000


@pytest.mark.parametrize("path", PASTING_PAGES)
def test_what_is_no_table_is_refused_in_a_sentence(member: Members, path: str) -> None:
    ada = member("ada")
    for pasted in ("", "\t\t", "\n\n", "no heading at all", '"', "a\ta\nb\tb"):
        answer = ada.post(path, action="paste", pasted=pasted)
        assert answer.status_code == 400, pasted
        assert 'id="stops"' in answer.text, pasted
