"""The templates as text, by their path below templates/."""

from tests.support.repository import ROOT

TEMPLATES = ROOT / "templates"
TEXTS = {
    path.relative_to(TEMPLATES).as_posix(): path.read_text("utf-8")
    for path in sorted(TEMPLATES.rglob("*"))
    if path.suffix in (".html", ".svg", ".txt")
}
