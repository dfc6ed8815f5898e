"""The program in this process: a real workspace with the embedded hub, and a Recruit of plain Python lists."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.listed import FixedClock, ListedRecruit, PlainAccount
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.engine.ports import Hub, Monitor, Recruit
from tui_sync.hub.embedded import Embedded
from tui_sync.services.desk import Desk
from tui_sync.store.workspace import Workspace

NEWSLETTER = """
[[sync]]
name = "Newsletter"
module = "Candidates"
list = "Zylker"
on_opt_out = "remove-from-list"
"""


class Ended:
    """What a call of the program left behind."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    def json(self, key: str) -> Any:  # noqa: ANN401 - JSON
        """The value of the one object with the one key that was printed."""
        printed = json.loads(self.out)
        assert list(printed) == [key]
        return printed[key]

    @property
    def lines(self) -> list[str]:
        """The lines of stdout."""
        return self.out.splitlines()


class Ends(PlainAccount):
    """The two ends of the connection of one desk."""

    def __init__(self, recruit: ListedRecruit, space: Workspace, wrap: Callable[[Hub], Hub]) -> None:
        self._recruit, self._space, self._wrap = recruit, space, wrap

    def recruit(self, monitor: Monitor) -> Recruit:
        return self._recruit

    def hub(self, monitor: Monitor) -> Hub:
        return self._wrap(Embedded(self._space.leads, monitor))

    async def close(self) -> None:
        """Nothing is open."""


class Program:
    """Calls the program on one workspace; every call opens and closes it."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys
        self.clock = FixedClock()
        self.recruit = ListedRecruit(self.clock)
        self.hub: Callable[[Hub], Hub] = lambda hub: hub

    def open(self, folder: Path, where: str) -> Desk:
        """Stands for `bootstrap.open_desk`."""
        space = Workspace(folder, self.clock)
        return Desk(space, self.clock, lambda: Ends(self.recruit, space, self.hub), where)

    def __call__(self, *arguments: str) -> Ended:
        """Call it with these arguments."""
        self.clock.pass_by(minutes=20)
        self.capsys.readouterr()
        status = execute(["--workspace", str(self.folder), *arguments])
        out, err = self.capsys.readouterr()
        assert "Traceback" not in err
        return Ended(status, out, err)

    def apply(self, definition: str = NEWSLETTER) -> Ended:
        """Apply a definition file."""
        path = self.folder.with_suffix(".toml")
        path.write_text(definition, encoding="utf-8")
        ended = self("apply", str(path))
        assert ended.status == 0, ended.err
        return ended

    def people(self, number: int) -> None:
        """Put that many ordinary candidates into Recruit: 1@example.org and so on."""
        for person in range(1, number + 1):
            self.recruit.add(str(person), f"{person}@example.org")


@pytest.fixture
def tui(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Program:
    """The program on a new workspace."""
    program = Program(tmp_path / "workspace", capsys)
    Workspace(program.folder, program.clock).close()
    monkeypatch.setattr(bootstrap, "open_desk", program.open)
    monkeypatch.delenv("TUI_SYNC_WORKSPACE", raising=False)
    return program
