"""Pasted addresses become sources: filled from the pages, completed in a table, stored in one commit."""

import io
import re
from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from app.services.container import Services
from projections.worklist.queries import noted_sources
from tests.support.sites import reach, site
from tests.support.staff_client import Member

PATH = "/staff/small/bulk/sources/"
ARTICLE = b"""<html lang="en"><title>Bill passes</title><meta property="og:site_name" content="The Daily">
<meta name="date" content="2025-03-04"><meta name="description" content="The house passed it.">"""


def _fields(page: str) -> dict[str, Any]:
    """The fields of the table as the page shows them."""
    fields: dict[str, Any] = dict(re.findall(r'<input [^>]*name="([a-z_]+\.\d+)"\s+value="([^"]*)"', page))
    fields |= dict(re.findall(r'<textarea id="[^"]+" name="(\w+\.\d+)"[^>]*>\n([^<]*)</textarea>', page))
    selects = re.findall(r'<select id="[^"]+" name="(\w+\.\d+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    fields |= {n: (re.findall(r'value="(\w+)" selected', body) or [""])[0] for n, body in selects}
    return fields | {
        "row": re.findall(r'name="row" value="(\d+)"', page),
        "pick": re.findall(r'name="pick" value="(\d+)"[^>]* checked', page),
    }


def _noted(services: Services) -> dict[str, tuple[str, str, str]]:
    with services.views.connect() as db:
        noted = noted_sources(db, "small")
    return {n.facts.id: (n.facts.publisher, n.facts.published_on, n.facts.source_class.value) for n in noted}


def test_pages_fill_the_table_and_their_sources_are_stored(services: Services, member: Callable[[str], Member]) -> None:
    ana = member("ana")
    before = set(_noted(services))
    with site("127.0.0.2") as outside:
        outside.show("/bill", ARTICLE)
        services.settings = replace(services.settings, capture=True)
        services.fetcher = reach({"daily.example": ["127.0.0.2"]}, outside)
        base = f"http://daily.example:{outside.port}"
        table = ana.post(PATH, action="read", addresses=f"{base}/bill\n{base}/lost\n")
    assert table.status_code == 200
    form = _fields(table.text)
    assert (form["title.1"], form["publisher.1"], form["published_on.1"], form["language.1"]) == (
        "Bill passes", "The Daily", "2025-03-04", "en"
    )  # fmt: skip
    assert form["summary.1"] == "The house passed it."
    assert form["pick"] == ["1", "2"]
    assert "The address returned the status 404 instead of the source." in table.text
    assert "daily.example, 2 rows" in table.text
    form |= _fields(ana.post(PATH, action="hosts", **form, **{"host.daily.example": "news"}).text)
    assert (form["class.1"], form["class.2"]) == ("news", "news")
    refused = ana.post(PATH, action="store", **form)
    assert refused.status_code == 400
    assert 'id="e-title.2"' in refused.text
    assert set(_noted(services)) == before
    form |= {
        "title.2": "두 번째 기사",
        "publisher.2": "Daily",
        "summary.2": "It says so.",
        "published_on.2": "May 2024",
    }
    assert ana.post(PATH, action="store", **form).location == f"{PATH}?stored=2"
    stored = {i: noted for i, noted in _noted(services).items() if i not in before}
    assert stored == {
        "bill-passes": ("The Daily", "2025-03-04", "news"), "du-beonjjae-gisa": ("Daily", "2024-05", "news")
    }  # fmt: skip


def test_a_stored_address_and_a_repeated_one_are_named_and_cannot_be_selected(
    services: Services, member: Callable[[str], Member]
) -> None:
    ana = member("ana")
    before = set(_noted(services))
    pasted = "https://www.example.org/oath/\nhttps://example.org/new\nhttp://example.org/new#top"
    page = ana.post(PATH, action="read", addresses=pasted).text
    assert "Already a source of this register: “The oath” (oath)." in page
    assert 'href="/staff/small/evidence/oath/"' in page
    assert "The same address as in row 2." in page
    assert _fields(page)["pick"] == ["2"]
    texts = {"title.1": "T", "publisher.1": "P", "class.1": "news", "summary.1": "S"}
    forged = ana.post(PATH, action="store", **_fields(page) | texts | {"pick": ["1"]})
    assert forged.status_code == 400
    assert set(_noted(services)) == before


def test_rows_with_headings_and_files_are_read(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    pasted = "Title\tLink\tPublisher\nA report\thttps://example.org/a\tThe office\n"
    form = _fields(ana.post(PATH, action="read", addresses=pasted).text)
    assert (form["title.1"], form["url.1"], form["publisher.1"]) == ("A report", "https://example.org/a", "The office")
    content = "주소;제목\nhttps://example.org/b;보고서\n".encode("cp949")
    form = _fields(ana.post(PATH, action="read", file=(io.BytesIO(content), "list.csv")).text)
    assert form["url.1"] == "https://example.org/b"


def test_lines_without_an_address_and_too_many_are_refused_and_kept(member: Callable[[str], Member]) -> None:
    ana = member("ana")
    refused = ana.post(PATH, action="read", addresses="https://example.org/a\nnot an address")
    assert refused.status_code == 400
    assert "Line 2 has no address that starts with http:// or https://." in refused.text
    assert "not an address</textarea>" in refused.text
    assert "Paste at least one address." in ana.post(PATH, action="read", addresses="").text
    many = "\n".join(f"https://example.org/{n}" for n in range(101))
    assert "Paste at most 100 addresses at once. You pasted 101." in ana.post(PATH, action="read", addresses=many).text
    assert member("rita").client.get(PATH).status_code == 403
