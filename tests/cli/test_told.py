"""What commands say on stderr, also where it is no terminal: what they did, that there is nothing to list, what a name may be."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import NEWSLETTER, Program


@pytest.mark.parametrize(
    ("command", "step"),
    [
        (("syncs",), "tui-sync connect. Then write a definition file and apply it: tui-sync apply FILE.toml"),
        (("runs",), "tui-sync run NAME"), (("log",), "tui-sync --help"),
        (("log", "--level", "error"), "of the level error or graver"), (("suppression",), "tui-sync suppress EMAIL"),
        (("corrections",), "tui-sync corrections accept"), (("lists",), "tui-sync create-list NAME"),
    ],
)  # fmt: skip
def test_a_listing_without_a_line_says_so_with_the_next_step(command: tuple[str, ...], step: str, tui: Program) -> None:
    ended = tui(*command)
    assert (ended.status, ended.out, ended.err.count("\n")) == (0, "", 1)
    assert step in ended.err
    assert tui(*command, "--json").err == ""


def test_a_list_and_a_selection_of_outcomes_without_people_say_so(tui: Program) -> None:
    tui.people(1)
    tui.apply()
    assert 'Nobody is in the list "Zylker".' in tui("leads", "Zylker").err
    tui("run", "Newsletter")
    empty = tui("outcomes", "1", "--status", "deleted")
    assert (empty.out, empty.err) == ("", "Run 1 has no such outcome. See its counts: tui-sync runs\n")
    assert tui("outcomes", "1").err == ""


def test_the_listing_of_an_empty_workspace_names_the_demos_own(
    tui: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui_sync.bootstrap.demo_folder", lambda: tmp_path / "demo")
    assert "The demo has its own workspace" not in tui("syncs").err
    (tmp_path / "demo").mkdir()
    assert f"tui-sync --workspace {tmp_path / 'demo'} syncs" in tui("syncs").err


def test_a_command_that_changes_something_says_what_in_one_line(tui: Program, tmp_path: Path) -> None:
    people = tmp_path / "people.csv"
    people.write_text("email,reason\n1@example.org,asked\n", encoding="utf-8")
    tui.people(2)
    tui.apply(NEWSLETTER + 'frequency = "daily"\n')
    for command, said in (
        (("create-list", "Spring"), 'Created the list "Spring".'),
        (("rename", "Newsletter", "Letter"), 'It is called "Letter" now.'),
        (("duplicate", "Letter", "Copy"), '"Copy" is a draft.'),
        (("activate", "Copy"), '"Copy" is active.'),
        (("deactivate", "Copy"), '"Copy" is inactive.'),
        (("delete", "Copy"), 'Deleted "Copy"'),
        (("settings", "set", "limit-day", "9"), "Syncs a day: 10 -> 9"),
        (("suppression", "import", str(people)), "Added 1 person; 0 have another reason now, 0 were there already."),
        (("suppress", "2@example.org", "--reason", "asked"), "2@example.org"),
        (("lift", "2@example.org", "--reason", "asked"), "off the suppression list"),
        (("policies", "Letter", "--apply-to-exempt"), "Nobody is exempt; nothing was changed."),
    ):
        ended = tui(*command)
        assert ended.status == 0
        assert said in ended.err
    assert "exempt" not in tui("log", "--json").out


@pytest.mark.parametrize("name", ["a\nb", "x\x1b[31m", "left\u202eright", "zero\u200bwidth"])
def test_a_name_made_here_has_no_character_that_is_not_seen(name: str, tui: Program) -> None:
    tui.apply()
    for command in (("rename", "Newsletter", name), ("duplicate", "Newsletter", name), ("create-list", name)):
        ended = tui(*command)
        assert (ended.status, ended.err.count("\n")) == (2, 1)
        assert "a character that is not seen or steers a terminal" in ended.err
    file = tui.folder.with_suffix(".bad.toml")
    for key in ("Newsletter", "Zylker"):
        written = NEWSLETTER.replace("Zylker", "Other").replace("Newsletter", "Second") if key == "Zylker" else NEWSLETTER
        old = "Other" if key == "Zylker" else "Newsletter"
        escaped = name.encode("unicode_escape").decode().replace("\\x1b", "\\u001b")
        file.write_text(written.replace(old, escaped), encoding="utf-8")
        ended = tui("apply", str(file))
        assert (ended.status, "a character that is not seen" in ended.err) == (2, True), ended.err
    assert [sync["name"] for sync in tui("syncs", "--json").json("syncs")] == ["Newsletter"]


def test_an_edit_of_the_schedule_does_not_warn_of_removals_again(tui: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui_sync.services.desk.Desk.marketing", property(lambda desk: True))
    policy = NEWSLETTER
    assert "removes people from its list" in tui.apply(policy).err
    assert "removes people" not in tui.apply(policy + 'frequency = "daily"\n').err
    assert "removes people from the hub" in tui.apply(policy.replace("-list", "-hub") + 'frequency = "daily"\n').err


def test_a_view_that_is_not_there_names_the_command_that_lists_them(tui: Program) -> None:
    file = tui.folder.with_suffix(".toml")
    file.write_text(NEWSLETTER + 'select = "view"\nview = "Nowhere at all"\n', encoding="utf-8")
    ended = tui("apply", str(file))
    assert (ended.status, "See: tui-sync views Candidates" in ended.err) == (2, True)
