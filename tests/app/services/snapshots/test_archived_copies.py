"""Packages have the addresses of archived copies as data, from the fifth format on, and reports print them."""

import csv
import io
from pathlib import Path

import pytest
from docx import Document
from msgspec.structs import replace
from pypdf import PdfReader

from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.rebuild import rebuild
from app.services.snapshots.recomputation import NotFromEvents, verify_data
from app.services.snapshots.verify import verify
from domain import commands as c
from domain.evidence.aggregate import Evidence
from domain.ids import evidence_id
from domain.values import EvidenceText
from tests.support.reviews import package_file

COPY = "https://web.archive.org/web/2026/https://example.org/oath"


@pytest.fixture
def archived(small: Services) -> FrozenReview:
    facts = small.tracker.load(Evidence, evidence_id("small", "oath")).facts
    text = EvidenceText(title="The oath", url="https://example.org/oath", archived_url=COPY, summary="Taken.")
    small.execute(c.AmendEvidence("small", facts=facts, text=text, key="k", salt="s", why="It may go."), by="ben")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    return freeze_review(small, "small", "ten", by="ana")


def test_a_package_has_the_address_and_is_rebuilt_with_it(archived: FrozenReview, tmp_path: Path) -> None:
    rows = csv.DictReader(io.StringIO(package_file(archived, "bundle/evidence.csv").decode()))
    assert {row["id"]: row["archived_url"] for row in rows if row["archived_url"]} == {"oath": COPY}
    verify_data(verify(archived.file))
    assert rebuild(archived.file, tmp_path).file.read_bytes() == archived.file.read_bytes()


def test_a_package_of_an_earlier_format_has_no_such_column(archived: FrozenReview) -> None:
    package = verify(archived.file)
    face = package.payload["snapshot.json"].replace(b"uptake-snapshot-5", b"uptake-snapshot-4")
    metadata = replace(package.metadata, format="uptake-snapshot-4")
    forged = replace(package, metadata=metadata, files={**package.files, "data/snapshot.json": face})
    with pytest.raises(NotFromEvents, match="data/bundle/datapackage.json"):
        verify_data(forged)


def test_every_report_prints_it(archived: FrozenReview) -> None:
    assert (
        f'<a href="{COPY}" rel="nofollow noreferrer">Archived copy</a>' in package_file(archived, "index.html").decode()
    )
    for name, label in (("report", "Archived copy"), ("report.ko", "아카이브 사본")):
        pages = PdfReader(io.BytesIO(package_file(archived, f"{name}.pdf"))).pages
        text = "".join("".join(page.extract_text() for page in pages).split())
        assert f"{label}: {COPY}".replace(" ", "") in text
        paragraphs = Document(io.BytesIO(package_file(archived, f"{name}.docx"))).paragraphs
        (line,) = [p for p in paragraphs if label in p.text]
        assert f"{label}: {COPY}" in line.text
        assert [link.address for link in line.hyperlinks] == ["https://example.org/oath", COPY]


@pytest.mark.parametrize("letter", ["a", "W"])
def test_long_addresses_stay_in_their_column(small: Services, letter: str) -> None:
    facts = small.tracker.load(Evidence, evidence_id("small", "oath")).facts
    url, copy = (f"https://{host}.example/{letter * 1900}" for host in ("source", "archive"))
    text = EvidenceText(title="The oath", url=url, archived_url=copy, summary="Taken.")
    small.execute(c.AmendEvidence("small", facts=facts, text=text, key="k", salt="s", why="It is long."), by="ben")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    frozen = freeze_review(small, "small", "ten", by="ana")
    pages = PdfReader(io.BytesIO(package_file(frozen, "report.pdf"))).pages
    printed = "".join("".join(page.extract_text() for page in pages).split())
    assert url in printed
    assert copy in printed
    lines = [
        line
        for page in pages
        for annotation in page.get("/Annots", ())
        if (link := annotation.get_object()).get("/A", {}).get("/URI") in (url, copy)
        for line in corners(link.get("/QuadPoints") or link["/Rect"])
    ]
    assert len(lines) > 20
    assert all(max(line[::2]) - min(line[::2]) < pages[0].mediabox.width / 2 for line in lines)


def corners(points: list[float]) -> list[list[float]]:
    """The corners of each line of a link, eight numbers each."""
    return [points[n : n + 8] for n in range(0, len(points), 8)]
