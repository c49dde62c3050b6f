"""The glossary names code that exists and words that pages use; the reference of codes is complete."""

import importlib
import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from app.entrypoints.cli.codes_reference import MEANINGS, code_classes, reference
from app.presentation.i18n.languages import CATALOGUES

DOCS = Path(__file__).parents[2] / "docs"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (DOCS / "glossary.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("|") and not line.startswith(("| word ", "|---"))
]
HOW_TO_REGENERATE = "Run python -m app.entrypoints.cli.codes_reference > docs/codes.md"


def find_code(name: str) -> object:
    """The module, class or function that a dotted name means. Raises ImportError or AttributeError."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError:
        module, _, attribute = name.rpartition(".")
        return getattr(importlib.import_module(module), attribute)


@pytest.mark.parametrize("row", ROWS, ids=[row[0] for row in ROWS])
def test_a_row_names_code_that_exists(row: list[str]) -> None:
    word, _, code, meaning = row
    assert word
    assert meaning.endswith((".", "…"))
    (name,) = re.findall(r"^`([\w.]+)`$", code)
    assert find_code(name)


def test_no_word_is_explained_twice() -> None:
    words = [word.strip() for row in ROWS for word in row[0].split(",")]
    assert len(words) > 60
    assert sorted(set(words)) == sorted(words)


def test_korean_words_are_those_of_the_interface() -> None:
    with (CATALOGUES / "ko.po").open("rb") as file:
        catalogue = read_po(file, locale="ko")
    texts = "\n".join(str(message.string) for message in catalogue if message.id)
    assert [row[1] for row in ROWS if row[1] != "–" and row[1] not in texts] == []


def test_every_code_is_in_the_reference() -> None:
    assert (DOCS / "codes.md").read_text(encoding="utf-8") == reference(), HOW_TO_REGENERATE
    assert set(MEANINGS) == set(code_classes())
    assert [code for kind in code_classes() for code in kind if f"| `{code}` |" not in reference()] == []


def test_a_name_that_is_gone_is_noticed() -> None:
    with pytest.raises(AttributeError):
        find_code("domain.codes.Colour")
    with pytest.raises(ModuleNotFoundError):
        find_code("domain.colours.Colour")
