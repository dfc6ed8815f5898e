"""Every command that prints, on a workspace in which everything foreign steers, hides or calculates."""

from __future__ import annotations

import asyncio
import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.cli.conftest import Ended
from tests.ui import hostile
from tui_sync import bootstrap
from tui_sync.cli.main import COMMANDS, execute
from tui_sync.model.definitions import render
from tui_sync.model.ledger import Mark
from tui_sync.model.sync import SyncState, Trouble
from tui_sync.model.text import csv_safe
from tui_sync.services.desk import Desk, Quiet

NAME, BROKEN = hostile.EVERYTHING, "../../broken\x1b[2J"
LISTED = "Zylker" + hostile.EVERYTHING
PERSON = "ann@example.org"
FILES = ("hostile.toml", "people.csv", "dump.json")
LOOKING: tuple[tuple[str, ...], ...] = (
    ("modules",), ("fields", "Candidates"), ("views", "Candidates"), ("lists",), ("leads", LISTED),
    ("plan", "FILE"), ("export",), ("syncs",), ("show", NAME), ("show", BROKEN), ("policies", NAME),
    ("repair", BROKEN), ("runs",), ("runs", NAME),
    ("outcomes", "LAST"), ("explain", PERSON), ("explain", NAME), ("suppression",), ("suppression", "export"),
    ("corrections",), ("log",), ("limits",), ("settings",),
    ("health",), ("doctor",), ("run", NAME, "--dry-run"), ("run", NAME), ("apply", "FILE"),
    ("leads", LISTED, "--format", "csv"), ("leads", LISTED, "--format", "jsonl"),
    ("outcomes", "LAST", "--format", "csv"), ("outcomes", "LAST", "--format", "jsonl"),
)  # fmt: skip
"""What prints something of others, FILE and LAST to be filled in."""
REFUSING = (
    ("show", "none" + NAME), ("run", "none" + NAME), ("leads", NAME), ("create-list", LISTED), ("rename", NAME, BROKEN),
    ("suppress", NAME, "--reason", "x"), ("lift", PERSON, "--reason", " "), ("settings", "set", NAME, NAME), ("plan", NAME),
    ("outcomes", NAME), ("fields", NAME), (NAME,), ("--" + NAME,), ("leads", LISTED, "--format", NAME), ("load", NAME),
    ("suppression", "import", NAME), ("settings", "set", "webhook", NAME), ("settings", "set", "timezone", NAME),
    ("repair", BROKEN, "--list", NAME), ("remove", PERSON, "--list", NAME), ("policies", NAME, NAME),
)  # fmt: skip
"""What is refused with a sentence that quotes the argument."""
WITHOUT_JSON = frozenset({"export", "run", "apply", "leads csv", "suppression export"})
SILENT = frozenset({
    "demo", "connect", "zsc-key", "simulate", "create-list", "delete-list", "rename", "duplicate", "activate", "deactivate",
    "delete", "restore", "approve", "retry", "daemon", "pause-all", "resume-all", "remove", "suppress", "lift", "dump", "load",
    "completion",
})  # fmt: skip
"""Commands that print no name of others on stdout, or need more than a workspace."""


def called(folder: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Ended:
    capsys.readouterr()
    status = execute(["--workspace", str(folder), *arguments])
    return Ended(status, *capsys.readouterr())


@pytest.fixture
def infested(ran: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace with hostile names of people, syncs, lists, views and fields, hostile reasons and files."""
    hostile.answering_so(monkeypatch)
    monkeypatch.chdir(ran.parent)
    desk = bootstrap.open_desk(ran, "test" + NAME)
    asyncio.run(infest(desk))
    desk = bootstrap.open_desk(ran, "test")
    whole = [sync for sync in desk.workspace.syncs.all() if sync.name != BROKEN]
    Path(FILES[0]).write_text(render(whole, "UTC"), encoding="utf-8")
    asyncio.run(bootstrap.close(desk))
    return ran


async def infest(desk: Desk) -> None:
    sync = await hostile.infest(desk)
    space = desk.workspace
    await desk.connect.hub(Quiet(desk.clock, desk.tell)).create_list("noted " + NAME)
    space.syncs.put(replace(
        sync, id="b", name=BROKEN, state=SyncState.BROKEN, trouble=Trouble.LIST, reason=NAME, list_key="gone",
    ))  # fmt: skip
    space.ledger.put(Mark(email=PERSON, suppressed=NAME, suppressed_at=desk.clock.now()))
    desk.log(f"said {NAME}")
    await bootstrap.close(desk)


def filled(folder: Path, arguments: Sequence[str]) -> list[str]:
    desk = bootstrap.open_desk(folder, "test")
    last = max((run.id for run in desk.workspace.runs.all()), key=int)
    asyncio.run(bootstrap.close(desk))
    return [{"FILE": FILES[0], "LAST": last}.get(word, word) for word in arguments]


def steering(text: str) -> set[str]:
    """What could steer a terminal or hide; line ends are the program's own."""
    return (set(text) & hostile.STEERS) - {"\n"}


def test_every_command_that_prints_is_looked_at() -> None:
    known = {name for section in COMMANDS.values() for name in section}
    assert {arguments[0] for arguments in LOOKING} | SILENT == known


def test_no_command_prints_what_steers_a_terminal(infested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    seen = 0
    for arguments in LOOKING:
        ended = called(infested, capsys, *filled(infested, arguments))
        assert ended.status in (0, 5) or arguments[0] == "health", (arguments, ended.err)
        assert not steering(ended.out + ended.err), arguments
        seen += "\\x1b" in ended.out
    assert seen > 15, "the hostile names were there to be seen"


def test_json_is_ascii_and_whole_whatever_stands_in_it(infested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for arguments in LOOKING:
        if arguments[0] not in WITHOUT_JSON and len(arguments) < 3 and "export" not in arguments:
            ended = called(infested, capsys, *filled(infested, arguments), "--json")
            assert ended.out.isascii(), arguments
            assert len(json.loads(ended.out)) == 1, arguments


@pytest.mark.parametrize("arguments", REFUSING, ids=lambda words: words[0][:12].replace("\x1b", ""))
def test_a_refusal_quotes_the_argument_harmlessly(
    arguments: tuple[str, ...], infested: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ended = called(infested, capsys, *arguments)
    assert ended.status in (1, 2), ended.out
    assert ended.err.count("\n") in (1, 2), ended.err
    assert not steering(ended.out + ended.err)
    assert len(ended.err) < 2000


def test_no_cell_of_any_csv_is_a_formula(infested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    formulas = 0
    for arguments in (*(words for words in LOOKING if "csv" in words), ("suppression", "export")):
        rows = list(csv.reader(io.StringIO(called(infested, capsys, *filled(infested, arguments)).out)))
        assert len(rows) > 1
        assert len({len(row) for row in rows}) == 1, "a line break in a cell broke the row"
        cells = [cell for row in rows for cell in row]
        assert [cell for cell in cells if csv_safe(cell) != cell] == []
        formulas += sum(cell.startswith("'=") for cell in cells)
    assert formulas


def test_an_export_of_hostile_names_is_applied_as_the_same(infested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = called(infested, capsys, "export").out
    planned = called(infested, capsys, "plan", FILES[0], "--check")
    assert (planned.status, planned.err) == (0, "")
    assert called(infested, capsys, "apply", FILES[0]).status == 0
    assert called(infested, capsys, "export").out == before
    assert Path(FILES[0]).read_text(encoding="utf-8").partition("\n")[2] in before


def test_no_name_reaches_a_path(infested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    files = {path for path in infested.parent.rglob("*") if not path.name.startswith("workspace.db")}
    for name in ("../x", "con", "/etc/x", "a\nb", ".", "~", "-rf", "x" * 5000, "\udcff", "\x00"):
        called(infested, capsys, "duplicate", NAME, name)
        called(infested, capsys, "create-list", name)
        called(infested, capsys, "rename", name, name + " 2")
    called(infested, capsys, "export")
    assert {path for path in infested.parent.rglob("*") if not path.name.startswith("workspace.db")} == files


@pytest.mark.parametrize("name", ["new\nline.json", "\x1b[2J.json", "\u202egpj.json", "-f.json"])
def test_files_that_are_named_strangely_are_told_harmlessly(
    name: str, infested: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for arguments in (("dump", "--", name), ("suppression", "export", "--", name), ("load", "--", name), ("log",)):
        ended = called(infested, capsys, *arguments)
        assert not steering(ended.out + ended.err), arguments
        assert ended.err.count("\n") <= 1
    assert Path(name).stat().st_mode & 0o777 == 0o600
