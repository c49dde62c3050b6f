"""docs/spreadsheets.md names every key of a mapping and every field, and no others."""

import re

import pytest
from msgspec import Struct

from app.services.mapping import types
from app.services.mapping.fields import FIELDS
from tests.support.repository import ROOT

PAGE = (ROOT / "docs" / "spreadsheets.md").read_text(encoding="utf-8")


def documented(heading: str) -> set[str]:
    """The keys in the first column of the table below a heading."""
    section = re.split(r"^#+ ", PAGE.split(f"\n{heading}\n")[1], flags=re.MULTILINE)[0]
    rows = [line for line in section.splitlines() if line.startswith("| `")]
    return {key for row in rows for key in re.findall(r"`([a-z_]+)`", row.split("|")[1])}


@pytest.mark.parametrize(
    ("heading", "structs"),
    [
        ("## mapping.toml", (types.SheetMapping,)),
        ("### `[[columns]]`", (types.MappedColumn,)),
        ("### `[bodies]`, `[themes]` and `[publications]`", (types.NameChoice, types.PublicationChoice)),
        ("### `[hosts]`", (types.HostChoice,)),
        ("### `[register]`", (types.NewRegister,)),
        ("### `[choices]`", (types.Choices,)),
    ],
)
def test_every_key_of_a_mapping_is_documented(heading: str, structs: tuple[type[Struct], ...]) -> None:
    assert documented(heading) == {name for struct in structs for name in struct.__struct_fields__}


def test_every_field_is_documented() -> None:
    assert documented("### Fields") == set(FIELDS)
