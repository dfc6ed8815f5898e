"""Record the tour on a real terminal of 80x24: `python -m tests.pictures.recording` writes `screenshots/tour.cast`.

The file is an asciicast of version 2: a header, then a line of [seconds, "o", text] for each piece of output.
"""

from __future__ import annotations

import codecs
import json
import time
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.pictures.__main__ import FOLDER, PROGRAM
from tests.terminal.pty_screen import Terminal

SIZE = (80, 24)
LONGEST = 300.0
"""Seconds that the tour may take."""


class Recorded(Terminal):
    """A terminal that notes when each piece of output came."""

    def __init__(self, argv: list[str], home: Path) -> None:
        self.pieces: list[tuple[float, bytes]] = []
        self._begun = time.monotonic()
        super().__init__(argv, SIZE, {"HOME": str(home)})

    def _draw(self, data: bytes) -> None:
        self.pieces.append((time.monotonic() - self._begun, data))
        super()._draw(data)


def asciicast(pieces: list[tuple[float, bytes]]) -> str:
    """The recording as a file; a character that came in two pieces stands with the second."""
    decode = codecs.getincrementaldecoder("utf-8")().decode
    header = {"version": 2, "width": SIZE[0], "height": SIZE[1], "title": "tui-sync demo --script tour"}
    lines = [header, *([round(moment, 3), "o", decode(data)] for moment, data in pieces)]
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)


def main() -> None:
    """Play the tour, leave, write the file."""
    with TemporaryDirectory() as folder:
        home = Path(folder)
        script = home / "tour.keys"
        tour = resources.files("tui_sync.ui").joinpath("tour.keys").read_text(encoding="utf-8")
        script.write_text(tour + "\npress ctrl+c\n", encoding="utf-8")
        with Recorded([PROGRAM, "--workspace", str(home / "w"), "demo", "--script", str(script)], home) as terminal:
            status = terminal.status(LONGEST)
        assert status == 0, f"the tour ended with {status}:\n{terminal.text()}"
    (FOLDER / "tour.cast").write_text(asciicast(terminal.pieces), encoding="utf-8")
    print(f"tour.cast: {terminal.pieces[-1][0]:.0f} s, {sum(len(data) for _, data in terminal.pieces) / 1000:.0f} kB")


if __name__ == "__main__":
    main()
