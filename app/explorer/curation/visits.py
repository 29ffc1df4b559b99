"""Who sits before a page: a signed cookie that names a key and never holds it, and the tokens of forms.

The cookie says the id of a key, which is looked up at each request: what was revoked or has expired ends the visit. Of
a token of an identity provider it says what the token allowed, until that expires.
"""

import hmac
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from secrets import token_urlsafe
from typing import Any

import orjson
from fastapi import Request, Response

from app.api.callers import Caller, Scope, required
from app.api.prefix import address
from app.api.request_facts import note_actor
from app.registry.problems import Fault, Refused

SECURE, PLAIN = "__Host-registry", "registry-local"
"""What the cookie is called: behind https, and on this machine itself, where browsers differ in what they keep."""
LONGEST = 8 * 3600
"""Seconds after which one signs in again."""
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_LONGEST_COOKIE = 4000
FindKey = Callable[[str], Caller]
"""Gives who has the key of an id. Raises Refused where it has ended."""


@dataclass(frozen=True)
class Visit:
    """A browser that was given a cookie; `caller`: who has signed in, `ended`: why nobody is, who was."""

    name: str
    caller: Caller | None = None
    ended: str | None = None
    fresh: bool = False
    """Whether the browser has no cookie yet that says so."""

    def may(self, scope: Scope) -> bool:
        """Whether somebody has signed in who has the scope."""
        return self.caller is not None and self.caller.may(scope)

    def admitted(self, *scopes: Scope) -> Caller:
        """Who has signed in, with one of these scopes. Raises Refused."""
        if self.caller is None and self.ended:
            raise Refused("unauthenticated", f"{self.ended}: sign in again", (Fault("cookie", self.ended),))
        return required(self.caller, *scopes)


def new_visit(caller: Caller | None) -> Visit:
    """A visit under a name that nobody knew before."""
    return Visit(token_urlsafe(16), caller, fresh=True)


class Visits:
    """Reads and makes the cookies; `key` gives the secret of this database."""

    def __init__(self, key: Callable[[], bytes], find_key: FindKey, *, https: bool) -> None:
        self._key, self._find_key, self.https = key, find_key, https

    def of(self, request: Request) -> Visit:
        """The visit that a request belongs to; a new one, where it brings no cookie of ours that is still good."""
        said = self._said(request.cookies.get(SECURE if self.is_secure(request) else PLAIN, ""))
        if said is None:
            return new_visit(None)
        try:
            caller = self._caller(said)
        except Refused as refused:
            if refused.slug != "unauthenticated":
                raise
            return Visit(said["name"], ended=refused.detail)
        if caller:
            note_actor(request, caller.actor)
        return Visit(said["name"], caller)

    def signed_in(self, request: Request) -> Caller | None:
        """Who has signed in, for those who ask nothing else."""
        return self.of(request).caller

    def keep(self, request: Request, response: Response, visit: Visit) -> None:
        """Give the browser the cookie of a visit."""
        caller, until = visit.caller, int(time.time()) + LONGEST
        said: dict[str, Any] = {"name": visit.name, "until": until}
        if caller and caller.until is None:
            said["key"] = caller.actor
        elif caller:
            said["until"] = min(until, caller.until or 0)
            forces = None if caller.forces is None else sorted(caller.forces)
            said["token"] = [caller.actor, caller.account, sorted(caller.scopes), forces]
        payload = orjson.dumps(said)
        text = urlsafe_b64encode(self._signed(b"visit", payload) + payload).decode()
        self._set(request, response, text, said["until"] - int(time.time()))

    def end(self, request: Request, response: Response) -> None:
        """Take the cookie from the browser."""
        self._set(request, response, "", 0)

    def is_secure(self, request: Request) -> bool:
        """Whether the browser sees https: then the cookie has the strictest name there is."""
        return self.https or request.url.scheme == "https"

    def refuse_plain(self, request: Request) -> None:
        """Raise Refused where a key would go over the net for everyone to read."""
        if not self.is_secure(request) and request.url.hostname not in LOOPBACK:
            detail = "signing in needs https, for a key would be sent in the clear; ask who runs the register"
            raise Refused("not-allowed", detail, (Fault("path", detail),))

    def token(self, visit: Visit, request: Request, path: str) -> str:
        """What a form that is sent to the path must hold: nobody else's page can know it."""
        told = f"{visit.name}\n{address(request, path)}".encode()
        return urlsafe_b64encode(self._signed(b"form", told)).decode()

    def is_token(self, visit: Visit, request: Request, token: str) -> bool:
        """Whether a form that was sent here holds its token."""
        return hmac.compare_digest(self.token(visit, request, request.scope["path"]).encode(), token.encode())

    def _set(self, request: Request, response: Response, text: str, seconds: int) -> None:
        secure = self.is_secure(request)
        name = SECURE if secure else PLAIN
        response.set_cookie(name, text, max_age=seconds, path="/", secure=secure, httponly=True, samesite="strict")

    def _signed(self, what: bytes, payload: bytes) -> bytes:
        return hmac.digest(hmac.digest(self._key(), b"pages", "sha256"), what + b"\n" + payload, "sha256")

    def _said(self, text: str) -> dict[str, Any] | None:
        """What a cookie says, None for one that is not ours, or too old."""
        if not text or len(text) > _LONGEST_COOKIE:
            return None
        try:
            raw = urlsafe_b64decode(text.encode("ascii"))
        except ValueError:
            return None
        if not hmac.compare_digest(raw[:32], self._signed(b"visit", raw[32:])):
            return None
        said: dict[str, Any] = orjson.loads(raw[32:])
        return said if said["until"] > time.time() else None

    def _caller(self, said: dict[str, Any]) -> Caller | None:
        if "key" in said:
            return self._find_key(said["key"])
        if "token" not in said:
            return None
        actor, account, scopes, forces = said["token"]
        return Caller(actor, account, frozenset(map(Scope, scopes)), None if forces is None else frozenset(forces))
