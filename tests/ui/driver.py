"""Presses keys in the app without a terminal and reads the screen as text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial, wraps
from pathlib import Path
from time import monotonic
from typing import Any, ParamSpec

import pytest
from textual.events import Key
from textual.keys import _character_to_key
from textual.pilot import Pilot

from tui_sync import bootstrap
from tui_sync.model.workspace import ConnectionKind
from tui_sync.services.patience import IN_SCREENS, waiting_at_most
from tui_sync.ui.app import Leaving, TuiSync
from tui_sync.ui.terminal import Profile

P = ParamSpec("P")
PLAIN = Profile(ascii=False, colour=True, remote=False, wrap="")
PATIENCE = 20.0
"""Seconds after which a thing that was waited for is taken for missing."""
LOOK = 0.002
"""Seconds between two looks, for what another thread or a timer does."""
CALM = 3
"""Turns in a row in which nothing may be left to do before the app is taken for quiet."""
ASKING = ("ask", "create", "first-run", "mend")
"""Groups of workers that wait for an answer: of the person, or of the connection before a question."""
RUNNING = 20
"""Turns after which a key is taken for done although a run still goes on."""


class QuickPilot(Pilot[Leaving]):
    """Textual's pilot, which waits for the app by what it has to do instead of by the processor's load: a tenth of the time."""

    async def pause(self, delay: float | None = None) -> None:
        """Let the app work until it has nothing to do; with `delay`, for so many seconds."""
        if delay is not None:
            await asyncio.sleep(delay)
        left = vars(asyncio.get_running_loop())["_ready"]
        app = self.app
        assert isinstance(app, TuiSync)
        end, turn, calm = monotonic() + PATIENCE, 0, 0
        while calm < CALM and monotonic() < end and (turn < RUNNING or not app.runner.going_on()):
            await self._wait_for_screen()
            app.screen._on_timer_update()
            await asyncio.sleep(0)
            working = any(worker.is_running and worker.group not in ASKING for worker in app.workers)
            busy = left or working or app._resize_timer is not None
            if busy:
                await asyncio.sleep(0 if left else LOOK)
            turn, calm = turn + 1, 0 if busy else calm + 1

    async def press(self, *keys: str) -> None:
        """Press keys, each when what the one before did is done."""
        for key in keys:
            self.send(key)
            await self.pause()

    def send(self, key: str) -> None:
        """Press a key, whatever goes on."""
        driver = self.app._driver
        assert driver is not None
        name = _character_to_key(key) if len(key) == 1 and not key.isalnum() else key
        character = key if len(key) == 1 else None
        event = Key(name, character)
        event.set_sender(self.app)
        driver.send_message(event)


class Driver:
    """One app under test."""

    def __init__(self, app: TuiSync, pilot: QuickPilot) -> None:
        self.app, self.pilot = app, pilot

    async def press(self, *keys: str) -> None:
        """Press keys by textual's names, one after the other; a key longer than its name is typed: `"text"`."""
        for key in keys:
            if key.startswith('"'):
                await self.pilot.press(*key.strip('"'))
            else:
                await self.pilot.press(key)
        await self.pilot.pause()

    async def first_run(self) -> None:
        """Run the sync for the first time: into Marketing Automation that is asked for."""
        await self.press("r")
        await self.until_text("for the first time?")
        await self.press("y")

    def lines(self) -> list[str]:
        """The screen, line by line, without blanks at the end."""
        height = self.app.size.height
        strips = self.app.screen._compositor.render_strips()
        return ["".join(segment.text for segment in strip).rstrip() for strip in strips[:height]]

    def text(self) -> str:
        """The whole screen."""
        return "\n".join(self.lines())

    async def until(self, holds: Callable[[], Any], what: str = "") -> None:
        """Let the app work until something holds. Raises AssertionError with the screen where it never does."""
        end = monotonic() + PATIENCE
        while monotonic() < end:
            if holds():
                await self.pilot.pause()
                return
            await self.pilot.pause()
            await asyncio.sleep(LOOK)
        raise AssertionError(f"never came about: {what or holds}\n{self.text()}")

    async def until_text(self, text: str) -> None:
        """Let the app work until a text is on the screen."""
        await self.until(lambda: text in self.text(), text)

    async def idle(self) -> None:
        """Let the app work until no run goes on."""
        await self.until(lambda: not self.app.runner.going_on(), "the end of all runs")


@asynccontextmanager
async def opened(
    folder: Path, *, size: tuple[int, int] = (80, 24), terminal: Profile = PLAIN, first: bool = False,
    schedules: bool = False,
) -> AsyncIterator[Driver]:
    """The app on a workspace, in a terminal of that size. Nothing runs by itself unless `schedules` do. Runs are stopped and
    everything is closed at the end."""
    desk = bootstrap.open_desk(folder, "screens")
    connection = desk.workspace.connection
    demo = connection is not None and connection.kind is ConnectionKind.DEMO
    advance = partial(bootstrap.advance_day, desk) if demo else None
    app = TuiSync(desk, terminal, advance=advance, first=first, schedules=schedules)
    try:
        async with AsyncExitStack() as shown:
            with waiting_at_most(IN_SCREENS):  # as `cli/screen.py` has it
                await shown.enter_async_context(app.run_test(size=size, notifications=True))
            driver = Driver(app, QuickPilot(app))
            await driver.pilot.pause()
            yield driver
            await app.schedules.end()
            await app.runner.stop_all(5)
    finally:
        await bootstrap.close(desk)


def acting(test: Callable[P, Coroutine[Any, Any, None]]) -> Callable[P, None]:
    """Run an asynchronous test on an event loop of its own."""

    @wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        asyncio.run(test(*args, **kwargs))

    return run


def held_back(owner: object, name: str, monkeypatch: pytest.MonkeyPatch, *, after: int = 0) -> asyncio.Event:
    """Have an answer come only once the event is set, but for so many that come before."""
    ask, come, before = getattr(owner, name), asyncio.Event(), iter(range(after))

    async def late(*given: object) -> Any:  # noqa: ANN401 - whatever the answer is
        if next(before, None) is None:
            await come.wait()
        return await ask(*given)

    monkeypatch.setattr(owner, name, late)
    return come
