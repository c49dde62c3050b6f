"""Reviews in public and among staff: the list, a frozen one with its errata, the series, and its preparation."""

import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask

from app.bootstrap.command_line import main
from app.entrypoints.worker.review_freezing import freeze_due
from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview
from app.services.snapshots.verify import verify
from domain import commands as c
from tests.support.pages import Browser
from tests.support.staff_client import Member, form_version, send_proposal

REVIEW = "/small/reviews/ten/2024-02-17/"


def test_a_frozen_review_shows_its_numbers_and_how_to_check_it(browser: Browser, frozen: FrozenReview) -> None:
    page = browser.get(REVIEW)
    assert page.heading == (
        "Ten years on, 17 February 2024. Of 3 recommendations, 0 are done, 1 is under way, 1 is not done and 1 is not rated."
    )
    assert "Reconstructed on 2 March 2026." in page.text
    assert frozen.manifest in page.text.replace(" ", "")
    assert "There are no later corrections of this review." in page.text
    korean = browser.get(f"/ko{REVIEW}")
    assert "정오표" in korean.text
    reviews_page = browser.get("/small/reviews/").table("Frozen reviews")
    assert reviews_page[1][:2] == ["17 February 2024", "Ten years on"]
    for link in page.links():
        assert browser.client.get(link).status_code == 200, link


def test_its_files_are_served_as_they_were_frozen(browser: Browser, frozen: FrozenReview) -> None:
    package = browser.client.get(f"{REVIEW}package.zip")
    assert package.data == frozen.file.read_bytes()
    assert "filename=small_ten_2024-02-17.zip" in package.headers["Content-Disposition"]
    page = browser.client.get(f"{REVIEW}files/index.html")
    with zipfile.ZipFile(io.BytesIO(frozen.file.read_bytes())) as archive:
        assert page.data == archive.read("small_ten_2024-02-17/data/index.html")
    assert "script-src" not in page.headers["Content-Security-Policy"]
    assert "immutable" in page.headers["Cache-Control"]
    word = browser.client.get(f"{REVIEW}files/report.docx")
    assert word.headers["Content-Disposition"].startswith("attachment")
    browser.get(f"{REVIEW}files/none.txt", status=404)
    browser.get(f"{REVIEW}files/../manifest-sha256.txt", status=404)
    browser.get("/small/reviews/ten/2024-02-30/", status=400)
    browser.get("/small/reviews/yearly/2024-09-14/", status=404)
    bib = browser.client.get(f"{REVIEW}cite.bib").text
    assert frozen.manifest in bib


def test_a_later_correction_is_an_erratum_and_changes_nothing(
    browser: Browser, frozen: FrozenReview, small: Services
) -> None:
    before = browser.client.get(f"{REVIEW}package.zip").data
    small.clock.go_on(days=1)  # type: ignore[attr-defined]
    small.execute(
        c.WithdrawAssessment("small", recommendation="post", assessment="post-kept-1", reason="A false source."),
        by="ben",
    )
    outside = c.WithdrawAssessment("small", recommendation="law", assessment="law-2", reason="After the day of review.")
    small.execute(outside, by="ben")
    page = browser.get(REVIEW)
    assert "A false source." in page.text
    assert "After the day of review." not in page.text
    assert page.heading.startswith("Ten years on, 17 February 2024. Of 3 recommendations, 0 are done, 1 is under way")
    assert browser.client.get(f"{REVIEW}package.zip").data == before


def test_all_reviews_stand_side_by_side(browser: Browser, frozen: FrozenReview) -> None:
    rows = browser.get("/small/series/").table("Status at each review")
    assert [cell.split("2")[0] for cell in rows[0][:1]] == ["Recommendation"]
    law = next(r for r in rows if r[0] == "Renew the law")
    assert law[1:] == ["No action found", "No action found", "Announced", "Announced", "Up"]
    assert next(r for r in rows if r[0].startswith("Gained"))[1:] == ["", "0", "1", "0", ""]
    only = browser.get("/small/reviews/yearly/").table("Status at each review")
    assert len(only[0]) == 5
    browser.get("/small/reviews/none/", status=404)


def test_the_api_lists_what_is_frozen(browser: Browser, frozen: FrozenReview) -> None:
    answer = browser.client.get("/api/v1/registers/small/reviews").get_json()
    (snapshot,) = answer["snapshots"]
    assert (snapshot["review"], snapshot["as_of"], snapshot["manifest"]) == ("ten", "2024-02-17", frozen.manifest)


def test_staff_prepare_a_review_and_two_of_them_sign_it(
    member: Callable[[str], Member],
    staff_app: Flask,
    services: Services,
) -> None:
    ana, ben, ada, rita = (member(n) for n in ("ana", "ben", "ada", "rita"))
    path = "/staff/small/reviews/yearly/2026-09-14/"
    assert "frozen at 14 September 2026, 15:00 UTC" in ana.get("/staff/small/reviews/").text
    assert "Before you write" in ana.get(path).text
    assert rita.post(path, action="draft", summary="Mine.").status_code == 403
    assert ana.post(path, action="sign").status_code == 403
    refused = ana.post(path, action="draft", summary=" ", summary_ko="초안")
    assert refused.status_code == 400
    assert "Enter the summary. The report begins with it." in refused.text
    assert "초안" in refused.text, "nothing that was typed is lost"
    assert ana.post(path, action="draft", summary="So it stands.", summary_ko="이러하다.").status_code == 302
    assert ben.post(path, action="sign").status_code == 302
    assert "You have already signed off this draft" in ben.post(path, action="sign").text
    assert ada.post(path, action="sign").status_code == 302
    assert "2 of 2" in ada.get(path).text
    assert "is not a date and time" in ben.post(path, action="embargo", freeze_at="tomorrow").text
    assert ben.post(path, action="embargo", freeze_at="2026-09-15T09:00:00+09:00").status_code == 302
    public = staff_app.test_client()
    assert "So it stands." not in public.get("/small/reviews/").text
    services.clock.now = services.clock.now.replace(year=2026, month=9, day=16)  # type: ignore[attr-defined]
    assert freeze_due(services) == 1
    page = public.get("/small/reviews/yearly/2026-09-14/").text
    assert "So it stands." in page
    assert "Not signed off" not in page
    ana.sign_in()
    assert "It is frozen, as known at" in ana.get(path).text


def test_staff_take_a_past_review_by_hand(member: Callable[[str], Member], staff_app: Flask) -> None:
    ben = member("ben")
    path = "/staff/small/reviews/ten/2024-02-17/"
    assert "Its day is before this register was opened." in ben.get(path).text
    assert ben.post(path, action="freeze").status_code == 302
    assert "is already frozen" in ben.post(path, action="freeze").text
    assert staff_app.test_client().get("/small/reviews/ten/2024-02-17/").status_code == 200


def test_the_command_line_takes_lists_checks_and_makes_again(
    small: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("UPTAKE_DATA_DIR", str(small.settings.data_dir))
    run = CliRunner()

    def uptake(*words: str, code: int = 0) -> str:
        result = run.invoke(main, ["snapshot", *words])
        assert result.exit_code == code, result.output
        return result.output

    out = tmp_path / "out"
    assert "SHA-256 of its manifest" in uptake("take", "small", "--review", "ten", "--out", str(out))
    assert "is already frozen" in uptake("take", "small", "--review", "ten", "--out", str(out), code=1)
    assert "ten  2024-02-17  frozen, as known at" in uptake("list", "small")
    assert "yearly  2025-09-14  not frozen; its day is before" in uptake("list", "small")
    file = out / "small_ten_2024-02-17.zip"
    assert "are unchanged since they were signed" in uptake("verify", str(file))
    assert "this proves no identity" in uptake("verify", str(file))
    assert "The rebuilt package has the same" in uptake("rebuild", str(file), "--out", str(tmp_path / "again"))
    file.write_bytes(file.read_bytes()[:-7])
    assert "is not a zip, or it is incomplete" in uptake("verify", str(file), code=1)
    assert "There is no register “none”" in uptake("list", "none", code=1)
    assert "is not a full date" in uptake("take", "small", "--review", "ten", "--as-of", "2024", "--out", "x", code=1)
    assert verify(tmp_path / "again" / file.name)


def test_who_prepares_a_review_sees_what_rests_on_little_or_nothing(
    member: Callable[[str], Member],
    staff_app: Flask,
) -> None:
    ana, ben = member("ana"), member("ben")
    path = "/staff/small/reviews/yearly/2026-09-14/"
    before = " ".join(ana.get(path).text.split())
    assert "Of low confidence 1 Renew the law" in before
    assert "Without any source 0" in before
    result = send_proposal(ana, status="unverifiable", rationale="Nobody can know it.", evidence=[]).location
    assert ben.post(result, action="publish", version=form_version(ben, result)).status_code == 302
    assert "Without any source 1 Renew the law" in " ".join(ana.get(path).text.split())
