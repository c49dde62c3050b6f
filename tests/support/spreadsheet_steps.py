"""The steps of “Bring your spreadsheet”, filled in as the pages show them and sent."""

import io
from typing import Any

from tests.support.pages import Page
from tests.support.staff_client import Member

BEGIN_PATH = "/staff/spreadsheet/"


def shown_answers(page: Page) -> dict[str, str]:
    """The fields of the first form of the page below its head, as a browser would send them."""
    form = next(e for e in page.root.iter("form") if "stepform" in (e.get("class") or ""))
    answers: dict[str, str] = {}
    for e in form.iter():
        name, kind = e.get("name") or "", e.get("type") or "text"
        if (e.tag == "input" and name and kind not in ("radio", "checkbox", "file")) or (
            e.tag == "input" and name and e.get("checked") is not None
        ):
            answers[name] = e.get("value") or ""
        elif e.tag == "select":
            chosen = next((o for o in e.iter("option") if o.get("selected") is not None), None)
            answers[name] = (chosen.get("value") or "") if chosen is not None else ""
    return {name: text for name, text in answers.items() if name != "csrf_token"}


def bring(who: Member, content: bytes, name: str = "plan.xlsx", **fields: Any) -> Any:
    """Begin an import with a file."""
    return who.post(BEGIN_PATH, file=(io.BytesIO(content), name), **fields)


def answer(who: Member, path: str, action: str = "next", **fields: str) -> Any:
    """Send the form of a step as it is shown, with some fields changed."""
    return who.post(path, **shown_answers(who.get(path)) | {"action": action} | fields)


def walk_to(who: Member, content: bytes, step: str, name: str = "plan.xlsx", **answers: str) -> str:
    """Begin an import and take the guesses up to a step; columns that are not guessed become notes. Returns its path."""
    path: str = bring(who, content, name).location
    for passed in ("file", "sheet", "columns", "values"):
        if passed == step:
            return path
        fields = shown_answers(who.get(path)) | {"action": "next"}
        fields = {n: ("note" if n.startswith("field-") and not text else text) for n, text in fields.items()}
        fields |= {n: text for n, text in answers.items() if n in fields}
        sent = who.post(path, **fields)
        assert sent.status_code == 302, sent.text
        path = sent.location
    return path
