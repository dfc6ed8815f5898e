"""Commands that set a connection up: connect, zsc-key, and simulate, which serves something to connect to."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from tui_sync import bootstrap
from tui_sync.cli import narration, output
from tui_sync.cli.arguments import choice
from tui_sync.cli.exits import Exit
from tui_sync.cli.session import WHERE, at_desk, attend, current, workspace_folder
from tui_sync.model.datacentres import DATA_CENTRES
from tui_sync.model.errors import UsageError
from tui_sync.model.workspace import HubKind
from tui_sync.services import zsc
from tui_sync.services.connections import ConnectRequest
from tui_sync.services.desk import Desk
from tui_sync.services.privileges import make_at

PORT = 8765
ACCOUNT = "TUI_SYNC_CLIENT_SECRET=demo-secret TUI_SYNC_REFRESH_TOKEN=demo-refresh"
"""The simulated account, the same for everybody."""


@click.command()
@click.option("--data-centre", type=click.Choice(list(DATA_CENTRES)), help="Where the account lives.")
@click.option("--client-id", default="", metavar="ID", help="The OAuth client's id.")
@click.option("--code", default="", metavar="C", help="A grant code, exchanged once for a refresh token.")
@click.option("--hub", type=choice(HubKind), default=HubKind.MARKETING.value, show_default=True, help="The hub.")
@click.option("--recruit-url", default="", metavar="U", help="Another origin for Recruit.")
@click.option("--accounts-url", default="", metavar="U", help="Another origin for OAuth.")
@click.option("--hub-url", default="", metavar="U", help="Another origin for Marketing Automation.")
@click.option("--keyring", is_flag=True, help="Keep the secrets in the system's keyring.")
def connect(
    data_centre: str | None, client_id: str, code: str, hub: str, recruit_url: str, accounts_url: str, hub_url: str,
    *, keyring: bool,
) -> int:  # fmt: skip
    """Connect the workspace to Zoho Recruit and a hub.

    The client secret and the refresh token come from TUI_SYNC_CLIENT_SECRET and TUI_SYNC_REFRESH_TOKEN, or are asked
    for at a terminal; a ZSC key comes from TUI_SYNC_ZSC_KEY. The connection is tested before it is kept. Where
    something is missing, the scopes and the page on which to make a client are named.
    """
    if not data_centre:
        consoles = ", ".join(f"{name} ({where.console})" for name, where in DATA_CENTRES.items())
        raise UsageError(
            "The data centre of the account is not given.",
            f"Name it with --data-centre: {consoles}. {make_at('that page', HubKind(hub))}",
        )
    given = os.environ.get("TUI_SYNC_REFRESH_TOKEN") or code
    if client_id and narration.can_ask() and not (given and os.environ.get("TUI_SYNC_CLIENT_SECRET")):
        narration.warn(make_at(DATA_CENTRES[data_centre].console, HubKind(hub)))
    request = ConnectRequest(
        data_centre=data_centre, client_id=client_id, code=code, hub=HubKind(hub), recruit_url=recruit_url,
        accounts_url=accounts_url, hub_url=hub_url, keyring=keyring,
        client_secret=_secret("TUI_SYNC_CLIENT_SECRET", "client secret", ask=bool(client_id)),
        refresh_token=_secret("TUI_SYNC_REFRESH_TOKEN", "refresh token", ask=bool(client_id) and not code),
        zsc_key=_secret("TUI_SYNC_ZSC_KEY", "ZSC key", ask=False),
    )  # fmt: skip
    scope = current()
    scope.prompted.add(code)  # until it is exchanged it opens the account like a secret
    scope.folder = folder = workspace_folder(scope)
    if bootstrap.has_workspace(folder):
        desk = bootstrap.open_desk(folder, WHERE)
        return attend(scope, desk, lambda: _connect(desk, request))
    with TemporaryDirectory() as borrowed:  # a workspace is made once the connection works, and not for one that does not
        desk = bootstrap.open_desk(Path(borrowed), WHERE)
        return attend(scope, desk, lambda: _connect(desk, request, folder))


async def _connect(desk: Desk, request: ConnectRequest, home: Path | None = None) -> int:
    report = await bootstrap.connect_zoho(desk, request, home)
    for line in report.lines:
        output.text(line)
    narration.hint("The workspace is connected. What can be synced: tui-sync modules. The screens: tui-sync")
    return Exit.DONE


def _secret(variable: str, what: str, *, ask: bool) -> str:
    """A secret from the environment, else from the terminal, if there is one and it is to be asked for, else empty."""
    value = os.environ.get(variable, "")
    if not value and ask and narration.can_ask():
        value = narration.ask_secret(what)
        current().prompted.add(value)
    return value


@click.command()
@click.option("--regenerate", is_flag=True, help="Demo only: issue a new key, as an administrator does in Recruit, and print it.")
@at_desk
async def zsc_key(desk: Desk, *, regenerate: bool) -> int:
    """Paste the ZSC key; in the demo also issue a new one.

    The key comes from TUI_SYNC_ZSC_KEY, or is asked for at a terminal. It is tried before it replaces the old one. In
    Recruit it stands under Settings > Setup > Extensions & APIs > APIs > ZSC Key. A connection to Zoho only keeps it:
    version 2 of the API does not use it.
    """
    if regenerate:
        output.text(zsc.regenerate(desk))
        narration.hint("This is shown once. Runs fail until it is pasted: tui-sync zsc-key")
        return Exit.DONE
    key = _secret("TUI_SYNC_ZSC_KEY", "ZSC key", ask=True)
    if not key:
        raise UsageError("There is no ZSC key to paste: set TUI_SYNC_ZSC_KEY, or run it at a terminal.")
    narration.warn(await zsc.paste(desk, key))
    return Exit.DONE


@click.command()
@click.option("--port", type=click.IntRange(0, 65535), default=PORT, show_default=True, help="0 takes a free one.")
@click.option("--records", type=click.IntRange(1), default=bootstrap.RECORDS, show_default=True, help="Candidates.")
@click.option("--seed", type=int, default=bootstrap.SEED, show_default=True, help="Another seed makes up other people.")
def simulate(port: int, records: int, seed: int) -> int:
    """Serve a made-up Zoho on this machine, to connect to.

    It listens on 127.0.0.1 only and goes on until Ctrl-C. Its address is printed when it is ready.
    """
    scope = current()
    scope.folder = workspace_folder(scope)
    bootstrap.simulate(scope.folder, port, records, seed, _ready)
    return Exit.DONE


def _ready(url: str) -> None:
    output.text(url)
    output.flush()
    origins = " ".join(f"--{end}-url {url}" for end in ("recruit", "accounts", "hub"))
    narration.warn("Listening; ctrl+c ends it.")
    narration.hint("Connect to it, in another terminal and another workspace:")
    narration.hint(f"{ACCOUNT} tui-sync --workspace DIR connect --data-centre us --client-id demo-client {origins}")
