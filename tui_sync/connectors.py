"""The two kinds of connection, put together: Zoho over the network, and the demo organisation in this process."""

from __future__ import annotations

import socket
import sqlite3
from collections.abc import Callable
from pathlib import Path

import uvicorn

from tui_sync.engine.ports import Clock, Hub, Monitor, Recruit, TokenCache
from tui_sync.hub.embedded import Embedded
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.errors import Damaged, UsageError
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.net.client import open_client
from tui_sync.net.datacentres import HUB_SCOPES, RECRUIT_SCOPES, DataCentre, data_centre
from tui_sync.net.inprocess import InProcess
from tui_sync.net.oauth import Credentials, Tokens, exchange_code
from tui_sync.recruit.client import RecruitClient, recruit_gate
from tui_sync.services.connections import ConnectReport, ConnectRequest
from tui_sync.services.desk import Desk, Quiet
from tui_sync.simulator import Organisation, create_app
from tui_sync.store.tokens import TokenFile, TokenMemory
from tui_sync.store.workspace import Workspace

DEMO_CREDENTIALS = Credentials("demo-client", "demo-secret", "demo-refresh")
DEMO_ORIGIN = "https://demo.invalid"
"""Never resolved: the demo's calls stay in this process."""
ORGANISATION = "organisation.db"


class ZohoConnector:
    """A connection over the network."""

    def __init__(
        self, workspace: Workspace, clock: Clock, connection: Connection, tokens: TokenCache | None = None
    ) -> None:
        self._workspace, self._clock, self._kind = workspace, clock, connection.hub
        self.where: DataCentre = data_centre(
            connection.data_centre,
            accounts=connection.accounts_url,
            recruit=connection.recruit_url,
            hub=connection.hub_url,
        )
        self.http = open_client()
        secrets = workspace.secrets
        credentials = Credentials(
            connection.client_id, secrets.get("client_secret") or "", secrets.get("refresh_token") or ""
        )
        self._arm(credentials, tokens or TokenFile(secrets))

    def _arm(self, credentials: Credentials, cache: TokenCache) -> None:
        self.tokens = Tokens(self.http, self.where.accounts, credentials, cache, self._clock)
        self._gate = recruit_gate()

    def recruit(self, monitor: Monitor) -> Recruit:
        """Recruit, telling its calls to the monitor."""
        return RecruitClient(self.http, self.where.recruit, self.tokens, monitor, self._clock, gate=self._gate)

    def hub(self, monitor: Monitor) -> Hub:
        """The hub, telling its calls to the monitor."""
        space = self._workspace
        if self._kind is HubKind.EMBEDDED:
            return Embedded(space.leads, monitor)
        return MarketingHub(
            self.http, self.where.hub, self.tokens, monitor, self._clock, space.lists, space.budget
        )

    async def close(self) -> None:
        """Close the network client."""
        await self.http.aclose()


class DemoConnector:
    """The demo organisation, through the same clients over the same wire format, without a socket and without limits."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace, self._clock = workspace, clock
        try:
            self.organisation = Organisation.open(workspace.folder / ORGANISATION)
        except (OSError, sqlite3.Error) as error:
            raise Damaged(f"The demo organisation cannot be opened: {error}.", "See: tui-sync doctor") from error
        self.http = open_client(InProcess(create_app(self.organisation, hub_limits=False)))
        cache = TokenFile(workspace.secrets)
        self._tokens = Tokens(self.http, DEMO_ORIGIN, DEMO_CREDENTIALS, cache, clock)
        self._gate = recruit_gate()

    def recruit(self, monitor: Monitor) -> Recruit:
        """Recruit, with the ZSC key that the workspace holds."""
        key = self._workspace.secrets.get("zsc_key") or ""
        return RecruitClient(
            self.http, DEMO_ORIGIN, self._tokens, monitor, self._clock, gate=self._gate, zsc_key=key
        )

    def hub(self, monitor: Monitor) -> Hub:
        """The simulated Marketing Automation."""
        return MarketingHub(self.http, DEMO_ORIGIN, self._tokens, monitor, self._clock, self._workspace.lists, None)

    async def close(self) -> None:
        """Close the client and the organisation."""
        await self.http.aclose()
        self.organisation.close()


async def try_connection(desk: Desk, request: ConnectRequest) -> ConnectReport:
    """Try every end of a connection, and keep it and its secrets when all of them answered."""
    where = data_centre(
        request.data_centre, accounts=request.accounts_url, recruit=request.recruit_url, hub=request.hub_url
    )
    _complete(request, where)
    monitor = Quiet(desk.clock)
    http = open_client()
    try:
        refresh_token = request.refresh_token
        if request.code:
            grant = await exchange_code(
                http, where.accounts, desk.clock, monitor, client_id=request.client_id,
                client_secret=request.client_secret, code=request.code,
            )  # fmt: skip
            refresh_token = grant.refresh_token
        credentials = Credentials(request.client_id, request.client_secret, refresh_token)
        tokens = Tokens(http, where.accounts, credentials, TokenMemory(), desk.clock)
        await tokens.token(monitor)
        lines = [f"Token accepted by {where.accounts}."]
        modules = await RecruitClient(http, where.recruit, tokens, monitor, desk.clock).modules()
        lines.append(f"Recruit answers: {', '.join(m.label for m in modules if m.available) or 'no module to sync'}.")
        if request.hub is HubKind.MARKETING:
            space = desk.workspace
            hub = MarketingHub(http, where.hub, tokens, monitor, desk.clock, space.lists, space.budget)
            lines.append(f"Marketing Automation answers: {len(await hub.lists())} lists.")
        else:
            lines.append("The mailing lists are kept in this workspace.")
    finally:
        await http.aclose()
    _keep(desk, request, refresh_token, tokens.scope)
    if request.zsc_key:
        lines.append("The ZSC key is kept; it is not used by API v2 and never sent.")
    return ConnectReport(tuple(lines))


def _complete(request: ConnectRequest, where: DataCentre) -> None:
    """Raises UsageError with scopes and console for credentials that are missing."""
    missing = [
        name
        for name, given in (
            ("the client id (--client-id)", request.client_id),
            ("the client secret (TUI_SYNC_CLIENT_SECRET)", request.client_secret),
            ("a refresh token (TUI_SYNC_REFRESH_TOKEN) or a grant code (--code)", request.refresh_token or request.code),
        )
        if not given
    ]
    if missing:
        scopes = ",".join((*RECRUIT_SCOPES, *HUB_SCOPES))
        raise UsageError(
            f"Missing: {'; '.join(missing)}.", f"Make them at {where.console} with the scopes {scopes}"
        )


def _keep(desk: Desk, request: ConnectRequest, refresh_token: str, scope: str) -> None:
    secrets = desk.workspace.secrets
    secrets.set("client_secret", request.client_secret)
    secrets.set("refresh_token", refresh_token)
    if request.zsc_key:
        secrets.set("zsc_key", request.zsc_key)
    TokenFile(secrets).forget()
    desk.workspace.write_connection(
        Connection(
            kind=ConnectionKind.ZOHO, hub=request.hub, data_centre=request.data_centre, client_id=request.client_id,
            recruit_url=request.recruit_url, accounts_url=request.accounts_url, hub_url=request.hub_url,
            scopes=tuple(scope.replace(",", " ").split()),
        )
    )  # fmt: skip
    desk.log(f"connected to Zoho ({request.data_centre}, hub {request.hub})")


def serve(file: Path, port: int, records: int, seed: int, ready: Callable[[str], None]) -> None:
    """Serve an organisation on 127.0.0.1 until it is interrupted."""
    organisation = Organisation.open(file, records=records, seed=seed)
    # With the protocol named, asyncio switches Nagle's algorithm off, which would cost 40 ms a call.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
    except OSError as error:
        raise UsageError(f"Port {port} of 127.0.0.1 cannot be used: {error.strerror}.", "Name another: --port P") from error
    ready(f"http://127.0.0.1:{listener.getsockname()[1]}")
    app = create_app(organisation)
    config = uvicorn.Config(app, log_level="critical", date_header=False, lifespan="off")
    try:
        uvicorn.Server(config).run(sockets=[listener])
    finally:
        organisation.close()
