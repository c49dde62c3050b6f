"""Models of the API operations about spreadsheets."""

from datetime import datetime
from typing import Any

from msgspec import Struct


class GuessForm(Struct, forbid_unknown_fields=True):
    """`sheet` is the name of the sheet to read, if it is not the largest."""

    sheet: str = ""


class ImportForm(Struct, forbid_unknown_fields=True):
    """`mapping` is TOML or JSON; a template of Uptake needs none. `create` begins the register if there is none.

    `update` amends what is stored, for the public reason `why`. `valid_rows` stores the rows without problems and
    leaves out the rest. `dry_run` stores nothing and says the same. With `expected_plan`, the `plan` of a dry run, the
    import is refused if it would store anything but what that showed.
    """

    mapping: str = ""
    create: bool = False
    update: bool = False
    valid_rows: bool = False
    dry_run: bool = False
    why: str = ""
    expected_plan: str = ""


class AlikeShape(Struct):
    """Two names that look alike. `answer` is what the mapping says: `same`, `different` or `part`."""

    first: str
    second: str
    answer: str


class GuessShape(Struct):
    """A guessed mapping, as an object and as `mapping.toml` with comments. Its keys are those of docs/spreadsheets.md.

    `unknown` is what could not be guessed, `assumed` what the file does not show; both are sentences.
    """

    mapping: dict[str, Any]
    toml: str
    recommendations: int
    unknown: list[str]
    assumed: list[str]
    alike: list[AlikeShape]


class SavedMappingShape(Struct):
    """The mapping of the last file of a register; `digest` is the SHA-256 of that file."""

    register: str
    file_name: str
    digest: str
    imported_at: datetime
    mapping: dict[str, Any]
