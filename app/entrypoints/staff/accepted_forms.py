"""Whether the form of this request was accepted."""

from flask import Response, g, request


def mark_sent() -> None:
    """Says that the form of this request was accepted, for an answer that is a page and leads nowhere."""
    g.is_accepted = True


def is_accepted(response: Response) -> bool:
    """Whether a form of staff was sent and accepted."""
    is_sent = request.method == "POST" and not g.get("was_kept") and bool(g.get("person"))
    is_of_staff = (request.endpoint or "").startswith("staff.")
    return is_sent and is_of_staff and (response.status_code == 302 or bool(g.get("is_accepted")))
