"""What is known of the connection's account without asking it: hosts, privileges granted, which secrets there are."""

from __future__ import annotations

import msgspec

from tui_sync.model.datacentres import DATA_CENTRES
from tui_sync.model.privileges import lacking
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services import zsc
from tui_sync.services.desk import Desk
from tui_sync.services.privileges import needed

SECRETS = ("client_secret", "refresh_token")


class AccountDetails(msgspec.Struct, frozen=True, kw_only=True):
    """The account. Hosts are (what, origin); `secrets` says of each by name whether it is there, never what it is."""

    connection: Connection
    hosts: tuple[tuple[str, str], ...]
    secrets: tuple[tuple[str, bool], ...]
    needed: tuple[str, ...]
    missing: tuple[str, ...]
    """Needed privileges that are not granted; of no meaning where `connection.scopes` is empty: then none is known."""
    zsc_key: str
    """Masked; empty where there is none."""
    zsc_checked: bool
    """Whether Recruit is sent the ZSC key."""


def account(desk: Desk) -> AccountDetails | None:
    """The account of the workspace's connection; None where there is none yet. Raises Damaged, RunError for secrets."""
    connection = desk.workspace.connection
    if connection is None:
        return None
    demo = connection.kind is ConnectionKind.DEMO
    wanted = needed(connection.hub)
    names = set(desk.workspace.secrets.names())
    return AccountDetails(
        connection=connection,
        hosts=() if demo else _hosts(connection),
        secrets=() if demo else tuple((name, name in names) for name in SECRETS),
        needed=wanted, missing=lacking(connection.scopes, wanted),
        zsc_key=zsc.masked(desk), zsc_checked=demo,
    )  # fmt: skip


def _hosts(connection: Connection) -> tuple[tuple[str, str], ...]:
    """Where the calls go: the origins given, else those of the data centre."""
    known = DATA_CENTRES.get(connection.data_centre)
    hosts = [
        ("Accounts", connection.accounts_url or (known.accounts if known else "")),
        ("Recruit", connection.recruit_url or (known.recruit if known else "")),
    ]
    if connection.hub is HubKind.MARKETING:
        hosts.append(("Hub", connection.hub_url or (known.hub if known else "")))
    return tuple(hosts)
