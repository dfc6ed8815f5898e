"""Keys of one's own: they hold and are shown everywhere, and what the file says wrongly is told and changes nothing."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.keys_page import PAGE
from tests.ui.driver import acting, opened
from tui_sync.ui.keymap import judged, path, read
from tui_sync.ui.screens.people import PeoplePage
from tui_sync.ui.screens.syncs import SyncsPage


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], object]:
    """Writes the file of one's own keys."""
    file = tmp_path / "keys.toml"
    monkeypatch.setenv("TUI_SYNC_KEYS", str(file))
    return file.write_text


@acting
async def test_a_key_of_ones_own_acts_and_stands_in_the_key_line_the_help_and_the_palette(
    ran: Path, write: Callable[[str], object]
) -> None:
    write('"syncs.people" = "f6"\n"syncs.run" = "d"\n"syncs.dry_run" = "r"\n')
    async with opened(ran) as ui:
        assert "d run  r dry run" in ui.lines()[-1]
        await ui.press("f")
        assert isinstance(ui.app.screen, SyncsPage)
        await ui.press("colon", '"find pers"')
        assert "f6" in ui.text()
        await ui.press("escape", "f6")
        assert isinstance(ui.app.screen, PeoplePage)


@acting
async def test_a_clash_is_told_at_the_start_and_the_action_keeps_its_own_key(
    ran: Path, write: Callable[[str], object]
) -> None:
    write('"syncs.people" = "r"\n')
    async with opened(ran) as ui:
        assert "syncs.people: r is the key of syncs.run already" in " ".join(ui.text().split())
        await ui.press("f")
        assert isinstance(ui.app.screen, PeoplePage)


@acting
async def test_all_that_is_wrong_with_the_file_stands_in_the_log(ran: Path, write: Callable[[str], object]) -> None:
    write('"syncs.people" = "r"\n"syncs.peple" = "f6"\n"syncs.edit" = 6\n')
    async with opened(ran) as ui:
        assert "And 2 more of the file" in " ".join(ui.text().split())
        said = {line.what.partition(":")[0] for line in ui.app.desk.workspace.log.lines() if "keys.toml" in line.what}
        assert said == {"keys.toml, syncs.people", "keys.toml, syncs.peple", "keys.toml, syncs.edit"}


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("syncs.peple", "f6", "there is no such action. Did you mean syncs.people?"),
        ("syncs.people", 6, "name keys as a text"),
        ("syncs.people", " ", "name keys as a text"),
        ("syncs.people", "ctrl+s", "ctrl+s cannot be given away"),
        ("syncs.people", "f99", "there is no key f99"),
        ("syncs.people", "j", "j is the key of table.move(1) already"),
        ("anywhere.help", "r", "r is the key of"),
    ],
)
def test_what_cannot_be_is_told_with_its_entry(name: str, value: object, said: str) -> None:
    found = judged({name: value, "syncs.edit": "f6"})
    assert found.keys == {"syncs.edit": "f6"}
    assert found.wrong[0].startswith(f"keys.toml, {name}: ")
    assert said in found.wrong[0]


def test_the_file_that_the_page_of_keys_shows_is_sound() -> None:
    example = PAGE.read_text(encoding="utf-8").partition("```toml\n")[2].partition("```")[0]
    assert judged(tomllib.loads(example)) == (
        {"syncs.people": "f6,f7", "syncs.run": "d", "syncs.dry_run": "r"}, (),
    )  # fmt: skip


@acting
async def test_escape_goes_back_whatever_the_file_says(ran: Path, write: Callable[[str], object]) -> None:
    write('"anywhere.back" = "f9"\n')
    async with opened(ran) as ui:
        await ui.press("f", "escape", "f")
        assert isinstance(ui.app.screen, PeoplePage)
        await ui.press("escape")
        assert isinstance(ui.app.screen, SyncsPage)


def test_keys_are_named_as_they_are_shown_and_may_be_several() -> None:
    assert judged({"syncs.people": "ctrl+t ?"}).wrong != ()
    assert judged({"syncs.people": "ctrl+t pgdn"}).wrong != ()
    assert judged({"syncs.people": "ctrl+t ="}).keys == {"syncs.people": "ctrl+t,="}


def test_a_file_that_cannot_be_read_is_told_and_none_is_nothing_unless_it_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TUI_SYNC_KEYS")
    assert read(tmp_path / "none.toml") == ({}, ())
    named = tmp_path / "none.toml"
    monkeypatch.setenv("TUI_SYNC_KEYS", str(named))
    assert read(path()).wrong == (f"There is no {named}, which TUI_SYNC_KEYS names. The keys are those of the program.",)
    (tmp_path / "keys.toml").write_text("= nothing")
    assert "cannot be read" in read(tmp_path / "keys.toml").wrong[0]
    (tmp_path / "keys.toml").write_text("a = " + "[" * 100_000)
    assert "cannot be read: brackets are nested too deep." in read(tmp_path / "keys.toml").wrong[0]


def test_the_file_of_keys_may_be_named_by_the_home_folder_also_where_no_shell_has_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    (tmp_path / "mine.toml").write_text('"syncs.people" = "f6"\n')
    assert read(Path("~/mine.toml")).keys == {"syncs.people": "f6"}
    assert "cannot be read: Could not determine home directory. The keys" in read(Path("~nobody-here/mine.toml")).wrong[0]
