"""A workspace that has syncs stays with the organisation that they belong to."""

from __future__ import annotations

from pathlib import Path

import pytest
from msgspec.structs import replace

from tests.engine.stage import Stage
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.model.errors import UsageError
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services.connections import ConnectRequest

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
