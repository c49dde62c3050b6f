"""A frozen review is cited in the words of its report, wherever it is cited."""

import io
import json

from docx import Document
from msgspec.structs import replace

from app.bootstrap.flask_app import create_app
from app.presentation.narrative.keeper import build_keeper, kept_lines
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review
from domain import commands as c
from domain.values import Author
from tests.support.pages import Browser
from tests.support.reviews import package_file


def amend(small: Services, **fields: object) -> None:
    settings = replace(export_register(small, "small").settings, **fields)
    small.execute(c.AmendRegister("small", fact=settings, why="We say who wrote it."), by="ana")


def printed(frozen: FrozenReview, name: str, label: str) -> str:
    """The line on the first page of the document that says how to cite the review."""
    lines = [p.text for p in Document(io.BytesIO(package_file(frozen, name))).paragraphs]
    return next(line.removeprefix(label) for line in lines if line.startswith(label))


def test_page_and_report_cite_a_review_in_the_same_words(small: Services) -> None:
    amend(small, authors=(Author(name="Hana Kim"),))
    frozen = freeze_review(small, "small", "yearly", by="ana", as_of="2024-09-14")
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    amend(small, authors=(Author(name="Someone Else"),))
    browser, path = Browser(create_app(small).test_client()), "/small/reviews/yearly/2024-09-14/"
    cited = printed(frozen, "report.docx", "How to cite: ")
    assert cited.startswith("Hana Kim (2026). A small register. Yearly: 1 year on. As of 14 September 2024")
    assert cited in browser.get(path).text
    assert printed(frozen, "report.ko.docx", "인용 방법: ") in browser.get(f"/ko{path}").text
    (file,) = json.loads(browser.client.get(f"{path}cite.json").text)
    assert file["author"] == [{"literal": "Hana Kim"}]
    assert file["title"] in cited
    assert file["note"].startswith(cited[cited.index("As of") : cited.index(" The keepers")])


def test_an_address_for_contact_and_errors_is_printed_once(small: Services) -> None:
    settings = export_register(small, "small").settings
    labels = [label for label, _text in kept_lines(build_keeper(settings, "x"))]
    assert labels == ["Kept by", "Contact", "Licence"]
    other = build_keeper(replace(settings, report_errors="errors@keepers.example"), "x")
    assert ("Report an error", "errors@keepers.example") in kept_lines(other)
