"""Previews and imports a person's own sheet: what is right in one transaction, and the rest as a list of causes."""

from collections.abc import Iterable

from msgspec import Struct
from msgspec.structs import replace

from app.adapters.spreadsheets.cells import Workbook
from app.services.accounts.actors import Actor, authorize
from app.services.bundles.causes import group_problems
from app.services.bundles.event_builder import EventBuilder
from app.services.bundles.import_plan import ImportPlan
from app.services.bundles.plan_digest import check_previewed, plan_digest
from app.services.bundles.problems import BundleProblem, BundleRefused
from app.services.bundles.relation_checks import targets_elsewhere
from app.services.bundles.rows import Bundle
from app.services.bundles.settings import read_settings
from app.services.comments.notes import add_notes
from app.services.container import Services
from app.services.mapping.build_context import Approach
from app.services.mapping.building import BuiltRows, build_rows, new_settings
from app.services.mapping.edition import NextEdition
from app.services.mapping.matching import Matches, match_rows
from app.services.mapping.register_before import read_before
from app.services.mapping.remaining import References, SheetRows, check_built, in_own_places, without_unused
from app.services.mapping.results import ImportKey, SheetResult, count_rows
from app.services.mapping.said_rows import BuiltSheet, SaidRows
from app.services.mapping.saved import LastFile, save_last_file
from app.services.mapping.stored_now import StoredNow
from app.services.mapping.table import SheetTable, read_table
from app.services.mapping.types import RowCorrections, SheetMapping
from app.services.mapping.updating import compare_edition
from domain.commands import EstablishRegister
from domain.errors import Refused, refusal
from domain.recommendation.judging_context import JudgingContext
from domain.times import day_in
from domain.values import RegisterSettings
from projections.engine.garbage_collection import paused_garbage_collection
from projections.engine.position import last_applied_at
from projections.lineage import queries as lineage


class SheetOptions(Struct, frozen=True):
    """How to import a sheet.

    With `create`, a register that does not exist is begun; with `update`, what is stored is amended, for the public
    reason `why`; with `valid_rows`, rows with problems are left out, else nothing is stored if there are any.
    """

    register: str
    create: bool = False
    update: bool = False
    valid_rows: bool = False
    why: str = ""


class SheetPreview(Struct, frozen=True):
    """What a sheet would store, with everything that pages show about it."""

    result: SheetResult
    table: SheetTable
    matches: Matches
    built: BuiltRows
    plan: ImportPlan
    """Of the rows without problems."""
    edition: NextEdition
    """The differences to what is stored; all rows are new in a new register."""
    last_file: LastFile | None
    """The file before this one."""


def preview_sheet(
    services: Services,
    actor: Actor,
    workbook: Workbook,
    mapping: SheetMapping,
    options: SheetOptions,
    corrections: RowCorrections | None = None,
) -> SheetPreview:
    """Return what an import would do. Stores nothing. Raises `Refused` if the sheet cannot be read so."""
    with paused_garbage_collection():
        return _SheetImport(services, actor, workbook, mapping, options, corrections or RowCorrections()).preview


def import_sheet(
    services: Services,
    actor: Actor,
    workbook: Workbook,
    mapping: SheetMapping,
    options: SheetOptions,
    corrections: RowCorrections | None = None,
    *,
    key: ImportKey | None = None,
    previewed: str | None = None,
) -> SheetResult:
    """Store what is right in a sheet; nothing if anything is wrong, unless `valid_rows` is chosen.

    An import with a key claims it with what it stores, so that of two at the same moment one is refused.
    `previewed` is the digest of a preview: nothing is stored but what that showed.
    Raises `Refused` if the sheet cannot be read so, and `Conflict` if another person changed the register meanwhile.
    """
    with paused_garbage_collection():
        return _SheetImport(services, actor, workbook, mapping, options, corrections or RowCorrections()).store(
            key, previewed
        )


class _SheetImport:
    """One sheet on its way into a register."""

    def __init__(
        self,
        services: Services,
        actor: Actor,
        workbook: Workbook,
        mapping: SheetMapping,
        options: SheetOptions,
        corrections: RowCorrections,
    ) -> None:
        authorize(actor, EstablishRegister, options.register)
        self.services, self.actor, self.workbook, self.mapping = services, actor, workbook, mapping
        self.options, self.now = options, services.clock()
        self.stored = read_before(services, options.register, create=options.create)
        self.proposes = self.stored.is_open or mapping.choices.review == "second_person"
        table = read_table(workbook, mapping, corrections)
        self.said = self.stored.last_file.said if self.stored.last_file else {}
        matches = match_rows(table, mapping, self.stored.bundle, self.said, corrections.matches)
        settings = self._settings()
        built = build_rows(
            table,
            mapping,
            register=options.register,
            stored=self.stored.bundle,
            matches=matches,
            today=day_in(settings.time_zone, self.now),
            approach=self._approach(settings),
        )
        rows = check_built(built, workbook.name)
        self.sheet = BuiltSheet(table, rows.bundle, built.recommendations, built.origins)
        edition = self._compare(matches, corrections)
        rows = replace(rows, bundle=without_unused(edition.bundle, rows.amended))
        self.problems = [*built.problems, *rows.problems, *edition.problems]
        plan = self._plan(built, rows)
        result = count_rows(table, corrections, built, plan, self.left_out)
        legacy = in_own_places(_legacy_problems(plan), built, workbook.name)
        groups = group_problems(self.problems)
        proposals = len(plan.new["assessments"]) if plan.propose else 0
        result = replace(
            result,
            problems=groups,
            legacy=group_problems(legacy),
            missing=built.missing,
            proposals=proposals,
            plan=plan_digest(plan),
        )
        self.preview = SheetPreview(result, table, matches, built, plan, edition, self.stored.last_file)

    def store(self, key: ImportKey | None, previewed: str | None) -> SheetResult:
        """Store what the preview shows, under a key if there is one."""
        preview, result = self.preview, self.preview.result
        check_previewed(result.plan, previewed)
        if self.problems and (not self.options.valid_rows or preview.edition.is_of_another_register):
            return result.refused()
        if self.stored.is_open and preview.plan.amendments and not self.options.why.strip():
            raise Refused(refusal("Enter why you changed it. The reason is public.", field="why"))
        builder = EventBuilder(self.services, preview.plan, self.now, by=self.actor.id, why=self.options.why)
        if preview.plan.problems:
            raise BundleRefused(in_own_places(preview.plan.problems, preview.built, self.workbook.name))
        if builder.events:
            if key:
                builder.claims[key.name] = key.written(result)
            self.services.tracker.import_events(builder.events, builder.claims, builder.records)
            self.services.catch_up()
        self._save()
        return replace(result, plan="")

    def _settings(self) -> RegisterSettings:
        """The settings of the register; those of a new one are checked."""
        if self.stored.bundle:
            return self.stored.bundle.settings
        new = new_settings(self.mapping, self.options.register)
        problems: list[BundleProblem] = []
        values = {
            "id": new.id,
            "title": new.title,
            "time_zone": new.time_zone,
            "languages": list(new.languages),
            "methodology": new.methodology,
        }
        read_settings(values, lambda key: ("", 0, key), problems)
        if problems:
            raise BundleRefused(problems)
        return new

    def _compare(self, matches: Matches, corrections: RowCorrections) -> NextEdition:
        """Compare what the sheet says with what is stored and with what the last file said."""
        before = self.stored.bundle or Bundle(settings=self.sheet.bundle.settings)
        today = day_in(before.settings.time_zone, self.now)
        now = self.stored
        stored = StoredNow(before, now.drafts, now.last_file, today, now.is_open, now.proposed)
        return compare_edition(self.sheet, self.mapping, matches, stored, corrections.counts)

    def _approach(self, settings: RegisterSettings) -> Approach:
        """Who approves success criteria, where rule 10 asks for no other person; and whether statuses are proposed."""
        is_alone = JudgingContext.of(settings, self.now).author_may_approve
        return Approach(
            approved_by=self.actor.id if is_alone or not self.proposes else "",
            proposes=self.proposes,
            proposed=self.stored.proposed,
        )

    def _plan(self, built: BuiltRows, rows: SheetRows) -> ImportPlan:
        """Plan the import of the items without problems, until none are found any more."""
        references = References(rows)
        self.left_out = references.items_with(self.problems, rows.invalid)
        while True:
            plan = self._plan_of(references.without(self.left_out))
            if not plan.problems:
                return plan
            self.problems += in_own_places(plan.problems, built, self.workbook.name)
            found = references.items_with(plan.problems, {}) - self.left_out
            if not found:
                raise BundleRefused(plan.problems)
            self.left_out |= found

    def _plan_of(self, bundle: Bundle) -> ImportPlan:
        with self.services.views.connect() as db:
            targets = targets_elsewhere(bundle)
            elsewhere = lineage.earlier_editions_elsewhere(db, bundle.settings.id, targets, last_applied_at(db))
        plan = ImportPlan(
            bundle,
            self.stored.bundle,
            self.stored.drafts,
            is_open=self.stored.is_open,
            now=self.now,
            allow_legacy=self.mapping.legacy and not self.proposes,
            update=self.options.update,
            propose=self.proposes,
            elsewhere=elsewhere,
        )
        if not plan.problems and (plan.amendments or (plan.propose and plan.new["assessments"])):
            self._try(plan)
        return plan

    def _try(self, plan: ImportPlan) -> None:
        """Note what the domain refuses of the amendments and proposals."""
        try:
            EventBuilder(self.services, plan, self.now, by=self.actor.id, why=self.options.why or "–")
        except BundleRefused as refused:
            plan.problems += refused.problems

    def _save(self) -> None:
        """Save the mapping with the register, and what the sheet said, for the comparison with the next one."""
        edition, rows = self.preview.edition, self.preview.built.recommendations
        left_out = {rows.get(number, "") for number in self.left_out}
        stored = {row.fact.id for row in edition.bundle.recommendations} - left_out
        said = {**self.said, **dict(SaidRows(self.sheet, self.mapping).read_all(stored))}
        last = LastFile(
            mapping=self.mapping,
            said=said,
            file_name=self.workbook.name,
            digest=self.workbook.digest,
            by=self.actor.id,
            at=self.services.clock(),
        )
        notes = {ident: texts for ident, texts in self.preview.built.notes.items() if ident not in left_out}
        with self.services.accounts.work() as db:
            save_last_file(db, self.options.register, last)
            add_notes(db, self.actor.id, self.options.register, notes, last.at)


def _legacy_problems(plan: ImportPlan) -> Iterable[BundleProblem]:
    """What rules the statuses do not meet that are stored with a mark."""
    for row in plan.new["assessments"]:
        for reason in plan.legacy.get(row.fact.id, ()):
            yield BundleProblem("assessments.csv", row.line, reason.field or "status", reason)
