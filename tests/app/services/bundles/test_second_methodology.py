"""Bundles of registers on version 2026.2, of one editor, and with a keeper: read, refused and written back."""

import json
from pathlib import Path

import pytest

from app.services.bundles.importing import ImportOptions, export_register, import_bundle
from app.services.bundles.problems import BundleRefused
from app.services.bundles.writing import bundle_files, write_bundle
from app.services.container import Services
from domain import commands as c
from domain.errors import Refused
from tests.support.bundles import change, write_small_bundle


def bundle(folder: Path, **settings: object) -> Path:
    write_small_bundle(folder)
    register = json.loads((folder / "register.json").read_text("utf-8")) | settings
    (folder / "register.json").write_text(json.dumps(register), "utf-8")
    return folder


def problems(services: Services, folder: Path, **options: bool) -> list[str]:
    with pytest.raises(BundleRefused) as caught:
        import_bundle(services, folder, ImportOptions(**options))  # type: ignore[arg-type]
    return [str(p) for p in caught.value.problems]


def test_a_register_of_one_editor_is_written_back_as_it_was_read(services: Services, tmp_path: Path) -> None:
    """Its success criteria are approved by their author, and what was done once has no review day."""
    folder = bundle(tmp_path / "b", methodology="uptake-2026.2", peer_review="never")
    cards = (folder / "cards.csv").read_text("utf-8").splitlines()
    author, approved = (cards[0].split(",").index(name) for name in ("author", "approved_by"))
    cells = cards[1].split(",")
    cells[author] = cells[approved] = "ana"
    (folder / "cards.csv").write_text("\n".join([cards[0], ",".join(cells), *cards[2:]]) + "\n", "utf-8")
    import_bundle(services, folder, ImportOptions())
    exported = export_register(services, "small")
    reviews = {row.fact.id: row.fact.review_by for row in exported.assessments}
    assert reviews["post-appointed-1"] == ""
    assert reviews["post-kept-2"] == "2025-04-11"
    assert any(row.approved_by == row.fact.author == "ana" for row in exported.cards)
    write_bundle(exported, tmp_path / "out")
    assert import_bundle(services, tmp_path / "out", ImportOptions()).stored == 0


def test_a_cause_on_another_status_is_an_error_even_of_legacy_records(services: Services, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "b")
    change(
        folder, "assessments.csv", "no_action,2023-09,first_assessment,,", "no_action,2023-09,first_assessment,expired,"
    )
    sentence = ["assessments.csv, line 6, column cause: A cause belongs only to “reversed” (rule 3)."]
    assert problems(services, folder) == sentence
    assert problems(services, folder, allow_legacy=True) == sentence


def test_settings_of_the_keeper_are_checked(services: Services, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "b", licence="free", contact="us", report_errors="http://x.org")
    assert problems(services, folder) == [
        "register.json, line 1, column contact: “us” is neither an e-mail address nor an address that starts with "
        "https://.",
        "register.json, line 1, column report_errors: “http://x.org” is neither an e-mail address nor an address that "
        "starts with https://.",
        "register.json, line 1, column licence: “free” is neither the SPDX id of a licence, such as CC-BY-4.0, nor an "
        "address that starts with https://.",
    ]


def test_a_register_without_a_keeper_is_prepared_and_not_opened(services: Services, tmp_path: Path) -> None:
    import_bundle(services, bundle(tmp_path / "b", kept_by="", licence=""), ImportOptions(approve_cards="cem"))
    with pytest.raises(Refused, match="Enter who keeps this register"):
        services.execute(c.OpenRegister("small", origin="x"), by="ana")
    written = json.loads(bundle_files(export_register(services, "small"))["register.json"])
    assert {"kept_by", "licence", "funded_by", "scales", "default_scale"}.isdisjoint(written)


def test_texts_that_begin_like_formulas_come_back_as_written(services: Services, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "b")
    change(folder, "evidence.csv", "The oath was taken.", "=HYPERLINK(1)")
    change(folder, "assessments.csv", "A bill was filed.", "\t- a bill")
    import_bundle(services, folder, ImportOptions())
    exported = export_register(services, "small")
    assert "=HYPERLINK(1)" in {row.text.summary for row in exported.evidence}
    assert "\t- a bill" in {row.fact.rationale for row in exported.assessments}
    write_bundle(exported, tmp_path / "out")
    assert import_bundle(services, tmp_path / "out", ImportOptions()).stored == 0


def test_ids_lose_invisible_characters(services: Services, tmp_path: Path) -> None:
    folder = bundle(tmp_path / "b")
    change(folder, "evidence.csv", "\nleak,", "\nle\u200bak\u00ad,")
    import_bundle(services, folder, ImportOptions())
    assert "leak" in {row.fact.id for row in export_register(services, "small").evidence}
