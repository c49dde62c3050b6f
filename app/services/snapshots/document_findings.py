"""Writes what the editable report lists together: what changed, by addressee, done and then undone, overdue."""

from collections.abc import Sequence

from app.services.snapshots.report import MAX_DETAILED_ROWS, Report, StatusChange
from app.services.snapshots.word_format import WordTable
from app.services.snapshots.word_writer import WordWriter

LEVEL = "\N{EM SPACE}"
"""Before the name of a body for each body above it."""


def write_findings(writer: WordWriter, r: Report) -> None:
    _write_changes(writer, r)
    if r.addressees:
        _write_addressees(writer, r)
    _write_reversals(writer, r)
    _write_overdue(writer, r)


def _write_changes(writer: WordWriter, r: Report) -> None:
    w = r.words
    writer.heading(w["changes"], 1)
    for text in filter(None, (r.moved, r.since, r.added)):
        writer.paragraph(text)
    if len(r.changed) > MAX_DETAILED_ROWS:
        writer.paragraph(w["too_many_changes"])
    else:
        for group in dict.fromkeys(m.group for m in r.changed):
            writer.heading(group, 2)
            _write_moves(writer, w, [m for m in r.changed if m.group == group], group)
    if r.learned:
        writer.heading(w["learned"], 2)
        _write_moves(writer, w, r.learned, w["learned"])


def _write_moves(writer: WordWriter, w: dict[str, str], moves: Sequence[StatusChange], title: str) -> None:
    if len(moves) > MAX_DETAILED_ROWS:
        writer.paragraph(w["too_many_changes"])
        return
    writer.table(
        WordTable(
            head=(w["recommendation"], w["before"], w["after"], w["why"]),
            rows=[(m.title, m.before, m.after, m.why) for m in moves],
            widths=(46, 30, 30, 60),
            title=f"{w['changes']}: {title}",
            about=title,
        )
    )


def _write_addressees(writer: WordWriter, r: Report) -> None:
    w = r.words
    writer.heading(w["addressees"], 1)
    line = writer.paragraph(w["addressees_text"])
    names = ("own", "numbers_done", "numbers_under_way", "numbers_not_done", "numbers_not_rated", "overdue_count")
    table = writer.table(
        WordTable(
            head=(w["body"], *(w[name] for name in names), w["with_others"]),
            rows=[
                (
                    LEVEL * a.level + a.name,
                    *map(str, (a.own, a.done, a.under_way, a.not_done, a.not_rated, a.overdue, a.with_others)),
                )
                for a in r.addressees
            ],
            widths=(48, *[16] * 5, 22, 16),
            title=w["addressees"],
            about=w["addressees_text"],
        )
    )
    writer.refer(line, w["see"], table)


def _write_reversals(writer: WordWriter, r: Report) -> None:
    w = r.words
    writer.heading(w["reversals"], 1)
    if not r.reversals or len(r.reversals) > MAX_DETAILED_ROWS:
        writer.paragraph(w["too_many"] if r.reversals else w["reversals_none"])
        return
    writer.table(
        WordTable(
            head=(w["recommendation"], w["was_done"], w["was_undone"], w["on_the_day"], w["why"]),
            rows=[
                (v.title, v.done, v.undone, v.label, (": ".join(filter(None, (v.part, v.why))), _shown(r, v.refs)))
                for v in r.reversals
            ],
            widths=(36, 30, 30, 22, 48),
            title=w["reversals"],
            about=w["reversals"],
        )
    )


def _write_overdue(writer: WordWriter, r: Report) -> None:
    w = r.words
    writer.heading(w["overdue"], 1)
    if not r.overdue or len(r.overdue) > MAX_DETAILED_ROWS:
        writer.paragraph(w["too_many"] if r.overdue else w["overdue_none"])
        return
    writer.table(
        WordTable(
            head=(w["recommendation"], w["deadline"], w["overdue_by"]),
            rows=[
                (". ".join(filter(None, (o.title, o.part))), (o.deadline, _shown(r, o.refs)), o.late) for o in r.overdue
            ],
            widths=(58, 74, 34),
            title=w["overdue"],
            about=w["overdue"],
        )
    )


def _shown(r: Report, numbers: Sequence[int]) -> Sequence[int]:
    """Numbers of evidence; none where the report of a large register leaves the evidence out."""
    return numbers if r.references else ()
