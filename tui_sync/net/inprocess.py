"""An application of this process reached as if it were a server: for the demo organisation, without an open port."""

from __future__ import annotations

from typing import Any

import httpx


class InProcess(httpx.AsyncBaseTransport):
    """Carries calls to an ASGI application; what the application raises as a broken connection is one."""

    def __init__(self, app: Any) -> None:  # noqa: ANN401 - an ASGI application has no narrower common type
        self._transport = httpx.ASGITransport(app=app)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer. Raises httpx.RemoteProtocolError where it drops the connection."""
        try:
            return await self._transport.handle_async_request(request)
        except OSError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error
