"""A connection to Zoho over the network, put together and tried."""

from __future__ import annotations

from tui_sync.engine.ports import Clock, Hub, Monitor, Recruit, TokenCache
from tui_sync.hub.embedded import Embedded
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.errors import UsageError
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.net.client import open_client
from tui_sync.net.datacentres import HUB_SCOPES, RECRUIT_SCOPES, DataCentre, data_centre
from tui_sync.net.oauth import Credentials, Tokens, exchange_code
from tui_sync.recruit.client import RecruitClient, recruit_gate
from tui_sync.services.connections import ConnectReport, ConnectRequest
from tui_sync.services.desk import Desk, Quiet
from tui_sync.store.secrets import Secrets
from tui_sync.store.tokens import TokenFile, TokenMemory
from tui_sync.store.workspace import Workspace


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


async def try_connection(desk: Desk, request: ConnectRequest) -> ConnectReport:
    """Try every end of a connection, and keep it and its secrets when all of them answered."""
    where = data_centre(
        request.data_centre, accounts=request.accounts_url, recruit=request.recruit_url, hub=request.hub_url
    )
    _complete(request, where)
    monitor = Quiet(desk.clock, desk.tell)
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
    if request.keyring:
        secrets = Secrets(desk.workspace.folder, f"tui-sync {desk.workspace.folder.resolve()}")
    secrets.set("client_secret", request.client_secret)
    secrets.set("refresh_token", refresh_token)
    if request.zsc_key:
        secrets.set("zsc_key", request.zsc_key)
    TokenFile(desk.workspace.secrets).forget()
    desk.workspace.write_connection(
        Connection(
            kind=ConnectionKind.ZOHO, hub=request.hub, data_centre=request.data_centre, client_id=request.client_id,
            recruit_url=request.recruit_url, accounts_url=request.accounts_url, hub_url=request.hub_url,
            scopes=tuple(scope.replace(",", " ").split()),
        )
    )  # fmt: skip
    desk.log(f"connected to Zoho ({request.data_centre}, hub {request.hub})")
