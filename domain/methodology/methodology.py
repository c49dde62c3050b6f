"""A version of the methodology as a value: statuses, rules, sources, defaults and maps to other scales."""

from datetime import timedelta
from functools import cached_property

from msgspec import Struct

from domain.codes import Bucket, Cause, Kind, Motion, Reason, SourceClass, Status


class StatusMeaning(Struct, frozen=True):
    """One status: the bucket it counts in, its rank on the ladder (None where it has none), and what it says."""

    code: Status
    bucket: Bucket
    rank: int | None
    meaning: str


class Rule(Struct, frozen=True):
    """A rule of publishing, in a sentence. A version applies the rules that it lists, and no others."""

    number: int
    sentence: str


class Scale(Struct, frozen=True):
    """Another project's scale, and the word that each status gets on it."""

    code: str
    title: str
    labels: tuple[str, ...]
    words: dict[Status, str]


class Methodology(Struct, frozen=True, dict=True):
    """The fields are published as they are, in the API and in frozen packages. The sets below follow from them.

    `without_review` lists, by status, the kinds of items whose assessments have no review day by default.
    `author_may_approve` says that in a register with one editor the author may approve success criteria.
    """

    version: str
    statuses: tuple[StatusMeaning, ...]
    rules: tuple[Rule, ...]
    reasons: tuple[Reason, ...]
    causes: tuple[Cause, ...]
    motions: tuple[Motion, ...]
    primary: tuple[SourceClass, ...]
    independent: tuple[SourceClass, ...]
    weak: tuple[SourceClass, ...]
    review_days: dict[Status, int]
    default_review_days: int
    due_days: int
    scales: tuple[Scale, ...]
    without_review: dict[Status, tuple[Kind, ...]] = {}
    author_may_approve: bool = False

    @cached_property
    def meanings(self) -> dict[Status, StatusMeaning]:
        return {s.code: s for s in self.statuses}

    def rank(self, status: Status) -> int | None:
        return self.meanings[status].rank

    def bucket(self, status: Status) -> Bucket:
        return self.meanings[status].bucket

    def review_after(self, status: Status, kind: Kind) -> timedelta | None:
        """How long after its effective date an assessment is due for review; None if it has no review day."""
        if kind in self.without_review.get(status, ()):
            return None
        return timedelta(days=self.review_days.get(status, self.default_review_days))

    def scale(self, code: str | None) -> Scale | None:
        return next((s for s in self.scales if s.code == code), None)

    def applies(self, rule: int | None) -> bool:
        """Whether this version has the rule of a number. None, which is no rule of a methodology, always applies."""
        return rule is None or rule in self._rule_numbers

    @cached_property
    def _rule_numbers(self) -> frozenset[int]:
        return frozenset(rule.number for rule in self.rules)

    @cached_property
    def done(self) -> frozenset[Status]:
        """The statuses that count as done."""
        return frozenset(s.code for s in self.statuses if s.bucket is Bucket.DONE)

    @cached_property
    def high_stakes(self) -> frozenset[Status]:
        """Done, and “reversed”: these need two people (rule 9) and medium confidence (rule 8)."""
        return self.done | {Status.REVERSED}

    @cached_property
    def set_aside(self) -> frozenset[Status]:
        """Assessed, and yet not rated: an element that holds one does not count towards its recommendation."""
        return frozenset(s.code for s in self.statuses if s.bucket is Bucket.NOT_RATED) - {Status.NOT_ASSESSED}

    @cached_property
    def attained(self) -> frozenset[Status]:
        """“Partly implemented” and every rank above it: what can be reversed (rule 3)."""
        return self._from(Status.PARTLY)

    @cached_property
    def fallen_back(self) -> frozenset[Status]:
        """Every rank under “in progress”, except “reversed”: what does not follow an attained status (rule 4)."""
        ranked = frozenset(s.code for s in self.statuses if s.rank is not None)
        return ranked - self._from(Status.IN_PROGRESS) - {Status.REVERSED}

    @cached_property
    def after_reversed(self) -> frozenset[Status]:
        """What may follow “reversed” (rule 6)."""
        return self._from(Status.IN_PROGRESS) | {Status.REVERSED, Status.SUPERSEDED}

    def _from(self, lowest: Status) -> frozenset[Status]:
        """The statuses with at least the rank of one."""
        least = self.meanings[lowest].rank
        return frozenset(s.code for s in self.statuses if s.rank is not None and least is not None and s.rank >= least)
