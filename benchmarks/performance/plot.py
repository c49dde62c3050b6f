"""A small plot with two logarithmic axes, as SVG."""

import math
from collections.abc import Iterator
from html import escape

WIDTH, HEIGHT, LEFT, BOTTOM, TOP, RIGHT = 720, 380, 70, 50, 20, 210
COLOURS = ("#0b5cad", "#a63d00", "#2b7a2b", "#6b3fa0")
DASHES = ("", "8 4", "2 4", "10 3 2 3")


def plot(title: str, curves: dict[str, dict[int, float]]) -> str:
    """Curves of milliseconds by size, each with its name at its end."""
    sizes = sorted({size for curve in curves.values() for size in curve})
    values = [value for curve in curves.values() for value in curve.values()]
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))

    def x(size: float) -> float:
        share = math.log(size / sizes[0]) / math.log(sizes[-1] / sizes[0]) if len(sizes) > 1 else 0.5
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def y(value: float) -> float:
        return HEIGHT - BOTTOM - (math.log10(value) - low) / (high - low) * (HEIGHT - BOTTOM - TOP)

    def parts() -> Iterator[str]:
        yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif" font-size="13">'
        yield f"<title>{escape(title)}: milliseconds by the number of recommendations</title>"
        yield f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
        for power in range(low, high + 1):
            at = y(10**power)
            yield f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{at:.1f}" y2="{at:.1f}" stroke="#ccc"/>'
            yield f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{10.0**power:g} ms</text>'
        for size in sizes:
            yield f'<text x="{x(size):.1f}" y="{HEIGHT - BOTTOM + 20}" text-anchor="middle">{size:,}</text>'
        yield f'<text x="{LEFT}" y="{HEIGHT - 8}">recommendations</text>'
        ends = sorted((y(curve[max(curve)]), name) for name, curve in curves.items())
        labels: dict[str, float] = {}
        for at, name in ends:  # names do not overlap
            labels[name] = max(at, max(labels.values(), default=-20.0) + 18)
        for n, (name, curve) in enumerate(curves.items()):
            points = " ".join(f"{x(size):.1f},{y(value):.1f}" for size, value in sorted(curve.items()))
            style = f'fill="none" stroke="{COLOURS[n % 4]}" stroke-width="2.5" stroke-dasharray="{DASHES[(n + n // 4) % 4]}"'
            yield f'<polyline points="{points}" {style}/>'
            yield f'<text x="{WIDTH - RIGHT + 10}" y="{labels[name] + 4:.1f}" fill="{COLOURS[n % 4]}">{escape(name)}</text>'
        yield "</svg>"

    return "\n".join(parts()) + "\n"
