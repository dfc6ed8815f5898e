"""One call as the endpoints see it, and the plumbing that runs them beside the event loop."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import parse_qsl

import msgspec
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.types import Receive, Scope, Send

from tui_sync.simulator.faults import HTML_PAGE
from tui_sync.simulator.organisation import Organisation


class Call(NamedTuple):
    """A call: its path below the service's root, the parameters of query and form together, and the body."""

    organisation: Organisation
    method: str
    path: str
    rest: str
    params: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    now: int
    maximum_leads: str
    """The code with which the hub refuses new leads now; empty where it takes them."""

    def token_scopes(self) -> str | None:
        """The scopes of the caller's access token; None where it is missing, unknown or too old."""
        kind, _, token = self.headers.get("authorization", "").partition(" ")
        if kind.casefold() not in ("zoho-oauthtoken", "bearer"):
            return None
        return self.organisation.tokens.scopes(token.strip(), self.now)


Handler = Callable[[Call], Response]


class Endpoint:
    """Serves one handler for every method and path below a root. The handler runs in a thread: it may wait for disk."""

    def __init__(self, organisation: Organisation, handler: Handler) -> None:
        self._organisation = organisation
        self._handler = handler

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read the call, run the handler, send its answer."""
        request = Request(scope, receive)
        body = await request.body()
        params = dict(request.query_params)
        if request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded"):
            params |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
        call = Call(
            organisation=self._organisation,
            method=request.method,
            path=request.url.path,
            rest=request.path_params.get("rest", ""),
            params=params,
            headers=request.headers,
            body=body,
            now=self._organisation.seconds(),
            maximum_leads=scope.get("maximum_leads", ""),
        )
        answer = await run_in_threadpool(self._handler, call)
        await answer(scope, receive, send)


def json_answer(value: object, status: int = 200) -> Response:
    """An answer with a JSON body."""
    return Response(msgspec.json.encode(value), status, media_type="application/json;charset=UTF-8")


def html_page(_call: Call) -> Response:
    """What Zoho's hosts show for an address that none of the three services has: a page, not JSON."""
    return HTMLResponse(HTML_PAGE, 404)


def allowed(scopes: str, family: str, part: str, tab: str, operation: str) -> bool:
    """Whether granted scopes cover an operation; names compare without case, as Zoho spells them in several ways.

    `ZohoRecruit.modules.ALL` covers every tab, `ZohoRecruit.modules.candidate.READ` one of them.
    """
    for scope in scopes.casefold().split(","):
        pieces = scope.strip().split(".")
        if len(pieces) not in (3, 4) or pieces[:2] != [family, part]:
            continue
        operations = pieces[-1].split("-")
        if len(pieces) == 4 and pieces[2] not in tab.split():
            continue
        if "all" in operations or operation in operations or ("write" in operations and operation != "read"):
            return True
    return False
