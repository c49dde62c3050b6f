"""Checks the addresses that a bundle adds or changes; those that are stored already stay as they are."""

from collections.abc import Iterator, Mapping, Sequence

from app.services.bundles.problems import BundleProblem
from app.services.bundles.rows import EvidenceRow, PublicationRow
from domain.text import address_refusal, archive_refusal


def check_publication_addresses(
    rows: Sequence[PublicationRow], stored: Sequence[PublicationRow]
) -> Iterator[BundleProblem]:
    """Yield a problem for each new or changed address of a publication that would not be stored."""
    old = {r.fact.id: r.fact.url for r in stored}
    for row in rows:
        url = row.fact.url
        if url != old.get(row.fact.id, "") and (reason := address_refusal(url)):
            yield BundleProblem("publications.csv", row.line, "url", reason, url)


def check_source_addresses(rows: Sequence[EvidenceRow], stored: Sequence[EvidenceRow]) -> Iterator[BundleProblem]:
    """Yield a problem for each new or changed address of a source that would not be stored."""
    old = {r.fact.id: {"url": r.text.url, "archived_url": r.text.archived_url} for r in stored}
    for row in rows:
        yield from _check_source(row, old.get(row.fact.id, {}))


def _check_source(row: EvidenceRow, old: Mapping[str, str]) -> Iterator[BundleProblem]:
    new = {"url": row.text.url, "archived_url": row.text.archived_url}
    if new == old:
        return
    wrong = False
    for column, address in new.items():
        if address != old.get(column, "") and (reason := address_refusal(address)):
            wrong = True
            yield BundleProblem("evidence.csv", row.line, column, reason, address)
    if not wrong and (same := archive_refusal(row.text.url, row.text.archived_url, field=None)):
        yield BundleProblem("evidence.csv", row.line, "archived_url", same, row.text.archived_url)
