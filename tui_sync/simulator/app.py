"""The one ASGI application: accounts, Recruit, Marketing Automation and the control calls over one organisation."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.routing import Route

from tui_sync.simulator.accounts_api import Accounts, Credentials
from tui_sync.simulator.call import Endpoint, Handler, html_page
from tui_sync.simulator.control_api import control
from tui_sync.simulator.faults import FaultMiddleware
from tui_sync.simulator.hub_api import Hub
from tui_sync.simulator.organisation import Organisation
from tui_sync.simulator.recruit_api import recruit


def create_app(
    organisation: Organisation,
    *,
    hub_limits: bool = True,
    client_id: str = "demo-client",
    client_secret: str = "demo-secret",  # noqa: S107 - the simulated account's, known to everybody
    refresh_token: str = "demo-refresh",  # noqa: S107 - likewise
) -> Starlette:
    """The application for an organisation, which the caller opens and closes.

    `hub_limits` False leaves out the hub's 500 calls in 5 minutes an endpoint. Every answer carries its own `Date`
    (the organisation's clock), so a server should run with `date_header=False`.
    """
    accounts = Accounts(Credentials(client_id, client_secret, refresh_token))
    handlers: dict[str, Handler] = {
        "/oauth/v2/{rest:path}": accounts,
        "/recruit/v2/{rest:path}": recruit,
        "/api/v1/{rest:path}": Hub(limits=hub_limits),
        "/simulator/{rest:path}": control,
        "/{rest:path}": html_page,
    }
    return Starlette(
        routes=[Route(path, Endpoint(organisation, handler)) for path, handler in handlers.items()],
        middleware=[Middleware(FaultMiddleware, faults=organisation.faults, now=organisation.now)],
    )
