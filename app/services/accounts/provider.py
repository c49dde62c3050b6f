"""A provider of sign-in (OpenID Connect): people are led there, and come back with what it says of them, signed.

State, nonce, PKCE and the token's signature, issuer, audience and hours are the library's to make and to check.
"""

import logging
import time
from collections.abc import Callable
from queue import Empty, Queue
from threading import Thread
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from msgspec import Struct

from app.adapters.settings import Settings
from app.services.accounts.identity_claims import PROVIDER_TIMEOUT_SECONDS, IdentityClaims
from domain.errors import Refused, refusal

if TYPE_CHECKING:
    from app.services.accounts.provider_client import ProviderClient

T = TypeVar("T")
log = logging.getLogger("uptake.accounts")


class PendingSignIn(Struct, frozen=True):
    """A sign-in that was begun in this browser; `again` where somebody who is signed in shows that it is still they."""

    state: str
    nonce: str
    code_verifier: str
    at: float
    again: bool
    next: str


class Provider:
    """The one that the settings name."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.label = settings.oidc_label or str(urlsplit(settings.oidc_issuer).hostname)
        self.redirect_uri = f"{settings.base_url}/staff/provider/back/"
        self._client: ProviderClient | None = None

    def begin(self, then: str, *, again: bool = False) -> tuple[str, PendingSignIn]:
        """Where to lead somebody, and what to remember meanwhile. Raises `Refused`."""
        options = {"prompt": "login", "max_age": "0"} if again else {}
        request = self._call(lambda client: client.create_authorization_url(self.redirect_uri, **options))
        return request["url"], PendingSignIn(
            request["state"], request["nonce"], request["code_verifier"], time.time(), again, then
        )

    def finish(self, pending: PendingSignIn, code: str) -> IdentityClaims:
        """What the provider says of whoever came back. Raises `Refused`."""
        return self._call(
            lambda client: client.identity_claims(self.redirect_uri, code, pending.code_verifier, pending.nonce)
        )

    def check(self) -> None:
        """Raises `Refused` unless the provider answers as one."""
        self._call(lambda client: client.create_authorization_url(self.redirect_uri))

    def _call(self, act: Callable[["ProviderClient"], T]) -> T:
        try:
            return _call_in_time(lambda: act(self._get_client()))
        except Exception as e:  # whatever somebody else's server answers is no error of ours
            self._client = None  # what it said of itself may be out of date
            log.warning("The provider of sign-in could not be used (%s).", type(e).__name__)
            if isinstance(e, OSError):
                raise Refused(
                    refusal(
                        "{provider} is not available or returned an invalid response. Try again later.",
                        provider=self.label,
                    )
                ) from None
            raise Refused(
                refusal(
                    "{provider} returned an invalid response, so you were not signed in. Try again; if "
                    "it keeps happening, contact your administrator.",
                    provider=self.label,
                )
            ) from None

    def _get_client(self) -> "ProviderClient":
        from app.services.accounts.provider_client import client_of  # an extra, which only this needs

        self._client = self._client or client_of(self.settings)
        return self._client


def _call_in_time(act: Callable[[], T]) -> T:
    """What `act` returns or raises. A limit of a socket counts between two bytes, so it is not waited for by those."""
    answers: Queue[tuple[Any, BaseException | None]] = Queue()

    def run() -> None:
        try:
            answers.put((act(), None))
        except BaseException as e:
            answers.put((None, e))

    Thread(target=run, daemon=True).start()
    try:
        result, error = answers.get(timeout=PROVIDER_TIMEOUT_SECONDS)
    except Empty:
        raise TimeoutError from None
    if error:
        raise error
    return result  # type: ignore[no-any-return]
