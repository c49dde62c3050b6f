"""The reference of statuses and of what may follow each, written by applying the rules."""

import inspect
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

from app.entrypoints.cli import assessment_states
from domain.codes import Cause, Kind, Reason, SourceClass, Status
from domain.errors import Refusal
from domain.methodology import rules
from domain.methodology.methodology import Methodology
from domain.methodology.rules import Case, Earlier, against_kind, judge
from domain.methodology.versions import VERSIONS, methodology_of
from domain.recommendation import policy
from domain.values import DEFAULT_METHODOLOGY, Assessment, EvidenceFacts

ROOT = Path(__file__).parents[3]
DECIDED_IN: dict[int, Callable[..., Iterable[Refusal]]] = {
    1: rules.against_kind,
    2: rules.against_reason,
    3: rules.against_reversal,
    4: rules.against_transition,
    5: rules.broken_rules,
    6: rules.against_transition,
    7: rules.against_date,
    8: rules.against_sources,
    9: policy.second_person_refusals,
    10: policy.publishing_refusals,
}
"""The function that refuses by each rule."""

_HEAD = """# Statuses, and what may follow each

This page is written by `python -m app.entrypoints.cli.states_reference > docs/states.md`, which asks the rules about
every pair of statuses, and compared by a test. The rules are in
[`domain/methodology/rules.py`](../domain/methodology/rules.py); the meanings, ranks and defaults of a version are a
value, such as [`UPTAKE_2026_1`](../domain/methodology/uptake_2026_1.py).
"""
_ASSESSMENT = """
## From a proposal to a withdrawal

The state of an assessment, and the state that each action leads to. An empty cell is an action that is refused. The
actions are methods of [`Recommendation`](../domain/recommendation/aggregate.py).

"""
_TRANSITIONS = """
### What may follow

From the status of a row to that of a column. The first row is an item without a published assessment.

| cell | meaning |
|---|---|
| yes | allowed |
| cause | allowed with a cause, such as “repealed” |
| cause* | the same, if the item was partly implemented or better at an earlier time |
| correction | allowed only with the reason “our correction” or “method changed” |
| rule *n* | refused by this rule, whatever the reason |
"""
_DAY = date(2024, 1, 1)
_SOURCES = {
    c.value: EvidenceFacts(id=c.value, publisher=c.value, source_class=c)
    for c in (SourceClass.OFFICIAL, SourceClass.NEWS, SourceClass.NULL_SEARCH)
}
"""Enough for every status, so that rule 8 refuses none."""


def reference() -> str:
    """The page as Markdown."""
    return _HEAD + _where() + _ASSESSMENT + _lifecycle() + "".join(_version(method) for method in VERSIONS.values())


def _lifecycle() -> str:
    return _table(("state", *assessment_states.ACTIONS), assessment_states.rows(methodology_of(DEFAULT_METHODOLOGY)))


def _where() -> str:
    rows = []
    for number, function in DECIDED_IN.items():
        file = Path(inspect.getfile(function)).relative_to(ROOT).as_posix()
        summary = (inspect.getdoc(function) or "").splitlines()[0]
        rows.append((str(number), f"[`{function.__name__}`](../{file})", summary))
    return "\n## Where each rule is decided\n\n" + _table(("rule", "function", "what it refuses"), rows)


def _version(method: Methodology) -> str:
    return (
        f"\n## Version `{method.version}`\n\n"
        f"Applies rules {_numbers(method)}. Their sentences are on the methodology page of each register.\n\n"
        "### Statuses\n\n"
        + _table(("status", "bucket", "rank", "days to review", "two people"), _statuses(method))
        + _TRANSITIONS
        + "\n"
        + _table(("from", *(_name(s) for s in Status)), _transitions(method))
    )


def _numbers(method: Methodology) -> str:
    return ", ".join(str(rule.number) for rule in method.rules)


def _statuses(method: Methodology) -> Iterator[tuple[str, ...]]:
    for s in method.statuses:
        yield (
            _name(s.code),
            f"`{s.bucket}`",
            "" if s.rank is None else str(s.rank),
            "" if s.code is Status.NOT_ASSESSED else _review_days(method, s.code),
            "yes" if s.code in method.high_stakes else "",
        )


def _review_days(method: Methodology, status: Status) -> str:
    """The days after which an assessment is due for review, by kind where they differ."""
    days = {kind: after.days if (after := method.review_after(status, kind)) else None for kind in Kind}
    usual = max(filter(None, days.values()))
    others = [f"{_name(kind)}: {n or 'none'}" for kind, n in days.items() if n != usual]
    return "; ".join([str(usual), *others])


def _transitions(method: Methodology) -> Iterator[tuple[str, ...]]:
    for before in Status:
        name = "*none*" if before is Status.NOT_ASSESSED else _name(before)
        yield (name, *(transition(method, before, after) for after in Status))


def transition(method: Methodology, before: Status, after: Status) -> str:
    """Whether a status may follow another, as a word of the table."""
    kinds = [kind for kind in Kind if not any(against_kind(before, kind))]
    first = before is Status.NOT_ASSESSED
    plain = Reason.FIRST_ASSESSMENT if first else Reason.WORLD_CHANGED
    earlier = () if first else (Status.PARTLY, before) if before is Status.REVERSED else (before,)
    roads = (
        ("yes", plain, None, earlier),
        ("cause", plain, Cause.REPEALED, earlier),
        ("cause*", plain, Cause.REPEALED, (Status.PARTLY, *earlier)),
        ("correction", Reason.OUR_CORRECTION, None, earlier),
    )
    for word, reason, cause, statuses in roads:
        is_allowed = not first or not statuses
        if is_allowed and any(not _refusals(method, kind, after, reason, cause, statuses) for kind in kinds):
            return word
    broken = [[r.rule for r in _refusals(method, kind, after, plain, None, earlier) if r.rule] for kind in kinds]
    fewest = min(broken, key=len)
    return f"rule {', '.join(str(rule) for rule in sorted(set(fewest)))}"


def _refusals(
    method: Methodology, kind: Kind, status: Status, reason: Reason, cause: Cause | None, earlier: tuple[Status, ...]
) -> list[Refusal]:
    """What the rules say to a status after those of earlier years."""
    new = Assessment(
        id="new",
        status=status,
        effective_on=_DAY.isoformat(),
        reason=reason,
        cause=cause,
        rationale="Because.",
        evidence=tuple(_SOURCES),
    )
    before = [
        Earlier(f"e{n}", s, date(2020 + n, 1, 1), datetime(2020 + n, 1, 1, tzinfo=UTC), n, method.version)
        for n, s in enumerate(earlier)
    ]
    return judge(new, Case(method, kind, before, _SOURCES, _DAY))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _name(code: StrEnum) -> str:
    return f"`{code}`"


if __name__ == "__main__":
    print(reference(), end="")
