"""The demo, printed: its first call, its next ones, and a day that passes."""

from __future__ import annotations

import asyncio
import socket
import sqlite3
from pathlib import Path

import pytest

from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.demonstration import DemoConnector, serve
from tui_sync.model.errors import UsageError
from tui_sync.model.outcomes import LABELS, Reason
from tui_sync.simulator import Organisation

SYNCS = ("IT graduates", "Top rated newsletter", "Winter campaign", "Tech clients", "Partner letter", "All alumni")


class Demo:
    """Calls `demo` on one workspace."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder, self.capsys = folder, capsys

    def __call__(self, *options: str) -> tuple[int, str, str]:
        """The status, stdout and stderr of `demo --no-ui` with these options."""
        status = execute(["--workspace", str(self.folder), "demo", "--no-ui", *options])
        return (status, *self.capsys.readouterr())


@pytest.fixture
def demo(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Demo:
    return Demo(tmp_path / "workspace", capsys)


def table(printed: str) -> dict[str, list[int]]:
    """The numbers of each sync's row, from Total on."""
    rows = [line for line in printed.splitlines() if line.startswith(SYNCS)]
    return {next(name for name in SYNCS if row.startswith(name)): [int(n) for n in row.split()[-6:]] for row in rows}


def test_the_first_call_runs_every_sample_sync_and_prints_what_happened(demo: Demo) -> None:
    status, out, err = demo("--records", "300")
    assert (status, err) == (0, "")
    rows = table(out)
    assert set(rows) == set(SYNCS)
    for total, new, re_added, duplicate, ignored, _ in rows.values():
        assert total == new + re_added + duplicate + ignored
    assert all(f"Ignored: {LABELS[reason]}" in out for reason in Reason)
    assert "demo --advance" in out


def test_another_call_without_a_day_in_between_adds_nobody(demo: Demo) -> None:
    demo("--records", "200")
    status, out, _ = demo()
    assert status == 0
    assert {new for _, new, *_ in table(out).values()} == {0}


def test_a_day_that_passes_is_told_and_its_causes_are_counted(demo: Demo) -> None:
    demo()
    status, out, err = demo("--advance")
    assert (status, err) == (0, "")
    assert out.startswith("One day on:")
    for told in ("deletions", "opt-outs", "deleted for good", "conversions", "address changes"):
        assert f"\n{told} " in out
    for cause in ("deleted", "opted out", "converted", "address changed"):
        assert f"Deleted: {cause} in Recruit" in out


def test_a_first_call_that_lets_a_day_pass_shows_both_days(demo: Demo) -> None:
    status, out, _ = demo("--records", "200", "--advance")
    assert status == 0
    assert out.count("Re-added") >= 2
    assert out.index("IT graduates") < out.index("One day on:") < out.rindex("IT graduates")


def test_an_organisation_of_another_size_is_not_made_over(demo: Demo) -> None:
    demo("--records", "200")
    status, out, err = demo("--records", "300")
    assert (status, out) == (2, "")
    assert err.count("\n") == 1


def test_an_organisation_that_cannot_be_served_on_its_port_is_closed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    close, closed = Organisation.close, list[Organisation]()

    def watched(organisation: Organisation) -> None:
        close(organisation)
        closed.append(organisation)

    monkeypatch.setattr(Organisation, "close", watched)
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(UsageError, match="Name another: --port"):
        serve(tmp_path / "organisation.db", taken.getsockname()[1], 10, 7, print)
    assert len(closed) == 1


def test_an_organisation_takes_calls_by_the_time_its_address_is_told(tmp_path: Path) -> None:
    def call(url: str) -> None:
        with socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2]))):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        serve(tmp_path / "organisation.db", 0, 10, 7, call)


def test_workspace_and_organisation_are_closed_where_the_client_of_their_connection_cannot_be(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = bootstrap.open_demo(tmp_path / "w", "test", records=1)
    account = desk.connect
    assert isinstance(account, DemoConnector)

    async def refuse() -> None:
        raise OSError

    monkeypatch.setattr(account.http, "aclose", refuse)
    with pytest.raises(OSError):  # noqa: PT011 - it has no text
        asyncio.run(bootstrap.close(desk))
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        desk.workspace.db.rows.fetch("SELECT 1")
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        account.organisation.regenerate_zsc_key()
