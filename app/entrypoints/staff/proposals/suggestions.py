"""Comments on a field of a proposal, and texts that are suggested for it."""

from collections.abc import Sequence

from msgspec import Struct

from app.entrypoints.http.guard import colleague_name
from app.entrypoints.staff.forms import Form
from app.entrypoints.staff.hidden_proposals import blindness
from app.entrypoints.staff.outcomes import announce
from app.entrypoints.staff.setup.registers import register_entry
from app.presentation.i18n.localize import in_language
from app.presentation.i18n.translation import _
from app.services.accounts.actors import Person
from app.services.comments.conversation import suggestions_on
from app.services.comments.models import Comment
from app.services.container import Services
from domain.errors import Refused
from domain.values import Assessment
from projections.assessments.proposals import proposal_at_version
from projections.worklist.queries import Proposal, open_proposal

EDIT_PREFIX = "edit_"
"""Begins the name of the input with the text that is suggested for a field."""


class EditableText(Struct, frozen=True):
    """A text of a proposal; `name` is that of its field in the form of a proposal."""

    name: str
    label: str
    text: str
    language: str

    @property
    def input_name(self) -> str:
        return EDIT_PREFIX + self.name


class Suggestion(Struct, frozen=True):
    """A text that a colleague suggests for a field; `comment` is the number of the comment."""

    comment: int
    field: str
    label: str
    by: str
    remark: str
    text: str


def field_labels(languages: Sequence[str]) -> dict[str, str]:
    """The fields of a proposal that a comment can name, in the order of the page."""
    statement, rationale = _("Statement"), _("Rationale")
    translated = {f"{n}_{code}": in_language(text, code) for n, text in _texts().items() for code in languages[1:]}
    return {
        "status": _("Status"),
        "effective_on": _("In force from"),
        "cause": _("Cause"),
        "reason": _("Reason"),
        "motion": _("Motion"),
        "confidence": _("Confidence"),
        "statement": statement,
        "rationale": rationale,
        **translated,
        "evidence": _("Evidence"),
        "review_by": _("Review by"),
    }


def editable_texts(assessment: Assessment, languages: Sequence[str]) -> list[EditableText]:
    """The texts of a proposal that are not empty."""
    texts = []
    for name, label in _texts().items():
        texts.append(EditableText(name, label, getattr(assessment, name), languages[0]))
        for code in languages[1:]:
            text = assessment.translations.get(code, {}).get(name, "")
            texts.append(EditableText(f"{name}_{code}", in_language(label, code), text, code))
    return [t for t in texts if t.text]


def texts_to_edit(assessment: Assessment, languages: Sequence[str], form: Form) -> list[EditableText]:
    """The same, each put in its input unless something is typed there."""
    texts = editable_texts(assessment, languages)
    for text in texts:
        form.values.setdefault(text.input_name, text.text)
    return texts


def typed_comments(services: Services, about: Comment, form: Form) -> list[Comment]:
    """The typed comment, and one for each text that was changed; none, with errors in the form, if one is empty."""
    languages = register_entry(services, about.register).settings.languages
    fields = field_labels(languages) if about.assessment else {}
    texts = _texts_as_seen(services, about, form, languages)
    suggestions = {t.name: form[t.input_name] for t in texts if form[t.input_name] != t.text.strip()}
    for text in texts:
        if not form[text.input_name]:
            form.add(text.input_name, _("Enter the text that you suggest, or leave the present one."))
    if form.errors:
        return []
    remarks = dict.fromkeys(suggestions, "")
    if form["text"] or not suggestions:
        named = form["field"] if form["field"] in fields else ""
        remarks[named or next(iter(suggestions), "")] = form["text"]
    return [
        Comment(
            register=about.register,
            recommendation=about.recommendation,
            assessment=about.assessment,
            field=field,
            text=remark,
            suggestion=suggestions.get(field, ""),
        )
        for field, remark in remarks.items()
    ]


def comments_beside_decision(services: Services, about: Comment, form: Form) -> list[Comment]:
    """What was typed for a comment when a decision was sent; and the note, if the decision sends none to the author.

    Raises `Refused`, with the reasons in the form.
    """
    entries = [entry for entry in typed_comments(services, about, form) if entry.text or entry.suggestion]
    if form.errors:
        raise Refused
    if form["action"] == "publish" and form["note"]:
        place = {"register": about.register, "recommendation": about.recommendation, "assessment": about.assessment}
        entries.append(Comment(**place, text=form["note"]))
    return entries


def read_revised_proposal(services: Services, person: Person, register: str, form: Form) -> Proposal | None:
    """The open proposal that a form revises; None if there is none, or if it is hidden from the person."""
    if not form["revise"]:
        return None
    with services.views.connect() as views:
        proposal = open_proposal(views, register, form["revise"])
    return None if proposal is None or blindness(services, person, register).hides(proposal) else proposal


def read_suggestions(
    services: Services, person: Person, register: str, recommendation: str, form: Form
) -> list[Suggestion]:
    """The suggestions on the proposal that a form revises; those that its texts follow already are left out."""
    if read_revised_proposal(services, person, register, form) is None:
        return []
    labels = field_labels(register_entry(services, register).settings.languages)
    with services.accounts.work() as db:
        return [
            Suggestion(c.id, c.field, labels[c.field], colleague_name(services, c.author), c.text, c.suggestion)
            for c in suggestions_on(db, register, recommendation, form["revise"])
            if c.field in labels and c.suggestion != form[c.field]
        ]


def take_suggestion(services: Services, person: Person, register: str, recommendation: str, form: Form) -> bool:
    """Put a suggested text in its field if its button was pressed. Returns whether one was."""
    if not form["take"]:
        return False
    for suggestion in read_suggestions(services, person, register, recommendation, form):
        if str(suggestion.comment) == form["take"]:
            form.values[suggestion.field] = suggestion.text
            announce(_("Taken over: %(field)s.", field=suggestion.label), _("Send the proposal to keep it."))
    return True


def _texts() -> dict[str, str]:
    return {"statement": _("Statement"), "rationale": _("Rationale")}


def _texts_as_seen(services: Services, about: Comment, form: Form, languages: Sequence[str]) -> list[EditableText]:
    """The texts of the proposal in the version on which the form was opened, as far as the form has them."""
    version = form.expected_version
    if not about.assessment or version is None:
        return []
    with services.views.connect() as db:
        proposed = proposal_at_version(db, about.register, about.recommendation, about.assessment, version)
    texts = editable_texts(proposed, languages) if proposed else []
    return [t for t in texts if t.input_name in form.values]
