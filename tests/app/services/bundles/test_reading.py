"""What does not matter to a bundle: line ends, marks, the order of columns, who packed it."""

import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.bundles.problems import BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.writing import bundle_files
from tests.support.bundles import FILES, REGISTER, change, write_small_bundle


def test_line_ends_marks_and_composed_letters_do_not_matter(tmp_path: Path) -> None:
    plain = write_small_bundle(tmp_path / "plain")
    odd = write_small_bundle(tmp_path / "odd")
    for name, text in FILES.items():
        decomposed = unicodedata.normalize("NFD", text).replace("\n", "\r\n" if len(name) % 2 else "\r")
        (odd / name).write_bytes(b"\xef\xbb\xbf" + decomposed.encode())
    assert bundle_files(read_bundle(odd)) == bundle_files(read_bundle(plain))


def test_line_breaks_inside_a_text_become_one_kind_and_spaces_in_a_title(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    broken = b'"One\r\ntwo\rthree\nfour, ""five"""'
    (folder / "themes.csv").write_bytes(b"id,title,title_ko\nlaws," + broken + b",\n")
    rows = (folder / "recommendations.csv").read_bytes()
    (folder / "recommendations.csv").write_bytes(rows.replace(b"Renew it.", broken))
    bundle = read_bundle(folder)
    assert bundle.themes[0].fact.title == 'One two three four, "five"'
    assert 'One\ntwo\nthree\nfour, "five"' in [r.fact.summary for r in bundle.recommendations]


def test_the_order_of_columns_does_not_matter_and_optional_ones_may_be_missing(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    (folder / "themes.csv").write_text("title, id\nOffices,offices\n  , \n".replace("  , \n", ""))
    assert [row.fact.id for row in read_bundle(folder).themes] == ["offices"]


def test_a_cell_of_spaces_is_absent(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    change(folder, "assessments.csv", "low,A bill was filed.", "  ,  A bill was filed. ")
    row = read_bundle(folder).assessments[5]
    assert (row.fact.confidence, row.fact.rationale) == (None, "A bill was filed.")


def test_only_register_json_and_recommendations_are_needed_and_other_files_are_ignored(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    for name in FILES:
        if name != "recommendations.csv":
            (folder / name).unlink()
    (folder / "notes.txt").write_text("x")
    (folder / "._themes.csv").write_bytes(b"\x00\x05")
    bundle = read_bundle(folder)
    assert (len(bundle.recommendations), bundle.assessments) == (3, ())


def test_the_lines_of_settings_are_named(tmp_path: Path) -> None:
    folder = write_small_bundle(tmp_path / "small")
    reviews = [{"id": "a", "title": "[{A", "as_of": "2024-01-01"}, {"id": "b", "title": "B", "as_of": "2024-02-30"}]
    text = json.dumps(REGISTER | {"reviews": reviews, "peer_review": "sometimes"}, indent=1)
    (folder / "register.json").write_text(text)
    peer, day = (text.splitlines().index(x) + 1 for x in (' "peer_review": "sometimes",', '   "as_of": "2024-02-30"'))
    with pytest.raises(BundleRefused) as caught:
        read_bundle(folder)
    assert [str(p) for p in caught.value.problems] == [
        f"register.json, line {peer}, column peer_review: “sometimes” is none of always, high_stakes, never.",
        f"register.json, line {day}, column reviews[2].as_of: There is no day “2024-02-30” in the calendar.",
    ]


@given(st.sampled_from(["register.json", *FILES]), st.binary(max_size=300), st.integers(0, 200))
@settings(max_examples=150)
def test_no_bytes_at_all_raise_anything_but_a_refusal(
    tmp_path_factory: pytest.TempPathFactory, file: str, noise: bytes, at: int
) -> None:
    folder = write_small_bundle(tmp_path_factory.mktemp("fuzz") / "small")
    content = (folder / file).read_bytes()
    (folder / file).write_bytes(content[:at] + noise + content[at + len(noise) // 2 :])
    try:
        read_bundle(folder)
    except BundleRefused as refused:
        spaces = str.maketrans("\xa0\u3000", "  ")
        assert all(str(p).translate(spaces).isprintable() for p in refused.problems)
