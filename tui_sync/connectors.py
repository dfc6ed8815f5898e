"""A connection to Zoho over the network, put together and tried."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from tui_sync.engine.ports import Clock, Hub, Monitor, Recruit, TokenCache
from tui_sync.hub.embedded import Embedded
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.datacentres import DataCentre
from tui_sync.model.errors import UsageError
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.net.client import open_client
from tui_sync.net.datacentres import data_centre
from tui_sync.net.oauth import Credentials, Tokens, exchange_code, scopes_of
from tui_sync.recruit.client import RecruitClient, recruit_gate
from tui_sync.services.connections import ConnectReport, ConnectRequest
from tui_sync.services.desk import Desk, Quiet
from tui_sync.services.privileges import Trial, make_at
from tui_sync.services.zsc import WHERE
from tui_sync.store.secrets import Secrets, keyring_service
from tui_sync.store.tokens import TokenFile, TokenMemory
from tui_sync.store.workspace import Workspace


class ZohoConnector:
    """A connection over the network, with the workspace's secrets unless `credentials` and a token cache are given."""

    checks_zsc_key = False

    def __init__(
        self, workspace: Workspace, clock: Clock, connection: Connection, credentials: Credentials | None = None,
        tokens: TokenCache | None = None,
    ) -> None:  # fmt: skip
        self._workspace, self._clock, self._connection = workspace, clock, connection
        self.where: DataCentre = _where(connection)
        self.http = open_client()
        secrets = workspace.secrets
        if credentials is None:
            known = secrets.get("client_secret") or "", secrets.get("refresh_token") or ""
            credentials = Credentials(connection.client_id, *known)
        self.tokens = Tokens(self.http, self.where.accounts, credentials, tokens or TokenFile(secrets), clock)
        self._gate = recruit_gate()

    def recruit(self, monitor: Monitor) -> Recruit:
        """Recruit, telling its calls to the monitor."""
        return RecruitClient(self.http, self.where.recruit, self.tokens, monitor, self._clock, gate=self._gate)

    def hub(self, monitor: Monitor) -> Hub:
        """The hub, telling its calls to the monitor."""
        space = self._workspace
        if self._connection.hub is HubKind.EMBEDDED:
            return Embedded(space.leads, monitor)
        return MarketingHub(
            self.http, self.where.hub, self.tokens, monitor, self._clock, space.lists, space.budget
        )

    async def scopes(self, monitor: Monitor, *, fresh: bool) -> tuple[str, ...]:
        """What the accounts server granted, as its last answer named it, else as it did when the connection was made."""
        await (self.tokens.fresh(monitor) if fresh else self.tokens.token(monitor))
        return scopes_of(self.tokens.scope) or self._connection.scopes

    async def try_zsc_key(self, key: str, monitor: Monitor) -> None:
        """Nothing: version 2 of the API does not use the key."""

    def issue_zsc_key(self) -> str:
        """Raises UsageError: the key of a real account is generated in Recruit."""
        raise UsageError("The ZSC key of this account is generated in Recruit.", f"There: {WHERE.partition(': ')[2]}")

    async def close(self) -> None:
        """Close the network client."""
        await self.http.aclose()


async def try_connection(desk: Desk, request: ConnectRequest, home: Callable[[], Desk]) -> ConnectReport:
    """Try every call that runs need, and keep the connection and its secrets at home when all of them answered."""
    connection = Connection(
        kind=ConnectionKind.ZOHO, hub=request.hub, data_centre=request.data_centre, client_id=request.client_id,
        recruit_url=request.recruit_url, accounts_url=request.accounts_url, hub_url=request.hub_url,
    )  # fmt: skip
    where = _where(connection)
    _complete(request, where)
    monitor = Quiet(desk.clock, desk.tell)
    refresh_token = request.refresh_token or await _exchanged(desk, request, where, monitor)
    credentials = Credentials(request.client_id, request.client_secret, refresh_token)
    account = ZohoConnector(desk.workspace, desk.clock, connection, credentials, TokenMemory())
    trial = Trial(account, request.hub, monitor, desk.clock.now(), fresh=True)
    lines = []
    try:
        async for tried in trial.calls():
            if tried.fault is not None:
                raise tried.fault
            lines.append(f"{tried.what}: {tried.says}")
    finally:
        await account.close()
    kept = home()
    try:
        _keep(kept, request, refresh_token, msgspec.structs.replace(connection, scopes=trial.scopes))
    finally:
        if kept is not desk:
            kept.workspace.close()
    if request.zsc_key:
        lines.append("The ZSC key is kept; it is not used by API v2 and never sent.")
    return ConnectReport(tuple(lines))


async def _exchanged(desk: Desk, request: ConnectRequest, where: DataCentre, monitor: Monitor) -> str:
    """The refresh token for the grant code."""
    http = open_client()
    try:
        grant = await exchange_code(
            http, where.accounts, desk.clock, monitor, client_id=request.client_id,
            client_secret=request.client_secret, code=request.code,
        )  # fmt: skip
    finally:
        await http.aclose()
    return grant.refresh_token


def _where(connection: Connection) -> DataCentre:
    return data_centre(
        connection.data_centre, accounts=connection.accounts_url, recruit=connection.recruit_url, hub=connection.hub_url
    )


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
        raise UsageError(f"Missing: {'; '.join(missing)}.", make_at(where.console, request.hub))


def _keep(desk: Desk, request: ConnectRequest, refresh_token: str, connection: Connection) -> None:
    secrets, old = desk.workspace.secrets, desk.workspace.connection
    if request.keyring:
        secrets = Secrets(desk.workspace.folder, keyring_service(desk.workspace.folder))
    given = {"client_secret": request.client_secret, "refresh_token": refresh_token}
    given |= {"zsc_key": request.zsc_key} if request.zsc_key else {}
    before = "no connection" if old is None else _words(old)
    with desk.workspace.db.batch():  # around the secrets: those of one client with the id of another would open nothing
        desk.workspace.write_connection(connection)
        desk.log(f"connected to Zoho: {before} -> {_words(connection)}")
        TokenFile(desk.workspace.secrets).forget()
        secrets.set_all(given)


def _words(connection: Connection) -> str:
    """What tells a connection from another one, without anything secret."""
    origins = (connection.recruit_url, connection.accounts_url, connection.hub_url)
    told = (f"data centre {connection.data_centre}", f"client {connection.client_id}", f"hub {connection.hub}", *origins)
    return ", ".join(filter(None, told))
