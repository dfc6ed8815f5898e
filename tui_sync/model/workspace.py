"""What a workspace is set to: its connection and the organisation's settings."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from tui_sync.model.limits import Limits


class ConnectionKind(StrEnum):
    """Where Recruit and the hub are."""

    DEMO = "demo"
    ZOHO = "zoho"


class HubKind(StrEnum):
    """Which hub a zoho connection delivers to."""

    MARKETING = "marketing-automation"
    EMBEDDED = "embedded"


class Connection(msgspec.Struct, frozen=True, kw_only=True):
    """The workspace's connection. Secrets are kept apart. Origins override those of the data centre."""

    kind: ConnectionKind
    hub: HubKind = HubKind.MARKETING
    data_centre: str = ""
    client_id: str = ""
    recruit_url: str = ""
    accounts_url: str = ""
    hub_url: str = ""
    scopes: tuple[str, ...] = ()
    """Scopes granted, as far as the token answer told them."""

    @property
    def shown(self) -> str:
        """What it leads to, as every place says it."""
        return "Demo organisation" if self.kind is ConnectionKind.DEMO else f"Zoho, data centre {self.data_centre}"


NO_CONNECTION = "No connection yet"
"""What stands in its place where there is none."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """Organisation settings. `timezone` is an IANA name; empty means the system's."""

    timezone: str = ""
    role_names: tuple[str, ...] | None = None
    """Local parts that are group addresses; None means the built-in list."""
    misspelt_domains: dict[str, str] | None = None
    """Misspelt domain -> the right one, beside the built-in table."""
    allowed_domains: tuple[str, ...] = ()
    """Domains never taken for misspelt."""
    limits: Limits = Limits()
    retention_days: int = 90
    """Days for which the outcomes of a run are kept; its summary stays."""
    webhook: str = ""
    """Where a change of state is reported to; empty: nowhere."""
    webhook_private: bool = False
    """Whether that may be an address of a private network."""


class UsageKind(StrEnum):
    """What counts against the limits of the service."""

    INITIATED = "initiated"
    RUN = "run"


class Usage(msgspec.Struct, frozen=True, kw_only=True):
    """One sync was initiated or run on a day (ISO date in the organisation's time zone)."""

    key: str
    day: str
    sync: str
    kind: UsageKind


class Level(StrEnum):
    """How much a line of the log matters."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


class LogLine(msgspec.Struct, frozen=True, kw_only=True):
    """Who did what from where: the workspace's audit trail."""

    key: str
    at: str
    who: str
    where: str
    what: str
    level: Level = Level.INFO


class Unmade(msgspec.Struct, frozen=True, kw_only=True):
    """The last day (ISO date in UTC) of which the log tells that no backup could be made."""

    day: str
