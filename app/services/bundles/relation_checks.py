"""Checks the relations of a bundle: their targets in this register, their times, and that none leads in a circle,
also through other registers of this store.

A target in another register need not be in this store, so that bundles can be imported in any order.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime

from app.services.bundles.problems import BundleProblem
from app.services.bundles.references import NO_RECOMMENDATION
from app.services.bundles.rows import Bundle, RelationRow
from domain.errors import Refusal, refusal
from domain.recommendation.lineage import LINEAGE_KINDS, ItemKey, leads_back, relation_refusals, target_of


def check_relations(
    new: Sequence[RelationRow],
    bundle: Bundle,
    stored: Bundle,
    now: datetime,
    elsewhere: Mapping[ItemKey, Iterable[ItemKey]],
) -> Iterator[BundleProblem]:
    """Yield a problem for each relation that cannot be what it says.

    `elsewhere` has what the recommendations of other registers continue that the bundle leads to.
    """
    registered = {r.fact.id: r.registered_at or now for b in (stored, bundle) for r in b.recommendations}
    withdrawn = {r.recommendation for r in stored.withdrawals}
    in_force = {_triple(r) for r in stored.relations if not r.withdrawn_reason}
    register = bundle.settings.id
    for row in new:
        yield from _check_target(row, register, set(registered))
        yield from _check_times(row, registered, now)
        if row.from_ in withdrawn:
            yield _problem(row, "from", refusal("“{text}” is withdrawn, so you cannot add to it.", text=row.from_))
        if _triple(row) in in_force:
            yield _problem(row, "to", refusal("this relation is stored already. To withdraw it, use a command."))
    yield from _check_circles(new, (stored, bundle), register, elsewhere)


def targets_elsewhere(bundle: Bundle) -> set[ItemKey]:
    """The recommendations of other registers that a bundle relates its own to."""
    keys = {target_of(bundle.settings.id, row.fact.to).key for row in bundle.relations}
    return {key for key in keys if key[0] not in ("", bundle.settings.id)}


def _check_target(row: RelationRow, register: str, known: set[str]) -> Iterator[BundleProblem]:
    if row.from_ not in known:
        yield _problem(row, "from", refusal(NO_RECOMMENDATION, text=row.from_))
    if refusals := relation_refusals(register, row.from_, row.fact):
        yield from (_problem(row, refusal.field or "to", refusal) for refusal in refusals)
        return
    target = target_of(register, row.fact.to)
    if row.fact.to.startswith(f"{register}:"):
        yield _problem(row, "to", refusal("it is in this register.", cure="Write only “{text}”.", text=target.id))
    elif target.register == register and target.id not in known:
        yield _problem(row, "to", refusal(NO_RECOMMENDATION, text=target.id))


def _check_times(row: RelationRow, registered: dict[str, datetime], now: datetime) -> Iterator[BundleProblem]:
    published = row.published_at or now
    if published < registered.get(row.from_, published):
        yield _problem(
            row, "published_at", refusal("it is before the recommendation was registered; say when that was.")
        )
    if row.withdrawn_at and row.withdrawn_at < published:
        yield _problem(row, "withdrawn_at", refusal("it is before there was anything to withdraw."))


def _check_circles(
    new: Sequence[RelationRow],
    bundles: Sequence[Bundle],
    register: str,
    elsewhere: Mapping[ItemKey, Iterable[ItemKey]],
) -> Iterator[BundleProblem]:
    """Add the relations one by one; the row that closes a circle is the problem."""
    editions: dict[ItemKey, list[ItemKey]] = defaultdict(list, {item: list(keys) for item, keys in elsewhere.items()})
    new_rows = {id(row) for row in new}
    rows = [row for b in bundles for row in b.relations]
    for row in sorted(rows, key=lambda row: id(row) in new_rows):
        target = target_of(register, row.fact.to)
        start = (register, row.from_)
        if row.withdrawn_reason or row.fact.relation not in LINEAGE_KINDS or target.address or target.key == start:
            continue
        if id(row) in new_rows and leads_back(start, target.key, lambda item: editions.get(item, ())):
            reason = refusal(
                "it closes a circle: “{to}” continues “{start}”, directly or through others.",
                to=row.fact.to,
                start=row.from_,
            )
            yield _problem(row, "to", reason)
        else:
            editions[start].append(target.key)


def _triple(row: RelationRow) -> tuple[str, str, str]:
    return row.from_, row.fact.relation.value, row.fact.to


def _problem(row: RelationRow, column: str, reason: Refusal) -> BundleProblem:
    return BundleProblem("relations.csv", row.line, column, reason)
