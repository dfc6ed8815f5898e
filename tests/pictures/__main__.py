"""Draw every picture of the README and the documentation, on a real terminal, from a demo organisation made for it.

`python -m tests.pictures [NAME ...]` writes `screenshots/NAME.svg`; without names all of them.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.pictures.scenes import SCENES, Scene
from tests.pictures.svg import picture
from tests.terminal.pty_screen import Terminal
from tui_sync.simulator import SAMPLES

WORK = (
    ("demo", "--no-ui"), ("demo", "--advance"), ("demo", "--advance"), ("demo", "--advance"),
    ("suppress", "jo.lind@zylker.com", "--reason", "wrote to legal"),
    ("suppress", "asha.rao@readers.example.org", "--reason", "asked by telephone"),
    ("settings", "set", "timezone", "Europe/Berlin"),
)  # fmt: skip
FOLDER = Path(__file__).parents[2] / "screenshots"
PROGRAM = str(Path(sys.executable).with_name("tui-sync"))


def opened(folder: Path, scene: Scene) -> Terminal:
    """The program in a terminal of the scene's size, on the workspace that the scene is about."""
    place = folder / scene.name
    if not scene.fresh and not scene.empty:
        shutil.copytree(folder / "w", place)
        if scene.ready is not None:
            scene.ready(place)
    env = {"HOME": str(folder), "TZ": "Europe/Berlin", **scene.env}
    demo = () if scene.empty else ("demo",)
    return Terminal([PROGRAM, "--workspace", str(place), *demo], scene.size, env)


def prepare(folder: Path) -> None:
    """Make the organisation, let its syncs run on four days, and do what an admin does, so that there is something to see."""
    for arguments in WORK:
        subprocess.run([PROGRAM, "--workspace", str(folder / "w"), *arguments], check=True, capture_output=True, timeout=120)
    (folder / "syncs.toml").write_text(SAMPLES.replace('"monday"', '"tuesday"').replace("= 2016", "= 2017"), encoding="utf-8")


def draw(folder: Path, scene: Scene) -> None:
    """Play one scene and write its picture."""
    with opened(folder, scene) as terminal:
        terminal.wait_for("? more")
        if not scene.fresh:
            terminal.settle()
        for step in scene.steps:
            step(terminal)
        if not scene.fresh:
            terminal.settle()
        FOLDER.mkdir(exist_ok=True)
        (FOLDER / f"{scene.name}.svg").write_text(picture(terminal.screen), encoding="utf-8")
        print(f"{scene.name}.svg")


def main(names: list[str]) -> None:
    """Draw the scenes of these names, or all."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        prepare(folder)
        for scene in SCENES:
            if not names or scene.name in names:
                draw(folder, scene)


if __name__ == "__main__":
    main(sys.argv[1:])
