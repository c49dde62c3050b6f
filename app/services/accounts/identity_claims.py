"""What an identity provider asserts about a person (OpenID Connect)."""

from msgspec import Struct

PROVIDER_TIMEOUT_SECONDS = 10
"""For all requests to the provider in one step."""


class IdentityClaims(Struct, frozen=True):
    """`email` is empty unless the provider has verified it."""

    issuer: str
    subject: str
    email: str
    name: str
    signed_in_at: float | None
