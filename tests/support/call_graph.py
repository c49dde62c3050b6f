"""What the code of a function refers to, through the functions and classes of some modules."""

import ast
import sys
from pathlib import Path
from types import ModuleType

Place = tuple[str, str]
"""A module and the name of something defined in it."""


class Reach:
    """The places that a function refers to, directly or through others, and every attribute that they use."""

    def __init__(self) -> None:
        self.places: set[Place] = set()
        self.attributes: set[str] = set()

    def classes_of(self, module: ModuleType) -> set[type]:
        found = {getattr(module, name, None) for where, name in self.places if where == module.__name__}
        return {kind for kind in found if isinstance(kind, type)}


class CallGraph:
    """Follows references inside the named modules and packages; what is outside of them is only noted."""

    def __init__(self, *prefixes: str) -> None:
        self.prefixes = prefixes
        self._definitions: dict[str, dict[str, ast.AST]] = {}
        self._imports: dict[str, dict[str, Place]] = {}

    def reach(self, module: str, name: str) -> Reach:
        reach, waiting = Reach(), [(module, name)]
        while waiting:
            place = waiting.pop()
            if place in reach.places:
                continue
            reach.places.add(place)
            if not self._is_inside(place[0]):
                continue
            self._read(place[0])
            if (definition := self._definitions[place[0]].get(place[1])) is not None:
                waiting += self._references(place[0], definition, reach)
            elif place[1] in self._imports[place[0]]:
                waiting.append(self._imports[place[0]][place[1]])
        return reach

    def _is_inside(self, module: str) -> bool:
        return module in sys.modules and any(f"{module}.".startswith(f"{prefix}.") for prefix in self.prefixes)

    def _references(self, module: str, definition: ast.AST, reach: Reach) -> list[Place]:
        places: list[Place] = []
        nodes = list(ast.walk(definition))
        if isinstance(definition, ast.FunctionDef):  # its decorators and annotations give no command
            nodes = [n for statement in definition.body for n in ast.walk(statement)]
        for node in nodes:
            if isinstance(node, ast.Attribute):
                reach.attributes.add(node.attr)
                if isinstance(node.value, ast.Name) and node.value.id in self._imports[module]:
                    where, name = self._imports[module][node.value.id]
                    places += [(where, name), (f"{where}.{name}", node.attr)]  # the latter if it is a module
            elif isinstance(node, ast.Name):
                if node.id in self._imports[module]:
                    places.append(self._imports[module][node.id])
                elif node.id in self._definitions[module]:
                    places.append((module, node.id))
        return places

    def _read(self, module: str) -> None:
        if module in self._definitions:
            return
        file = sys.modules[module].__file__
        assert file
        tree = ast.parse(Path(file).read_text("utf-8"))
        definitions: dict[str, ast.AST] = {}
        imports: dict[str, Place] = {}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                definitions[node.name] = node
            elif isinstance(node, ast.Assign | ast.AnnAssign):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                definitions |= {t.id: node for t in targets if isinstance(t, ast.Name)}
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module:
                imports |= {a.asname or a.name: (node.module, a.name) for a in node.names}
        self._definitions[module], self._imports[module] = definitions, imports
