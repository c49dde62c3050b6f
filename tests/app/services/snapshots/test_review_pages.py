"""Reviews in public and among staff: the list, a frozen one with its errata, the series, and its preparation."""

import io
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from msgspec.structs import replace

from app.bootstrap.command_line import main
from app.entrypoints.public import review_matrix, review_pages
from app.entrypoints.staff import list_pages
from app.entrypoints.staff.reviews import review_state
from app.entrypoints.worker.review_freezing import freeze_due
from app.services.bundles.importing import export_register
from app.services.container import Services
from app.services.snapshots.freeze import FrozenReview, freeze_review
from app.services.snapshots.standalone_verifier import UNKNOWN_SIGNER
from app.services.snapshots.verify import verify
from app.services.transparency.signing_keys import signing_key
from domain import commands as c
from tests.support.pages import Browser
from tests.support.reviews import package_file
from tests.support.staff_client import Member, form_version, send_form, send_proposal

REVIEW = "/small/reviews/ten/2024-02-17/"


def test_a_frozen_review_shows_its_numbers_and_how_to_check_it(browser: Browser, frozen: FrozenReview) -> None:
    page = browser.get(REVIEW)
    assert page.heading == (
        "Ten years on, 17 February 2024. "
        "Of 3 recommendations, 0 were done, 1 was under way, 1 was not done and 1 was not rated."
    )
    assert "from what this register knew on 2 March 2026" in page.text
    assert frozen.manifest in page.text.replace(" ", "")
    assert "There are no later corrections of this review." in page.text
    korean = browser.get(f"/ko{REVIEW}")
    assert "오늘 다르게 읽히는 내용" in korean.text
    reviews_page = browser.get("/small/reviews/").table("Frozen reviews")
    assert reviews_page[1][:2] == ["17 February 2024", "Ten years on"]
    assert "signed off" not in browser.get("/small/reviews/").text.casefold()
    assert "It cites" in page.text and "dated after that day" in page.text
    for form in ("bib", "ris", "json"):
        citation = browser.client.get(f"{REVIEW}cite.{form}").text
        assert re.search(r"Known at 2026-03-02T\d\d:\d\d:\d\dZ", citation), citation
    for link in page.links():
        assert browser.client.get(link).status_code == 200, link
    assert {link for link in page.links() if "files/report." in link} == {
        f"{REVIEW}files/report{language}.{ending}" for language in ("", ".ko") for ending in ("pdf", "docx")
    }
    for words in ("Report (PDF), English", "Report (PDF), 한국어", "For editing (DOCX), 한국어"):
        assert words in page.text, words


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


def test_a_frozen_review_lists_its_recommendations(browser: Browser, small: Services) -> None:
    """Next to the reviews before it: a word where the status changed, and a line where it did not."""
    freeze_review(small, "small", "yearly", by="ana", as_of="2024-09-14")
    page = browser.get("/small/reviews/yearly/2024-09-14/")
    rows = page.table(
        "Status at each review, as this register knew it when it was frozen. The last column is this review."
    )
    assert [head.split(" ")[0] for head in rows[0]] == ["Recommendation", "Report’s", "Ten", "1"]
    listed = {row[0]: row[1:] for row in rows if len(row) > 1}
    assert listed["Renew the law"] == ["No action found", "No action found, no change", "Announced"]
    assert listed["Fill the post"] == ["Not assessed", "Partly implemented", "Partly implemented, no change"]
    assert [row for row in rows if row == ["Laws"]], "they are under their themes"
    assert "had low confidence: its sources were few or weak." in page.text
    for sentence in (
        page.heading,
        page.text[page.text.index("Deadlines, responses") : page.text.rindex("What reads differently")],
    ):
        assert not re.search(r"\b(is|are|has|have)\b", sentence), "it is about a past day"


def test_staff_see_the_doi_of_a_frozen_review(small: Services, member: Callable[[str], Member]) -> None:
    small.execute(c.SetReviewDoi("small", review="ten", as_of="2024-02-17", doi="10.5281/zenodo.7"), by="ana")
    freeze_review(small, "small", "ten", by="ana")
    assert '<a href="https://doi.org/10.5281/zenodo.7"' in member("ana").get(f"/staff{REVIEW}").html


def test_it_lists_them_in_the_order_of_its_report(browser: Browser, small: Services) -> None:
    talks = export_register(small, "small").recommendations[2].fact
    assert talks.id == "talks"
    command = c.AmendRecommendation(
        "small", recommendation="talks", fact=replace(talks, position=1), why="It comes first."
    )
    small.execute(command, by="ana")
    small.clock.go_on(seconds=1)  # type: ignore[attr-defined]
    frozen = freeze_review(small, "small", "ten", by="ana")
    report = re.findall(r'<h4 id="en-heading-[^"]+">([^<]+)</h4>', package_file(frozen, "index.html").decode())
    rows = browser.get(REVIEW).table("Status at each review")
    assert [row[0] for row in rows[1:] if len(row) > 1] == report == ["Renew the law", "Hold talks", "Fill the post"]


def test_a_frozen_review_lists_its_recommendations_in_pages(
    browser: Browser, frozen: FrozenReview, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(review_matrix, "PAGE_ROWS", 1)
    seen = []
    for number in (1, 2, 3):
        page = browser.get(f"{REVIEW}?page={number}")
        rows = page.table(
            "Status at each review, as this register knew it when it was frozen. The last column is this review."
        )
        seen += [row[0] for row in rows if len(row) > 1][1:]
        assert f"Page {number} of 3" in page.text
    assert sorted(seen) == ["Fill the post", "Hold talks", "Renew the law"]
    browser.get(f"{REVIEW}?page=4", status=400)
    browser.get(f"{REVIEW}?show=everything", status=400)


def test_frozen_reviews_are_listed_in_pages(
    browser: Browser, frozen: FrozenReview, small: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    freeze_review(small, "small", "yearly", by="ana", as_of="2024-09-14")
    monkeypatch.setattr(review_pages, "FROZEN_ON_A_PAGE", 1)
    days = []
    for number in (1, 2):
        page = browser.get(f"/small/reviews/?page={number}")
        days += [row[0] for row in page.table("Frozen reviews")[1:]]
        assert f"Page {number} of 2" in page.text
    assert days == ["14 September 2024", "17 February 2024"], "the latest first"
    browser.get("/small/reviews/?page=3", status=400)


def test_all_reviews_stand_side_by_side(browser: Browser, frozen: FrozenReview) -> None:
    rows = browser.get("/small/series/").table("Status at each review")
    assert [cell.split("2")[0] for cell in rows[0][:1]] == ["Recommendation"]
    law = next(r for r in rows if r[0] == "Renew the law")
    same = ", no change"
    assert law[1:] == ["No action found", f"No action found{same}", "Announced", f"Announced{same}", "Up"]
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
    assert "frozen at 15 September 2026, 00:00" in ana.get("/staff/small/reviews/").text
    assert "Before you write" in ana.get(path).text
    assert rita.post(path, action="draft", summary="Mine.").status_code == 403
    assert send_form(ana, path, action="sign").status_code == 403
    refused = ana.post(path, action="draft", summary=" ", summary_ko="초안")
    assert refused.status_code == 400
    assert "Enter the summary. The report begins with it." in refused.text
    assert "초안" in refused.text, "nothing that was typed is lost"
    assert ana.post(path, action="draft", summary="So it stands.", summary_ko="이러하다.").status_code == 302
    assert send_form(ben, path, action="sign").status_code == 302
    assert "You have already signed off this draft" in send_form(ben, path, action="sign").text
    assert send_form(ada, path, action="sign").status_code == 302
    assert "2 of 2" in ada.get(path).text
    assert (
        "Write the day and time like 2026-12-01 09:00."
        in send_form(ben, path, action="embargo", freeze_at="tomorrow").text
    )
    assert send_form(ben, path, action="embargo", freeze_at="2026-09-15T09:00:00+09:00").status_code == 302
    public = staff_app.test_client()
    assert "So it stands." not in public.get("/small/reviews/").text
    services.clock.now = services.clock.now.replace(year=2026, month=9, day=16)  # type: ignore[attr-defined]
    assert freeze_due(services) == 1
    page = public.get("/small/reviews/yearly/2026-09-14/").text
    assert "So it stands." in page
    assert "Not signed off" not in page
    names = re.findall(r"signed off by ([^<]+)<", public.get("/small/reviews/").text)
    assert len(names) == 1 and names[0].count(",") == 1
    ana.sign_in()
    assert "It is frozen, as known at" in ana.get(path).text


def test_staff_take_a_past_review_by_hand(member: Callable[[str], Member], staff_app: Flask) -> None:
    ben = member("ben")
    path = "/staff/small/reviews/ten/2024-02-17/"
    assert "Its day is before this register was opened." in ben.get(path).text
    assert send_form(ben, path, confirms=True, action="freeze").status_code == 302
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
    assert (out / "small_ten_2024-02-17.zip.tlog-proof").read_text().startswith("c2sp.org/tlog-proof@v1\nextra ")
    assert "is already frozen" in uptake("take", "small", "--review", "ten", "--out", str(out), code=1)
    assert "ten  2024-02-17  frozen, as known at" in uptake("list", "small")
    assert "yearly  2025-09-14  not frozen; its day is before" in uptake("list", "small")
    file = out / "small_ten_2024-02-17.zip"
    unknown = uptake("verify", str(file), code=UNKNOWN_SIGNER)
    assert unknown.startswith("INTACT, SIGNER UNKNOWN: all ")
    assert "this proves no identity" in unknown
    (tmp_path / "key").write_text(signing_key(small.settings).verifier.text)
    assert uptake("verify", str(file), "--key", str(tmp_path / "key")).startswith("GENUINE: all ")
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


def test_the_lists_of_a_preparation_have_pages(
    member: Callable[[str], Member], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (list_pages, review_state):
        monkeypatch.setattr(module, "ROWS_PER_PAGE", 1)
    ana, path = member("ana"), "/staff/small/reviews/yearly/2026-09-14/"
    first, second = (ana.get(path, late=number).html.split('id="h-late"')[1] for number in ("1", "2"))
    listed = [
        re.findall(r"/recommendations/(\w+)/propose/", part.split('id="h-unassessed"')[0]) for part in (first, second)
    ]
    assert [len(names) for names in listed] == [1, 1]
    assert listed[0] != listed[1]
