"""Scorecards and comparisons as tables for a terminal."""

from collections.abc import Sequence
from itertools import groupby

from rich.box import SIMPLE_HEAD
from rich.console import Console, Group
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from app.presentation.answers.api_models import ChangeRowShape, CompareShape, ScorecardShape
from app.presentation.answers.as_of import AsOf
from domain.codes import Bucket, Status
from domain.methodology.methodology import Methodology, Scale
from domain.methodology.versions import methodology_of
from domain.values import RegisterSettings, Theme

NAMES = {
    Status.NOT_ASSESSED: "Not assessed",
    Status.NO_ACTION: "No action found",
    Status.CONTRARY: "Rejected or contrary",
    Status.ANNOUNCED: "Announced",
    Status.IN_PROGRESS: "In progress",
    Status.PARTLY: "Partly implemented",
    Status.IMPLEMENTED: "Implemented",
    Status.IN_EFFECT: "In effect",
    Status.REVERSED: "Reversed",
    Status.SUPERSEDED: "No longer applicable",
    Status.UNVERIFIABLE: "Cannot be determined",
}
GLYPHS = {
    Status.NOT_ASSESSED: "·",
    Status.NO_ACTION: "○",
    Status.CONTRARY: "⊗",
    Status.ANNOUNCED: "◌",
    Status.IN_PROGRESS: "◔",
    Status.PARTLY: "◑",
    Status.IMPLEMENTED: "●",
    Status.IN_EFFECT: "◉",
    Status.REVERSED: "↓",
    Status.SUPERSEDED: "→",
    Status.UNVERIFIABLE: "?",
}
_COLOURS = {
    Bucket.DONE: "bold blue",
    Bucket.UNDER_WAY: "cyan",
    Bucket.NOT_DONE: "yellow",
    Bucket.NOT_RATED: "dim",
}
_BUCKETS = {
    Bucket.DONE: "done",
    Bucket.UNDER_WAY: "under way",
    Bucket.NOT_DONE: "not done",
    Bucket.NOT_RATED: "not rated",
}


def print_scorecard(
    settings: RegisterSettings, answer: ScorecardShape, themes: dict[str, Theme], times: AsOf, scale: Scale | None
) -> None:
    """The scorecard as a person reads it: the sentence, the numbers, then every recommendation by theme."""
    console = Console()
    console.print(Text(settings.title, style="bold"))
    console.print(f"As of {answer.as_of}, as known at {answer.known_at}; methodology {answer.methodology}.")
    if times.reconstructed:
        console.print("Reconstructed: the time is before this register was opened.")
    if times.compiled_on:
        console.print(f"Put together on {times.compiled_on.isoformat()}.")
    if times.beyond_evidence:
        console.print(f"The evidence reaches to {settings.evidence_to}; later days are carried forward.")
    console.print(_numbers(answer))
    if not answer.recommendations:
        console.print("This scorecard has no recommendations.")
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    table.add_column("Recommendation", ratio=1)
    table.add_column("Status", no_wrap=True)
    if scale:
        table.add_column(scale.title)
    table.add_column("Since", no_wrap=True)
    method = methodology_of(settings.methodology)
    for theme, rows in groupby(answer.recommendations, key=lambda r: r.theme):
        title = themes[theme].title if theme in themes else theme
        table.add_row(Text(title, style="bold"), *[""] * (3 if scale else 2))
        for r in rows:
            words = [r.scale_status or ""] if scale else []
            marks: list[str] = [m for m in (r.motion, r.freshness if r.freshness != "current" else None) if m]
            marks += ["low confidence"] if r.confidence == "low" else []
            marks += ["legacy"] if r.legacy else []
            title = Text(f"{r.number} {r.title}" if r.number else r.title)
            if marks:
                title.append(f" ({', '.join(marks)})", style="dim")
            table.add_row(Padding(title, (0, 0, 0, 2)), _status(r.status, method), *words, r.since or "")
            for e in r.elements:
                part = Text(f"– {e.title}" + ("" if e.core else " (not core)"), style="dim")
                table.add_row(Padding(part, (0, 0, 0, 4)), _status(e.status, method), *[""] * len(words), e.since or "")
    console.print(table)


def _numbers(answer: ScorecardShape) -> Group:
    def share(n: int) -> str:
        return (
            f" of {answer.rated} rated, {round(100 * n / answer.rated)} %"
            if answer.rated >= 20
            else f" of {answer.rated} rated"
        )

    line = Text()
    for bucket, words in _BUCKETS.items():
        n = answer.buckets[bucket]
        line.append(f"{n} {words}", style=_COLOURS[bucket])
        line.append("   " if bucket is Bucket.NOT_RATED else f" ({n}{share(n)})   ")
    ever = f"Done at some time: {answer.ever_done}; still done: {answer.still_done}. "
    ever += f"Stale: {answer.stale}. Legacy: {answer.legacy}."
    return Group(line, Text(ever), Text(""))


def _status(status: Status, method: Methodology) -> Text:
    colour = "red" if status in (Status.REVERSED, Status.CONTRARY) else _COLOURS[method.bucket(status)]
    return Text(f"{GLYPHS[status]} {NAMES[status]}", style=colour)


def print_comparison(settings: RegisterSettings, answer: CompareShape, titles: dict[str, str]) -> None:
    """What changed, grouped by direction, with with corrections separate from changes in the world."""
    console = Console()
    console.print(Text(settings.title, style="bold"))
    console.print(f"From {answer.from_.as_of}, as known at {answer.from_.known_at}")
    console.print(f"to   {answer.to.as_of}, as known at {answer.to.known_at}")
    console.print("  ".join(f"{name} {n}" for name, n in answer.counts.items()) + "\n")
    headings = {
        "reversed": "Reversed",
        "down": "Down",
        "up": "Up",
        "level": "Level, another status",
        "added": "Added since",
        "removed": "Removed since",
    }
    method = methodology_of(settings.methodology)
    for direction, heading in headings.items():
        rows = [r for r in answer.rows if r.direction == direction]
        if rows:
            _group(console, f"{heading} ({len(rows)})", rows, titles, "b", "c", method)
    if corrections := [r for r in answer.rows if r.learned]:
        _group(
            console,
            f"Learned or corrected about the first day ({len(corrections)})",
            corrections,
            titles,
            "a",
            "b",
            method,
        )
    console.print(f"Unchanged: {answer.counts['unchanged']}")


def _group(
    console: Console,
    heading: str,
    rows: Sequence[ChangeRowShape],
    titles: dict[str, str],
    one: str,
    other: str,
    method: Methodology,
) -> None:
    table = Table(
        box=SIMPLE_HEAD, pad_edge=False, show_edge=False, title=heading, title_justify="left", title_style="bold"
    )
    table.add_column("Recommendation", ratio=1)
    table.add_column("Was", no_wrap=True)
    table.add_column("Is", no_wrap=True)
    table.add_column("Why")
    for r in rows:
        sides = [_status(s, method) if (s := getattr(r, side)) else Text("–") for side in (one, other)]
        why = ", ".join(dict.fromkeys(a.reason.replace("_", " ") for a in r.assessments))
        table.add_row(titles.get(r.id, r.id), *sides, why)
    console.print(table)
