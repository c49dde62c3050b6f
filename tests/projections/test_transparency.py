"""The tree over the log: as another's library makes it, whatever its size; every proof holds, and no other does."""

from itertools import accumulate, pairwise

from hypothesis import given
from hypothesis import strategies as st
from pymerkle import InmemoryTree

from app.services.container import Services
from projections.engine.position import position_of
from projections.transparency import merkle, queries
from tests.support.story import Story

DATA = st.lists(st.binary(max_size=40), min_size=1, max_size=70)


def _nodes(data: list[bytes], *steps: int) -> tuple[merkle.Frontier, merkle.HashOf]:
    """The tree that grew in steps of some sizes, and its subtrees."""
    tree, hashes = merkle.Frontier(), {}
    for start, end in pairwise([0, *accumulate(steps), len(data)]):
        for level in tree.grow(merkle.leaf_hashes(data[start:end])):
            hashes |= {(level.level, place): h for place, h in enumerate(level.hashes, level.first)}
    return tree, lambda level, place: hashes[level, place]


def _theirs(data: list[bytes]) -> InmemoryTree:
    tree = InmemoryTree(algorithm="sha256")
    for item in data:
        tree.append_entry(item)
    return tree


@given(DATA)
def test_roots_of_every_size_are_those_of_another_library(data: list[bytes]) -> None:
    tree, node = _nodes(data)
    theirs = _theirs(data)
    assert tree.root() == theirs.get_root()
    for size in range(1, len(data) + 1):
        assert merkle.root(size, node) == theirs.get_root(size)
    assert merkle.root_of(merkle.leaf_hash(d) for d in data) == tree.root()


@given(DATA, st.lists(st.integers(0, 9)))
def test_a_tree_is_the_same_in_whatever_steps_it_grew(data: list[bytes], steps: list[int]) -> None:
    tree, node = _nodes(data, *steps)
    at_once, node_at_once = _nodes(data)
    assert (tree.size, tree.peaks) == (at_once.size, at_once.peaks)
    places = [(level, place) for level in range(7) for place in range(len(data) >> level)]
    assert [node(*place) for place in places] == [node_at_once(*place) for place in places]


@given(DATA, st.data())
def test_an_inclusion_is_proved_and_nothing_else(data: list[bytes], draw: st.DataObject) -> None:
    _, node = _nodes(data)
    size = draw.draw(st.integers(1, len(data)))
    index = draw.draw(st.integers(0, size - 1))
    path, root = merkle.inclusion(index, size, node), merkle.root(size, node)
    leaf = merkle.leaf_hash(data[index])
    assert merkle.includes(leaf, index, size, path, root)
    assert not merkle.includes(merkle.leaf_hash(data[index] + b"x"), index, size, path, root)
    assert not merkle.includes(leaf, index, size, [*path, b"0" * 32], root)
    assert not merkle.includes(leaf, size, size, path, root)
    if path:
        assert not merkle.includes(leaf, index, size, path[:-1], root)


@given(DATA, st.data())
def test_a_consistency_is_proved_and_nothing_else(data: list[bytes], draw: st.DataObject) -> None:
    _, node = _nodes(data)
    second = draw.draw(st.integers(1, len(data)))
    first = draw.draw(st.integers(0, second))
    proof = merkle.consistency(first, second, node)
    roots = merkle.root(first, node), merkle.root(second, node)
    assert merkle.is_consistent(first, second, proof, *roots)
    if 0 < first < second:
        assert not merkle.is_consistent(first, second, proof, b"0" * 32, roots[1])
        assert not merkle.is_consistent(first, second, proof, roots[0], b"0" * 32)
        assert not merkle.is_consistent(first, second, [*proof, b"0" * 32], *roots)
    assert not merkle.is_consistent(second + 1, second, proof, *roots)


def test_the_tables_hold_the_tree_of_the_stored_bytes(either: Services) -> None:
    story = Story(either).evidence("official").recommendation().criteria()
    story.propose()
    states = [state for _, _, state in either.log.rows_after(0, 1000)]
    with either.views.connect() as db:
        assert position_of(db).count == len(states)
        for size in range(len(states) + 1):
            assert queries.root(db, size) == merkle.root_of(merkle.leaf_hash(s) for s in states[:size])
        for position in range(1, len(states) + 1):
            path = queries.inclusion(db, position, len(states))
            leaf = queries.leaf(db, position)
            assert leaf == merkle.leaf_hash(states[position - 1])
            assert merkle.includes(leaf, position - 1, len(states), path, queries.root(db, len(states)))


def test_a_tree_that_grows_event_by_event_is_the_one_that_is_rebuilt(services: Services) -> None:
    Story(services).evidence("official").recommendation().criteria()
    with services.views.connect() as db:
        before = queries.root(db, position_of(db).count)
    services.views.rebuild()
    with services.views.connect() as db:
        assert queries.root(db, position_of(db).count) == before
