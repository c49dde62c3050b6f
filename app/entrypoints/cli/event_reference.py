"""The reference of all events, written from the events themselves."""

import inspect

import msgspec

from domain.base import Event
from domain.events import EVENTS

_HEAD = """# Events

Everything Uptake knows is a sequence of these events. Each is stored once, as compact JSON, and never changed. This
page is written from the code by `python -m app.entrypoints.cli.event_reference > docs/events.md` and compared by a
test.

Every event also carries `topic`, `originator_id` (the aggregate's UUID), `originator_version`, `recorded_by` (a
person's id), `based_on` (the version of the aggregate that the person had before them), `recorded_at` (stamped by the
store) and a random `salt`. *Public* events can be seen by anybody once their register is open.
"""
_SHARED = frozenset(Event.__struct_fields__)


def reference() -> str:
    """The page as Markdown."""
    return _HEAD + "".join(_section(topic, kind) for topic, kind in EVENTS.items())


def _section(topic: str, kind: type[Event]) -> str:
    lines = [f"\n## `{topic}`\n", "Public.\n" if kind.PUBLIC else "Not public.\n"]
    if kind.__doc__ and kind.__doc__ != Event.__doc__:
        lines.append(f"\n{inspect.cleandoc(kind.__doc__)}\n")
    lines.append("\n| field | holds |\n|---|---|\n")
    for field in msgspec.structs.fields(kind):
        if field.name not in _SHARED:
            lines.append(f"| `{field.name}` | {_type_text(field.type)} |\n")
    return "".join(lines)


def _type_text(annotation: object) -> str:
    if isinstance(annotation, type) and issubclass(annotation, msgspec.Struct):
        return ", ".join(f"`{name}`" for name in annotation.__struct_fields__)
    words = {"str": "text", "bool": "yes or no", "int": "number", "datetime | None": "instant, or nothing"}
    name = getattr(annotation, "__name__", str(annotation)).replace("datetime.", "")
    return words.get(name, words.get(str(annotation).replace("datetime.", ""), name))


if __name__ == "__main__":
    print(reference(), end="")
