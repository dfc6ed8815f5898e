"""The demo organisation as a connection of this process, and as a server on this machine."""

from __future__ import annotations

import socket
from collections.abc import Callable
from contextlib import closing
from functools import partial
from pathlib import Path

import uvicorn

from tui_sync.engine.ports import Clock, Hub, Monitor, Recruit
from tui_sync.hub.marketing import MarketingHub
from tui_sync.model.errors import Damaged, UsageError
from tui_sync.model.text import visible
from tui_sync.net.client import open_client
from tui_sync.net.inprocess import InProcess
from tui_sync.net.oauth import Credentials, Tokens, scopes_of
from tui_sync.recruit.client import RecruitClient, recruit_gate
from tui_sync.simulator import Organisation, create_app
from tui_sync.store.tokens import TokenFile
from tui_sync.store.trouble import telling
from tui_sync.store.workspace import ORGANISATION, Workspace

CREDENTIALS = Credentials("demo-client", "demo-secret", "demo-refresh")
ORIGIN = "https://demo.invalid"
"""Never resolved: the demo's calls stay in this process."""


def open_organisation(file: Path) -> Organisation:
    """The organisation of a demo workspace. Raises Damaged or RunError where its file is gone or cannot be used."""
    if not file.exists():
        sentence = f"The demo organisation is gone: there is no {visible(str(file))}."
        raise Damaged(sentence, "Begin a new one: tui-sync --workspace DIR demo")
    with telling(file):
        return Organisation.open(file)


class DemoConnector:
    """The demo organisation, through the same clients over the same wire format, without a socket and without limits."""

    def __init__(self, workspace: Workspace, clock: Clock) -> None:
        self._workspace, self._clock = workspace, clock
        file = workspace.folder / ORGANISATION
        self.organisation = open_organisation(file)
        self.http = open_client(InProcess(create_app(self.organisation, hub_limits=False), partial(telling, file)))
        cache = TokenFile(workspace.secrets)
        self._tokens = Tokens(self.http, ORIGIN, CREDENTIALS, cache, clock)
        self._gate = recruit_gate()

    checks_zsc_key = True

    def recruit(self, monitor: Monitor) -> Recruit:
        """Recruit, with the ZSC key that the workspace holds."""
        return self._recruit(monitor, self._workspace.secrets.get("zsc_key") or "")

    def _recruit(self, monitor: Monitor, key: str) -> RecruitClient:
        return RecruitClient(
            self.http, ORIGIN, self._tokens, monitor, self._clock, gate=self._gate, zsc_key=key
        )

    async def scopes(self, monitor: Monitor, *, fresh: bool) -> tuple[str, ...]:
        """What the accounts server granted."""
        await (self._tokens.fresh(monitor) if fresh else self._tokens.token(monitor))
        known = self._workspace.connection
        return scopes_of(self._tokens.scope) or (() if known is None else known.scopes)

    async def try_zsc_key(self, key: str, monitor: Monitor) -> None:
        """Ask for the modules with this key. Raises CredentialsRejected where it is not the one in force, RunError."""
        await self._recruit(monitor, key).modules()

    def issue_zsc_key(self) -> str:
        """The key that an administrator of the organisation would see in Recruit after having it generated anew."""
        return self.organisation.regenerate_zsc_key()

    def hub(self, monitor: Monitor) -> Hub:
        """The simulated Marketing Automation."""
        return MarketingHub(self.http, ORIGIN, self._tokens, monitor, self._clock, self._workspace.lists, None)

    async def close(self) -> None:
        """Close the client and the organisation."""
        try:
            await self.http.aclose()
        finally:
            self.organisation.close()


def serve(file: Path, port: int, records: int, seed: int, ready: Callable[[str], None]) -> None:
    """Serve an organisation on 127.0.0.1 until it is interrupted."""
    with telling(file):
        organisation = Organisation.open(file, records=records, seed=seed)
    # With the protocol named, asyncio switches Nagle's algorithm off, which would cost 40 ms a call.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    with closing(organisation), listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind(("127.0.0.1", port))
            listener.listen()  # whoever reads the address may call at once, and waits for the server to begin
        except OSError as error:
            raise UsageError(f"Port {port} of 127.0.0.1 cannot be used: {error.strerror}.", "Name another: --port P") from error
        ready(f"http://127.0.0.1:{listener.getsockname()[1]}")
        app = create_app(organisation)
        config = uvicorn.Config(app, log_level="critical", date_header=False, lifespan="off")
        uvicorn.Server(config).run(sockets=[listener])
