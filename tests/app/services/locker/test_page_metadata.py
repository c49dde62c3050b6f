"""What a web page says about itself is read, and nothing is made up."""

import pytest

from app.services.locker.page_metadata import PageMetadata, read_metadata
from app.services.locker.page_reading import read_pages
from tests.support.sites import drip_body, reach, site

ARTICLE = """<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Bill passes | The Daily</title>
<meta property="og:title" content="Bill passes the house"><meta property="og:site_name" content="The Daily">
<meta property="article:published_time" content="2025-03-04T09:30:00+01:00">
<meta name="description" content="The house passed &amp; signed it."></head><body><p>Words</p></body></html>"""
LINKED = """<html><head><title>A</title><script type="application/ld+json">{"@graph": [{"@type": "WebPage"},
{"@type": ["NewsArticle"], "headline": "Envoy named", "datePublished": "2024-05-20", "inLanguage": "ko-KR",
"publisher": {"@type": "Organization", "name": "The Weekly"}}]}</script></head></html>"""
PAPER = """<html xml:lang="fr"><head><meta name="citation_title" content="A study">
<meta name="citation_publication_date" content="2023/07/01"><meta name="DC.Publisher" content="A university">
<meta name="dc.language" content="fr"></head></html>"""


def test_open_graph_and_plain_elements_are_read() -> None:
    assert read_metadata(ARTICLE.encode()) == PageMetadata(
        title="Bill passes the house", publisher="The Daily", published_on="2025-03-04", language="en",
        description="The house passed & signed it.",
    )  # fmt: skip


def test_linked_data_is_read_with_its_kind() -> None:
    assert read_metadata(LINKED.encode()) == PageMetadata(
        title="Envoy named", publisher="The Weekly", published_on="2024-05-20", language="ko", source_class="news"
    )


def test_metadata_of_papers_is_read() -> None:
    assert read_metadata(PAPER.encode()) == PageMetadata(
        title="A study", publisher="A university", published_on="2023-07-01", language="fr"
    )


@pytest.mark.parametrize(
    ("content", "charset", "title"),
    [
        ("<title>통일부 보도자료</title>".encode("cp949"), "cp949", "통일부 보도자료"),
        ('<meta charset="euc-kr"><title>보도</title>'.encode("euc-kr"), "", "보도"),
        (b"<title>Plain</title>", "no-such-charset", "Plain"),
        (b"<title> Two\n lines\t</title>", "", "Two lines"),
        (b"<title>Unclosed", "", "Unclosed"),
        ("<title>a\u202eb</title>".encode(), "", "a b"),
    ],
)
def test_any_encoding_and_broken_markup_are_read(content: bytes, charset: str, title: str) -> None:
    assert read_metadata(content, charset).title == title


@pytest.mark.parametrize(
    "content",
    [
        b"", b"{}", b"<html>", b"<script type='application/ld+json'>[[[[",
        b"<script type='application/ld+json'>" + b"[" * 100_000 + b"</script>",
        b'<meta name="date" content="03/04/2024">', b'<meta name="date" content="2024-13-40">',
    ],
)  # fmt: skip
def test_nothing_is_made_up(content: bytes) -> None:
    assert read_metadata(content) == PageMetadata()


def test_pages_are_fetched_within_one_time_limit_and_never_from_a_private_network() -> None:
    with site("127.0.0.2") as outside, site("127.0.0.1") as inside:
        outside.show("/article", ARTICLE.encode(), Content_Type="text/html; charset=utf-8")
        outside.show("/gone", status=410)
        outside.show("/blank", b"words")
        outside.pages["/slow"] = drip_body
        inside.show("/secret", ARTICLE.encode())
        outside.show("/leads", status=302, Location=f"http://127.0.0.1:{inside.port}/secret")
        base = f"http://127.0.0.2:{outside.port}"
        urls = [f"{base}/{name}" for name in ("article", "gone", "blank", "leads", "slow")]
        urls.append(f"http://127.0.0.1:{inside.port}/secret")
        readings = read_pages(reach({}, outside, inside, seconds=3), urls, seconds=1)
        assert inside.asked == []
    assert readings[urls[0]].metadata.title == "Bill passes the house"
    problems = [str(readings[url].problem) for url in urls[1:]]
    assert problems == [
        "The address returned the status 410 instead of the source.",
        "The page says nothing about itself. Fill in its fields.",
        "“127.0.0.1” is not on the public internet, so it is not fetched.",
        "There was no time left to read this page. Fill in its fields.",
        "“127.0.0.1” is not on the public internet, so it is not fetched.",
    ]
