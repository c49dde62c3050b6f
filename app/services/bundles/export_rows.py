"""The rows of a bundle from what the projections say."""

from app.presentation.i18n.source_titles import REMOVAL_REASON
from app.services.bundles import rows
from app.services.bundles.rows import REMOVED_TITLE
from domain.values import Body, EvidenceFacts, EvidenceText
from projections.assessments.queries import PublicWithdrawal
from projections.catalogue.entries import DeadlineEntry, EvidenceEntry, MergeEntry
from projections.lineage.queries import RelationRecord
from projections.responses.queries import ResponseRecord


def body(facts: Body, merged: MergeEntry | None) -> rows.BodyRow:
    if merged is None:
        return rows.BodyRow(0, facts)
    merge = merged.merge
    return rows.BodyRow(0, facts, merge.into, merge.on, merge.why, merged.merged_at)


def deadline(entry: DeadlineEntry) -> rows.DeadlineRow:
    return rows.DeadlineRow(
        line=0,
        fact=entry.deadline,
        recommendation=entry.recommendation,
        published_at=entry.published_at,
        withdrawn_at=entry.withdrawn_at,
        withdrawn_by=entry.withdrawn_by,
        withdrawn_reason=entry.withdrawn_reason,
    )


def response(record: ResponseRecord) -> rows.ResponseRow:
    withdrawal = record.withdrawal
    return rows.ResponseRow(
        line=0,
        fact=record.facts,
        recommendation=record.recommendation,
        published_by=record.published_by,
        published_at=record.published_at,
        withdrawn_at=withdrawal.at if withdrawal else None,
        withdrawn_by=withdrawal.by if withdrawal else "",
        withdrawn_reason=withdrawal.reason if withdrawal else "",
    )


def relation(record: RelationRecord) -> rows.RelationRow:
    return rows.RelationRow(
        line=0,
        fact=record.facts,
        from_=record.recommendation,
        published_at=record.published_at,
        withdrawn_at=record.withdrawn_at,
        withdrawn_by=record.withdrawn_by,
        withdrawn_reason=record.withdrawn_reason,
    )


def evidence(entry: EvidenceEntry) -> rows.EvidenceRow:
    facts = EvidenceFacts(
        id=entry.id,
        publisher=entry.publisher,
        source_class=entry.source_class,
        published_on=entry.published_on,
        accessed_on=entry.accessed_on,
        language=entry.language,
        sha256=entry.sha256,
    )
    text = EvidenceText(
        title=entry.title,
        url=entry.url,
        archived_url=entry.archived_url,
        summary=entry.summary,
        translations=entry.translations,
    )
    if entry.removed_because:  # files are the same in every language of the interface
        reason = REMOVAL_REASON[entry.removed_because].text
        text = EvidenceText(title=REMOVED_TITLE, summary=f"The text was removed on {entry.removed_on}: {reason}.")
    return rows.EvidenceRow(0, facts, text)


def withdrawal(record: PublicWithdrawal) -> rows.WithdrawalRow:
    return rows.WithdrawalRow(
        line=0,
        assessment=record.assessment,
        recommendation="" if record.assessment else record.recommendation,
        reason=record.reason,
        withdrawn_at=record.at,
        withdrawn_by=record.by,
        replaced_by=record.replaced_by,
    )
