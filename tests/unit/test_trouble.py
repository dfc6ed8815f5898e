"""Why a workspace cannot be used here: whose it is, what protects it, who holds it; and the way out."""

from __future__ import annotations

import gc
import io
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import closing, redirect_stderr
from pathlib import Path

import pytest

from tests.engine.listed import FixedClock
from tui_sync import bootstrap
from tui_sync.cli import daemon as _  # noqa: F401 - before its user may not read what is imported
from tui_sync.cli.main import execute
from tui_sync.model.errors import Damaged, RunError, TuiSyncError
from tui_sync.services import care
from tui_sync.store.locks import process_start
from tui_sync.store.trouble import check_place, hindrance, telling
from tui_sync.store.workspace import FILE, Workspace

NOBODY = 65_534
HOLDER = """
import sqlite3, sys
other = sqlite3.connect(sys.argv[1], isolation_level=None)
other.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def told_to_a_user(work: Callable[[], object]) -> str:
    """What an ordinary user is told; root, whom nothing keeps out, becomes one in a process of its own."""
    reading, writing = os.pipe()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of forking beside threads, which the child uses none of
        child = os.fork()
    if not child:
        try:
            if os.geteuid() == 0:
                os.setgroups([])
                os.setgid(NOBODY)
                os.setuid(NOBODY)
            try:
                told = str(work())
            except TuiSyncError as fault:
                told = str(fault)
            os.write(writing, told.encode())
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answer:
        told = answer.read()
    os.waitpid(child, 0)
    return told


@pytest.fixture
def own() -> Iterator[Path]:
    """A workspace that belongs to the user."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        Workspace(folder, FixedClock()).close()
        if os.geteuid() == 0:
            for path in (folder, *folder.iterdir()):
                os.chown(path, NOBODY, NOBODY)
        yield folder
        folder.chmod(0o700)


def test_a_folder_that_is_write_protected_says_so_with_the_command_that_opens_it(own: Path) -> None:
    own.chmod(0o500)
    told = f"The workspace {own} cannot be written: it has mode 500. chmod u+rwx {own}"
    assert told_to_a_user(lambda: Workspace(own, FixedClock())) == told


def test_a_database_that_is_write_protected_says_so_when_it_is_written(own: Path) -> None:
    def write() -> None:
        with closing(Workspace(own, FixedClock())) as space:
            space.log.add("a line", "test")

    (own / FILE).chmod(0o400)
    assert told_to_a_user(write) == f"{own / FILE} cannot be written: it has mode 400. chmod u+rw {own / FILE}*"
    assert "has mode 400" in told_to_a_user(lambda: hindrance(own / FILE))
    for path in own.glob(f"{FILE}*"):  # what SQLite has made beside it is as protected
        path.chmod(0o600)
    assert told_to_a_user(lambda: hindrance(own / FILE)) == "None"


def test_the_doctor_finds_a_database_that_cannot_be_written(own: Path) -> None:
    (own / FILE).chmod(0o400)
    found = told_to_a_user(lambda: [one for one in care._files(bootstrap.open_desk(own, "test")) if one.advice])
    assert f"{FILE} cannot be written: it has mode 400." in found
    assert f"advice='chmod u+rw {own / FILE}*'" in found


def test_a_daemon_that_cannot_write_its_workspace_ends_with_one_sentence(own: Path) -> None:
    def daemon() -> str:
        err = io.StringIO()
        with redirect_stderr(err):
            status = execute(["--workspace", str(own), "daemon"])
            gc.collect()  # a task that nobody asked for its error tells it then
        return f"{status}: {err.getvalue()}"

    (own / FILE).chmod(0o400)
    told = f"1: {own / FILE} cannot be written: it has mode 400. chmod u+rw {own / FILE}*\n"
    assert told_to_a_user(daemon) == told


def test_a_folder_of_somebody_else_says_whose_it_is_and_who_asks() -> None:
    told = told_to_a_user(lambda: Workspace(Path("/usr/w"), FixedClock()))
    assert told.startswith("The workspace /usr/w cannot be made: /usr belongs to root, and this program is run by ")
    assert told.endswith(". Run it as root, or name another workspace: --workspace DIR")


def test_a_place_below_a_file_is_refused_and_nothing_is_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(RunError, match=r"cannot be made: .*file is no folder\. Name another workspace: --workspace DIR"):
        check_place(tmp_path / "file" / "w")
    check_place(tmp_path / "new" / "w")
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="this system does not tell who holds a lock")
def test_a_workspace_that_another_program_holds_names_it(tmp_path: Path) -> None:
    with closing(Workspace(tmp_path, FixedClock())) as space:
        space.db.rows.execute("PRAGMA busy_timeout = 0")
        holder = [sys.executable, "-c", HOLDER, str(tmp_path / FILE)]
        with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdout.readline()
            with pytest.raises(RunError, match=rf"has been held by process {other.pid} \(python.*\) for 30 seconds"):
                space.log.add("a line", "test")
            other.stdin.close()
        space.log.add("a line", "test")


@pytest.mark.skipif(not Path("/proc/locks").exists(), reason="this system does not tell who holds a lock")
def test_a_program_whose_name_the_system_has_cut_within_a_letter_is_named_and_known_by_its_start(tmp_path: Path) -> None:
    """The system keeps fifteen bytes of a name."""
    named = r'open("/proc/self/comm", "wb").write(b"abgleich-m\xc3")'
    with closing(Workspace(tmp_path, FixedClock())) as space:
        space.db.rows.execute("PRAGMA busy_timeout = 0")
        holder = [sys.executable, "-c", f"{named}\n{HOLDER}", str(tmp_path / FILE)]
        with subprocess.Popen(holder, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
            assert other.stdin is not None
            assert other.stdout is not None
            other.stdout.readline()
            assert process_start(other.pid).isdigit()
            with pytest.raises(RunError, match=rf"has been held by process {other.pid} \(abgleich-m\ufffd\)"):
                space.log.add("a line", "test")
            other.stdin.close()


def test_a_definition_of_a_table_that_is_no_text_is_damage(tmp_path: Path) -> None:
    Workspace(tmp_path, FixedClock()).close()
    file = tmp_path / FILE
    file.write_bytes(file.read_bytes().replace(b'CREATE TABLE "log"', b'CREATE \x87ABLE "log"', 1))
    with pytest.raises(Damaged, match="the definition of a table is no text"):
        Workspace(tmp_path, FixedClock())


def test_where_the_way_to_the_folder_is_barred_the_refusal_is_told_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    barred, usage = tmp_path / "barred", shutil.disk_usage

    def refuse(folder: Path) -> object:
        if folder == barred:
            raise PermissionError(13, "Permission denied", str(folder))
        return usage(folder)

    monkeypatch.setattr(shutil, "disk_usage", refuse)
    with pytest.raises(RunError, match="cannot be opened"), telling(barred / FILE):
        sqlite3.connect(barred / FILE).close()
