"""Every sentence on the first pages of a package is true of that package: it is made of its data."""

import io
import zipfile
from datetime import date
from pathlib import Path

import pytest
from msgspec.structs import replace
from pypdf import PdfReader

from app.adapters.local_hosts import is_local_host
from app.bootstrap.container import build_services
from app.presentation.charts.bucket_blocks import MAX_BLOCKS
from app.services.container import Services
from app.services.operations.doctor import examine
from app.services.snapshots.freeze import freeze_review
from app.services.snapshots.report_labels import LabelFacts, report_labels
from app.services.transparency.signing_keys import rotate_signing_key
from domain import commands as c
from domain.errors import Refused
from projections.catalogue import queries as catalogue
from tests.support.pages import Browser
from tests.support.reviews import frozen_reviews, package_file
from tests.support.small_register import open_small_register
from tests.support.story import assessment

REVIEW = "/small/reviews/ten/2024-02-17/"
PUBLIC = "https://tracker.example.org"


def _texts(services: Services) -> dict[str, str]:
    """The words of the three reports of a review that is frozen now, in one line each."""
    frozen = freeze_review(services, "small", "ten", by="ana")
    with zipfile.ZipFile(io.BytesIO(package_file(frozen, "report.docx"))) as document:
        texts = {
            "html": package_file(frozen, "index.html").decode(),
            "docx": document.read("word/document.xml").decode(),
            "pdf": " ".join(
                page.extract_text() for page in PdfReader(io.BytesIO(package_file(frozen, "report.pdf"))).pages
            ),
        }
    return {name: " ".join(text.split()) for name, text in texts.items()}


def _publish(services: Services, *evidence: str) -> None:
    found = assessment(status="no_action", effective_on="2024-01-15", reason="new_evidence", evidence=evidence)
    proposed = services.execute(c.ProposeAssessment("small", recommendation="law", assessment=found), by="ana")
    services.execute(c.PublishAssessment("small", recommendation="law", assessment=proposed), by="ben")
    services.clock.go_on(days=1)  # type: ignore[attr-defined]


def test_the_dates_of_its_sources_are_counted(small: Services, browser: Browser) -> None:
    """It said “from evidence dated up to that day” of a review that cites a source of the year after."""
    _publish(small, "search", "leak")
    texts = _texts(small)
    sentence = (
        "It cites 4 sources. 1 of them is dated after that day: January 2025. 1 has no date. "
        "All of them were added to this register after that day."
    )
    for name, text in texts.items():
        assert sentence in text, (name, text[text.index("It cites") :][:300])
        assert "dated up to that day" not in text
    page = browser.get(REVIEW)
    assert sentence in page.text
    assert "-I 127.0.0.1 -n uptake-snapshot" in page.text, "the name in the signature, not that at the opening"
    assert "It was made after its day, from what this register knew on 3 March 2026" in page.text
    assert "인용한 자료는 4건입니다." in browser.get(f"/ko{REVIEW}").text


def test_the_strict_reading_names_recommendations_by_their_titles(small: Services, browser: Browser) -> None:
    """It named them by their ids, which no reader knows."""
    texts = _texts(small) | {"public": browser.get(REVIEW).text, "docx": ""}
    for name in ("html", "pdf", "public"):
        assert "Renew the law: “Not assessed” instead of “No action found”" in texts[name], name


def test_without_later_sources_it_says_so(small: Services) -> None:
    texts = _texts(small)
    for text in texts.values():
        assert "It cites 3 sources. None of those with a date is dated after that day. 1 has no date." in text


def test_statuses_that_began_after_the_evidence_are_not_called_carried_forward(
    services: Services, tmp_path: Path
) -> None:
    small = open_small_register(services, tmp_path / "small", evidence_to="2023-10-01")
    for text in _texts(small).values():
        assert "1 status began on a later day; the others are carried forward." in text
        assert "What is shown for later days is carried forward." not in text


def test_each_report_says_of_itself_what_it_has(small: Services) -> None:
    """Only the PDF has a code next to the text."""
    rotated = replace(small.settings, base_url=PUBLIC, trial=False)
    small.settings = rotated
    rotate_signing_key(rotated)
    texts = _texts(small)
    assert [name for name, text in texts.items() if "The code next to this text" in text] == ["pdf"]
    for text in texts.values():
        assert "Trial." not in text
        assert "The permanent address leads to the package" in text


def test_labels_follow_the_size_and_the_days_of_the_package() -> None:
    facts = LabelFacts(
        "tracker.example.org",
        MAX_BLOCKS,
        date(2023, 8, 1),
        date(2024, 2, 17),
        is_carried_forward=True,
        as_of="2024-02-17",
        known="then",
    )
    labels, others = (
        report_labels(facts),
        report_labels(replace(facts, on_scorecard=MAX_BLOCKS + 1, is_carried_forward=False)),
    )
    assert (labels["one_block"], others["one_block"]) == (
        "One block is one recommendation",
        "Widths are numbers of recommendations",
    )
    assert "drawn thinner" in labels["lives_text"]
    assert "drawn thinner" not in others["lives_text"]
    assert "from 1 August 2023 to 17 February 2024" in labels["charts_text"]


@pytest.mark.parametrize(
    "host",
    [
        *("localhost", "a.localhost", "127.0.0.1", "127.1", "0.0.0.0", "::1", "::", "10.1.2.3", "192.168.0.4"),
        *("172.20.0.1", "169.254.1.1", "fe80::1", "fd00::1", "tracker", "printer.local", "host.lan", "localhost."),
        *("app.internal", "router.home.arpa", "100.64.0.1", "224.0.0.1"),
    ],
)
def test_local_hosts_are_known_as_local(host: str) -> None:
    assert is_local_host(host)


@pytest.mark.parametrize("host", ["tracker.example.org", "8.8.8.8", "2606:4700::1111", "xn--mller-kva.example.org"])
def test_public_hosts_are_not_local(host: str) -> None:
    assert not is_local_host(host)


def test_nothing_is_frozen_at_a_local_address(small: Services, browser: Browser) -> None:
    """Only trials are: an installation that says it is one, and invented registers; both say it on their first page."""
    trial, sentence = small.settings, "The address of this site, http://127.0.0.1:8000, is a local one"
    small.settings = replace(trial, trial=False)
    with pytest.raises(Refused, match=sentence) as refused:
        freeze_review(small, "small", "ten", by="ana")
    assert "Set UPTAKE_BASE_URL" in refused.value.refusals[0]
    assert frozen_reviews(small) == []
    assert any(f.sentence.startswith(sentence) for f in examine(small.settings, build_services) if not f.ok)
    assert not any(sentence in f.sentence for f in examine(trial, build_services))
    with small.views.connect() as db:
        entry = catalogue.register(db, "small")
    assert entry is not None
    invented = c.AmendRegister("small", fact=replace(entry.settings, fictional=True), why="It is an example.")
    small.execute(invented, by="ben")
    for text in _texts(small).values():
        assert "The address of its publisher, 127.0.0.1, is a local one." in text
        assert "The permanent address leads" not in text
    assert "The address of its publisher, 127.0.0.1, is a local one." in browser.get(REVIEW).text
