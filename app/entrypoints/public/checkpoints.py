"""All checkpoints of the log, for people and programs that watch it: a paged list, a file for each, and a feed."""

from flask import Response, render_template, request

from app.entrypoints.http.query_params import read_page_number, read_parameters
from app.entrypoints.http.services import services
from app.entrypoints.http.urls import absolute_url, page_url
from app.entrypoints.public.blueprint import public
from app.entrypoints.public.feeds import atom
from app.entrypoints.public.page import page_links
from app.presentation.i18n.translation import _, ngettext, page_language
from app.presentation.narrative.feed_entries import EntryKind, Feed, FeedEntry
from app.services.transparency import checkpoints as stored
from app.services.transparency.checkpoints import StoredCheckpoint
from domain.errors import NotFound, refusal

ON_A_PAGE = 50
IN_THE_FEED = 20


@public.get("/verify/checkpoints/")
def checkpoints() -> str:
    query, jobs = read_parameters("page"), services().jobs
    count = stored.count_notes(jobs)
    pages = max(1, -(-count // ON_A_PAGE))
    number = read_page_number(query, pages)
    return render_template(
        "public/checkpoints.html",
        **page_links("public.checkpoints"),
        checkpoints=stored.newest_checkpoints(jobs, ON_A_PAGE, (number - 1) * ON_A_PAGE),
        count=count,
        number=number,
        pages=pages,
    )


@public.get("/verify/checkpoints/<number:size>")
def checkpoint_file(size: int) -> Response:
    """The checkpoint over so many events, as a signed note. Cosignatures may be added to it later."""
    read_parameters()
    note = stored.note_of_size(services().jobs, size)
    if note is None:
        raise NotFound(refusal("There is no checkpoint over {size} events.", size=size))
    return _as_note(note)


@public.get("/verify/checkpoint")
def newest_checkpoint() -> Response:
    """The newest checkpoint, at an address that never changes."""
    read_parameters()
    note = stored.newest_note(services().jobs)
    if note is None:
        raise NotFound(refusal("There is no checkpoint yet. The first one follows within minutes of the first event."))
    return _as_note(note)


@public.get("/verify/checkpoints.atom")
def checkpoint_feed() -> Response:
    """The newest checkpoints; the page has all of them."""
    read_parameters()
    entries = tuple(_feed_entry(c) for c in stored.newest_checkpoints(services().jobs, IN_THE_FEED))
    feed = Feed(
        id=absolute_url(request.path),
        title=_("Checkpoints"),
        page=absolute_url(page_url("public.checkpoints")),
        own=absolute_url(request.path),
        language=page_language(),
        author=services().settings.origin,
        updated=max((entry.updated for entry in entries), default=services().clock()),
        entries=entries,
        reach="",
    )
    return _open_to_all(Response(atom.to_atom(feed), content_type=f"{atom.MIMETYPE}; charset=utf-8"))


def _feed_entry(checkpoint: StoredCheckpoint) -> FeedEntry:
    address = page_url("public.checkpoint_file", size=checkpoint.size)
    return FeedEntry(
        id=absolute_url(address),
        title=ngettext("Checkpoint over %(num)d event", "Checkpoint over %(num)d events", checkpoint.size),
        text=checkpoint.note,
        url=absolute_url(address),
        published=checkpoint.made_at,
        updated=checkpoint.made_at,
        codes=(),
        language=page_language(),
        kind=EntryKind.OTHER,
    )


def _as_note(note: str) -> Response:
    return _open_to_all(Response(note, content_type="text/plain; charset=utf-8"))


def _open_to_all(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
