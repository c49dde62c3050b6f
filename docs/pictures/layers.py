"""Draws docs/pictures/layers.svg from the import contracts in pyproject.toml.

Run `python docs/pictures/layers.py`; a test compares the picture with the contracts and the folders.
"""

import ast
import tomllib
from pathlib import Path
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parents[2]
PICTURE = Path(__file__).with_name("layers.svg")
CONTRACT = "Imports go down only"
WIDTH, MARGIN, ROW, GAP = 960, 24, 28, 34
CHARACTER = 7.3
"""Width of a character in pixels, at the size of the package names."""


def draw() -> str:
    """The picture as SVG text: one box per layer, with its packages, and an arrow to the layer below."""
    y, boxes = MARGIN, []
    layers = _layers()
    for number, layer in enumerate(layers):
        summary, lines = _summary(layer), _wrapped(_packages(layer))
        height = 62 + ROW * len(lines)
        boxes.append(_box(layer, summary, lines, y, height))
        y += height
        if number < len(layers) - 1:
            middle = WIDTH / 2
            boxes.append(f'<path class="arrow" d="M{middle} {y + 4}v{GAP - 14}" marker-end="url(#head)"/>')
            y += GAP
    return _svg("\n".join(boxes), y + MARGIN)


def _layers() -> list[str]:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    (contract,) = (c for c in contracts if c["name"].startswith(CONTRACT))
    return list(contract["layers"])


def _folder(layer: str) -> Path:
    return ROOT / layer.replace(".", "/")


def _summary(layer: str) -> str:
    """The first line of the package's docstring."""
    docstring = ast.get_docstring(ast.parse((_folder(layer) / "__init__.py").read_text("utf-8"))) or ""
    return docstring.splitlines()[0]


def _packages(layer: str) -> list[str]:
    """The packages of a layer, and where it has none, its modules."""
    folder = _folder(layer)
    packages = sorted(p.parent.name for p in folder.glob("*/__init__.py"))
    modules = sorted(p.stem for p in folder.glob("*.py") if not p.stem.startswith("_"))
    return packages + modules if len(packages) + len(modules) <= 24 else packages


def _wrapped(names: list[str]) -> list[list[str]]:
    lines: list[list[str]] = [[]]
    used = 0.0
    for name in names:
        width = len(name) * CHARACTER + 26
        if used + width > WIDTH - 4 * MARGIN and lines[-1]:
            lines.append([])
            used = 0.0
        lines[-1].append(name)
        used += width
    return lines


def _box(layer: str, summary: str, lines: list[list[str]], y: float, height: float) -> str:
    parts = [
        f'<rect class="layer" x="{MARGIN}" y="{y}" width="{WIDTH - 2 * MARGIN}" height="{height}" rx="8"/>',
        f'<text class="name" x="{2 * MARGIN}" y="{y + 24}">{escape(layer.replace(".", "/"))}/</text>',
        f'<text class="summary" x="{2 * MARGIN}" y="{y + 44}">{escape(summary)}</text>',
    ]
    for number, names in enumerate(lines):
        x = float(2 * MARGIN)
        top = y + 54 + ROW * number
        for name in names:
            width = len(name) * CHARACTER + 16
            parts.append(f'<rect class="package" x="{x:.1f}" y="{top}" width="{width:.1f}" height="22" rx="4"/>')
            parts.append(f'<text class="package-name" x="{x + 8:.1f}" y="{top + 15.5}">{escape(name)}</text>')
            x += width + 10
    return "\n".join(parts)


def _svg(content: str, height: float) -> str:
    frame = f'viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="title"'
    return f"""<svg xmlns="http://www.w3.org/2000/svg" {frame}>
<title id="title">The layers of Uptake; each may import only what is below it</title>
<style>
text {{ font-family: system-ui, sans-serif; fill: #1d2733; }}
.ground {{ fill: #ffffff; }}
.layer {{ fill: #f3f5f7; stroke: #7b8794; }}
.package {{ fill: #ffffff; stroke: #b3bcc6; }}
.name {{ font-size: 16px; font-weight: 600; }}
.summary {{ font-size: 13px; }}
.package-name {{ font-size: 12px; font-family: ui-monospace, monospace; }}
.arrow {{ stroke: #7b8794; stroke-width: 2; fill: none; }}
.head {{ fill: #7b8794; }}
@media (prefers-color-scheme: dark) {{
text {{ fill: #e6e9ed; }}
.ground {{ fill: #14191f; }}
.layer {{ fill: #1d242c; }}
.package {{ fill: #262f39; stroke: #4a5561; }}
}}
</style>
<defs><marker id="head" markerWidth="8" markerHeight="8" refX="4" refY="4" orient="auto">
<path class="head" d="M0 0l8 4l-8 4z"/></marker></defs>
<rect class="ground" width="{WIDTH}" height="{height}"/>
{content}
</svg>
"""


if __name__ == "__main__":
    PICTURE.write_text(draw(), encoding="utf-8")
