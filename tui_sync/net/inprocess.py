"""An application of this process reached as if it were a server: for the demo organisation, without an open port."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import httpx


class InProcess(httpx.AsyncBaseTransport):
    """Carries calls to an ASGI application; what the application raises as a broken connection is one.

    Every call is made within `telling()`, which turns other errors of the application into those of this program.
    """

    def __init__(
        self, app: Any, telling: Callable[[], AbstractContextManager[None]],  # noqa: ANN401 - applications share no narrower type
    ) -> None:  # fmt: skip
        self._transport, self._telling = httpx.ASGITransport(app=app), telling

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The application's answer. Raises httpx.RemoteProtocolError where it drops the connection."""
        try:
            with self._telling():
                return await self._transport.handle_async_request(request)
        except OSError as error:
            raise httpx.RemoteProtocolError(str(error), request=request) from error
