"""Describes a package for programs and libraries: Frictionless, RO-Crate 1.1, Citation File Format."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence

from app.presentation.narrative.keeper import Keeper
from app.services.bundles.datapackage import describe
from app.services.bundles.rows import Bundle
from app.services.bundles.used_columns import UsedColumns
from app.services.snapshots.formats import names_keeper, names_publisher
from app.services.snapshots.heading import ReportHeading
from app.services.snapshots.metadata import SnapshotMetadata
from domain.identifiers import doi_address

MEDIA_TYPES = {
    "json": "application/json",
    "jsonl": "application/jsonl",
    "csv": "text/csv",
    "html": "text/html",
    "pdf": "application/pdf",
    "svg": "image/svg+xml",
    "png": "image/png",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "cff": "text/plain",
    "py": "text/x-python",
}


def describe_data_package(metadata: SnapshotMetadata, bundle: Bundle) -> bytes:
    """Describe the tables of the bundle inside the package."""
    description = describe(bundle, UsedColumns(bundle).read_all())
    description["name"] = metadata.name.replace("_", "-")
    for resource in description["resources"]:
        resource["path"] = f"bundle/{resource['path']}"
    return _json(description)


def describe_crate(metadata: SnapshotMetadata, heading: ReportHeading, names: Iterable[str]) -> bytes:
    """Describe the package as an RO-Crate. `names` are the paths of all other payload files."""
    terms, publisher = _terms(metadata, heading.keeper), _publisher(metadata, heading)
    people = _people(metadata, heading)
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
        **({"author": _author_ids(people)} if names_keeper(metadata.format) else {}),
        **_cited_as(metadata, heading),
        "publisher": {"@id": "#publisher"},
        "hasPart": [{"@id": f["@id"]} for f in files],
    }
    about = {
        "@id": "ro-crate-metadata.json",
        "@type": "CreativeWork",
        "conformsTo": {"@id": "https://w3id.org/ro/crate/1.1"},
        "about": {"@id": "./"},
    }
    graph: list[Mapping[str, object]] = [about, root, terms, publisher, *people, *files]
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
    if names_publisher(metadata.format):
        lines |= {"doi": metadata.doi} if metadata.doi else {}
        lines |= {"message": f"Please cite this review as: {heading.how_to_cite}"} if heading.settings.cite_as else {}
    if heading.keeper.licence and names_keeper(metadata.format):
        is_address = heading.keeper.licence == heading.keeper.licence_url
        lines["license-url" if is_address else "license"] = heading.keeper.licence
    text = "".join(f"{name}: {_quoted(value)}\n" for name, value in lines.items())
    return (text + "authors:\n" + "".join(_cff_authors(metadata, heading))).encode()


def _cff_authors(metadata: SnapshotMetadata, heading: ReportHeading) -> Iterator[str]:
    """The people, or else who keeps the register. A name is not split into given and family names."""
    settings = heading.settings
    if not (names_publisher(metadata.format) and (settings.authors or settings.ror)):
        yield f"  - name: {_quoted(_author(metadata, heading.keeper))}\n"
    elif settings.authors:
        for author in settings.authors:
            yield f"  - name: {_quoted(author.name)}\n"
            yield f"    orcid: {_quoted(author.orcid)}\n" if author.orcid else ""
    else:
        yield f"  - name: {_quoted(heading.keeper.name)}\n    website: {_quoted(settings.ror)}\n"


def _quoted(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)


def _people(metadata: SnapshotMetadata, heading: ReportHeading) -> list[Mapping[str, object]]:
    """The authors as entities of an RO-Crate."""
    authors = heading.settings.authors if names_publisher(metadata.format) else ()
    return [
        {"@id": author.orcid or f"#author-{number}", "@type": "Person", "name": author.name}
        | ({"affiliation": author.affiliation} if author.affiliation else {})
        for number, author in enumerate(authors, 1)
    ]


def _author_ids(people: Sequence[Mapping[str, object]]) -> object:
    return [{"@id": person["@id"]} for person in people] or {"@id": "#publisher"}


def _cited_as(metadata: SnapshotMetadata, heading: ReportHeading) -> Mapping[str, object]:
    if not names_publisher(metadata.format):
        return {}
    identifier = {"identifier": doi_address(metadata.doi)} if metadata.doi else {}
    return identifier | {"creditText": heading.how_to_cite}


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


def _publisher(metadata: SnapshotMetadata, heading: ReportHeading) -> dict[str, object]:
    ror = heading.settings.ror if names_publisher(metadata.format) else ""
    return {
        "@id": "#publisher",
        "@type": "Organization",
        "name": _author(metadata, heading.keeper),
        "url": f"https://{metadata.origin}/",
        **({"identifier": ror} if ror else {}),
    }


def _media_type(name: str) -> str:
    return MEDIA_TYPES.get(name.rsplit(".", 1)[-1], "text/plain")


def _json(data: object) -> bytes:
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()
