"""A register as a schema.org Dataset, for search engines of data."""

from collections.abc import Collection

from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.logos import logo_path
from app.entrypoints.public.page import Page
from app.presentation.i18n.localize import localized_text
from app.presentation.narrative.keeper import keeper_of
from domain.identifiers import doi_address
from domain.times import written
from domain.values import Author, Publication, RegisterSettings
from projections.catalogue import queries as catalogue
from projections.engine.batches import END_OF_TIME

DISTRIBUTIONS: tuple[tuple[str, dict[str, str], str], ...] = (
    ("public.download_bundle", {}, "application/zip"),
    ("public.download_csv", {"name": "scorecard"}, "text/csv"),
    ("public.download_workbook", {}, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("api.scorecard", {}, "application/json"),
)


def languages_in_use(settings: RegisterSettings) -> list[str]:
    """The languages that the register's title has, the original first."""
    return [
        settings.languages[0],
        *(code for code in settings.languages[1:] if "title" in settings.translations.get(code, {})),
    ]


def _person(author: Author) -> dict[str, object]:
    person: dict[str, object] = {"@type": "Person", "name": author.name}
    if author.orcid:
        person |= {"@id": author.orcid, "identifier": author.orcid}
    if author.affiliation:
        person["affiliation"] = {"@type": "Organization", "name": author.affiliation}
    return person


def build_dataset(page: Page, publications: Collection[Publication]) -> dict[str, object]:
    settings, keeper = page.entry.settings, keeper_of(page.entry)
    agent: dict[str, object] = {"@type": "Organization", "name": keeper.name}
    if keeper.contact:
        agent["email" if keeper.contact != keeper.contact_url else "url"] = keeper.contact
    if settings.ror:
        agent |= {"@id": settings.ror, "identifier": settings.ror}
    if logo := logo_path(page.id, page.remember("logo", lambda: catalogue.logo(page.db, page.id, END_OF_TIME))):
        agent["logo"] = absolute_url(logo)
    first = min((p.published_on for p in publications), default="")
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": localized_text(settings, "title"),
        "description": localized_text(settings, "summary") or localized_text(settings, "title"),
        "url": absolute_url(page_url("public.scorecard", register=page.id)),
        "inLanguage": languages_in_use(settings),
        "isAccessibleForFree": True,
        "creator": [_person(author) for author in settings.authors] or agent,
        "publisher": agent,
        **({"identifier": doi_address(settings.doi)} if settings.doi else {}),
        **({"creditText": localized_text(settings, "cite_as")} if settings.cite_as else {}),
        **({"license": keeper.licence_url} if keeper.licence else {}),
        **({"funder": {"@type": "Organization", "name": keeper.funded_by}} if keeper.funded_by else {}),
        "dateModified": written(page.times.known_at),
        "temporalCoverage": f"{first}/{settings.evidence_to or '..'}",
        "measurementTechnique": absolute_url(page_url("public.methodology", register=page.id)),
        "isBasedOn": [
            {"@type": "CreativeWork", "name": p.title, "datePublished": p.published_on}
            | ({"url": p.url} if p.url else {})
            for p in publications
        ],
        "distribution": [
            {
                "@type": "DataDownload",
                "encodingFormat": mimetype,
                "contentUrl": absolute_url(page_url(endpoint, register=page.id, **values)),
            }
            for endpoint, values, mimetype in DISTRIBUTIONS
        ],
    }
