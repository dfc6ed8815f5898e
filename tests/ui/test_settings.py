"""The settings screen: account and privileges, the ZSC key, the organisation's settings; and the test of the connection."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync.model.errors import RunError
from tui_sync.model.workspace import Connection, ConnectionKind, HubKind
from tui_sync.services import care, settings, zsc
from tui_sync.ui.present.settings import SettingLine
from tui_sync.ui.screens import settings as module
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.settings import SettingsPage
from tui_sync.ui.screens.telling import Telling


async def at_line(ui: Driver, key: str) -> None:
    """Open the screen and put the cursor on a line."""
    if not isinstance(ui.app.screen, SettingsPage):
        await ui.press("8")
    page = ui.app.screen
    assert isinstance(page, SettingsPage)
    page.table.select(key)
    await ui.pilot.pause()


def value(ui: Driver, key: str) -> str:
    page = ui.app.screen
    assert isinstance(page, SettingsPage)
    rows: list[SettingLine] = list(page.table.rows)
    return next("".join(part.text for part in row.value) for row in rows if row.key == key)


@acting
async def test_everything_stands_on_a_small_terminal(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("8")
        text = ui.text()
        for part in ("Account", "Organisation", "Addresses", "Retention", "Alerts", "all 6 that are needed", "90 days"):
            assert part in text
        key = ui.app.desk.workspace.secrets.get(zsc.NAME) or ""
        assert f"****{key[-4:]}" in text
        assert key not in text


@acting
async def test_a_number_is_checked_while_it_is_typed_and_taken_back_with_u(ran: Path) -> None:
    async with opened(ran) as ui:
        await at_line(ui, "limit-day")
        await ui.press("enter", "ctrl+u", '"0"')
        assert "is not a whole number from 1" in ui.text()
        await ui.press("enter")
        assert "is not a whole number from 1" in ui.text(), "enter does not take it either"
        assert "esc cancel" in ui.text()
        await ui.press("ctrl+u", '"25"', "enter")
        assert value(ui, "limit-day") == "25"
        assert settings.settings(ui.app.desk).limits.day == 25
        await ui.press("u")
        assert settings.settings(ui.app.desk).limits.day == 10


@acting
async def test_a_time_zone_is_found_by_a_part_of_its_name_and_acts_at_once(ran: Path) -> None:
    async with opened(ran) as ui:
        await at_line(ui, "timezone")
        await ui.press("enter", '"new_york"', "enter")
        assert settings.settings(ui.app.desk).timezone == "America/New_York"
        assert ui.app.zone.key == "America/New_York"


@acting
async def test_a_line_goes_back_to_its_default_and_says_where_it_has_it(ran: Path) -> None:
    async with opened(ran) as ui:
        settings.change(ui.app.desk, "role-names", "sales")
        await at_line(ui, "role-names")
        assert value(ui, "role-names") == "sales"
        await ui.press("x")
        assert value(ui, "role-names").startswith("info, administrator")
        await ui.press("x")
        assert "has its default already" in ui.text()


@acting
async def test_bell_and_privacy_of_the_webhook_are_turned_over_by_enter(ran: Path) -> None:
    async with opened(ran) as ui:
        await at_line(ui, "webhook-private")
        await ui.press("enter")
        assert settings.settings(ui.app.desk).webhook_private
        await at_line(ui, "bell")
        await ui.press("enter")
        assert value(ui, "bell") == "rings when a run ends"


@acting
async def test_the_key_is_issued_anew_shown_once_and_pasted(ran: Path) -> None:
    async with opened(ran) as ui:
        old = ui.app.desk.workspace.secrets.get(zsc.NAME)
        await at_line(ui, "zsc")
        await ui.press("Z")
        await ui.until_text("runs fail")
        await ui.press("y")
        assert isinstance(ui.app.screen, Telling)
        key = ui.app.screen.text
        assert key[:40] in ui.text()
        await ui.press("escape", "z", f'"{old}"', "enter")
        await ui.until_text("the one before stays in")
        assert ui.app.desk.workspace.secrets.get(zsc.NAME) == old
        assert isinstance(ui.app.screen, Prompt), "what is typed next is typed into the dialog"
        await ui.press(f'"{key}"')
        assert key not in ui.text(), "what is pasted is not shown"
        await ui.press("enter")
        await ui.until(lambda: value(ui, "zsc") == f"****{key[-4:]}", "the new key's end")
        assert ui.app.desk.workspace.secrets.get(zsc.NAME) == key
        assert "accepts the new" in ui.text(), "it is seen below the longer message before it"


@acting
async def test_test_connection_tells_every_call_and_what_to_do_where_one_fails(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("8", "t")
        await ui.until_text("Every call that runs need answers. Nothing was written.")
        assert sum(" ok " in line for line in ui.lines()) == 7
        key = zsc.regenerate(ui.app.desk)
        await ui.press("t")
        await ui.until_text("t tries again")
        assert "not tried" in ui.text()
        assert "tui-sync zsc-key" in " ".join(ui.text().split())
        await zsc.paste(ui.app.desk, key)
        await ui.press("t")
        await ui.until_text("Every call that runs need answers.")


@acting
async def test_a_connection_to_zoho_shows_hosts_secrets_and_what_is_missing(empty: Path) -> None:
    async with opened(empty) as ui:
        space = ui.app.desk.workspace
        space.write_connection(
            Connection(kind=ConnectionKind.ZOHO, hub=HubKind.MARKETING, data_centre="eu", client_id="1000.ABC",
                       recruit_url="http://127.0.0.1:9", scopes=("ZohoRecruit.modules.ALL",))
        )  # fmt: skip
        space.secrets.set("client_secret", "top-secret")
        space.secrets.set("zsc_key", "0123456789abcdef")
        ui.app.changed()
        await ui.until(lambda: "Zoho, data centre eu" in ui.lines()[0])
        assert "Connection: Zoho, data centre eu." in [found.what for found in await care.doctor(ui.app.desk)]
        await ui.press("8")
        text = ui.text()
        for part in ("Zoho, data centre eu", "https://accounts.zoho.eu", "http://127.0.0.1:9", "1000.ABC", "missing: "):
            assert part in text
        assert value(ui, "zsc") == "****cdef  not used by API v2, never sent"
        assert "top-secret" not in text
        assert value(ui, "Client secret") == "set"
        assert value(ui, "Refresh token") == "missing"
        await ui.press("Z")
        assert "generated in Recruit" in ui.text()


@pytest.mark.parametrize("key", ["t", "z"])
@acting
async def test_without_a_connection_the_keys_say_so(empty: Path, key: str) -> None:
    async with opened(empty) as ui:
        await ui.press("8", key)
        assert "no connection yet" in ui.text()


@acting
async def test_why_the_account_cannot_be_read_is_told_once_however_often_others_write(
    ran: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_: object) -> None:
        raise RunError("The file of secrets cannot be read.")

    monkeypatch.setattr(module, "account", refused)
    async with opened(ran) as ui:
        await ui.press("8")
        await ui.until_text("The file of secrets cannot be read.")
        told = list(ui.app._notifications)
        ui.app.schedules.turned()
        await ui.pilot.pause()
        assert list(ui.app._notifications) == told
