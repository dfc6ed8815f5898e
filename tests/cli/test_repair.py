"""`repair`: what is broken and how to mend it, at the command line."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Program
from tests.engine.listed import FIELDS
from tui_sync.model.errors import Unreachable

VIEW = """
[[sync]]
name = "News"
module = "Candidates"
select = "view"
view = "Everyone"
list = "Zylker"
frequency = "daily"
"""


@pytest.fixture
def broken(tui: Program) -> Program:
    """A sync whose view is gone."""
    tui.people(2)
    tui.recruit.views_by_id = {"Everyone": lambda row: True, "Nobody": lambda row: False}
    tui.apply(VIEW)
    assert tui("run", "News").status == 0
    del tui.recruit.views_by_id["Everyone"]
    ended = tui("run", "News")
    assert ended.status == 1
    assert "Mend it: tui-sync repair News" in ended.err
    return tui


def test_without_an_option_it_says_what_is_wrong_and_every_way_out(broken: Program) -> None:
    ended = broken("repair", "News")
    assert ended.status == 0
    assert ended.lines == [
        'News: The view "Everyone" is no longer in Recruit\'s Candidates.',
        '  Take the view "Nobody": tui-sync repair News --view Nobody',
        '  Take all records of the module: tui-sync repair News --all',
    ]
    told = broken("repair", "News", "--json").json("repair")
    assert told["troubles"] == [{"trouble": "view", "sentence": ended.lines[0].removeprefix("News: ")}]
    assert [option["way"] for option in told["options"]] == ["view", "all"]


def test_a_dry_run_of_what_is_broken_names_the_repair(broken: Program) -> None:
    ended = broken("run", "News", "--dry-run")
    assert (ended.status, ended.err.endswith("Mend it: tui-sync repair News\n")) == (1, True)


def test_a_broken_sync_is_refused_with_the_way_out(broken: Program) -> None:
    assert broken("show", "News", "--json").json("sync")["trouble"] == "view"
    for command in ("run", "show"):
        ended = broken(command, "News")
        assert "tui-sync repair News" in ended.err + ended.out
    assert "tui-sync repair News" in broken("doctor").out


@pytest.mark.parametrize("option", [("--view", "Nobody"), ("--all",)])
def test_the_view_is_replaced_and_the_sync_runs_again(broken: Program, option: tuple[str, ...]) -> None:
    ended = broken("repair", "News", *option)
    assert (ended.status, ended.err) == (0, "News is active again; its next run fetches everything.\n")
    assert broken("run", "News").status == 0


@pytest.mark.parametrize("options", [("--view", "A", "--all"), ("--create",), ("--view", "Unknown"), ("--list", "Zylker")])
def test_wrong_options_change_nothing(broken: Program, options: tuple[str, ...]) -> None:
    assert broken("repair", "News", *options).status == 2
    assert broken("show", "News", "--json").json("sync")["state"] == "broken"


def test_a_vanished_field_is_mended_by_the_file(tui: Program) -> None:
    tui.people(1)
    tui.apply(VIEW.replace('select = "view"\nview = "Everyone"\n', ""))
    tui.recruit.known = tuple(field for field in FIELDS if field.name != "First_Name")
    assert tui("run", "News").status == 1
    assert "tui-sync apply FILE" in tui("repair", "News").out
    tui.apply(VIEW.replace('select = "view"\nview = "Everyone"\n', "") + '[sync.mapping]\n"Lead Email" = "Email"\n')
    assert tui("run", "News").status == 0


def test_what_is_there_again_is_told_once_with_the_way_on(broken: Program) -> None:
    broken.recruit.views_by_id["Everyone"] = lambda row: True
    assert broken("repair", "News").lines == ["News: Everything is there again.", "  Take it up again: tui-sync activate News"]


def test_a_healthy_sync_has_nothing_to_mend(tui: Program) -> None:
    tui.apply()
    assert tui("repair", "Newsletter").lines == ["Newsletter: Nothing is broken."]


def test_activating_what_is_still_broken_says_so_and_names_the_way_out(broken: Program) -> None:
    ended = broken("activate", "News")
    gone = 'The view "Everyone" is no longer in Recruit\'s Candidates.'
    assert (ended.status, ended.err) == (2, f"News is still broken: {gone} See the ways out: tui-sync repair News\n")
    assert broken("show", "News", "--json").json("sync")["state"] == "broken"


def test_activating_what_is_there_again_makes_it_active(broken: Program) -> None:
    broken.recruit.views_by_id["Everyone"] = lambda row: True
    ended = broken("activate", "News")
    assert (ended.status, ended.err) == (0, '"News" is active.\n')
    assert broken("run", "News").status == 0


def test_activating_tells_what_is_broken_now_where_that_is_something_else(broken: Program) -> None:
    broken.recruit.views_by_id["Everyone"] = lambda row: True
    broken.recruit.known = tuple(field for field in FIELDS if field.name != "First_Name")
    ended = broken("activate", "News")
    assert (ended.status, "The mapping no longer fits" in ended.err) == (2, True)
    assert broken("show", "News", "--json").json("sync")["trouble"] == "mapping"
    assert "The mapping no longer fits" in broken("show", "News").out


def test_activating_what_cannot_be_asked_about_leaves_it_broken_and_says_why(
    broken: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def silent(module: str) -> None:
        raise Unreachable("recruit.example cannot be reached: no route.", "Check the network.")

    monkeypatch.setattr(broken.recruit, "module", silent)
    ended = broken("activate", "News")
    why = "recruit.example cannot be reached: no route. Check the network."
    asked = "News stays broken, since nobody can be asked whether it is mended"
    assert (ended.status, ended.err) == (1, f"{asked}: {why}\n")
    assert broken("show", "News", "--json").json("sync")["trouble"] == "view"
