"""Every version of the methodology. An assessment keeps the version that it was made under."""

from domain.errors import NotFound, Refusal, refusal
from domain.methodology.methodology import Methodology
from domain.methodology.uptake_2026_1 import UPTAKE_2026_1
from domain.methodology.uptake_2026_2 import UPTAKE_2026_2
from domain.times import shown

VERSIONS = {version.version: version for version in (UPTAKE_2026_1, UPTAKE_2026_2)}
"""By name, the oldest first. A version is never removed, changed or moved: records and read tables refer to it."""
NEWEST = tuple(VERSIONS)[-1]
"""The version that new registers use."""


def methodology_of(version: str) -> Methodology:
    """The methodology of a version. Raises `NotFound` with a sentence where there is no such version."""
    if version not in VERSIONS:
        raise NotFound(unknown_methodology(version))
    return VERSIONS[version]


def number_of(version: str) -> int:
    """The place of a version among all, counted from 0: its short name in tables."""
    methodology_of(version)
    return tuple(VERSIONS).index(version)


def methodology_at(number: int) -> Methodology:
    """The methodology at a place, as `number_of` counts them."""
    return tuple(VERSIONS.values())[number]


def unknown_methodology(version: str) -> Refusal:
    return refusal(
        "There is no methodology “{version}”. Use one of: {known}.",
        version=shown(version),
        known=tuple(VERSIONS),
        field="methodology",
    )
