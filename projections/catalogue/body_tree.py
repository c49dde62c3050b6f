"""Which bodies are parts of which, as known at an instant."""

from collections import defaultdict
from collections.abc import Mapping

from domain.values import Body


class BodyTree:
    """The bodies of a register by id; `merged_into` names the body that each merged one became part of."""

    def __init__(self, bodies: Mapping[str, Body], merged_into: Mapping[str, str]) -> None:
        self.bodies, self.merged_into = bodies, merged_into
        self._parts: dict[str, list[str]] = defaultdict(list)
        for body in bodies.values():
            if body.id not in merged_into and (parent := self.parent(body.id)):
                self._parts[parent].append(body.id)
        self._names: dict[str, list[str]] = defaultdict(list)
        for ident in merged_into:
            self._names[self.current(ident)].append(ident)

    def current(self, body: str) -> str:
        """The body that has what was asked of this one: itself, unless it was merged."""
        while body in self.merged_into:
            body = self.merged_into[body]
        return body

    def parent(self, body: str) -> str:
        """The body above, or the empty string."""
        return self.current(self.bodies[body].parent) if body in self.bodies else ""

    def with_those_above(self, body: str) -> list[str]:
        """The body that this one is now, and all above it, the nearest first."""
        found: dict[str, None] = {}
        ident = self.current(body)
        while ident in self.bodies and ident not in found:
            found[ident] = None
            ident = self.parent(ident)
        return list(found)

    def parts(self, body: str) -> list[str]:
        """The bodies directly below."""
        return self._parts.get(body, [])

    def earlier_names(self, body: str) -> list[str]:
        """The bodies that were merged into this one."""
        return self._names.get(body, [])

    def with_parts(self, body: str) -> list[str]:
        """The body and all below it, each before its parts, with the bodies that were merged into them."""
        found: dict[str, None] = {}
        waiting = [body]
        while waiting:
            ident = waiting.pop()
            if ident not in found:
                found |= dict.fromkeys((ident, *self.earlier_names(ident)))
                waiting += reversed(self.parts(ident))
        return list(found)
