"""The longest request body, counted as it arrives, before Django stores any of it.

Django writes a whole body to the temporary folder before it looks at the address, so without this a stranger could fill
the disk. The limit is that of the route's rule; a route for the operator gives its larger limit only to loopback.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.urls import Resolver404, resolve

from sharedtable.web.local import is_loopback
from sharedtable.web.policy import ROUTES
from sharedtable.web.rule import SMALL_BODY

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Any, Any], Awaitable[None]]

TOO_LONG = b"What was sent is too large. Nothing was stored.\n"


def longest_body(path: str, client: str) -> int:
    """Gives the most bytes that a request to this path from this client address may carry."""
    try:
        rule = ROUTES.get(resolve(path).view_name)
    except Resolver404:
        return SMALL_BODY
    if rule is None or (rule.who == "operator" and not rule.verb and not is_loopback(client)):
        return SMALL_BODY
    return rule.body_bytes


class BodyLimit:
    """An ASGI application around another one that answers 413 when a body is longer than its route allows."""

    def __init__(self, application: Application) -> None:
        self.application = application

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in {"GET", "HEAD"}:
            await self.application(scope, receive, send)
            return
        limit = longest_body(scope["path"], (scope.get("client") or ("",))[0])
        declared = next((value for name, value in scope["headers"] if name == b"content-length"), b"0")
        if not declared.isdigit() or int(declared) > limit:
            await _refuse(send)
            return
        received = 0
        has_started = False

        async def counted() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            # As if the sender had hung up: Django then drops what it has stored, and answers nothing.
            return message if received <= limit else {"type": "http.disconnect"}

        async def watched(message: Message) -> None:
            nonlocal has_started
            has_started = True
            await send(message)

        await self.application(scope, counted, watched)
        if received > limit and not has_started:
            await _refuse(send)


async def _refuse(send: Send) -> None:
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"private, no-store"),
        (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": TOO_LONG})
