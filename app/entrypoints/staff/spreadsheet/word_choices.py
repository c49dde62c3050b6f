"""What a word in a cell can mean, by field."""

from app.presentation.i18n.labels import CAUSE, CONFIDENCE, KIND, MOTION, POSITION, STATUS, choices
from app.presentation.i18n.translation import LazyText, _
from app.services.mapping.types import LEAVE_OUT
from domain.codes import Status

PRIORITY = {"yes": LazyText("A priority"), "no": LazyText("No priority")}
_STATUSES = {code: word for code, word in STATUS.items() if code != Status.NOT_ASSESSED}
_WORDS = {
    "status": _STATUSES,
    "kind": KIND,
    "priority": PRIORITY,
    "confidence": CONFIDENCE,
    "cause": CAUSE,
    "motion": MOTION,
    "response": POSITION,
}


def code_choices(field: str) -> list[tuple[str, str]]:
    """Codes with their labels, and leaving the cells out."""
    return [*choices(_WORDS[field]), (LEAVE_OUT, _("Leave these cells out"))]
