"""Which response of a body is in force: the latest about the same matter."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from msgspec import Struct

from domain.values import ResponseFacts
from projections.engine.batches import OPEN_END

END_OF_DAYS = date.max.toordinal() + 1


class KnownResponse(Struct, frozen=True):
    """A published response; `known_to` is the instant (µs) at which it was withdrawn."""

    facts: ResponseFacts
    given: int
    known_from: int
    known_to: int
    position: int

    @property
    def matter(self) -> tuple[str, str, str]:
        """Who answered what: a body, and a recommendation, an element or an assessment."""
        return self.facts.body, self.facts.element, self.facts.assessment

    @property
    def order(self) -> tuple[int, int, int]:
        """The greatest one is the latest: by day given, then instant of publishing, then place in the log."""
        return self.given, self.known_from, self.position


class ResponseSpan(Struct, frozen=True):
    """The days and instants, the last excluded, in which a response is in force."""

    response: KnownResponse
    effective_from: int
    effective_to: int
    known_from: int
    known_to: int


def latest(responses: Iterable[KnownResponse]) -> list[KnownResponse]:
    """Of responses that are all given and known, the one of each body about each matter, in their order."""
    by_matter: dict[tuple[str, str, str], KnownResponse] = {}
    for response in sorted(responses, key=lambda r: r.order):
        by_matter[response.matter] = response
    return sorted(by_matter.values(), key=lambda r: r.order)


def spans_of(responses: Iterable[KnownResponse]) -> Iterator[ResponseSpan]:
    """When each response of a recommendation is in force."""
    by_matter: dict[tuple[str, str, str], list[KnownResponse]] = defaultdict(list)
    for response in responses:
        by_matter[response.matter].append(response)
    for chain in by_matter.values():
        yield from _spans_of_chain(sorted(chain, key=lambda r: r.order))


def _spans_of_chain(chain: Sequence[KnownResponse]) -> Iterator[ResponseSpan]:
    instants = sorted({r.known_from for r in chain} | {r.known_to for r in chain if r.known_to < OPEN_END})
    for known_from, known_to in zip(instants, [*instants[1:], OPEN_END], strict=True):
        known = [r for r in chain if r.known_from <= known_from < r.known_to]
        ends = [*(later.given for later in known[1:]), END_OF_DAYS]
        for response, end in zip(known, ends, strict=False):  # nothing is known where all are withdrawn
            if response.given < end:
                yield ResponseSpan(response, response.given, end, known_from, known_to)
