"""Keys under which commands run once, on both stores, held to a model."""

from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.services.container import Services
from domain import commands as c
from domain.errors import KeyReused, Refused
from domain.values import Body, RegisterSettings, Theme

Asked = tuple[str, str, str]
"""The kind of a command, the id of what it adds, and the person."""
ASKED = st.tuples(st.sampled_from(["body", "theme"]), st.sampled_from("xyz"), st.sampled_from(["ana", "ben"]))
STEPS = st.lists(st.tuples(st.sampled_from("kl"), ASKED), max_size=12)


def _command(kind: str, ident: str) -> c.Command:
    if kind == "body":
        return c.NameBody("r", body=Body(id=ident, name="N"))
    return c.NameTheme("r", theme=Theme(id=ident, title="N"))


def test_a_key_stands_for_one_command_of_one_person(either: Services) -> None:
    either.execute(c.EstablishRegister("r", settings=RegisterSettings(id="r", title="T")), by="ana")
    number = count()

    @given(STEPS)
    @settings(max_examples=30, deadline=None)
    def holds(steps: list[tuple[str, Asked]]) -> None:
        run = next(number)
        by_key: dict[str, Asked] = {}
        added: set[tuple[str, str]] = set()
        for key, (kind, ident, person) in steps:
            before = either.log.last()
            command, command_id = _command(kind, f"{ident}{run}"), f"{key}{run}"
            first = by_key.get(key)
            if first is not None and first != (kind, ident, person):
                with pytest.raises(KeyReused):
                    either.execute(command, by=person, command_id=command_id)
                assert either.log.last() == before
            elif first is None and (kind, ident) in added:
                with pytest.raises(Refused, match="There is already"):
                    either.execute(command, by=person, command_id=command_id)
                assert either.log.last() == before
            else:
                either.execute(command, by=person, command_id=command_id)
                assert (either.log.last() == before) is (first is not None)
                by_key[key] = (kind, ident, person)
                added.add((kind, ident))

    holds()


def test_the_version_that_a_person_saw_is_no_part_of_what_they_ask(either: Services) -> None:
    """A program that asks again reads the last version first; what it asks is the same."""
    either.execute(c.EstablishRegister("r", settings=RegisterSettings(id="r", title="T")), by="ana")
    for version in (1, 2):
        opening = c.OpenRegister("r", origin="x", without_keeper=True, expected_version=version)
        either.execute(opening, by="ana", command_id="open")
    assert len(either.log.rows_after(0, 10)) == 2


def test_a_key_from_before_digests_fits_any_command(either: Services) -> None:
    either.execute(c.EstablishRegister("r", settings=RegisterSettings(id="r", title="T")), by="ana")
    either.tracker.save(claims={"command/old": "made", "command/older": ""})
    before = either.log.last()
    assert either.execute(_command("body", "x"), by="ana", command_id="old") == "made"
    assert either.execute(_command("theme", "x"), by="ben", command_id="older") == ""
    assert either.log.last() == before
