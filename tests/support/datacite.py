"""What DataCite Metadata Schema 4.5 says of a description as JSON: required properties and controlled lists.

Source: https://datacite-metadata-schema.readthedocs.io/en/4.5/.
"""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

REQUIRED = ("creators", "titles", "publisher", "publicationYear", "types", "schemaVersion")
OPTIONAL = (
    *("doi", "alternateIdentifiers", "dates", "language", "version", "formats", "rightsList", "descriptions"),
    *("fundingReferences", "relatedIdentifiers", "contributors", "subjects", "sizes", "geoLocations", "relatedItems"),
)
LISTS: dict[str, frozenset[str]] = {
    "nameType": frozenset(("Organizational", "Personal")),
    "titleType": frozenset(("AlternativeTitle", "Subtitle", "TranslatedTitle", "Other")),
    "resourceTypeGeneral": frozenset(("Collection", "DataPaper", "Dataset", "Report", "Text", "Other")),
    "dateType": frozenset(
        *[
            [
                "Accepted",
                "Available",
                "Copyrighted",
                "Collected",
                "Created",
                "Issued",
                "Submitted",
                "Updated",
                "Valid",
                "Withdrawn",
                "Other",
            ]
        ]
    ),
    "descriptionType": frozenset(("Abstract", "Methods", "SeriesInformation", "TechnicalInfo", "Other")),
    "relatedIdentifierType": frozenset(("DOI", "Handle", "ISBN", "ISSN", "URL", "URN")),
    "relationType": frozenset(("References", "IsNewVersionOf", "IsVersionOf", "IsPartOf", "Cites", "IsDerivedFrom")),
}
"""Those values of each controlled list that a package may use."""
PARTS: dict[str, tuple[str, ...]] = {
    "creators": ("name",),
    "titles": ("title",),
    "dates": ("date", "dateType"),
    "alternateIdentifiers": ("alternateIdentifier", "alternateIdentifierType"),
    "relatedIdentifiers": ("relatedIdentifier", "relatedIdentifierType", "relationType"),
    "descriptions": ("description", "descriptionType"),
    "fundingReferences": ("funderName",),
    "nameIdentifiers": ("nameIdentifier", "nameIdentifierScheme"),
    "affiliation": ("name",),
    "rightsList": ("rights",),
}
"""What each entry of a list needs."""


def datacite_problems(described: dict[str, Any]) -> list[str]:
    return [*_top(described), *_inside(described)]


def _top(described: dict[str, Any]) -> Iterator[str]:
    for name in REQUIRED:
        if not described.get(name):
            yield f"{name} is missing"
    for name in described.keys() - {*REQUIRED, *OPTIONAL}:
        yield f"{name} is no property"
    if described.get("schemaVersion") != "http://datacite.org/schema/kernel-4":
        yield "schemaVersion is another"
    if not re.fullmatch("[0-9]{4}", described.get("publicationYear", "")):
        yield "publicationYear is no year"
    if not re.fullmatch(r"10\.\d{4,9}/[-._;()/:a-zA-Z0-9]+", described.get("doi", "10.1234/x")):
        yield "doi is none"
    if not described.get("types", {}).get("resourceTypeGeneral"):
        yield "types says no resourceTypeGeneral"
    if not described.get("publisher", {}).get("name"):
        yield "publisher has no name"
    for stated in described.get("dates", []):
        for day in stated["date"].split("/"):
            date.fromisoformat(day)


def _inside(value: Any, name: str = "") -> Iterator[str]:
    """Entries without what they need, empty values, and values that are in no controlled list."""
    if isinstance(value, dict):
        for inner, content in value.items():
            yield from _inside(content, inner)
    elif isinstance(value, list):
        for entry in value:
            yield from (f"{name} without {part}" for part in PARTS.get(name, ()) if not entry.get(part))
            yield from _inside(entry, "")
    if not value:
        yield f"{name} is empty"
    if name in LISTS and value not in LISTS[name]:
        yield f"{name} is {value}"
