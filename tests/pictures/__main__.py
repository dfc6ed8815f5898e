"""Draw every picture of the README and the documentation, on a real terminal, from a demo organisation made for it.

`python -m tests.pictures [NAME ...]` writes `screenshots/NAME.svg`; without names all of them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from tests.pictures.scenes import SCENES, Scene
from tests.pictures.svg import picture
from tests.terminal.pty_screen import Terminal

FOLDER = Path(__file__).parents[2] / "screenshots"
PROGRAM = str(Path(sys.executable).with_name("tui-sync"))


class Demo(NamedTuple):
    """The workspace that the pictures show."""

    folder: str

    def open(self, scene: Scene) -> Terminal:
        """The program in a terminal of the scene's size."""
        env = {"HOME": self.folder, "TZ": "Europe/Berlin", **scene.env}
        return Terminal([PROGRAM, "--workspace", f"{self.folder}/w", "demo"], scene.size, env)


def prepare(demo: Demo) -> None:
    """Make the organisation and let its syncs run on three days, so that there is a history to look at."""
    with demo.open(Scene("", (80, 24))) as terminal:
        terminal.wait_for("runs ended")
        for _ in range(3):
            terminal.press("A")
            terminal.wait_for("A day has passed")
            terminal.wait_until(lambda: "runs ended" in terminal.text() and "running" not in terminal.text(), 60)
            terminal.wait_until(lambda: "ended" not in terminal.text(), 60, "the end of the message")
        terminal.press("q")
        terminal.status()


def draw(demo: Demo, scene: Scene) -> None:
    """Play one scene and write its picture."""
    with demo.open(scene) as terminal:
        terminal.wait_for("Syncs")
        terminal.settle()
        for step in scene.steps:
            step(terminal)
        terminal.settle()
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{scene.name}.svg").write_text(picture(terminal.screen), encoding="utf-8")
        print(f"{scene.name}.svg")  # noqa: T201 - a script for people


def main(names: list[str]) -> None:
    """Draw the scenes of these names, or all."""
    with TemporaryDirectory() as folder:
        demo = Demo(folder)
        prepare(demo)
        for scene in SCENES:
            if not names or scene.name in names:
                draw(demo, scene)


if __name__ == "__main__":
    main(sys.argv[1:])
