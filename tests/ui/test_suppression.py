"""The suppression screen, and suppressing and lifting one person from theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.driver import Driver, acting, opened
from tui_sync.services import suppression


def listed(ui: Driver) -> dict[str, str]:
    return {mark.email: mark.suppressed for mark in suppression.listing(ui.app.desk)}


@acting
async def test_an_address_is_added_with_a_reason_and_lifted_with_one(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("3")
        assert "Nobody is suppressed." in ui.text()
        await ui.press("a", '"nonsense"', "enter")
        assert "is not an e-mail address" in ui.text()
        await ui.press("ctrl+u", '"ann@example.org"', "enter", "enter")
        assert "Say why" in ui.text()
        await ui.press('"a complaint"', "enter")
        assert listed(ui) == {"ann@example.org": "a complaint"}
        assert "a complaint" in ui.text()
        await ui.press("L")
        assert "Once lifted, they are off the suppression list" in ui.text()
        await ui.press("escape")
        assert listed(ui)
        await ui.press("L", '"sorted"', "enter")
        await ui.until_text("Nobody is suppressed.")
        assert listed(ui) == {}


@acting
async def test_the_filter_keeps_only_rows_with_the_text(ran: Path) -> None:
    async with opened(ran) as ui:
        for name in ("ann", "bob"):
            suppression.suppress(ui.app.desk, f"{name}@example.org", "why")
        await ui.press("3", '"/bob"', "enter")
        assert "bob@example.org" in ui.text()
        assert "ann@example.org" not in ui.text()
        await ui.press("escape")
        assert "ann@example.org" in ui.text()


@acting
async def test_a_file_is_read_whole_or_not_at_all_and_written_again(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.csv").write_text("email,reason\nann@example.org,why\nnonsense,why\n")
    (tmp_path / "good.csv").write_text("email,reason\nann@example.org,why\n")
    async with opened(ran) as ui:
        await ui.press("3", "i", '"nowhere.csv"', "enter")
        assert "There is no file" in ui.text()
        await ui.press("ctrl+u", '"bad.csv"', "enter")
        assert "line 3" in ui.text()
        assert listed(ui) == {}
        await ui.press("i", '"good.csv"', "enter")
        assert listed(ui) == {"ann@example.org": "why"}
        await ui.press("e", "enter", "enter")
        await ui.until((tmp_path / "suppression.csv").exists, "the file")
        assert (tmp_path / "suppression.csv").read_text() == (tmp_path / "good.csv").read_text()


@acting
async def test_a_person_is_suppressed_and_lifted_from_their_screen(ran: Path) -> None:
    async with opened(ran) as ui:
        desk = ui.app.desk
        email = next(iter(desk.workspace.ledger.memberships_in(desk.sync("All alumni").list_key))).email
        ui.app.go.people(email)
        await ui.pilot.pause()
        await ui.press("s", '"a complaint"', "enter")
        assert listed(ui) == {email: "a complaint"}
        assert "On the suppression list: a complaint." in ui.text()
        await ui.press("L", '"sorted"', "enter")
        await ui.until(lambda: not listed(ui), "lifted")
        assert "On the suppression list: a complaint." not in ui.text()


@acting
async def test_what_cannot_be_lifted_is_told(ran: Path) -> None:
    async with opened(ran) as ui:
        ui.app.go.people("webmaster@zylker.com")
        await ui.pilot.pause()
        await ui.press("L")
        assert "Nothing that can be lifted keeps" in ui.text()
