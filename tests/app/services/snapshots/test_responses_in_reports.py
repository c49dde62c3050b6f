"""Reports print responses, and each reply under the assessment that it answers."""

import io

from docx import Document
from pypdf import PdfReader

from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.codes import Position
from domain.values import ResponseFacts
from tests.support.reviews import package_file

SAID = {"body": "senate", "given_on": "2023-11", "evidence": ("story",)}


def test_a_reply_is_printed_wherever_the_assessment_is(small: Services) -> None:
    own = ResponseFacts(id="own", position=Position.ACCEPTS, summary="It will renew it.", **SAID)
    reply = ResponseFacts(id="reply", position=Position.DISPUTES, summary="A bill exists.", assessment="law-1", **SAID)
    for facts in (own, reply):
        small.execute(c.ProposeResponse("small", recommendation="law", facts=facts), by="ana")
        small.execute(c.PublishResponse("small", recommendation="law", response=facts.id), by="ben")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    frozen = freeze_review(small, "small", "ten", by="ana")
    page = package_file(frozen, "index.html").decode()
    assessment = page.index("Nothing was found.")
    assert assessment < page.index("Reply. Senate: disputes, November 2023:") < page.index("A bill exists.")
    assert "Senate: accepts, November 2023" in page and "It will renew it." in page
    assert "답변. Senate: 이의 제기, 2023년 11월:" in page
    text = "".join(page.extract_text() for page in PdfReader(io.BytesIO(package_file(frozen, "report.pdf"))).pages)
    assert "A bill exists." in text and "It will renew it." in text
    words = [p.text for p in Document(io.BytesIO(package_file(frozen, "report.docx"))).paragraphs]
    (line,) = [w for w in words if w.startswith("Reply: Senate: disputes, November 2023. A bill exists.")]
    assert line.endswith("]")
