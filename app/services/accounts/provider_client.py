"""The library's OpenID Connect client, restricted to one issuer and to asymmetric signatures."""

from typing import Any

from authlib.integrations.base_client import BaseApp, OAuth2Mixin, OpenIDMixin
from authlib.integrations.requests_client import OAuth2Session

from app.adapters.settings import Settings
from app.services.accounts.identity_claims import PROVIDER_TIMEOUT_SECONDS, IdentityClaims

ALGORITHMS = {f"{kind}{bits}" for kind in ("RS", "PS", "ES") for bits in (256, 384, 512)} | {"EdDSA"}
TEXT_CLAIMS = ("email", "name")
MAX_SUBJECT_LENGTH = 255
"""Characters of a subject, from the standard."""
CLOCK_LEEWAY_SECONDS = 60
"""How far two clocks may differ."""


class ProviderClient(OAuth2Mixin, OpenIDMixin, BaseApp):  # type: ignore[misc]
    client_cls = OAuth2Session
    issuer = ""

    def load_server_metadata(self) -> dict[str, Any]:
        metadata: dict[str, Any] = super().load_server_metadata()
        if metadata["issuer"].rstrip("/") != self.issuer:
            raise ValueError("another issuer")
        offered = metadata.get("id_token_signing_alg_values_supported", ["RS256"])
        metadata["id_token_signing_alg_values_supported"] = [a for a in offered if a in ALGORITHMS]
        return metadata

    def identity_claims(self, redirect_uri: str, code: str, code_verifier: str, nonce: str) -> IdentityClaims:
        token = self.fetch_access_token(redirect_uri, code=code, code_verifier=code_verifier)
        issuer = self.load_server_metadata()["issuer"]
        expected = {"iss": issuer, "aud": self.client_id, "nonce": nonce}
        options = {claim: {"essential": True, "value": value} for claim, value in expected.items()}
        claims = dict(
            self.parse_id_token({"id_token": "", **token}, nonce, claims_options=options, leeway=CLOCK_LEEWAY_SECONDS)
        )
        if "email" not in claims and "userinfo_endpoint" in self.load_server_metadata():
            more = self.userinfo(token=token)
            claims = {**more, **claims} if more["sub"] == claims["sub"] else claims
        email, name = (
            text if (text := str(claims.get(key) or "").strip()).isprintable() else "" for key in TEXT_CLAIMS
        )
        if not 0 < len(claims["sub"]) <= MAX_SUBJECT_LENGTH:
            raise ValueError("no subject")
        return IdentityClaims(
            issuer=issuer,
            subject=claims["sub"],
            email=email.lower() if claims.get("email_verified") is True else "",
            name=name,
            signed_in_at=claims.get("auth_time"),
        )


def client_of(settings: Settings) -> ProviderClient:
    issuer = settings.oidc_issuer.rstrip("/")
    client = ProviderClient(
        None,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": PROVIDER_TIMEOUT_SECONDS,
        },
    )
    client.issuer = issuer
    return client
