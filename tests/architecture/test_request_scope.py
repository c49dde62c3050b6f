"""Views and hooks ask for the services and the person of a request; their helpers receive them as arguments."""

import ast
from collections.abc import Iterator

from tests.support.repository import ROOT

MAX_VIEW_LINES = 35
ASKS = {"services", "current_person"}
ROUTES = {"get", "post", "route", "read_operation", "write_operation", "sheet_operation"}
"""The decorators of a view."""
HOOKS = {
    "app/entrypoints/api/uploads.py": {"view"},  # the view that `sheet_operation` makes
    "app/entrypoints/api/writing.py": {"view"},  # the view that `write_operation` makes
    "app/entrypoints/http/database_errors.py": {"_refuse_while_away", "_handle"},
    "app/entrypoints/http/errors.py": {"handle_refused", "handle_http_error", "handle_unexpected"},
    "app/entrypoints/http/guard.py": {"_guard", "_name_of_colleague"},
    "app/entrypoints/http/headers.py": {"add_headers"},
    "app/entrypoints/http/hosts.py": {"_refuse_unknown_host"},
    "app/entrypoints/http/one_time_codes.py": {"verify_totp", "check_recovery_code"},  # called by the library
    "app/entrypoints/http/passkeys.py": {"passkey_obstacle"},
    "app/entrypoints/http/shared_caches.py": {"_allow_shared_caching"},
    "app/entrypoints/http/security.py": {
        *("_refuse_guessing", "_count_attempts", "_start_login_session"),
        *("_after_password_change", "_after_new_passkey", "_after_removed_passkey"),
    },
    "app/entrypoints/staff/account/sign_in_outcomes.py": {"sign_in_reasons", "_say_what_worked"},
    "app/entrypoints/staff/workspace_bar.py": {"workspace_bar"},
    "app/entrypoints/staff/proposals/drafts.py": {"_load_draft", "_discard_sent_draft", "saved_text"},
    "app/entrypoints/staff/sent_forms.py": {"_answer_again", "_finish"},
    "app/entrypoints/staff/titles.py": {"_title", "_find_title"},
    "app/entrypoints/staff/typed_days.py": {"page_settings", "parse_day"},
}
"""What Flask calls besides views: before and after a request, on an error, on a signal, from a template or a form."""


def is_view(function: ast.FunctionDef) -> bool:
    calls = [d.func for d in function.decorator_list if isinstance(d, ast.Call)]
    return any(getattr(c, "attr", getattr(c, "id", "")) in ROUTES for c in calls)


def asking_helpers(source: str, hooks: set[str]) -> Iterator[str]:
    """Each call of `services()` or `current_person()` outside of views and hooks."""

    def walk(node: ast.AST, may_ask: bool, name: str) -> Iterator[str]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.FunctionDef):
                yield from walk(child, may_ask or is_view(child) or child.name in hooks, child.name)
                continue
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Name)
                and child.func.id in ASKS
                and not may_ask
            ):
                yield f"{name}, line {child.lineno}: {child.func.id}()"
            yield from walk(child, may_ask, name)

    yield from walk(ast.parse(source), False, "module")


def test_helpers_receive_what_they_need() -> None:
    modules = sorted((ROOT / "app" / "entrypoints").rglob("*.py"))
    assert len(modules) > 100
    faults = [
        (path, fault)
        for module in modules
        for path in [str(module.relative_to(ROOT))]
        for fault in asking_helpers(module.read_text("utf-8"), HOOKS.get(path, set()))
    ]
    assert faults == []


def test_each_hook_is_there_and_asks() -> None:
    for path, names in HOOKS.items():
        source = (ROOT / path).read_text("utf-8")
        for name in names:
            assert list(asking_helpers(source, names - {name})), f"{path}: {name}"


def test_a_helper_that_asks_is_seen() -> None:
    view = "@public.get('/')\ndef page():\n    return services().clock()\n"
    assert not list(asking_helpers(view, set()))
    assert not list(asking_helpers("@write_operation('/', command=c)\ndef page():\n    return services()\n", set()))
    helper = "def _page():\n    with services().views.connect() as db:\n        return current_person().id\n"
    assert len(list(asking_helpers(helper, set()))) == 2
    assert list(asking_helpers("now = services().clock()", set()))


def test_views_are_short() -> None:
    lengths = {
        f"{module.name}: {node.name}": (node.end_lineno or 0) - node.lineno + 1
        for module in (ROOT / "app" / "entrypoints").rglob("*.py")
        for node in ast.walk(ast.parse(module.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef) and is_view(node)
    }
    assert len(lengths) > 100
    assert {view: lines for view, lines in lengths.items() if lines > MAX_VIEW_LINES} == {}
