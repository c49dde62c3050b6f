"""What `benchmarks/performance` writes, and the measurement of a table with an audit log on a small store."""

import re
import xml.etree.ElementTree as ET
from itertools import pairwise
from pathlib import Path

from benchmarks.growth.walk import Cost
from benchmarks.performance.growth_curves import PAGES, curves
from benchmarks.performance.plot import plot
from benchmarks.performance.report import PAGE, Figures, audit, document

FIGURES = {"Uptake": {100: Figures(3.0, 2.0)}, "table with an audit log": {100: Figures(1.0, 4.0)}}

GROWTH = {100: {path: Cost(200, "text/html", 0.02, 1, 1, 30_000, 1) for path in PAGES.values()}}


def test_a_ratio_is_given_only_to_what_was_measured_in_turn() -> None:
    lines = list(document(FIGURES, {100: 2.0}, GROWTH, ["warm"]))
    assert "| Uptake | 1.50 (3.00 ms) |" in lines
    assert "| table with an audit log | 1.00 ms |" in lines
    assert "| table with an audit log | 2.00 (4.00 ms) |" in lines
    assert "| one theme | 20 ms, 30 kB |" in lines
    assert curves(GROWTH)["one theme"] == {100: 20.0}


def test_the_page_has_the_tables_and_the_pictures_that_the_program_writes() -> None:
    written = PAGE.read_text(encoding="utf-8").splitlines()
    assert [line for line in written if line.startswith("## ")] == [
        line for line in document(FIGURES, {100: 2.0}, GROWTH, ["warm"]) if line.startswith("## ")
    ]
    for picture in re.findall(r"\((pictures/.*?)\)", PAGE.read_text(encoding="utf-8")):
        ET.parse(PAGE.parent / picture)


def test_the_names_of_curves_do_not_overlap() -> None:
    root = ET.fromstring(plot("Growth", {name: {100: 1.0, 1000: 5.0} for name in ("a", "b", "c")}))
    names = [e for e in root.iter("{http://www.w3.org/2000/svg}text") if e.text in ("a", "b", "c")]
    places = sorted(float(e.attrib["y"]) for e in names)
    assert min(b - a for a, b in pairwise(places)) >= 18


def test_an_audit_log_is_measured(tmp_path: Path) -> None:
    figures = audit(tmp_path, 60)
    assert figures.change > 0
    assert figures.past > 0
