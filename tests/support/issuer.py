"""A real provider of sign-in (OpenID Connect) on loopback, with one person at its desk; it misbehaves when told to."""

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from tests.support.waiting import pause

CLIENT, SECRET = "uptake", "a-secret-of-the-client"
PERSON = {"sub": "248289761001", "email": "ana@example.org", "email_verified": True, "name": "Ana Kim"}


class Issuer:
    """`person` is who signs in, `claims` what an ID token says otherwise than it should, None for not at all.

    `error` is answered instead of a code, `broken` lists the paths that answer garbage, `slow` those that never end.
    `signed_in_at` is when the person typed a password; asked to, they do it again, unless the issuer is `stubborn`.
    """

    def __init__(self) -> None:
        self.person: dict[str, Any] = dict(PERSON)
        self.claims: dict[str, Any] = {}
        self.error = ""
        self.broken: set[str] = set()
        self.slow: set[str] = set()
        self.stubborn = False
        self.tells_in_token = True
        self.signed_in_at = time.time() - 5
        self.key = self.published = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"})
        self.algorithm = "RS256"
        self.codes: dict[str, dict[str, str]] = {}
        self.asked: list[str] = []
        self.address = ""

    def metadata(self) -> dict[str, Any]:
        return {
            "issuer": self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "userinfo_endpoint": f"{self.address}/userinfo",
            "jwks_uri": f"{self.address}/jwks",
            "id_token_signing_alg_values_supported": ["RS256", "HS256", "none"],
        }

    def authorize(self, asked: dict[str, str]) -> str:
        """Where the person is led back to."""
        assert asked["client_id"] == CLIENT
        assert asked["response_type"] == "code"
        assert asked["code_challenge_method"] == "S256"
        assert "openid" in asked["scope"].split()
        back = {"state": asked["state"]}
        if self.error:
            return f"{asked['redirect_uri']}?{urlencode(back | {'error': self.error})}"
        if asked.get("prompt") == "login" and asked.get("max_age") == "0" and not self.stubborn:
            self.signed_in_at = time.time()
        code = secrets.token_urlsafe(16)
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode(back | {'code': code})}"

    def token(self, sent: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        asked = self.codes.pop(sent.get("code", ""), None)
        if authorization != f"Basic {basic}" or asked is None or asked["redirect_uri"] != sent["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        challenge = hashlib.sha256(sent["code_verifier"].encode()).digest()
        if base64.urlsafe_b64encode(challenge).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "access", "token_type": "Bearer", "id_token": self._signed(asked["nonce"])}

    def _signed(self, nonce: str) -> str:
        now = int(time.time())
        said = {"iss": self.address, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        said |= {"auth_time": int(self.signed_in_at)}
        said |= self.person if self.tells_in_token else {"sub": self.person["sub"]}
        said = {name: value for name, value in (said | self.claims).items() if value is not None}
        if self.algorithm == "none":
            parts = ({"alg": "none"}, said)
            return ".".join(base64.urlsafe_b64encode(json.dumps(p).encode()).decode().rstrip("=") for p in parts) + "."
        key: Any = OctKey.import_key(SECRET * 2) if self.algorithm == "HS256" else self.key
        return jwt.encode({"alg": self.algorithm, "kid": self.key.kid}, said, key, algorithms=[self.algorithm])


@contextmanager
def running() -> Iterator[Issuer]:
    issuer = Issuer()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            url = urlsplit(self.path)
            issuer.asked.append(url.path)
            if self._misbehaved(url.path):
                return
            if url.path == "/authorize":
                self.send_response(302)
                self.send_header("Location", issuer.authorize({k: v[0] for k, v in parse_qs(url.query).items()}))
                self.end_headers()
            elif url.path == "/jwks":
                self._answer(200, {"keys": [issuer.published.as_dict(private=False)]})
            elif url.path == "/userinfo" and self.headers["Authorization"] == "Bearer access":
                self._answer(200, issuer.person)
            elif url.path == "/.well-known/openid-configuration":
                self._answer(200, issuer.metadata())
            else:
                self._answer(404, {})

        def do_POST(self) -> None:
            issuer.asked.append(self.path)
            sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            if not self._misbehaved(self.path):
                fields = {k: v[0] for k, v in sent.items()}
                self._answer(*issuer.token(fields, self.headers.get("Authorization", "")))

        def _misbehaved(self, path: str) -> bool:
            """A trickle is the slowness that no time limit of a socket ends."""
            if path in issuer.broken:
                self._send(200, b"<html>Sorry</html>")
            elif path in issuer.slow:
                self.send_response(200)
                self.end_headers()
                try:
                    for _ in range(200):
                        self.wfile.write(b" ")
                        pause(0.05)
                except OSError:
                    pass
            return path in issuer.broken | issuer.slow

        def _answer(self, status: int, body: dict[str, Any]) -> None:
            self._send(status, json.dumps(body).encode())

        def _send(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Not into the tests' output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    issuer.address = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield issuer
    finally:
        server.shutdown()
        server.server_close()
