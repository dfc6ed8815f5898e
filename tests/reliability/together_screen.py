"""The actor of the trial that uses the screens, as a person at a terminal does."""

from __future__ import annotations

import time
from contextlib import suppress

from tests.reliability.together_actors import Actor
from tests.reliability.together_world import PROGRAM
from tests.terminal.pty_screen import Terminal


class Screen(Actor):
    """The screens on a terminal, driven by keys; left, terminated, or killed now and then."""

    def act(self) -> None:
        with Terminal([PROGRAM, "--workspace", str(self.trial.folder)], (100, 30), {"HOME": str(self.trial.folder)}) as terminal:
            terminal.wait_until(lambda: "? more" in terminal.text(), 60, "the first screen")
            until = min(self.trial.end, time.monotonic() + self.dice.uniform(10, 60))
            while time.monotonic() < until and terminal.running():
                self._keys(terminal)
            if not terminal.running():
                self.trial.wrong(f"{self.name} ended by itself:\n{terminal.text()}")
            elif self.trial.going() and self.dice.random() < 0.5:
                pid = terminal.pid
                terminal._program.kill()
                terminal.status(60)
                self.trial.killed_holder("screen", pid)
            else:
                terminal.terminate()
                if terminal.status(60) != 128 + 15:
                    self.trial.wrong(f"{self.name} did not end with its signal:\n{terminal.text()}")

    def _keys(self, terminal: Terminal) -> None:
        terminal.press(*["home", *["j"] * self.dice.randrange(8)])
        what = self.dice.choice(("run", "pause", "rename", "policies", "undo", "settings", "look"))
        getattr(self, f"_{what}")(terminal)
        self._settle(terminal)
        if "meanwhile" in terminal.text():
            self.trial.count(self.trial.refused, "conflict told on a screen")
        self.trial.count(self.trial.done, f"screen: {what}")
        terminal.press("esc", "esc", "esc")
        if "Leave without saving" in terminal.text():
            terminal.press("y")
        self._settle(terminal)

    def _settle(self, terminal: Terminal) -> None:
        """A run that goes on draws all the time: look only for a while."""
        with suppress(AssertionError):
            terminal.settle(0.15, 1.0)

    def _run(self, terminal: Terminal) -> None:
        terminal.press("r")
        self._settle(terminal)
        if "for the first time?" in terminal.text():
            terminal.press("y")

    def _pause(self, terminal: Terminal) -> None:
        terminal.press("p")

    def _rename(self, terminal: Terminal) -> None:
        terminal.press("R")
        self._settle(terminal)
        if "Another name" in terminal.text():
            terminal.press("ctrl+u")
            terminal.type(f"Sync {self.dice.randrange(1000)}")
            terminal.press("enter")

    def _policies(self, terminal: Terminal) -> None:
        terminal.press("e")
        self._settle(terminal)
        if "Edit retrieval" in terminal.text():
            terminal.press("j", "j", "enter")
            self._settle(terminal)
            terminal.press(*["j"] * self.dice.randrange(8), "right", "w")

    def _undo(self, terminal: Terminal) -> None:
        terminal.press("u")

    def _settings(self, terminal: Terminal) -> None:
        terminal.press("8")
        terminal.press("/", *"keep out", "enter", "enter")
        self._settle(terminal)
        if "Keep outcomes" in terminal.text():
            terminal.press("ctrl+u", *str(self.dice.randrange(30, 90)), "enter")

    def _look(self, terminal: Terminal) -> None:
        terminal.press(self.dice.choice(("enter", "2", "3", "5", "6", "?")))
