"""A file of a bundle and its columns."""

from collections.abc import Sequence
from enum import EnumType
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from app.services.bundles.languages import is_language


class BundleColumn(Struct, frozen=True):
    """`kind` is text, id, ids, texts, date, day, instant, number, yes_no, yes, url, sha256, version, or a set of codes.

    With `if_used`, the column is written only if a row has a value in it. A text that is `translated` has a column
    more for every other language of the register, written `always` or `if_used`; such a column says which text it is a
    translation of, and its language.
    """

    name: str
    kind: str | EnumType = "text"
    required: bool = False
    if_used: bool = False
    translated: Literal["", "always", "if_used"] = ""
    original: str = ""
    language: str = ""

    def translation(self, language: str) -> "BundleColumn":
        """The column of its translations into a language."""
        if_used = self.if_used or self.translated == "if_used"
        return BundleColumn(f"{self.name}_{language}", if_used=if_used, original=self.name, language=language)


class Sheet(Struct, frozen=True):
    """One file: the type of its rows, its columns, and the columns that identify a row.

    With `if_used`, the file is written only if it has rows.
    """

    name: str
    row: type[Struct]
    columns: tuple[BundleColumn, ...]
    key: tuple[str, ...]
    needed: bool = False
    if_used: bool = False

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    def in_languages(self, languages: Sequence[str]) -> "Sheet":
        """The sheet with a column for every translation into a language but the first."""
        columns: list[BundleColumn] = []
        for column in self.columns:
            columns.append(column)
            if column.translated:
                columns += [column.translation(language) for language in languages[1:]]
        return replace(self, columns=tuple(columns))

    def find_translation(self, name: str) -> BundleColumn | None:
        """The column of a name such as `title_fr`; None for any other name."""
        for column in self.columns:
            code = name.removeprefix(f"{column.name}_")
            if column.translated and code != name and is_language(code):
                return column.translation(code)
        return None
