"""Secrets in the system's keyring, on request."""

from __future__ import annotations

import asyncio
import sys
import types
from pathlib import Path

import pytest

from tests.contract.simulated import served
from tui_sync import bootstrap
from tui_sync.cli.main import execute
from tui_sync.model.errors import UsageError
from tui_sync.services import catalogue
from tui_sync.services.connections import ConnectRequest
from tui_sync.simulator import Organisation


def request(url: str) -> ConnectRequest:
    return ConnectRequest(
        data_centre="us", client_id="demo-client", client_secret="demo-secret", refresh_token="demo-refresh",
        recruit_url=url, accounts_url=url, hub_url=url, keyring=True,
    )  # fmt: skip


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> dict[tuple[str, str], str]:
    """What the system's keyring holds."""
    held: dict[tuple[str, str], str] = {}
    keyring = types.ModuleType("keyring")
    keyring.set_password = lambda service, name, value: held.update({(service, name): value})  # type: ignore[attr-defined]
    keyring.get_password = lambda service, name: held.get((service, name))  # type: ignore[attr-defined]
    errors = types.ModuleType("keyring.errors")
    errors.KeyringError = type("KeyringError", (Exception,), {})  # type: ignore[attr-defined]
    keyring.errors = errors  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    monkeypatch.setitem(sys.modules, "keyring.errors", errors)
    return held


async def connect_and_list(folder: Path, url: str) -> int:
    desk = bootstrap.open_desk(folder, "test")
    try:
        await bootstrap.connect_zoho(desk, request(url))
        return len(await catalogue.lists(desk))
    finally:
        await bootstrap.close(desk)


def test_a_connection_works_with_its_secrets_in_the_keyring_only(tmp_path: Path, held: dict[tuple[str, str], str]) -> None:
    organisation = Organisation.open(tmp_path / "organisation.db", records=50)
    with served(organisation) as client:
        assert asyncio.run(connect_and_list(tmp_path / "w", str(client.base_url))) == 6
    organisation.close()
    assert sorted(held.values()) == ["demo-refresh", "demo-secret"]
    text = (tmp_path / "w" / "secrets.json").read_text()
    assert "demo-refresh" not in text
    assert "demo-secret" not in text


def test_a_zsc_key_that_is_pasted_later_goes_into_the_keyring_too(
    tmp_path: Path, held: dict[tuple[str, str], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    organisation = Organisation.open(tmp_path / "organisation.db", records=50)
    with served(organisation) as client:
        asyncio.run(connect_and_list(tmp_path / "w", str(client.base_url)))
    organisation.close()
    monkeypatch.setenv("TUI_SYNC_ZSC_KEY", "key-of-later")
    assert execute(["--workspace", str(tmp_path / "w"), "zsc-key"]) == 0
    assert "key-of-later" in held.values()
    assert "key-of-later" not in (tmp_path / "w" / "secrets.json").read_text()


def test_a_missing_keyring_is_told_with_the_way_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "keyring", None)
    organisation = Organisation.open(tmp_path / "organisation.db", records=50)
    with served(organisation) as client, pytest.raises(UsageError, match=r"tui-sync\[keyring\]"):
        asyncio.run(connect_and_list(tmp_path / "w", str(client.base_url)))
    organisation.close()
