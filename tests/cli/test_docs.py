"""Every command of the README and the docs is run, in one demo workspace a page, and every output in them is what is printed.

A block marked `sh` is run line by line and a block marked `text` behind it is compared with what its last line printed: times and
dates may differ, and `...` stands for anything, alone in its line for any lines. A block marked `toml` is the file that the next
command names.
"""

from __future__ import annotations

import re
import shlex
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import pytest

from tui_sync.cli.main import PROGRAM, cli, execute

ROOT = Path(__file__).parents[2]
PAGES = sorted(path.relative_to(ROOT).as_posix() for path in (ROOT / "README.md", *(ROOT / "docs").glob("*.md")))
UNTIL_STOPPED = {"daemon", "simulate", "log --follow", "log --follow --json"}
"""What goes on until it is stopped: only read."""
ELSEWHERE = {"health --test-webhook", "--workspace ./simulated simulate --port 8765"}
"""What needs another machine, as `connect` needs an account: only read, as is what follows in its block."""
OTHERS = {".", "mkdir", "systemctl", "loginctl"}
"""Programs of others, which stand in a line of their own."""
STATUS = {
    "run Graduates": 5, "doctor --restore": 2, "doctor --restore ~/.local/share/tui-sync/backups/daily-20261126T021500Z.db": 2,
    'repair "Partner letter" --view "Technology contacts"': 2, 'repair "Partner letter" --all': 2,
    'repair "All alumni" --list "Alumni" --create': 2, "plan --check syncs.toml": 1,
}  # fmt: skip
"""What ends otherwise than with 0 in a demo in which nothing is broken."""
ANY_TIME = re.compile(r"\d{4}-\d\d-\d\d( \d\d:\d\d)?|\b\d\d:\d\d\b|\b(Mon|Tue|Wed|Thu|Fri|Sat|Sun)\b|\d+(\.\d+)? (s|ms)\b")


class Block(NamedTuple):
    """A fenced block: its kind, its lines, and the number of its first line."""

    kind: str
    lines: list[str]
    at: int


def blocks(page: str) -> Iterator[Block]:
    kind, lines = None, list[str]()
    for number, line in enumerate((ROOT / page).read_text(encoding="utf-8").splitlines(), 1):
        if not line.startswith("```"):
            lines.append(line)
        elif kind is None:
            kind, lines = line[3:], []
        else:
            yield Block(kind, lines, number - len(lines))
            kind, lines = None, []
    assert kind is None, f"{page}: a block without an end"


def joined(lines: list[str]) -> list[str]:
    """Lines continued by a backslash are one."""
    return "\n".join(lines).replace("\\\n", " ").splitlines()


def is_read(words: list[str]) -> None:
    """The program knows the command and takes its options and arguments."""
    while words[0].startswith("--"):
        words = words[2:]
    with cli.make_context(PROGRAM, words[:1]) as context:
        command = cli.get_command(context, words[0])
        assert command is not None
        command.make_context(words[0], words[1:], parent=context)


class Reader:
    """Somebody who types what a page shows."""

    def __init__(self, capfd: pytest.CaptureFixture[str], patch: pytest.MonkeyPatch) -> None:
        self.capfd, self.patch = capfd, patch
        self.printed, self.elsewhere = "", False

    def type(self, line: str) -> None:
        """Type one line. Raises AssertionError where it does not do what it should."""
        words = shlex.split(line.replace("$HOME", "~"), comments=True)
        if not words or words[0] in OTHERS:
            return
        if words[0] == "eval":
            line = words[1].removeprefix("$(").removesuffix(")")
        if words[0] == "export":
            self.export(words[1:])
        elif "-m" in words and words[words.index("-m") + 1].startswith("tests."):
            assert find_spec(words[words.index("-m") + 1]) is not None
        elif "pip" not in line and not line.startswith("pytest"):
            for part in re.split(r" \|\| | && ", line):
                self.call(part.split("#")[0].strip())

    def export(self, variables: list[str]) -> None:
        for variable in variables:
            name, _, value = variable.partition("=")
            self.patch.setenv(name, value)

    def call(self, command: str) -> None:
        words = shlex.split(command)
        assert Path(words[0]).name == PROGRAM, command
        said = command.partition(" ")[2]
        self.elsewhere |= said in ELSEWHERE or "connect" in words
        if self.elsewhere or said in UNTIL_STOPPED:
            return is_read(words[1:])
        status = execute(words[1:])
        out, err = self.capfd.readouterr()
        self.printed = out + err
        assert status == STATUS.get(said, 0), f"{command}: {status}\n{self.printed}"
        assert "Traceback" not in self.printed
        return None


def plain(line: str) -> str:
    """A line in which times are all one, and so are the widths that hang on them."""
    return " ".join(ANY_TIME.sub("TIME", line).split())


def shown(expected: list[str], printed: str) -> bool:
    """Whether the lines stand in what was printed, one after the other, but for `...`."""
    told = "".join(f"{plain(line)}\n" for line in printed.splitlines())
    lines = [re.escape(plain(line)).replace(r"\.\.\.", ".*") for line in expected]
    wanted = "".join(r"(.*\n)*?" if line == ".*" else rf"{line}\n" for line in lines)
    return re.search(f"^{wanted}", told, re.MULTILINE) is not None


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "w"
    assert execute(["--workspace", str(folder), "demo", "--no-ui"]) == 0
    return folder


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_shows_is_what_the_program_does(
    page: str, demo: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    found = [block for block in blocks(page) if page != "docs/keys.md"]  # its file is judged by tests/ui/test_keymap.py
    if not any(block.kind in ("sh", "toml") for block in found):
        return
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "140")
    monkeypatch.setenv("TUI_SYNC_WORKSPACE", str(shutil.copytree(demo, tmp_path / "w")))
    reader = Reader(capfd, monkeypatch)
    for number, block in enumerate(found):
        if block.kind == "toml":
            later = "\n".join("\n".join(other.lines) for other in found[number:] if other.kind == "sh")
            name = re.search(r"\S+\.toml", later)
            assert name is not None, f"{page}:{block.at}: no command names this file"
            Path(name[0]).write_text("\n".join(block.lines), encoding="utf-8")
        elif block.kind == "sh":
            reader.elsewhere = False
            for line in joined(block.lines):
                reader.type(line)
        elif block.kind == "text":
            assert shown(block.lines, reader.printed), f"{page}:{block.at}:\n" + reader.printed
        else:
            assert block.kind in ("ini", "cron"), f"{page}:{block.at}: a block says what it is"
