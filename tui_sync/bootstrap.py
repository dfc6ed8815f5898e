"""Opens workspaces and hands out their connections, which `connectors` and `demonstration` put together.

What only a connection needs (httpx, the clients, the simulator) is imported when one is opened, so that commands on the
workspace alone start at once.
"""

from __future__ import annotations

import asyncio
import gc
import os
from collections.abc import Callable
from contextlib import closing, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib import import_module, resources
from pathlib import Path

import msgspec
import platformdirs

from tui_sync.engine.ports import Clock
from tui_sync.model.errors import UsageError
from tui_sync.model.health import Alert
from tui_sync.model.privileges import HUB_SCOPES, RECRUIT_SCOPES
from tui_sync.model.text import visible, word
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services.connections import Account, ConnectReport, ConnectRequest, DemoState
from tui_sync.services.desk import Desk
from tui_sync.store.glance import Glance as Glance
from tui_sync.store.glance import SeenRun as SeenRun
from tui_sync.store.trouble import check_place, telling
from tui_sync.store.workspace import FILE, Workspace
from tui_sync.store.workspace import ORGANISATION as ORGANISATION

RECORDS, SEED = 2000, 7
DEMO = "demo"
Progress = Callable[[int, int], None]


class SystemClock:
    """The system's time; in the demo organisation, plus the days it was moved on."""

    def __init__(self) -> None:
        self.workspace: Workspace | None = None

    def now(self) -> datetime:
        """Now, aware, in UTC."""
        state = self.workspace.meta.read(DEMO, DemoState) if self.workspace is not None else None
        return datetime.now(UTC) + timedelta(days=state.days if state is not None else 0)

    async def sleep(self, seconds: float) -> None:
        """Wait that long."""
        await asyncio.sleep(seconds)


def default_folder() -> Path:
    """The workspace where none is named: TUI_SYNC_WORKSPACE, else the user's data folder."""
    named = os.environ.get("TUI_SYNC_WORKSPACE", "")
    return Path(named).expanduser() if named else platformdirs.user_data_path("tui-sync", appauthor=False)


def demo_folder() -> Path:
    """The demo's own workspace where none is named."""
    return default_folder() if os.environ.get("TUI_SYNC_WORKSPACE") else default_folder() / "demo"


def open_desk(folder: Path, where: str) -> Desk:
    """Open (or make) a workspace. `where` names who asks, for the log. Raises Damaged where it cannot be opened."""
    clock = SystemClock()
    workspace = Workspace(folder, clock)
    try:
        connection = workspace.connection
    except BaseException:
        workspace.close()
        raise
    if connection is not None and connection.kind is ConnectionKind.DEMO:
        clock.workspace = workspace
    desk = Desk(workspace, clock, lambda: _connector(workspace, clock), where)
    desk.post = lambda alert: _report(desk, alert)
    return desk


async def _report(desk: Desk, alert: Alert) -> str:
    """Report an alert to the webhook of the workspace, if it has one; gives why that failed."""
    settings = desk.workspace.settings
    if not settings.webhook:
        return ""
    from tui_sync.net.webhook import post_alert

    name = desk.workspace.folder.name
    return await post_alert(settings.webhook, settings.webhook_private, name, alert, desk.clock)


def _connector(workspace: Workspace, clock: Clock) -> Account:
    connection = workspace.connection
    if connection is None:
        raise UsageError("This workspace has no connection yet.", "Make one: tui-sync connect, or try tui-sync demo")
    if connection.kind is ConnectionKind.DEMO:
        from tui_sync.demonstration import DemoConnector

        account: Account = DemoConnector(workspace, clock)
    else:
        from tui_sync.connectors import ZohoConnector

        account = ZohoConnector(workspace, clock, connection)
    _freeze_modules()
    return account


@cache
def _freeze_modules() -> None:
    """Once a process: modules live to the end, and looking through them again and again costs 3 % of a first load. Where a
    connection is opened anew, whatever lay around then would be kept for good."""
    gc.freeze()


def load_connection_code(connection: Connection | None) -> None:
    """Import what this kind of connection needs, so that its first use does not wait for that. May be called in a thread."""
    if connection is None:
        return
    import_module("tui_sync.demonstration" if connection.kind is ConnectionKind.DEMO else "tui_sync.connectors")


def open_demo(
    folder: Path, where: str, *, records: int | None = None, seed: int | None = None, progress: Progress | None = None
) -> Desk:
    """Open the demo organisation of a workspace, made on first use.

    Raises UsageError on a workspace with another connection, or where the organisation exists with other sizes.
    """
    desk = open_desk(folder, where)
    try:
        return _demo_of(desk, records=records, seed=seed, progress=progress)
    except BaseException:
        desk.workspace.close()
        raise


def _demo_of(desk: Desk, *, records: int | None, seed: int | None, progress: Progress | None) -> Desk:
    connection, folder = desk.workspace.connection, desk.workspace.folder
    if connection is not None and connection.kind is not ConnectionKind.DEMO:
        raise UsageError(
            f"The workspace {visible(str(folder))} is connected to Zoho and keeps no demo organisation.",
            "Name another one: tui-sync --workspace DIR demo",
        )
    state = desk.workspace.meta.read(DEMO, DemoState)
    if state is None:
        return _make_demo(desk, DemoState(records=records or RECORDS, seed=SEED if seed is None else seed), progress)
    if (records or state.records, state.seed if seed is None else seed) != (state.records, state.seed):
        raise UsageError(
            f"The demo organisation of {visible(str(folder))} has {state.records} candidates already (seed {state.seed}).",
            "Name another workspace: tui-sync --workspace DIR demo",
        )
    return desk


def _make_demo(desk: Desk, state: DemoState, progress: Progress | None) -> Desk:
    from tui_sync.simulator.organisation import Organisation

    space = desk.workspace
    file = space.folder / ORGANISATION
    with telling(file):
        organisation = Organisation.open(file, records=state.records, seed=state.seed, progress=progress)
    with closing(organisation):
        space.secrets.set("zsc_key", organisation.zsc_key)
    with space.db.batch():
        scopes = (*RECRUIT_SCOPES, *HUB_SCOPES)
        space.write_connection(Connection(kind=ConnectionKind.DEMO, hub=HubKind.MARKETING, scopes=scopes))
        space.meta.write(DEMO, state)
        desk.log(f"made a demo organisation of {state.records} candidates")
    folder, where = space.folder, desk.where
    space.close()
    return open_desk(folder, where)


def sample_definitions() -> str:
    """The demo's sample syncs, as a definition file."""
    return resources.files("tui_sync.simulator").joinpath("samples.toml").read_text(encoding="utf-8")


def advance_day(desk: Desk) -> dict[str, int]:
    """Move the demo organisation one day on; gives what changed, by kind.

    Raises UsageError where there is no demo, Damaged or RunError where its file cannot be used.
    """
    from tui_sync.demonstration import open_organisation

    state, file = desk.workspace.meta.read(DEMO, DemoState), desk.workspace.folder / ORGANISATION
    if state is None:
        raise UsageError("This workspace has no demo organisation.", "Make one: tui-sync demo")
    organisation = open_organisation(file)
    try:
        with desk.workspace.db.batch(), telling(file):
            days = organisation.days + 1
            desk.workspace.meta.write(DEMO, msgspec.structs.replace(state, days=days))
            desk.log(f"moved the demo organisation on to day {days}")
            return organisation.advance_day()
    finally:
        organisation.close()


def has_workspace(folder: Path) -> bool:
    """Whether there is a workspace in the folder already, or what is left of one. Raises RunError where none can be kept."""
    check_place(folder)
    return _holds_workspace(folder)


def _holds_workspace(folder: Path) -> bool:
    return any((folder / name).exists() for name in (FILE, "backups"))


def need_workspace(folder: Path) -> None:
    """Raises UsageError where there is no workspace in the folder. What keeps it from being seen is told by opening it."""
    with suppress(OSError):
        if not _holds_workspace(folder):
            named = f"There is no workspace in {visible(str(folder.absolute()))}."
            raise UsageError(named, "Name another one with --workspace or TUI_SYNC_WORKSPACE, or begin in it: tui-sync connect")


async def connect_zoho(desk: Desk, request: ConnectRequest, home: Path | None = None) -> ConnectReport:
    """Try a zoho connection and keep it if it works; else nothing is changed.

    `home` is a folder without a workspace: one is made there to keep it in, and the desk is only borrowed for the trial.

    Raises UsageError, CredentialsRejected, Unreachable, BadAnswer.
    """
    from tui_sync.connectors import try_connection

    _refuse_other_organisation(desk, request)
    return await try_connection(desk, request, lambda: desk if home is None else open_desk(home, desk.where))


def _refuse_other_organisation(desk: Desk, request: ConnectRequest) -> None:
    known = desk.workspace.connection
    if known is None or not desk.workspace.syncs.every():
        return
    same = known.kind is ConnectionKind.ZOHO and (
        (known.data_centre, known.recruit_url, known.hub)
        == (request.data_centre, request.recruit_url, request.hub)
    )
    if request.hub is HubKind.MARKETING:
        same = same and known.hub_url == request.hub_url
    if same:
        return
    elsewhere = "Name another one: tui-sync --workspace DIR connect"
    if known.kind is ConnectionKind.DEMO:
        raise UsageError("This workspace has syncs of another organisation.", elsewhere)
    before = {
        "--data-centre": known.data_centre, "--hub": known.hub, "--recruit-url": known.recruit_url, "--hub-url": known.hub_url,
    }  # fmt: skip
    options = " ".join(f"{option} {word(value)}" for option, value in before.items() if value)
    raise UsageError(f"This workspace has syncs of another organisation or hub, which is reached with {options}.", elsewhere)


def simulate(folder: Path, port: int, records: int, seed: int, ready: Callable[[str], None]) -> None:
    """Serve the simulator on 127.0.0.1 until it is interrupted; its organisation is kept in the folder.

    `ready` is told the address. Raises UsageError where the port is taken.
    """
    from tui_sync.demonstration import serve

    check_place(folder)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    serve(folder / ORGANISATION, port, records, seed, ready)


async def close(desk: Desk) -> None:
    """Close the connection's clients and the workspace."""
    try:
        if desk.opened is not None:
            await desk.opened.close()
    finally:
        desk.workspace.close()
