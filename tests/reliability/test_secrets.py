"""The whole life of a workspace with secrets that stand out; then every file, output, screen and process is searched for them."""

from __future__ import annotations

import base64
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

import pytest

from tests.contract.wire_fixtures import served
from tests.terminal.pty_screen import Terminal
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.net.oauth import Credentials
from tui_sync.services import syncs
from tui_sync.simulator import Organisation
from tui_sync.simulator.faults import Fault
from tui_sync.store.secrets import FILE, Secrets

ACCOUNT = {"client_secret": "s3cr3t/client+&=42\\x", "refresh_token": "1000.refr3sh/t0k+en=="}
KEY = "zsc/K3Y+pasted=="
DEFINITION = '[[sync]]\nname = "Newsletter"\nmodule = "Candidates"\nlist = "Zylker"\n'
EXPORTS = (
    ("export",), ("syncs", "--json"), ("show", "Newsletter", "--json"), ("runs", "--json"), ("log", "--json"),
    ("settings", "--json"), ("doctor", "--json"), ("health", "--json"), ("limits", "--json"),
    ("outcomes", "1", "--format", "jsonl"),
    ("outcomes", "1", "--format", "csv"), ("leads", "Zylker", "--format", "csv"), ("suppression", "export"),
    ("lists", "--json"), ("modules", "--json"), ("plan", "nothing.toml"), ("zsc-key", "wrong"), ("retry", "1"),
    ("dump", "dump.json"),
)  # fmt: skip


def forms(secret: str) -> set[bytes]:
    """A secret as it is, and as it may stand in an address, in JSON, in code and in base64 (at each of three places)."""
    return written(secret) | {base64.b64encode(b"x" * shift + secret.encode())[4:-4] for shift in range(3)}


def written(secret: str) -> set[bytes]:
    """A secret as it is, in an address, in JSON and in code."""
    ways = (secret, quote(secret), quote(secret, ""), quote_plus(secret), json.dumps(secret)[1:-1], repr(secret)[1:-1])
    return {text.encode() for text in ways}


class Life:
    """A workspace, and everything that its commands print."""

    def __init__(self, folder: Path, origin: str) -> None:
        self.folder, self.origin, self.said = folder, origin, bytearray()

    def call(self, *arguments: str, **environment: str) -> int:
        """Run a command in the folder beside the workspace."""
        kept = {name: os.environ[name] for name in ("PATH", "PYTHONPATH") if name in os.environ}
        ended = subprocess.run(
            [sys.executable, "-m", "tui_sync", "--workspace", str(self.folder), *arguments], cwd=self.folder.parent,
            env={"HOME": "/nonexistent", "PYTHONPATH": str(Path(__file__).parents[2]), **kept, **environment},
            stdin=subprocess.DEVNULL, capture_output=True, check=False,
        )  # fmt: skip
        self.said += ended.stdout + ended.stderr
        return ended.returncode

    def connect(self, **secrets: str) -> int:
        """Connect it with secrets of the environment."""
        origins = [word for end in ("recruit", "accounts", "hub") for word in (f"--{end}-url", self.origin)]
        named = {f"TUI_SYNC_{name.upper()}": value for name, value in secrets.items()}
        return self.call("connect", "--data-centre", "eu", "--client-id", "demo-client", *origins, **named)

    def secrets(self) -> set[str]:
        """Every secret that it knows or was given; the access token is one."""
        token = (Secrets(self.folder).get("access_token") or "").rpartition(" ")[2]
        assert len(token) > 20
        return {*ACCOUNT.values(), KEY, token}


@pytest.fixture(scope="module")
def life(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Life, Organisation]]:
    """A connected workspace after a run that delivered and one that failed."""
    folder = tmp_path_factory.mktemp("secrets")
    organisation = Organisation.open(folder / "zoho.db", records=40)
    with served(organisation, Credentials("demo-client", **ACCOUNT)) as origin:
        one = Life(folder / "w" / "space", origin)
        one.folder.parent.mkdir()
        wrong = {**ACCOUNT, "refresh_token": KEY + "-of-nobody"}
        assert one.connect(**wrong) == 1
        assert one.connect(**ACCOUNT, zsc_key=KEY) == 0
        (one.folder.parent / "news.toml").write_text(DEFINITION)
        assert one.call("apply", "news.toml") == 0
        assert one.call("run", "Newsletter") in (0, 5)
        organisation.faults.add(Fault(kind="html", path="/recruit/v2/Candidates"))
        assert one.call("run", "Newsletter", "--full") == 1
        assert one.call("zsc-key", TUI_SYNC_ZSC_KEY=KEY) == 0
        yield one, organisation
    organisation.close()


def found(secrets: set[str], text: bytes) -> set[bytes]:
    return {form for secret in secrets for form in forms(secret) if form in text}


def test_no_secret_stands_in_any_output_or_file_but_the_one_of_secrets(
    life: tuple[Life, Organisation], monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    one, _ = life
    for arguments in EXPORTS:
        one.call(*arguments)
    secrets = one.secrets()
    worst = " ".join(form.decode() for secret in secrets for form in (*written(secret), base64.b64encode(secret.encode())))

    def crash(_: object) -> None:
        raise RuntimeError(worst + " " + " ".join(secrets))

    monkeypatch.setattr(syncs, "listing", crash)
    monkeypatch.setenv("TUI_SYNC_CLIENT_SECRET", ACCOUNT["client_secret"])
    assert execute(["--workspace", str(one.folder), "syncs"]) == 1
    one.said += "".join(capfd.readouterr()).encode()
    assert b"[secret]" in (one.folder / "errors.log").read_bytes()
    assert found(secrets, bytes(one.said)) == set()
    for path in one.folder.parent.rglob("*"):
        if path.is_file():
            kept = found(secrets, path.read_bytes())
            assert bool(kept) == (path.name == FILE), path


def test_no_screen_and_no_process_of_the_screens_shows_a_secret(life: tuple[Life, Organisation]) -> None:
    one, _ = life
    secrets = one.secrets()
    program = [sys.executable, "-m", "tui_sync", "--workspace", str(one.folder)]
    with Terminal(program, (120, 40), {"HOME": str(one.folder.parent)}) as terminal:
        terminal.wait_for("Newsletter")
        for keys in (("8",), ("esc",), ("5",), ("esc",), ("enter",), ("9",), ("esc",), ("8", "t")):
            terminal.press(*keys)
            terminal.settle(0.2)
        terminal.wait_for("Nothing was written")
        for process in family(terminal.pid):
            for of_it in ("cmdline", "environ"):
                assert found(secrets, Path(f"/proc/{process}/{of_it}").read_bytes()) == set()
        assert found(secrets, bytes(terminal.raw) + terminal.text().encode()) == set()


def test_a_zsc_key_that_was_replaced_and_the_new_one_stand_where_secrets_are_and_nowhere_else(tmp_path: Path) -> None:
    one = Life(tmp_path / "demo" / "space", "")
    one.folder.parent.mkdir()
    assert one.call("demo", "--no-ui", "--records", "60") == 0
    old, before = Secrets(one.folder).get("zsc_key") or "", len(one.said)
    assert one.call("zsc-key", "--regenerate") == 0
    new = one.said[before:].split()[0].decode()
    del one.said[before:]  # the one time that it is shown
    assert one.call("run", "All alumni", "--full") == 1
    assert one.call("zsc-key", TUI_SYNC_ZSC_KEY=old) == 1
    assert one.call("zsc-key", TUI_SYNC_ZSC_KEY=f"{new}x") == 1
    assert one.call("zsc-key", TUI_SYNC_ZSC_KEY=new) == 0
    assert one.call("run", "All alumni", "--full") in (0, 5)
    for arguments in (("runs", "--json"), ("log", "--json"), ("settings", "--json"), ("doctor", "--json"), ("dump", "dump.json")):
        assert one.call(*arguments) == 0
    assert Secrets(one.folder).get("zsc_key") == new != old
    assert len(old) == len(new) >= 20
    assert found({old, new}, bytes(one.said)) == set()
    assert b"ZSC key" in one.said
    for path in one.folder.parent.rglob("*"):
        if path.is_file() and not path.name.startswith(bootstrap.ORGANISATION):  # that one is Zoho's own side
            assert found({old, new}, path.read_bytes()) == (found({new}, path.read_bytes()) if path.name == FILE else set()), path


def family(pid: int) -> list[int]:
    """A process and its children."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def test_everything_in_the_workspace_is_for_its_owner_alone(life: tuple[Life, Organisation]) -> None:
    one, _ = life
    assert stat.S_IMODE(one.folder.stat().st_mode) == 0o700
    for path in one.folder.iterdir():
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_a_workspace_that_was_open_to_others_is_closed_and_says_so_but_open_secrets_are_refused(
    empty: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bootstrap.open_desk(empty, "test").workspace.close()
    Secrets(empty).set("client_secret", "x")
    for path in (empty, *empty.iterdir()):
        path.chmod(0o755)
    desk = bootstrap.open_desk(empty, "test")
    assert "open to other users (mode 755)" in [line.what for line in desk.workspace.log.lines()][-1]
    desk.workspace.close()
    assert [path.name for path in (empty, *empty.iterdir()) if path.stat().st_mode & 0o077] == [FILE]
    assert execute(["--workspace", str(empty), "zsc-key"]) == 2
    assert execute(["--workspace", str(empty), "doctor"]) == 0
    assert f"{FILE} can be read by others" in capsys.readouterr().out
