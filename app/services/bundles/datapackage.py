"""Describes the columns of a bundle as a Frictionless data package (`datapackage.json`)."""

from enum import EnumType, StrEnum
from typing import TypedDict, cast

from app.services.bundles.converting import ID
from app.services.bundles.rows import AnyBundle
from app.services.bundles.sheet_types import BundleColumn, Sheet
from app.services.bundles.used_columns import UsedColumns
from domain.codes import SourceClass
from domain.methodology.versions import VERSIONS, number_of
from domain.register.settings_rules import licence_address


class Resource(TypedDict):
    """One file of a data package."""

    profile: str
    name: str
    path: str
    encoding: str
    schema: dict[str, object]


class DataPackage(TypedDict, total=False):
    """The description of a bundle. Licences and contributors are left out where the register states none."""

    profile: str
    name: str
    title: str
    licenses: list[dict[str, str]]
    contributors: list[dict[str, str]]
    resources: list[Resource]


def describe(bundle: AnyBundle, used: UsedColumns) -> DataPackage:
    """Return the description of a bundle whose tables were read; files are in the order in which they are written."""
    settings, codes = bundle.settings, _codes_until_now(bundle, used)
    description: DataPackage = {
        "profile": "tabular-data-package",
        "name": settings.id,
        "title": settings.title,
    }
    if settings.licence:
        address = licence_address(settings.licence)
        name = {"name": settings.licence} if settings.licence != address else {}
        description["licenses"] = [name | {"path": address}]
    if settings.kept_by:
        description["contributors"] = [{"title": settings.kept_by, "role": role} for role in ("author", "publisher")]
    description["resources"] = [_resource(sheet, codes) for sheet in used.sheets]
    return description


def _versions_until_now(bundle: AnyBundle, used: UsedColumns) -> list[str]:
    """Return the versions of the methodology up to the last one in use, so that a later version changes no bundle."""
    versions = {bundle.settings.methodology, *(str(version) for version in used.codes["version"] if version)}
    return list(VERSIONS)[: max(map(number_of, versions)) + 1]


def _codes_until_now(bundle: AnyBundle, used: UsedColumns) -> dict[str | EnumType, list[str]]:
    """Return the codes that a column of a kind may have. Those that came later are named only where they are used."""
    codes: dict[str | EnumType, list[str]] = {"version": _versions_until_now(bundle, used)}
    if SourceClass.UNCLASSIFIED not in used.codes[SourceClass]:
        codes[SourceClass] = [code for code in SourceClass if code is not SourceClass.UNCLASSIFIED]
    return codes


def _resource(sheet: Sheet, codes: dict[str | EnumType, list[str]]) -> Resource:
    schema: dict[str, object] = {
        "fields": [_field(column, codes) for column in sheet.columns],
        "missingValues": [""],
    }
    required = {c.name for c in sheet.columns if c.required}
    if set(sheet.key) <= required:
        schema["primaryKey"] = list(sheet.key)
    return {
        "profile": "tabular-data-resource",
        "name": sheet.name,
        "path": sheet.file,
        "encoding": "utf-8",
        "schema": schema,
    }


_TYPES: dict[str, dict[str, object]] = {
    "day": {"type": "date"},
    "instant": {"type": "datetime", "format": "any"},
    "number": {"type": "integer"},
}
"""The types of the kinds of columns that are not texts."""


def _field(column: BundleColumn, codes: dict[str | EnumType, list[str]]) -> dict[str, object]:
    kind = column.kind if isinstance(column.kind, str) else "text"
    field: dict[str, object] = {"name": column.name} | _TYPES.get(kind, {"type": "string"})
    constraints: dict[str, object] = {"required": True} if column.required else {}
    if column.kind in codes:
        constraints["enum"] = codes[column.kind]
    elif isinstance(column.kind, EnumType):
        constraints["enum"] = [str(code) for code in cast("type[StrEnum]", column.kind)]
    elif column.kind == "id":
        constraints["pattern"] = ID.pattern
    elif column.kind in ("yes_no", "yes"):
        constraints["enum"] = ["yes", "no"] if column.kind == "yes_no" else ["yes"]
    elif column.kind == "date":
        constraints["pattern"] = r"\d{4}(-\d{2}(-\d{2})?)?"
    elif column.kind == "sha256":
        constraints["pattern"] = "[0-9a-f]{64}"
    if constraints:
        field["constraints"] = constraints
    return field
