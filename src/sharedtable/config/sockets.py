"""uvicorn's protocol, with its socket at hand: the wall writes the same finished bytes to thousands of them."""

from __future__ import annotations

from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol


class SocketProtocol(AutoHTTPProtocol):  # type: ignore[misc, valid-type]  # which class it is depends on what is installed
    """Puts the transport of the connection beside each request, as `scope["extensions"]["socket"]`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        application: Any = self.app  # type: ignore[has-type]

        async def with_socket(scope: Any, receive: Any, send: Any) -> None:
            scope.setdefault("extensions", {})["socket"] = self.transport
            await application(scope, receive, send)

        self.app = with_socket
