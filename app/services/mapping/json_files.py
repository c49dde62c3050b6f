"""Reads a mapping as JSON, as programs send it; the keys and the checks are those of `mapping.toml`."""

import re

import msgspec

from app.services.mapping.toml_lines import Path
from app.services.mapping.toml_reading import MappingReader
from app.services.mapping.types import SheetMapping
from domain.errors import Refusal, Refused, refusal, refuse

_LINE = re.compile(r"Line (\d+)(?:, [^:]*)?: ")


def read_json_mapping(text: str) -> SheetMapping:
    """Return the mapping in a JSON object. Raises `Refused` with every problem, each with its key and the cure."""
    try:
        data = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as e:
        raise Refused(refusal("The mapping is not valid JSON: {why}.", why=str(e))) from None
    if not isinstance(data, dict):
        raise Refused(refusal("The mapping is not an object. Send TOML, or JSON with the same keys."))
    reader = _JsonReader()
    mapping = reader.read(data)
    refuse([reader.at_its_key(problem) for problem in reader.problems])
    return mapping


class _JsonReader(MappingReader):
    """Collects problems by the key of the value, since programs write JSON on one line."""

    def __init__(self) -> None:
        super().__init__("")
        self._paths: list[Path] = []

    def line_of(self, path: Path) -> int:
        """The place of a key among those asked for, from 1."""
        self._paths.append(path)
        return len(self._paths)

    def say_table(self, path: Path, header: str) -> None:
        """Note that a value is no object."""
        what = "a list of objects" if header.startswith("[[") else "an object"
        self.problems.append(refusal("Line {line}: write {what}.", line=self.line_of(path), what=what))

    def at_its_key(self, problem: Refusal) -> Refusal:
        """The sentence with the path of the key, such as `columns.0.field`, in place of a line."""
        path = self._paths[int(str(problem.values["line"])) - 1]
        return Refusal(_LINE.sub(f"{'.'.join(map(str, path))}: ", str(problem), count=1))
