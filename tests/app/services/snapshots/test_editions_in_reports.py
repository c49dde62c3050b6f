"""Reports print statements, deadlines and editions, and count deadlines."""

import io

import pytest
from docx import Document
from pypdf import PdfReader

from app.services.container import Services
from app.services.snapshots.freeze import freeze_review
from domain import commands as c
from domain.codes import Reason, RelationKind, Status
from domain.values import Assessment, DeadlineFacts, Relation
from tests.support.pages import Browser
from tests.support.reviews import package_file


@pytest.fixture
def continued(small: Services) -> Services:
    """The law has a deadline that was moved and passed, and is continued by the post."""
    for ident, due_on, stated_on, note in (
        ("first", "2023-12-31", "2023-10-05", ""),
        ("second", "2024-01", "2023-12-20", "Moved by the budget."),
    ):
        facts = DeadlineFacts(
            id=ident,
            due_on=due_on,
            stated_on=stated_on,
            stated_by="senate",
            note=note,
            evidence=("story",),
            translations={"ko": {"note": "예산에 따라 연기."}} if note else {},
        )
        small.execute(c.StateDeadline("small", recommendation="law", deadline=facts), by="ben")
    relation = Relation(relation=RelationKind.RENEWS, to="law", note="A wider text.")
    small.execute(c.StateRelation("small", recommendation="post", relation=relation), by="ben")
    return small


def reported(services: Services) -> dict[str, str]:
    """The text of the page, the PDF and the document, in both languages, of a review that is frozen now."""
    services.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    frozen = freeze_review(services, "small", "ten", by="ana")
    pdfs = [PdfReader(io.BytesIO(package_file(frozen, name))) for name in ("report.pdf", "report.ko.pdf")]
    documents = [Document(io.BytesIO(package_file(frozen, name))) for name in ("report.docx", "report.ko.docx")]
    return {
        "page": package_file(frozen, "index.html").decode(),
        "pdf": " ".join("".join(page.extract_text() for pdf in pdfs for page in pdf.pages).split()),
        "document": "\n".join(p.text for document in documents for p in document.paragraphs),
    }


def test_every_report_prints_and_counts_deadlines_with_those_that_were_moved(continued: Services) -> None:
    reports = reported(continued)
    for text in reports.values():
        assert "Due January 2024. Stated by Senate on 20 December 2023" in text
        assert "Moved by the budget." in text and "예산에 따라 연기." in text
        assert "Due 31 December 2023. Stated by Senate on 5 October 2023" in text
        assert "Moved by a later statement" in text
        assert "overdue since the end of January 2024" in text
    assert "<dt>with a deadline</dt><dd>1 <small>of 3</small></dd>" in reports["page"]
    assert "<dt>overdue</dt><dd>1 <small>of 1</small></dd>" in reports["page"]
    assert "overdue: 1 of 1, 100" in reports["document"]


def test_every_report_prints_editions_from_both_sides(continued: Services) -> None:
    reports = reported(continued)
    for text in reports.values():
        assert "renewed by: " in text and "renews: " in text and "A wider text." in text
    assert "with a later edition: 1 of 3, 33" in reports["document"]


def test_a_report_names_the_successor_of_what_no_longer_applies(continued: Services) -> None:
    assessment = Assessment(
        id="law-over",
        status=Status.SUPERSEDED,
        effective_on="2024-02-01",
        reason=Reason.NEW_EVIDENCE,
        rationale="Another text took its place.",
        statement="Replaced on 1 February 2024.",
        evidence=("story", "oath"),
    )
    continued.execute(c.ProposeAssessment("small", recommendation="law", assessment=assessment), by="ana")
    continued.execute(c.PublishAssessment("small", recommendation="law", assessment="law-over"), by="ben")
    for text in reported(continued).values():
        assert "Another text took its place. Continued by" in text
        assert "Replaced on 1 February 2024." in text


def test_a_register_without_deadlines_and_editions_has_no_figures_of_them(small: Services) -> None:
    text = reported(small)["document"]
    assert "with a deadline" not in text and "with a later edition" not in text


def test_the_page_of_a_review_counts_deadlines(continued: Services, browser: Browser) -> None:
    reported(continued)
    assert "The 1 with a deadline was overdue." in browser.get("/small/reviews/ten/2024-02-17/").text
