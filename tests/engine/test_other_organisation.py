"""A workspace that has syncs stays with the organisation that they belong to."""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import sqlite3
from contextlib import closing, suppress
from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.contract.wire_fixtures import served
from tests.engine.stage import Stage
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.model.errors import RunError, UsageError
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services.connections import ConnectRequest
from tui_sync.services.desk import Desk
from tui_sync.services.patience import waiting_at_most
from tui_sync.simulator import Organisation
from tui_sync.store.secrets import Secrets
from tui_sync.store.workspace import FILE

HERE = "http://127.0.0.1:1"
KNOWN = Connection(
    kind=ConnectionKind.ZOHO, hub=HubKind.MARKETING, data_centre="eu", recruit_url=HERE, accounts_url=HERE, hub_url=HERE
)  # fmt: skip


@pytest.mark.parametrize(
    "other", [{"data_centre": "us"}, {"recruit_url": "http://127.0.0.1:2"}, {"hub": HubKind.EMBEDDED},
              {"hub_url": "http://127.0.0.1:2"}],
)  # fmt: skip
def test_another_recruit_or_hub_is_refused_before_it_is_asked(stage: Stage, other: dict[str, str]) -> None:
    stage.sync("A")
    stage.space.write_connection(KNOWN)
    same = ConnectRequest(
        data_centre="eu", hub=HubKind.MARKETING, recruit_url=HERE, accounts_url=HERE, hub_url=HERE, client_id="x",
        client_secret="y", refresh_token="z",
    )  # fmt: skip
    request = replace(same, **other)
    with pytest.raises(UsageError, match="syncs of another organisation"):
        stage.wait_for(bootstrap.connect_zoho(stage.desk, request))
    assert stage.space.connection == KNOWN


def test_who_connects_anew_and_leaves_the_hub_out_is_told_the_options_of_the_syncs(
    stage: Stage, capsys: pytest.CaptureFixture[str]
) -> None:
    stage.sync("A")
    stage.space.write_connection(replace(KNOWN, hub=HubKind.EMBEDDED, hub_url="", accounts_url=""))
    folder = str(stage.space.folder)
    assert execute(["--workspace", folder, "connect", "--data-centre", "eu", "--client-id", "x", "--recruit-url", HERE]) == 2
    options = f"--data-centre eu --hub embedded --recruit-url {HERE}"
    assert f"another organisation or hub, which is reached with {options}. Name another one" in capsys.readouterr().err


def test_a_demo_workspace_takes_no_zoho_connection(made: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert execute(["--workspace", str(made), "connect", "--data-centre", "eu", "--client-id", "x"]) == 2
    assert "This workspace has syncs of another organisation." in capsys.readouterr().err


BEFORE = {"client_secret": "of the client before", "refresh_token": "of it, too", "access_token": "2026-01-01T00:00:00+00:00 its"}


async def connect_anew(desk: Desk, origin: str) -> None:
    """Connect with another client, which the accounts server knows."""
    try:
        await bootstrap.connect_zoho(desk, ConnectRequest(
            data_centre="eu", client_id="demo-client", client_secret="demo-secret", refresh_token="demo-refresh",
            recruit_url=origin, accounts_url=origin, hub=HubKind.EMBEDDED,
        ))  # fmt: skip
    finally:
        await bootstrap.close(desk)


def test_where_another_program_holds_the_workspace_the_secrets_of_before_stay_with_their_client(tmp_path: Path) -> None:
    folder = tmp_path / "w"
    desk = bootstrap.open_desk(folder, "test")
    desk.workspace.write_connection(replace(KNOWN, client_id="before"))
    Secrets(folder).set_all(BEFORE)
    with (
        closing(Organisation.open(tmp_path / "zoho.db", records=20)) as zoho, served(zoho) as origin,
        closing(sqlite3.connect(folder / FILE, isolation_level=None)) as other, waiting_at_most(0.05),
    ):  # fmt: skip
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RunError, match="writes in it"):
            asyncio.run(connect_anew(desk, origin))
    assert {name: Secrets(folder).get(name) for name in BEFORE} == BEFORE


@pytest.mark.parametrize("number", [1, 3, 5])  # each write is made durable by two calls, of the file and of its folder
def test_a_disk_that_fills_up_while_secrets_are_kept_leaves_those_of_one_client_and_its_id(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, writes = tmp_path / "w", itertools.count(1)
    desk = bootstrap.open_desk(folder, "test")
    desk.workspace.write_connection(replace(KNOWN, client_id="before"))
    Secrets(folder).set_all(BEFORE)

    def filled(_: int) -> None:
        if next(writes) == number:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with closing(Organisation.open(tmp_path / "zoho.db", records=20)) as zoho, served(zoho) as origin:
        monkeypatch.setattr(os, "fsync", filled)
        with suppress(RunError):
            asyncio.run(connect_anew(desk, origin))
    with closing(bootstrap.open_desk(folder, "test").workspace) as space:
        assert space.connection is not None
        known = space.connection.client_id, *(space.secrets.get(name) for name in ("client_secret", "refresh_token"))
    assert known in (("before", "of the client before", "of it, too"), ("demo-client", "demo-secret", "demo-refresh"))
