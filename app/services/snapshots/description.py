"""Describes a package for programs and libraries: Frictionless, RO-Crate 1.1, Citation File Format."""

import json
from collections.abc import Iterable, Mapping

from app.presentation.narrative.keeper import Keeper
from app.services.bundles.datapackage import describe
from app.services.bundles.rows import Bundle
from app.services.snapshots.formats import names_keeper
from app.services.snapshots.heading import ReportHeading
from app.services.snapshots.metadata import SnapshotMetadata

MEDIA_TYPES = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "cff": "text/plain",
    "py": "text/x-python",
}


def describe_data_package(metadata: SnapshotMetadata, bundle: Bundle) -> bytes:
    """Describe the tables of the bundle inside the package."""
    description = describe(bundle)
    description["name"] = metadata.name.replace("_", "-")
    for resource in description["resources"]:
        resource["path"] = f"bundle/{resource['path']}"
    return _json(description)


def describe_crate(metadata: SnapshotMetadata, heading: ReportHeading, names: Iterable[str]) -> bytes:
    """Describe the package as an RO-Crate. `names` are the paths of all other payload files."""
    terms, publisher = _terms(metadata, heading.keeper), _publisher(metadata, heading.keeper)
    files = [{"@id": n, "@type": "File", "name": n, "encodingFormat": _media_type(n)} for n in names]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": f"{heading.register}. {heading.title}",
        "description": heading.headline,
        "datePublished": metadata.known_at[:10],
        "temporalCoverage": metadata.as_of,
        "url": metadata.address,
        "license": {"@id": terms["@id"]},
        **({"author": {"@id": "#publisher"}} if names_keeper(metadata.format) else {}),
        "publisher": {"@id": "#publisher"},
        "hasPart": [{"@id": f["@id"]} for f in files],
    }
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph: list[Mapping[str, object]] = [about, root, terms, publisher, *files]
    return _json({"@context": "https://w3id.org/ro/crate/1.1/context", "@graph": graph})


def build_citation(metadata: SnapshotMetadata, heading: ReportHeading) -> bytes:
    """Return CITATION.cff; JSON quoting is valid YAML."""
    lines = {
        "cff-version": "1.2.0",
        "message": "Please cite this review with both of its dates.",
        "type": "dataset",
        "title": f"{heading.register}. {heading.title}",
        "version": f"as of {metadata.as_of}, as known at {metadata.known_at}",
        "date-released": metadata.known_at[:10],
        "url": metadata.address,
        "abstract": heading.headline,
    }
    if heading.keeper.licence and names_keeper(metadata.format):
        is_address = heading.keeper.licence == heading.keeper.licence_url
        lines["license-url" if is_address else "license"] = heading.keeper.licence
    author = _author(metadata, heading.keeper)
    text = "".join(f"{name}: {json.dumps(value, ensure_ascii=False)}\n" for name, value in lines.items())
    return (text + f"authors:\n  - name: {json.dumps(author, ensure_ascii=False)}\n").encode()


def _author(metadata: SnapshotMetadata, keeper: Keeper) -> str:
    return keeper.name if names_keeper(metadata.format) else f"Uptake at {metadata.origin}"


def _terms(metadata: SnapshotMetadata, keeper: Keeper) -> dict[str, object]:
    """Return the licence of the register, or a reference to its site."""
    if keeper.licence and names_keeper(metadata.format):
        return {"@id": keeper.licence_url, "@type": "CreativeWork", "name": keeper.licence}
    return {
        "@id": "#terms",
        "@type": "CreativeWork",
        "name": "Terms of use",
        "description": f"Those of the register's publisher, at https://{metadata.origin}/about/.",
    }


def _publisher(metadata: SnapshotMetadata, keeper: Keeper) -> dict[str, object]:
    return {
        "@id": "#publisher",
        "@type": "Organization",
        "name": _author(metadata, keeper),
        "url": f"https://{metadata.origin}/",
    }


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rsplit(".", 1)[-1], "text/plain")


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
