"""Imports a bundle: all of it in one transaction, or nothing."""

from collections.abc import Callable
from pathlib import Path

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.record import Record
from app.services.bundles.event_builder import EventBuilder
from app.services.bundles.exporting import export_bundle
from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.plan_digest import check_previewed, plan_digest
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.reading import read_bundle
from app.services.bundles.relation_checks import targets_elsewhere
from app.services.bundles.row_verdicts import RowVerdict
from app.services.bundles.rows import Bundle
from domain.errors import Refusal, Refused
from projections.assessments.proposals import latest_card_drafts
from projections.catalogue import queries as catalogue
from projections.engine.garbage_collection import paused_garbage_collection
from projections.engine.position import last_applied_at
from projections.lineage import queries as lineage


class ImportResult(Struct, frozen=True):
    """What an import did, or would do."""

    register: str
    stored: int
    """Number of events stored; 0 for a dry run, or if everything was stored already."""
    verdicts: tuple[RowVerdict, ...]
    legacy: tuple[str, ...]
    problems: tuple[BundleProblem, ...] = ()
    notes: tuple[Refusal, ...] = ()
    """What was assumed or left out when the files were read."""
    plan: str = ""
    """The digest of what a dry run would do; empty for an import."""


class ImportOptions(Struct, frozen=True):
    """How to import a bundle: actor, dry run, legacy assessments, and who approves cards.

    With `update`, rows that are stored with other content are amended; `why` is the public reason for all of them.
    With `propose`, new assessments wait as proposals of `by`. With `previewed`, the digest of a dry run, nothing is
    stored but what that showed.
    """

    by: str = "import"
    dry_run: bool = False
    allow_legacy: bool = False
    approve_cards: str = ""
    update: bool = False
    why: str = ""
    propose: bool = False
    previewed: str | None = None


def import_bundle(
    record: Record,
    source: Path | Bundle,
    options: ImportOptions,
    check_permission: Callable[[str], None] = lambda _register: None,
) -> ImportResult:
    """Read, check and store a bundle, or check and store one that was read.

    Raises `Refused` with every problem, and `Conflict` if it is not what was previewed; then nothing is stored.

    `check_permission` raises if this person may not import the register.
    """
    with paused_garbage_collection():
        result = _import(record, source, options, check_permission)
        if result.stored:
            record.catch_up()  # once the memory of the bundle is free again
    return result


def _import(
    record: Record, source: Path | Bundle, options: ImportOptions, check_permission: Callable[[str], None]
) -> ImportResult:
    bundle = source if isinstance(source, Bundle) else read_bundle(source)
    check_permission(bundle.settings.id)
    now = record.clock()
    record.catch_up()
    with record.views.connect() as db:
        stored = export_bundle(db, bundle.settings.id)
        drafts = {} if options.approve_cards else latest_card_drafts(db, bundle.settings.id)
        entry = catalogue.register(db, bundle.settings.id)
        elsewhere = lineage.earlier_editions_elsewhere(
            db, bundle.settings.id, targets_elsewhere(bundle), last_applied_at(db)
        )
    is_open = entry is not None and entry.is_open
    plan = ImportPlan(
        bundle,
        stored,
        drafts,
        is_open=is_open,
        now=now,
        allow_legacy=options.allow_legacy,
        update=options.update,
        propose=options.propose,
        elsewhere=elsewhere,
    )
    bundle = plan.bundle  # whose rows have their defaults; nothing holds those that were read any more
    digest = plan_digest(plan) if options.dry_run or options.previewed is not None else ""
    builder = _build(record, plan, options)
    problems = tuple(replace(p, file=bundle.files.get(p.file, p.file)) for p in plan.problems)
    if problems and not options.dry_run:
        raise BundleRefused(problems)
    if not options.dry_run:
        check_previewed(digest, options.previewed)
    verdicts = plan.verdicts()
    if bundle.files:
        verdicts = [replace(v, file=bundle.files.get(v.file, v.file)) for v in verdicts]
    result = ImportResult(bundle.settings.id, 0, tuple(verdicts), tuple(plan.legacy), problems, bundle.notes)
    if options.dry_run:
        return replace(result, plan=digest)
    if builder and builder.events:
        record.tracker.import_events(builder.events, builder.claims, builder.records)
    return replace(result, stored=len(builder.events) if builder else 0)


def _build(record: Record, plan: ImportPlan, options: ImportOptions) -> EventBuilder | None:
    """The events of a plan; None with problems, and for a dry run that amends and proposes nothing."""
    needs_no_trial = options.dry_run and not (plan.amendments or (plan.propose and plan.new["assessments"]))
    if plan.problems or needs_no_trial:
        return None
    try:
        builder = EventBuilder(
            record, plan, plan.now, by=options.by, approve_cards=options.approve_cards, why=options.why
        )
    except BundleRefused as refused:
        plan.problems += refused.problems
        return None
    return builder


def find_register(record: Record, register: str) -> Bundle | None:
    """Return the current bundle of a register, or None if there is no such register."""
    record.catch_up()
    with record.views.connect() as db:
        return export_bundle(db, register)


def export_register(record: Record, register: str) -> Bundle:
    """Return the current bundle of a register. Raises `Refused` if there is no such register."""
    bundle = find_register(record, register)
    if bundle is None:
        raise Refused(f"There is no register “{register}”.")
    return bundle
