"""Relations between recommendations: what they point to, and which of them may not lead in a circle."""

from collections.abc import Callable, Iterable

from msgspec import Struct
from msgspec.structs import replace

from domain.codes import RelationKind
from domain.errors import Refusal, Refused, refusal
from domain.text import credentials_refusal, has_credentials, is_web_address
from domain.times import first_day
from domain.values import Relation

LINEAGE_KINDS = (RelationKind.RENEWS, RelationKind.SPLIT_FROM, RelationKind.MERGED_FROM, RelationKind.SUPERSEDES)
"""Relations from a later edition of a recommendation to an earlier one. They never lead in a circle."""

ItemKey = tuple[str, str]
"""A register and the id of one of its recommendations."""


class RelationTarget(Struct, frozen=True):
    """What a relation points to: a recommendation, or the address of one outside (`register` and `id` are empty)."""

    register: str = ""
    id: str = ""
    address: str = ""

    @property
    def key(self) -> ItemKey:
        return self.register, self.id


def target_of(register: str, to: str) -> RelationTarget:
    """The target of a relation stated in a register."""
    if to.startswith("https://"):
        return RelationTarget(address=to)
    other, colon, ident = to.partition(":")
    return RelationTarget(other, ident) if colon else RelationTarget(register, to)


def normalized_relation(register: str, relation: Relation) -> Relation:
    """A relation whose target names its own register only by the id."""
    to = relation.to.removeprefix(f"{register}:")
    return replace(relation, to=to)


def relation_refusals(register: str, recommendation: str, relation: Relation) -> list[Refusal]:
    """What is wrong with a relation by itself; empty if nothing is."""
    refusals = []
    target = target_of(register, relation.to)
    if target.address:
        if not is_web_address(target.address):
            refusals.append(
                refusal("Enter an address that starts with https:// and has no spaces.", field="to"),
            )
        if has_credentials(target.address):
            refusals.append(credentials_refusal("to"))
    elif not target.register or not target.id or ":" in target.id or "/" in relation.to:
        refusals.append(
            refusal(
                "Enter the id of a recommendation, “register:id” for one in another register here, or an address that "
                "starts with https://.",
                field="to",
            )
        )
    elif target.key == (register, recommendation):
        refusals.append(refusal("“{id}” cannot be related to itself.", id=recommendation, field="to"))
    if relation.on:
        try:
            first_day(relation.on)
        except Refused as refused:
            refusals += [r.about("on") for r in refused.refusals]
    return refusals


def leads_back(start: ItemKey, target: ItemKey, earlier_editions: Callable[[ItemKey], Iterable[ItemKey]]) -> bool:
    """Whether the editions before `target` include `start`, so that a relation between them would close a circle."""
    waiting, visited = [target], {target}
    while waiting:
        item = waiting.pop()
        if item == start:
            return True
        following = [e for e in earlier_editions(item) if e not in visited]
        visited.update(following)
        waiting += following
    return False
