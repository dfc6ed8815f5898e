"""Secrets: a private file or the system's keyring, and no value in any message."""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import stat
import subprocess
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from tui_sync.model.errors import Damaged, RunError, TuiSyncError, UsageError
from tui_sync.store.secrets import Secrets, keyring_service, private_file

VALUE = "1000.s3cr3t-value"
KILLED = f"""
import os, sys
from pathlib import Path

from tui_sync.store.secrets import Secrets

os.fsync = lambda _: os._exit(1)
Secrets(Path(sys.argv[1])).set("client_secret", "{VALUE}")
"""
"""Dies before the new file of secrets has its name."""


class Keyring:
    """A keyring in memory, in the place of the package."""

    def __init__(self) -> None:
        self.held: dict[tuple[str, str], str] = {}
        self.forgets = False
        self.error: Exception | None = None

    def set_password(self, service: str, name: str, value: str) -> None:
        if self.error:
            raise self.error
        if not self.forgets:
            self.held[service, name] = value

    def get_password(self, service: str, name: str) -> str | None:
        if self.error:
            raise self.error
        return self.held.get((service, name))

    def delete_password(self, service: str, name: str) -> None:
        del self.held[service, name]


class KeyringError(Exception):
    pass


@pytest.fixture
def keyring(monkeypatch: pytest.MonkeyPatch) -> Keyring:
    held = Keyring()
    package, errors = ModuleType("keyring"), ModuleType("keyring.errors")
    for name in ("set_password", "get_password", "delete_password"):
        setattr(package, name, getattr(held, name))
    errors.__dict__["KeyringError"] = KeyringError
    monkeypatch.setitem(sys.modules, "keyring", package)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return held


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def told(action: Callable[[], object], kind: type[TuiSyncError]) -> TuiSyncError:
    """The error that the action raises; the whole traceback text is free of the value."""
    with pytest.raises(kind) as raised:
        action()
    assert VALUE not in "".join(traceback.format_exception(raised.value))
    return raised.value


def test_secrets_are_kept_and_removed(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "w")
    assert (secrets.get("token"), secrets.names()) == (None, [])
    secrets.set("token", VALUE)
    secrets.set("id", "é")
    again = Secrets(tmp_path / "w")
    assert (again.get("token"), again.get("id"), again.names()) == (VALUE, "é", ["id", "token"])
    again.delete("token")
    again.delete("never there")
    assert (secrets.get("token"), secrets.names()) == (None, ["id"])


def test_folder_and_files_are_for_the_owner_only(tmp_path: Path) -> None:
    Secrets(tmp_path / "w").set("token", VALUE)
    assert mode(tmp_path / "w") == 0o700
    assert {path.name: mode(path) for path in (tmp_path / "w").iterdir()} == {
        "secrets.json": 0o600,
        "secrets.lock": 0o600,
    }


def test_asking_makes_no_files(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path / "w")
    assert secrets.get("token") is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("bits", [0o640, 0o604, 0o620, 0o666])
def test_a_file_open_to_others_is_refused_with_the_way_out(tmp_path: Path, bits: int) -> None:
    folder = tmp_path / "my workspace"
    secrets = Secrets(folder)
    secrets.set("token", VALUE)
    (folder / "secrets.json").chmod(bits)
    for action in (secrets.names, lambda: secrets.get("a"), lambda: secrets.set("a", "b"), lambda: secrets.delete("a")):
        error = told(action, Damaged)
        assert error.sentence == f"{folder}/secrets.json is open to other users (mode 0{bits:o})."
        assert error.hint == f'Run: chmod 600 "{folder}/secrets.json"'
    subprocess.run(["/bin/sh", "-c", error.hint.removeprefix("Run: ")], check=True)
    assert secrets.get("token") == VALUE


@pytest.mark.parametrize("content", ["", f'{{"a": "{VALUE}"', f'["{VALUE}"]', f'{{"a": ["{VALUE}"]}}', '{"\\ud800'])
def test_a_file_that_is_not_valid_is_refused(tmp_path: Path, content: str) -> None:
    path = tmp_path / "secrets.json"
    path.write_text(content)
    path.chmod(0o600)
    error = told(lambda: Secrets(tmp_path).get("token"), Damaged)
    assert error.sentence == f"{path} is not a valid file of secrets."
    told(lambda: Secrets(tmp_path).set("other", "x"), Damaged)
    assert path.read_text() == content


def test_no_value_is_shown(tmp_path: Path) -> None:
    secrets = Secrets(tmp_path)
    secrets.set("token", VALUE)
    assert VALUE not in repr(secrets) + str(vars(secrets))
    told(lambda: secrets.set("token", VALUE + "\udcff"), UsageError)
    assert secrets.get("token") == VALUE


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert "cannot be written" in told(lambda: Secrets(tmp_path / "file").set("token", VALUE), RunError).sentence


def test_the_keyring_holds_the_value_and_the_file_only_says_so(tmp_path: Path, keyring: Keyring) -> None:
    secrets = Secrets(tmp_path, "tui-sync one")
    secrets.set("token", VALUE)
    assert json.loads((tmp_path / "secrets.json").read_text()) == {"token": {"keyring": "tui-sync one"}}
    assert keyring.held == {("tui-sync one", "token"): VALUE}
    assert Secrets(tmp_path).get("token") == secrets.get("token") == VALUE
    assert secrets.names() == ["token"]
    secrets.delete("token")
    assert (keyring.held, secrets.get("token")) == ({}, None)


def test_a_value_that_moves_leaves_its_old_place(tmp_path: Path, keyring: Keyring) -> None:
    Secrets(tmp_path).set("token", "old")
    Secrets(tmp_path, "tui-sync one").set("token", VALUE)
    assert VALUE not in (tmp_path / "secrets.json").read_text()
    Secrets(tmp_path, "tui-sync two").set("token", VALUE)
    assert keyring.held == {("tui-sync two", "token"): VALUE}
    Secrets(tmp_path).set("token", VALUE)
    assert keyring.held == {}
    assert Secrets(tmp_path, "tui-sync two").get("token") == VALUE


def test_a_keyring_that_does_not_keep_the_value_is_found_out(tmp_path: Path, keyring: Keyring) -> None:
    Secrets(tmp_path).set("token", "old")
    keyring.forgets = True
    error = told(lambda: Secrets(tmp_path, "tui-sync one").set("token", VALUE), RunError)
    assert error.sentence == 'The keyring did not keep the secret "token".'
    assert Secrets(tmp_path).get("token") == "old"


def test_a_value_that_the_keyring_lost_is_told(tmp_path: Path, keyring: Keyring) -> None:
    secrets = Secrets(tmp_path, "tui-sync one")
    secrets.set("token", VALUE)
    keyring.held.clear()
    assert "no longer holds" in told(lambda: secrets.get("token"), RunError).sentence
    secrets.delete("token")
    assert secrets.names() == []


def test_a_keyring_that_refuses_is_told_without_its_words(tmp_path: Path, keyring: Keyring) -> None:
    keyring.error = KeyringError(f"cannot store {VALUE}")
    error = told(lambda: Secrets(tmp_path, "tui-sync one").set("token", VALUE), RunError)
    assert error.sentence == "The system's keyring refuses: KeyringError."


def test_a_keyring_that_is_not_installed_is_told_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    secrets = Secrets(tmp_path, "tui-sync one")
    assert secrets.get("token") is None
    assert told(lambda: secrets.set("token", VALUE), UsageError).hint == "Run: pip install 'tui-sync[keyring]'"


def keep_many(folder: Path, who: str) -> None:
    for number in range(40):
        Secrets(folder).set(f"{who} {number}", "x")


def test_two_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    writers = [spawn.Process(target=keep_many, args=(tmp_path, who)) for who in ("first", "second")]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(30)
    assert [writer.exitcode for writer in writers] == [0, 0]
    assert len(Secrets(tmp_path).names()) == 80


def test_what_a_writer_that_was_killed_has_left_goes_with_the_next_secret_that_is_kept(tmp_path: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(tmp_path)], check=False)
    [left] = tmp_path.glob(".secrets.json.*")
    assert (killed.returncode, VALUE in left.read_text()) == (1, True)
    Secrets(tmp_path).set("client_secret", "another")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secrets.json", "secrets.lock"]


def test_a_private_file_appears_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "file"

    def write_and_fail() -> None:
        with private_file(path) as file:
            file.write(b"half")
            raise LookupError

    with pytest.raises(LookupError):
        write_and_fail()
    assert list(tmp_path.iterdir()) == []


def test_no_file_takes_the_place_of_a_device_or_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(RunError, match="pipe is no file, and none can take its place"), private_file(pipe) as file:
        file.write(b"all")
    assert pipe.is_fifo()


def test_a_value_renewed_stays_where_the_old_one_was_kept_and_a_first_one_where_the_others_are(
    tmp_path: Path, keyring: Keyring
) -> None:
    Secrets(tmp_path, "tui-sync here").set("zsc_key", "old")
    plain = Secrets(tmp_path)
    plain.renew("zsc_key", VALUE)
    plain.renew("other", VALUE)
    assert keyring.held == {("tui-sync here", "zsc_key"): VALUE, (keyring_service(tmp_path), "other"): VALUE}
    assert (plain.get("zsc_key"), plain.get("other")) == (VALUE, VALUE)


@pytest.fixture
def mine(tmp_path: Path, keyring: Keyring) -> tuple[Path, str]:
    """A workspace whose secret is in the keyring, and under which service."""
    folder = tmp_path / "mine"
    Secrets(folder, keyring_service(folder)).set("client_secret", VALUE)
    assert keyring.held == {(keyring_service(folder), "client_secret"): VALUE}
    return folder, keyring_service(folder)


@pytest.mark.parametrize("named", ["mine", "another program", f"tui-sync /{'x' * 300}", "tui-sync /\0"])
def test_a_workspace_of_somebody_else_gets_no_secret_out_of_the_keyring_and_changes_none(
    named: str, tmp_path: Path, mine: tuple[Path, str], keyring: Keyring
) -> None:
    service = mine[1] if named == "mine" else named
    keyring.held[service, "client_secret"] = VALUE
    theirs = tmp_path / "theirs"
    theirs.mkdir()
    with private_file(theirs / "secrets.json") as file:
        file.write(json.dumps({"client_secret": {"keyring": service}}).encode())
    error = told(lambda: Secrets(theirs).get("client_secret"), RunError)
    assert error.sentence.endswith("not for this workspace.")
    assert error.hint == "Enter it again: tui-sync connect."
    before, foreign = dict(keyring.held), (theirs / "secrets.json").read_bytes()
    Secrets(theirs).renew("client_secret", "another")
    assert Secrets(theirs).get("client_secret") == "another"
    Secrets(theirs).delete("client_secret")
    assert keyring.held == before
    (theirs / "secrets.json").write_bytes(foreign)
    Secrets(theirs).delete("client_secret")
    assert keyring.held == before
    assert Secrets(mine[0]).get("client_secret") == VALUE


def test_a_workspace_that_was_moved_keeps_its_secrets_and_a_copy_of_it_does_not(
    tmp_path: Path, mine: tuple[Path, str], keyring: Keyring
) -> None:
    shutil.copytree(mine[0], tmp_path / "copy")
    told(lambda: Secrets(tmp_path / "copy").get("client_secret"), RunError)
    mine[0].rename(tmp_path / "moved")
    assert Secrets(tmp_path / "moved").get("client_secret") == VALUE
    Secrets(tmp_path / "moved").delete("client_secret")
    assert keyring.held == {}
