"""The templates: lines short enough to read, components in use, one name for each macro."""

import re
from collections import Counter

from tests.support.template_files import TEXTS

MAX_LINE_LENGTH = 160
IMPORT = re.compile(r'\{% from "([^"]+)" import ([^%]+?) %\}')
MACRO = re.compile(r"\{% macro (\w+)\(")


def test_no_line_is_too_long() -> None:
    lines = ((name, n, line) for name, text in TEXTS.items() for n, line in enumerate(text.splitlines(), 1))
    assert [f"{name}:{n}" for name, n, line in lines if len(line) > MAX_LINE_LENGTH] == []


def test_macros_keep_their_names_when_imported() -> None:
    imports = ((name, names) for name, text in TEXTS.items() for _, names in IMPORT.findall(text))
    assert [(name, names) for name, names in imports if " as " in names] == []


def test_every_macro_name_is_defined_once() -> None:
    names = Counter(macro for text in TEXTS.values() for macro in MACRO.findall(text))
    assert len(names) > 80
    assert [name for name, times in names.items() if times > 1] == []


def test_every_component_is_used() -> None:
    imports = {path for text in TEXTS.values() for path, _ in IMPORT.findall(text)}
    assert {name for name in TEXTS if name.startswith("components/")} - imports == set()


def test_every_imported_macro_is_called() -> None:
    unused = [
        f"{name}: {macro}"
        for name, text in TEXTS.items()
        for _, names in IMPORT.findall(text)
        for macro in names.split(", ")
        if not re.search(rf"\b{macro}\b", IMPORT.sub("", text))
    ]
    assert unused == []
