"""Describes a package for those who register DOIs: DataCite Metadata Schema 4.5 as JSON, and Zenodo's deposit API.

Sources: https://datacite-metadata-schema.readthedocs.io/en/4.5/ and https://developers.zenodo.org/#representation.
"""

import json
from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from msgspec import Struct

from app.presentation.narrative.keeper import Keeper
from app.services.snapshots.heading import ReportHeading
from app.services.snapshots.metadata import SnapshotMetadata
from domain.values import Author, Publication

DATACITE, ZENODO = "datacite.json", "zenodo.json"
_ROR, _ORCID, _SPDX = "https://ror.org/", "https://orcid.org/", "https://spdx.org/licenses/"
_RELATIONS = {"References": "references", "IsNewVersionOf": "isNewVersionOf", "IsVersionOf": "isPartOf"}
"""The names of DataCite, and those of Zenodo, which itself says what is a version of what."""
Json = dict[str, Any]


class Deposit(Struct, frozen=True):
    """What the descriptions are made of. `headings` are by language, the first one first.

    `earlier_doi` is that of the review that was frozen before this one in its series, or empty.
    """

    metadata: SnapshotMetadata
    headings: Mapping[str, ReportHeading]
    publications: Sequence[Publication]
    earlier_doi: str = ""

    @property
    def first(self) -> ReportHeading:
        return next(iter(self.headings.values()))

    @property
    def issued_on(self) -> str:
        return self.metadata.known_at[:10]

    @property
    def version(self) -> str:
        return f"as of {self.metadata.as_of}, as known at {self.metadata.known_at}"


def describe_for_datacite(deposit: Deposit) -> bytes:
    metadata, settings, keeper = deposit.metadata, deposit.first.settings, deposit.first.keeper
    described: Json = {
        "schemaVersion": "http://datacite.org/schema/kernel-4",
        "doi": metadata.doi,
        "alternateIdentifiers": [{"alternateIdentifier": metadata.address, "alternateIdentifierType": "URL"}],
        "creators": _creators(settings.authors, keeper, settings.ror),
        "titles": _titles(deposit),
        "publisher": _publisher(keeper, settings.ror),
        "publicationYear": deposit.issued_on[:4],
        "types": {"resourceType": "Frozen review of recommendations", "resourceTypeGeneral": "Dataset"},
        "dates": [
            {"date": metadata.as_of, "dateType": "Collected", "dateInformation": "The day that the review is about"},
            {"date": deposit.issued_on, "dateType": "Issued"},
        ],
        "language": next(iter(deposit.headings)),
        "version": deposit.version,
        "formats": ["application/zip"],
        "rightsList": _rights(keeper),
        "descriptions": [
            {"description": heading.headline, "descriptionType": "Abstract", "lang": language}
            for language, heading in deposit.headings.items()
        ],
        "fundingReferences": [{"funderName": keeper.funded_by}] if keeper.funded_by else [],
        "relatedIdentifiers": [
            {"relatedIdentifier": identifier, "relatedIdentifierType": kind, "relationType": relation}
            for identifier, kind, relation in _related(deposit)
        ],
    }
    return _json(described)


def describe_for_zenodo(deposit: Deposit) -> bytes:
    metadata, settings, keeper = deposit.metadata, deposit.first.settings, deposit.first.keeper
    described: Json = {
        "upload_type": "dataset",
        "title": f"{deposit.first.register}. {deposit.first.title}",
        "description": f"<p>{escape(deposit.first.headline)}</p>",
        "notes": f"<p>{escape(deposit.first.how_to_cite)}</p>",
        "creators": [
            _filled({"name": a.name, "affiliation": a.affiliation, "orcid": a.orcid.removeprefix(_ORCID)})
            for a in settings.authors
        ]
        or [{"name": keeper.name}],
        "publication_date": deposit.issued_on,
        "doi": metadata.doi,
        "version": deposit.version,
        "access_right": "open",
        "license": keeper.licence.lower() if _is_spdx(keeper) else "other-closed",
        "related_identifiers": [
            {"identifier": metadata.address, "relation": "isAlternateIdentifier"},
            *(
                {"identifier": identifier, "relation": _RELATIONS[relation]}
                for identifier, _kind, relation in _related(deposit)
            ),
        ],
    }
    return _json(described)


def _creators(authors: Sequence[Author], keeper: Keeper, ror: str) -> list[Json]:
    if not authors:
        identifiers = [{"nameIdentifier": ror, "nameIdentifierScheme": "ROR", "schemeUri": _ROR}] if ror else []
        return [_filled({"name": keeper.name, "nameType": "Organizational", "nameIdentifiers": identifiers})]
    return [_person(author, keeper, ror) for author in authors]


def _person(author: Author, keeper: Keeper, ror: str) -> Json:
    orcid = {"nameIdentifier": author.orcid, "nameIdentifierScheme": "ORCID", "schemeUri": _ORCID}
    institution = {"name": author.affiliation}
    if ror and author.affiliation == keeper.kept_by:
        institution |= {"affiliationIdentifier": ror, "affiliationIdentifierScheme": "ROR", "schemeUri": _ROR}
    return _filled(
        {
            "name": author.name,
            "nameType": "Personal",
            "nameIdentifiers": [orcid] if author.orcid else [],
            "affiliation": [institution] if author.affiliation else [],
        }
    )


def _publisher(keeper: Keeper, ror: str) -> Json:
    identified = {"publisherIdentifier": ror, "publisherIdentifierScheme": "ROR", "schemeURI": _ROR}
    return {"name": keeper.name} | (identified if ror else {})


def _titles(deposit: Deposit) -> list[Json]:
    """The title in the first language, then those in others that differ from it."""
    titles: dict[str, str] = {}
    for language, heading in deposit.headings.items():
        titles.setdefault(f"{heading.register}. {heading.title}", language)
    first, *others = [{"title": title, "lang": language} for title, language in titles.items()]
    return [first, *(other | {"titleType": "TranslatedTitle"} for other in others)]


def _rights(keeper: Keeper) -> list[Json]:
    if not keeper.licence:
        return []
    spdx = {"rightsIdentifier": keeper.licence, "rightsIdentifierScheme": "SPDX", "schemeUri": _SPDX}
    return [{"rights": keeper.licence, "rightsUri": keeper.licence_url} | (spdx if _is_spdx(keeper) else {})]


def _is_spdx(keeper: Keeper) -> bool:
    return bool(keeper.licence) and keeper.licence != keeper.licence_url


def _related(deposit: Deposit) -> list[tuple[str, str, str]]:
    """Identifier, its kind and the relation, in the words of DataCite."""
    of_all, earlier = deposit.first.settings.doi, deposit.earlier_doi
    return [
        *([(of_all, "DOI", "IsVersionOf")] if of_all else []),
        *([(earlier, "DOI", "IsNewVersionOf")] if earlier else []),
        *((url, "URL", "References") for url in dict.fromkeys(p.url for p in deposit.publications if p.url)),
    ]


def _filled(fields: Mapping[str, object]) -> Json:
    return {name: value for name, value in fields.items() if value}


def _json(described: Json) -> bytes:
    return (json.dumps(_filled(described), ensure_ascii=False, indent=1) + "\n").encode()
