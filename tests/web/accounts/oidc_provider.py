"""A small OpenID Connect provider on loopback: signs real tokens with a real key, and says what the test wants."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa


class Provider:
    """Runs while it is entered. `person`: the claims about whoever signs in there."""

    def __init__(self) -> None:
        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        self.person: dict[str, Any] = {}
        self.asked: dict[str, dict[str, str]] = {}
        self.audience = "table"

    def __enter__(self) -> Provider:
        provider = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                provider.get(self)

            def do_POST(self) -> None:
                provider.post(self)

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def authorize(self, address: str) -> str:
        """What a browser does there: sign in, and be sent back; gives the address that it is sent to."""
        asked = {key: values[0] for key, values in parse_qs(urlsplit(address).query).items()}
        code = f"code-{len(self.asked)}"
        self.asked[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def get(self, handler: BaseHTTPRequestHandler) -> None:
        """The documents of discovery, the key, and who the bearer is."""
        if handler.path == "/.well-known/openid-configuration":
            self._say(
                handler,
                {
                    "issuer": self.address,
                    "authorization_endpoint": f"{self.address}/authorize",
                    "token_endpoint": f"{self.address}/token",
                    "userinfo_endpoint": f"{self.address}/userinfo",
                    "jwks_uri": f"{self.address}/keys",
                    "token_endpoint_auth_methods_supported": ["client_secret_post"],
                },
            )
        elif handler.path == "/userinfo":
            self._say(handler, self.person)
        else:
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.key.public_key()))
            self._say(handler, {"keys": [{**key, "kid": "one", "use": "sig", "alg": "RS256"}]})

    def post(self, handler: BaseHTTPRequestHandler) -> None:
        """A token for a code, once, when secret and PKCE verifier fit."""
        length = int(handler.headers["Content-Length"])
        given = {key: values[0] for key, values in parse_qs(handler.rfile.read(length).decode()).items()}
        asked = self.asked.pop(given.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(given.get("code_verifier", "").encode()).digest())
        fits = asked and given.get("client_secret") == "secret"
        if not fits or asked["code_challenge"] != challenge.decode().rstrip("="):
            self._say(handler, {"error": "invalid_grant"}, 400)
            return
        now = int(time.time())
        claims = {"iss": self.address, "aud": self.audience, "iat": now, "exp": now + 60, **self.person}
        token = jwt.encode(claims, self.key, "RS256", headers={"kid": "one"})
        self._say(handler, {"access_token": "bearer", "token_type": "Bearer", "expires_in": 60, "id_token": token})

    def _say(self, handler: BaseHTTPRequestHandler, answer: dict[str, Any], status: int = 200) -> None:
        body = json.dumps(answer).encode()
        handler.send_response(status)
        handler.send_header("Content-Type", "application/json")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)
