"""What reports list of the recommendations together, in every form of the report."""

import io
import re
from html import unescape

import pytest
from pypdf import PdfReader

from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review
from domain import commands as c
from domain.values import DeadlineFacts
from tests.support.reviews import package_file


def _texts(frozen: FrozenReview, language: str = "en") -> dict[str, str]:
    """The words of the page and of the PDF in a language, in one line each."""
    page = package_file(frozen, "index.html").decode().split(f'<article lang="{language}"')[1].split("</article>")[0]
    name = "report.pdf" if language == "en" else f"report.{language}.pdf"
    pdf = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(package_file(frozen, name))).pages)
    texts = {"page": unescape(re.sub("<[^>]+>", " ", page)), "pdf": pdf}
    return {form: " ".join(text.split()) for form, text in texts.items()}


def _section(text: str, heading: str, following: str) -> str:
    """What is between two headings, the last time that the first one is there: the contents name it too."""
    return text.rsplit(f"{heading} ", 1)[1].split(following)[0]


def test_the_headline_speaks_of_its_day_in_the_past(frozen: FrozenReview) -> None:
    for text in _texts(frozen).values():
        assert re.search(
            r"17 February 2024\. Of 3 recommendations, 0 were done ?, 1 was under way ?, 1 was not done", text
        )
    for text in _texts(frozen, "ko").values():
        assert "2024년 2월 17일 기준. 권고 3건 중" in text


def test_what_was_done_and_then_undone_is_listed_with_its_evidence(small: Services) -> None:
    frozen = freeze_review(small, "small", "yearly", as_of="2025-09-14", by="ana")
    for text in _texts(frozen).values():
        rows = _section(text, "Done and then undone", "Overdue")
        assert re.search(r"Fill the post .*13 October 2024 .*Reversed, January 2025", rows), rows
        assert re.search(r"Kept filled: Left office\. ?\[\d\] ?\[\d\]", rows), rows
    earlier = freeze_review(small, "small", "ten", by="ana")
    for text in _texts(earlier).values():
        assert "On that day no recommendation was reversed, and none had been done earlier" in text


def test_what_is_overdue_is_listed_with_its_deadline(small: Services) -> None:
    due = DeadlineFacts(id="due", due_on="2024-01", stated_on="2023-12-20", stated_by="senate", evidence=("story",))
    small.execute(c.StateDeadline("small", recommendation="law", deadline=due), by="ben")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    frozen = freeze_review(small, "small", "ten", by="ana")
    for text in _texts(frozen).values():
        assert "Due January 2024. Stated by Senate on 20 December 2023" in text
        assert "17 days overdue" in text
    for text in _texts(frozen, "ko").values():
        assert "17일 지남" in text


def test_nothing_overdue_is_said_in_one_sentence(frozen: FrozenReview) -> None:
    for text in _texts(frozen).values():
        assert "Nothing was overdue on that day." in text


def test_each_body_has_its_numbers(frozen: FrozenReview) -> None:
    """The senate is asked for the law alone and for the post with the ministry; the state includes the ministry."""
    (row,) = re.findall(r"Senate .*?((?:\d+ ){7})", _section(_texts(frozen)["page"], "With others", "</table>"))
    assert row.split() == ["1", "0", "0", "1", "0", "0", "1"]
    page = package_file(frozen, "index.html").decode()
    levels = dict(re.findall(r'class="level-(\d)"><details><summary>(.*?)</summary>', page)[n][::-1] for n in range(3))
    assert levels == {"State": "0", "Ministry": "1", "Senate": "1"}, "each body is set in below the one it belongs to"
    assert "Body As the only lead Done Under way Not done Not rated Overdue" in _texts(frozen)["page"]


@pytest.mark.parametrize(
    ("review", "as_of", "sentence"),
    [
        ("ten", "2024-02-17", "the last review day, “Yearly: Report’s day” on 14 September 2023, which was not frozen"),
        ("yearly", "2023-09-14", "14 September 2023 with 1 September 2023, the day of the first recommendation"),
        ("yearly", "2025-09-14", "the last frozen review, “Yearly: 1 year on” of 14 September 2024"),
    ],
)
def test_a_review_is_compared_with_the_last_one(small: Services, review: str, as_of: str, sentence: str) -> None:
    if as_of == "2025-09-14":
        freeze_review(small, "small", "yearly", as_of="2024-09-14", by="ana")
    frozen = freeze_review(small, "small", review, as_of=as_of, by="ana")
    for text in _texts(frozen).values():
        assert sentence in text
