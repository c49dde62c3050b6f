"""One table says who may give which command, and no road around it: pages and the API give commands for a person."""

import ast
import re
from collections.abc import Iterator

from flask import Flask

from app.entrypoints.api import OPERATION_MODULES
from app.entrypoints.api.writing import WRITE_OPERATIONS
from app.entrypoints.http.guard import permission_of
from app.services.accounts.permissions import COMMAND_PERMISSIONS, PERMISSIONS, RANK
from domain import commands
from domain.handlers.table import HANDLERS
from tests.support.call_graph import CallGraph
from tests.support.repository import ROOT

UNCHECKED = {"execute", "execute_all", "freeze_review"}
"""What gives a command, or freezes a review, without asking who may."""
GIVES = {"execute_for", "execute_all_for"}
"""What gives a command for a person."""
CHECKED_BY_ACTION = {"staff.stocktaking"}
"""Pages that readers open too; each of their buttons gives another command, checked by the table alone."""


def unchecked_calls(source: str) -> Iterator[str]:
    """Each call that gives a command without a person, and each import of one."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "attr", getattr(node.func, "id", ""))
            if name in UNCHECKED and any(k.arg in ("by", None) for k in node.keywords):  # without, it is SQL
                yield f"line {node.lineno}: {name}"
        elif isinstance(node, ast.ImportFrom):
            yield from (
                f"line {node.lineno}: {a.name}" for a in node.names if a.name in {*UNCHECKED, "Operator", "OPERATOR"}
            )
        elif isinstance(node, ast.Attribute) and node.attr == "OPERATOR":
            yield f"line {node.lineno}: {node.attr}"


def test_every_command_requires_one_permission() -> None:
    assert set(COMMAND_PERMISSIONS) == set(HANDLERS)
    assert set(COMMAND_PERMISSIONS.values()) <= set(PERMISSIONS)


def test_pages_and_the_api_give_no_command_without_a_person() -> None:
    modules = [p for folder in ("staff", "api") for p in (ROOT / "app/entrypoints" / folder).rglob("*.py")]
    assert len(modules) > 40
    assert [(p.name, call) for p in modules for call in unchecked_calls(p.read_text("utf-8"))] == []


def test_each_way_around_the_table_is_seen() -> None:
    for line in (
        "services().execute(command, by=person.id)",
        "record.execute_all(commands, by='x')",
        "record.execute(command, **more)",
        "from app.services.snapshots.freeze import freeze_review",
        "from app.services.accounts.actors import Operator, Person",
        "create_link(db, user, now, by=people.OPERATOR)",
    ):
        assert list(unchecked_calls(line)), line
    for line in ("services().execute_for(person, command)", "db.execute(query)"):
        assert not list(unchecked_calls(line)), line


def test_the_door_of_a_page_asks_for_what_its_commands_require(staff_app: Flask) -> None:
    graph = CallGraph("app.entrypoints.staff", "app.services.locker.copies", "app.services.snapshots.freeze")
    giving: dict[str, set[str]] = {}
    with staff_app.app_context():
        for endpoint, view in staff_app.view_functions.items():
            if not endpoint.startswith("staff."):
                continue
            reach = graph.reach(view.__module__, view.__name__)
            required = {COMMAND_PERMISSIONS[kind] for kind in reach.classes_of(commands) if kind in COMMAND_PERMISSIONS}
            if not reach.attributes & GIVES or endpoint in CHECKED_BY_ACTION:
                continue
            giving[endpoint] = required
            most = max(RANK[PERMISSIONS[p].least] for p in required)
            door = permission_of(endpoint)
            assert door in {p for p in required if RANK[PERMISSIONS[p].least] == most}, (endpoint, door, required)
    assert len(giving) > 12, giving


def test_an_operation_of_the_api_gives_the_command_it_declares(staff_app: Flask) -> None:
    for write in WRITE_OPERATIONS:
        module = staff_app.view_functions[f"api.{write.name}"].__module__
        reach = CallGraph(module).reach(module, write.name)
        kinds = reach.classes_of(commands) & set(COMMAND_PERMISSIONS)  # not the base classes that annotations name
        assert {COMMAND_PERMISSIONS[kind] for kind in kinds} == {write.permission}, write.name
        assert reach.attributes & GIVES, write.name


def test_no_module_with_operations_is_left_out_of_the_api() -> None:
    modules = (ROOT / "app" / "entrypoints" / "api").glob("*.py")
    decorators = re.compile(r"^@(read_operation|write_operation|sheet_operation|api)\b", re.MULTILINE)
    routing = {m.stem for m in modules if decorators.search(m.read_text("utf-8"))}
    assert routing == set(OPERATION_MODULES)
