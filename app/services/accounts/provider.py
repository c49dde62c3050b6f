"""Sign-in at a provider (OpenID Connect).

The library creates and checks state, nonce, PKCE, and the token's signature, issuer, audience and times.
"""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TYPE_CHECKING, TypeVar
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
    """A sign-in in progress in this browser; `again` if a signed-in person authenticates once more."""

    state: str
    nonce: str
    code_verifier: str
    at: float
    again: bool
    next: str


class Provider:
    """The provider named in the settings."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.label = settings.oidc_label or str(urlsplit(settings.oidc_issuer).hostname)
        self.redirect_uri = f"{settings.base_url}/staff/provider/back/"
        self._client: ProviderClient | None = None

    def begin(self, then: str, *, again: bool = False) -> tuple[str, PendingSignIn]:
        """The provider's sign-in address, and the state to remember until the return. Raises `Refused`."""
        options = {"prompt": "login", "max_age": "0"} if again else {}
        request = self._call(lambda client: client.create_authorization_url(self.redirect_uri, **options))
        return request["url"], PendingSignIn(
            request["state"], request["nonce"], request["code_verifier"], time.time(), again, then
        )

    def finish(self, pending: PendingSignIn, code: str) -> IdentityClaims:
        """The claims about the person who returned from the provider. Raises `Refused`."""
        return self._call(
            lambda client: client.identity_claims(self.redirect_uri, code, pending.code_verifier, pending.nonce)
        )

    def check(self) -> None:
        """Raises `Refused` unless the provider answers correctly."""
        self._call(lambda client: client.create_authorization_url(self.redirect_uri))

    def _call(self, act: Callable[["ProviderClient"], T]) -> T:
        try:
            return _call_in_time(lambda: act(self._get_client()))
        except Exception as e:  # an invalid answer of the provider is not our error
            self._client = None  # its metadata may be out of date
            log.warning("The sign-in provider could not be used (%s).", type(e).__name__)
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
        from app.services.accounts.provider_client import client_of  # an optional dependency

        self._client = self._client or client_of(self.settings)
        return self._client


def _call_in_time(act: Callable[[], T]) -> T:
    """Call `act` with a limit on its total time; a socket's own limit counts between two bytes."""
    answer: Future[T] = Future()

    def run() -> None:
        try:
            answer.set_result(act())
        except BaseException as e:
            answer.set_exception(e)

    Thread(target=run, daemon=True).start()
    return answer.result(timeout=PROVIDER_TIMEOUT_SECONDS)
