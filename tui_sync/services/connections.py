"""What `connect` asks for and answers. The connecting itself needs every adapter and stands in bootstrap."""

from __future__ import annotations

from typing import Protocol

import msgspec

from tui_sync.engine.ports import Connector, Monitor
from tui_sync.model.workspace import HubKind


class Account(Connector, Protocol):
    """A connection together with what concerns its account and not a run."""

    checks_zsc_key: bool
    """Whether Recruit is sent the ZSC key and checks it: in the demo organisation."""

    async def scopes(self, monitor: Monitor, *, fresh: bool) -> tuple[str, ...]:
        """Get an access token, a new one where `fresh`; the scopes granted as far as they are known. Raises RunError."""

    async def try_zsc_key(self, key: str, monitor: Monitor) -> None:
        """Make a call with this key. Raises CredentialsRejected where Recruit does not accept it, RunError."""

    def issue_zsc_key(self) -> str:
        """End the key in force and give a new one. Raises UsageError outside the demo organisation."""


class ConnectRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A zoho connection to be tried and kept. Empty strings: not given. `code` is exchanged for a refresh token once."""

    data_centre: str
    client_id: str
    client_secret: str
    refresh_token: str = ""
    code: str = ""
    hub: HubKind = HubKind.MARKETING
    recruit_url: str = ""
    accounts_url: str = ""
    hub_url: str = ""
    zsc_key: str = ""
    keyring: bool = False
    """Keep the secrets in the system's keyring instead of the workspace's file."""

    def __repr__(self) -> str:
        """No secret."""
        return f"ConnectRequest(data_centre={self.data_centre!r}, hub={self.hub!r})"


class ConnectReport(msgspec.Struct, frozen=True):
    """What was tried, a sentence each."""

    lines: tuple[str, ...]


class DemoState(msgspec.Struct, frozen=True, kw_only=True):
    """The demo organisation as the workspace knows it."""

    records: int
    seed: int
    days: int = 0
