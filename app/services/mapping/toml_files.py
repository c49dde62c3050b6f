"""Writes and reads `mapping.toml`, the mapping of a spreadsheet as programs and people keep it."""

from app.services.mapping.guesses import Guess
from app.services.mapping.toml_reading import MappingReader, parse_toml
from app.services.mapping.toml_writing import mapping_parts
from app.services.mapping.types import SheetMapping
from domain.errors import refuse


def write_mapping(guess: Guess) -> str:
    """Return a guess as TOML, with comments that say why and what to check."""
    return "".join(mapping_parts(guess))


def read_mapping(text: str) -> SheetMapping:
    """Return the mapping in a TOML file. Raises `Refused` with every problem, each with its line and the cure."""
    content = parse_toml(text)
    reader = MappingReader(text)
    mapping = reader.read(content)
    refuse(reader.problems)
    return mapping
