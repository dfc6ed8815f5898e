"""A program for the supervisor: runs start on the stage, and everything that it tells is kept."""

from __future__ import annotations

from datetime import datetime

from tests.engine.stage import Stage
from tui_sync.model.health import Alert
from tui_sync.model.outcomes import RunSummary
from tui_sync.model.sync import Sync
from tui_sync.services import running
from tui_sync.services.supervisor import Supervisor


class Crew:
    """One supervisor on a stage. Alerts that would be posted are in `posted`, `reply` is what the webhook says to them."""

    def __init__(self, stage: Stage, *, resumes: bool = False) -> None:
        self.stage = stage
        self.told: list[str] = []
        self.alerts: list[Alert] = []
        self.posted: list[Alert] = []
        self.faults: list[Exception] = []
        self.started: list[str] = []
        self.reply = ""
        stage.desk.post = self._post
        self.supervisor = Supervisor(stage.desk, self, resumes=resumes)

    async def start(self, sync: Sync, remark: str) -> object:
        """Run it."""
        self.started.append(sync.name)
        return await running.start(self.stage.desk, sync.name, self.stage.control(), remark=remark)

    def tell(self, sentence: str) -> None:
        """Keep it."""
        self.told.append(sentence)

    def alert(self, alert: Alert) -> None:
        """Keep it."""
        self.alerts.append(alert)

    def broke(self, fault: Exception) -> None:
        """Keep it."""
        self.faults.append(fault)

    def turned(self) -> None:
        """Nothing is shown."""

    async def _post(self, alert: Alert) -> str:
        self.posted.append(alert)
        return self.reply

    def turn(self) -> list[str]:
        """Whatever is due is run to its end; gives the names of what was started, in order."""
        self.started = []
        self.stage.wait_for(self.supervisor.catch_up())
        return self.started

    def at(self, moment: datetime) -> list[str]:
        """The same at that moment."""
        self.stage.clock.moment = moment
        return self.turn()

    def starts(self, until: datetime) -> list[datetime]:
        """The supervisor is let alone until that moment; gives when it started runs."""
        begun: list[datetime] = []
        while True:
            if new := len(self.turn()):
                begun += [run.started for run in self.runs()[:new]]
            pause = self.supervisor._pause()
            self.stage.clock.pass_by(seconds=pause)
            if self.stage.clock.now() >= until:
                return begun

    def runs(self, name: str = "") -> list[RunSummary]:
        """The runs, newest first."""
        return running.listing(self.stage.desk, name)
