"""The Definitions screen: a file beside the workspace, applied, exported, and remembered."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from tests.ui.driver import Driver, acting, opened
from tests.ui.test_mending import organisation
from tui_sync.model.sync import Frequency
from tui_sync.services import definitions
from tui_sync.simulator import Fault
from tui_sync.ui.screens.definitions import DefinitionsPage
from tui_sync.ui.screens.dialogs import Prompt
from tui_sync.ui.screens.syncs import SyncsPage

MISSPELT_FIELD = """
[[sync]]
name = "A"
module = "Candidates"
select = "criteria"
conditions = [{ field = "Departmant", operator = "is", value = "Sales" }]
list = "Zylker"
"""


def page(ui: Driver) -> DefinitionsPage:
    found = ui.app.screen
    assert isinstance(found, DefinitionsPage)
    return found


async def named(ui: Driver, path: Path) -> None:
    """Open the screen and name a file."""
    await ui.press("7")
    await ui.press("o")
    await ui.until(lambda: isinstance(ui.app.screen, Prompt))
    await ui.press("ctrl+u", f'"{path}"', "enter")
    await ui.until(lambda: isinstance(ui.app.screen, DefinitionsPage) and (page(ui).found or page(ui)._fault))


def changed(ui: Driver, path: Path) -> None:
    """The export with another schedule and one more sync, one sync left out."""
    text = definitions.export(ui.app.desk).replace('on = "monday"', 'on = "tuesday"')
    first, *others = text.split("[[sync]]\n")
    extra = 'name = "[/x] Extra"\nmodule = "Contacts"\nlist = "Partners"\n'
    path.write_text("[[sync]]\n".join([first, *others[:-1], extra]), encoding="utf-8")


@acting
async def test_an_empty_screen_says_what_it_is_for(ran: Path) -> None:
    async with opened(ran) as ui:
        await ui.press("7")
        assert "o names a file and shows what applying it would change." in ui.text()
        await ui.press("w")
        await ui.until_text("No file is named. Press o.")


@acting
async def test_a_file_is_compared_applied_after_a_question_and_remembered(ran: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    async with opened(ran, size=(100, 30)) as ui:
        changed(ui, path)
        await named(ui, path)
        text = " ".join(ui.text().split())
        for part in ('+ sync "[/x] Extra", initiated', "on: monday -> tuesday", 'only in the workspace: "All alumni"'):
            assert part in text
        assert "month 6 -> 7 of 50" in text
        await ui.press("w")
        await ui.until_text("Apply a.toml?")
        assert "1 sync is created, 1 sync is changed." in " ".join(ui.text().split())
        await ui.press("enter")
        assert ui.app.desk.workspace.syncs.named("[/x] Extra") is None
        await ui.press("w")
        await ui.until_text("Apply a.toml?")
        await ui.press("y")
        await ui.until_text("The file and the workspace agree")
        assert ui.app.desk.sync("IT graduates").schedule.on == "tuesday"
        assert ui.app.desk.sync("[/x] Extra").schedule.frequency is Frequency.ONCE
    async with opened(ran) as ui:
        await ui.press("7")
        await ui.until_text("The file and the workspace agree")


@acting
async def test_a_mistake_in_the_file_is_told_with_its_place(ran: Path, tmp_path: Path) -> None:
    path = tmp_path / "wrong.toml"
    path.write_text('[[sync]]\nname = "A"\nmodule = "Nothing"\nlist = "Zylker"\n')
    async with opened(ran) as ui:
        await named(ui, path)
        told = " ".join(ui.text().split())
        assert "there is no module" in told
        assert "Mend it and press r, or press o for another file." in told
        await ui.press("w")
        assert isinstance(ui.app.screen, DefinitionsPage)
        path.write_text(MISSPELT_FIELD, encoding="utf-8")
        await ui.press("r")
        await ui.until(lambda: "tui-sync fields Candidates. Mend it and press r" in " ".join(ui.text().split()))
        path.write_text(definitions.export(ui.app.desk), encoding="utf-8")
        await ui.press("r")
        await ui.until_text("The file and the workspace agree")


@acting
async def test_a_file_that_is_gone_is_told_to_be_gone_and_not_to_be_mended(ran: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    async with opened(ran) as ui:
        path.write_text(definitions.export(ui.app.desk), encoding="utf-8")
        await named(ui, path)
        path.unlink()
        await ui.press("r")
        await ui.until(lambda: page(ui)._fault != "")
        told = " ".join(ui.text().split())
        assert "There is no file" in told
        assert "Put it there and press r, or press o for another one." in told
        assert "Mend" not in told


@acting
async def test_a_connection_that_fails_is_not_laid_on_the_file(ran: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.toml"
    async with opened(ran) as ui:
        path.write_text(definitions.export(ui.app.desk), encoding="utf-8")
        organisation(ui).faults.add(Fault(kind="html", path="/recruit/v2/settings", count=5))
        await named(ui, path)
        told = " ".join(ui.text().split())
        assert "Press r to compare again, or o for another file." in told
        assert "Mend" not in told


@acting
async def test_do_not_mail_in_a_file_waits_for_the_typed_name(ran: Path, tmp_path: Path) -> None:
    path = tmp_path / "hard.toml"
    async with opened(ran) as ui:
        path.write_text('[[sync]]\nname = "A"\nmodule = "Contacts"\nlist = "Partners"\non_opt_out = "remove-from-hub"\n')
        await named(ui, path)
        await ui.press("w")
        await ui.until_text("Type hard.toml to apply it")
        assert "Do-Not-Mail" in ui.text()
        await ui.press('"hard.toml"', "enter")
        await ui.until(lambda: ui.app.desk.workspace.syncs.named("A"))


@acting
async def test_all_syncs_are_exported_to_a_new_file_and_none_is_overwritten(ran: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.toml"
    async with opened(ran) as ui:
        await ui.press("7", "e")
        await ui.until(lambda: isinstance(ui.app.screen, Prompt))
        await ui.press("ctrl+u", f'"{path}"', "enter")
        await ui.until(lambda: path.exists())
        assert path.read_text(encoding="utf-8") == definitions.export(ui.app.desk)
        await ui.press("e")
        await ui.until(lambda: isinstance(ui.app.screen, Prompt))
        await ui.press("ctrl+u", f'"{path}"', "enter")
        assert "exists. Name another file." in " ".join(ui.text().split())


@pytest.mark.parametrize("keys", [("7", "o"), ("7", "e"), ("3", "i"), ("enter", "c", "enter")])
@acting
async def test_a_name_that_no_file_can_have_is_refused_in_every_question_for_one(ran: Path, keys: tuple[str, ...]) -> None:
    async with opened(ran, size=(100, 30)) as ui:
        await ui.press(*keys)
        await ui.until(lambda: isinstance(ui.app.screen, Prompt))
        await ui.press("ctrl+u", f'"{"x" * 300}"', "enter")
        await ui.until_text("cannot be looked at: File name too long.")
        await ui.press("ctrl+u", '"~nobody-of-that-name/x"')
        assert isinstance(ui.app.screen, Prompt)


@pytest.mark.parametrize("keys", [("7", "o"), ("7", "e"), ("3", "i"), ("enter", "c", "enter")])
@acting
async def test_where_the_folder_of_the_start_is_gone_names_are_meant_from_the_home_folder_on(
    ran: Path, tmp_path: Path, keys: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    async with opened(ran, size=(100, 30)) as ui:
        (tmp_path / "gone").rmdir()
        await ui.press(*keys)
        await ui.until(lambda: isinstance(ui.app.screen, Prompt))
        await ui.press("ctrl+u", '"nowhere/x"', "enter")
        await ui.until(lambda: str(Path.home() / "nowhere") in ui.text())
        await ui.press("escape")


@acting
async def test_a_file_whose_application_was_confirmed_is_applied_though_the_screen_is_left_meanwhile(
    ran: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "all.toml"
    async with opened(ran, size=(100, 30)) as ui:
        changed(ui, path)
        await named(ui, path)
        left, apply, asked, come = page(ui), definitions.apply, asyncio.Event(), asyncio.Event()

        async def late(*given: Any) -> Any:  # noqa: ANN401 - as `apply`
            asked.set()
            await come.wait()
            return await apply(*given)

        monkeypatch.setattr(definitions, "apply", late)
        await ui.press("w")
        ui.pilot.send("y")
        await asyncio.wait_for(asked.wait(), 20)
        left.dismiss()
        come.set()
        await ui.until_text("of all.toml applied. Runs start as scheduled.")
        assert isinstance(ui.app.screen, SyncsPage)
        assert ui.app.desk.workspace.syncs.named("[/x] Extra") is not None
