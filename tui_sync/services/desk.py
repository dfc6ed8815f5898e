"""What every service works with: one workspace, its connection, the clock, and who is asking."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta
from difflib import get_close_matches

from tui_sync.engine.ports import Clock
from tui_sync.model.errors import UsageError
from tui_sync.model.health import Alert
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.sync import Sync
from tui_sync.model.text import alike, command_line, full_stop, visible, waits
from tui_sync.model.workspace import ConnectionKind, HubKind, Level
from tui_sync.services.connections import Account
from tui_sync.store.workspace import Workspace

Which = str | Sync
"""A sync by its name, as commands have it, or as it was read before: then it is meant whatever it is called by now, and no other
one that has its name since."""


class Desk:
    """One workspace, opened. `connector` opens its connection when it is first needed; `where` names who asks."""

    def __init__(self, workspace: Workspace, clock: Clock, connector: Callable[[], Account], where: str) -> None:
        self.workspace, self.clock, self.where = workspace, clock, where
        self.tell: Callable[[str], object] = str
        """Told why a command that is no run waits."""
        self.post: Callable[[Alert], Awaitable[str]] = _nowhere
        """Reports an alert to the workspace's webhook, if it has one; gives why that failed, empty where it did not."""
        self.recounted: dict[str, tuple[object, RunSummary]] = {}
        """Runs whose process has died, as `services.broken_off` has counted them, each with what it was counted of."""
        self.counting = asyncio.Lock()
        """Held while they are counted."""
        self._connector = connector
        self._opened: Account | None = None

    @property
    def connect(self) -> Account:
        """The workspace's connection. Raises UsageError where there is none yet."""
        if self._opened is None:
            self._opened = self._connector()
        return self._opened

    async def reconnect(self) -> None:
        """Close the connection, so that the next use opens it with the secrets of then. Only while nothing uses it."""
        opened, self._opened = self._opened, None
        if opened is not None:
            await opened.close()

    @property
    def opened(self) -> Account | None:
        """The connection, if anything has used it."""
        return self._opened

    @property
    def marketing(self) -> bool:
        """Whether the hub is Marketing Automation, where people are mailed and a removal is an unsubscribe or a Do-Not-Mail."""
        connection = self.workspace.connection
        return connection is not None and connection.hub is HubKind.MARKETING

    @property
    def limited(self) -> bool:
        """Whether calls to the hub wait for its call limit: at Marketing Automation, and not in the demo organisation."""
        connection = self.workspace.connection
        return self.marketing and connection is not None and connection.kind is ConnectionKind.ZOHO

    def log(self, what: str, level: Level = Level.INFO) -> None:
        """Note an action in the audit trail. `what` carries no secret."""
        self.workspace.log.add(what, self.where, level)

    def sync(self, which: Which) -> Sync:
        """The sync of that name, or as it is stored by now. Raises UsageError naming the nearest ones, or that it was deleted."""
        if isinstance(which, Sync):
            stored = self.workspace.syncs.get(which.id)
            if stored is None or stored.deleted is not None:
                called = which.name if stored is None else stored.name
                told = f'"{visible(which.name)}" was deleted meanwhile.'
                raise UsageError(told, f"Bring it back: {command_line('restore', called)}")
            return stored
        name, sync = which, self.workspace.syncs.named(which)
        if sync is None:
            names = [known.name for known in self.workspace.syncs.all()]
            near = get_close_matches(name, names, 1)
            hint = f'Did you mean "{visible(near[0])}"?' if near else "See: tui-sync syncs"
            if any(alike(known.name, name) for known in self.workspace.syncs.every()):
                hint = f"It was deleted. Bring it back: {command_line('restore', name.strip())}"
            raise UsageError(f'There is no sync "{visible(name)}".', hint)
        return sync

    def run(self, run_id: str) -> RunSummary:
        """The run of that number. Raises UsageError where there is none."""
        run = self.workspace.runs.get(run_id)
        if run is None:
            raise UsageError(f"There is no run {visible(run_id)}.", "See: tui-sync runs")
        return run


async def _nowhere(alert: Alert) -> str:  # noqa: ARG001 - the signature is that of a webhook
    """There is no webhook."""
    return ""


class Quiet:
    """A monitor for commands that are no run: counts nothing, tells nothing, waits through the clock."""

    def __init__(self, clock: Clock, tell: Callable[[str], object] = str) -> None:
        self._clock, self._tell, self._told = clock, tell, ""

    def called(self, api: str, credits: int = 0) -> None:
        """A call outside any run is not counted."""

    async def wait(self, seconds: float, why: str, *, a_look: bool = False) -> None:
        """Wait through the clock, telling why and until when; of looks that see the same, the first tells it."""
        told = waits(why, None if a_look else self._clock.now() + timedelta(seconds=seconds))
        if told != self._told:
            self._tell(full_stop(told[:1].upper() + told[1:]))
        self._told = told
        await self._clock.sleep(seconds)
