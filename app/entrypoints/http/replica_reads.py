"""Which requests are answered from the read replica: those of the public, while it is up to date."""

import logging

from flask import Flask, current_app, g, request
from flask.typing import ResponseReturnValue
from msgspec import Struct

from app.adapters.database import describe
from app.adapters.read_replica import ReadReplica
from app.entrypoints.http.front_cache import BAR_COOKIES
from app.services.container import Services
from app.services.site_state import SiteState

log = logging.getLogger("uptake.web")
BLUEPRINTS = ("public", "api", "site_files")
OF_FOLLOWERS = ("public.follow", "public.confirm_follow", "public.stop_following")
"""Pages for readers who were just sent a link, which the replica may not know yet."""


class ReadState(Struct, frozen=True):
    """A state with where it was read: a page that is made while that changes is not cached."""

    is_of_replica: bool
    state: SiteState

    def of(self, scope: str) -> object:
        return self.state.of(scope)

    @property
    def removals(self) -> object:
        return self.state.removals


class ReplicaReads:
    """The services of the primary and of the replica, and which are used now. It is the front cache's availability."""

    def __init__(self, primary: Services, replica: Services) -> None:
        self.primary, self.services = primary, replica
        settings = primary.settings
        self.replica = ReadReplica(primary.views.position, replica.views.position, settings.read_lag_seconds)

    @property
    def is_away(self) -> bool:
        """Whether neither can be read."""
        return not self.replica.is_used and self.primary.availability.is_away

    def lost(self, error: BaseException) -> None:
        if self.replica.is_used:
            self.replica.lost(error)
        else:
            self.primary.availability.lost(error)

    def public_state(self) -> "ReadState":
        """What public pages depend on, where they are read."""
        is_used = self.replica.is_used
        return ReadState(is_used, (self.services if is_used else self.primary).public_state())


def add_replica_reads(app: Flask, reads: ReplicaReads) -> None:
    """Call it before anything else that runs before requests reads the database."""
    app.extensions["replica"] = reads
    app.before_request(_choose)


def _choose() -> None:
    reads: ReplicaReads = current_app.extensions["replica"]
    if reads.replica.is_used and _is_public():
        g.replica = reads.services


def _is_public() -> bool:
    """Staff, with their bar on public pages and their tokens, read what they have just written: on the primary."""
    return (
        request.method in ("GET", "HEAD")
        and request.blueprint in BLUEPRINTS
        and request.endpoint not in OF_FOLLOWERS
        and "Authorization" not in request.headers
        and not any(name in request.cookies for name in BAR_COOKIES)
    )


def answer_from_primary(error: BaseException, *, is_away: bool) -> ResponseReturnValue | None:
    """Answer again a request that failed at the replica; None if it was answered from the primary."""
    if g.pop("replica", None) is None:
        return None
    if is_away:
        current_app.extensions["replica"].replica.lost(error)
    else:  # such as a read that the standby cancelled
        log.warning("the read replica could not answer %s (%s), so the primary does", request.endpoint, describe(error))
    try:
        return current_app.dispatch_request()
    except Exception as e:
        return current_app.handle_user_exception(e)
