"""`plan`: a readable difference, what it costs, what was changed since, and a status for CI."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import NEWSLETTER, Program

CRITERIA = """
[[sync]]
name = "Graduates"
module = "Candidates"
select = "criteria"
conditions = [
  { field = "Department", operator = "is", value = "IT" },
  { field = "Year_of_Passing", operator = ">=", value = 2015 },
]
list = "Zylker"
frequency = "weekly"
on = "monday"
[sync.mapping]
"Lead Email" = "Email"
City = "City"
"""


def test_a_new_file_says_what_is_initiated_and_what_that_costs(tui: Program, tmp_path: Path) -> None:
    path = tmp_path / "new.toml"
    path.write_text(NEWSLETTER + CRITERIA)
    ended = tui("plan", str(path))
    assert ended.lines[-1] == "Applying initiates 2 syncs: month 0 -> 2 of 50, today 0 -> 2 of 10, active 0 -> 2 of 10."
    assert tui("plan", str(path), "--check").status == 1
    assert tui("plan", str(path)).status == 0


def test_rows_pattern_and_mapping_are_told_in_words(tui: Program, tmp_path: Path) -> None:
    tui.apply(CRITERIA)
    path = tmp_path / "changed.toml"
    changed = CRITERIA.replace("2015", "2016").replace('value = "IT"', 'value = "Sales"')
    changed = changed.replace('list = "Zylker"', 'list = "Zylker"\npattern = "1 or 2"\non_opt_out = "remove-from-list"')
    path.write_text(changed.replace('City = "City"', 'City = { field = "Department", blank = "overwrite" }'))
    first, *told, last = tui("plan", str(path)).lines
    assert (first, last) == ('~ sync "Graduates"', "Applying initiates no sync and costs nothing.")
    assert set(told) == {
        '    row 1: Department is "IT" -> Department is "Sales"',
        "    row 2: Year_of_Passing >= 2015 -> Year_of_Passing >= 2016",
        "    on_opt_out: keep (default) -> remove-from-list",
        "    City: from City -> from Department, also blanks",
        "    pattern: all rows, joined by and (default) -> 1 or 2",
    }


def test_syncs_that_the_file_does_not_have_and_what_changed_since_are_named(tui: Program, tmp_path: Path) -> None:
    tui.apply(NEWSLETTER + CRITERIA)
    tui("rename", "Graduates", "Others")
    path = tmp_path / "one.toml"
    path.write_text(NEWSLETTER.replace("remove-from-list", "keep"))
    tui("apply", str(path))
    ended = tui("plan", str(path))
    assert ended.lines[:2] == ['= sync "Newsletter"', '  only in the workspace: "Others"']
    assert "changed in the workspace since" in ended.lines[2]
    assert ended.lines[2].endswith(": name")
    assert tui("plan", str(path), "--check").status == 0
    found = {change["sync"]: change for change in tui("plan", str(path), "--json").json("changes")}
    assert (found["Newsletter"]["action"], found["Others"]["action"]) == ("none", "absent")
    assert found["Others"]["drift"] == [{"key": "name", "before": '"Graduates"', "after": '"Others"'}]
    assert found["Others"]["applied"]["by"]


def test_what_a_limit_would_refuse_is_told_before(tui: Program, tmp_path: Path) -> None:
    path = tmp_path / "many.toml"
    path.write_text("".join(NEWSLETTER.replace("Newsletter", f"N{number}") for number in range(11)))
    ended = tui("plan", str(path))
    assert ended.status == 0
    assert ended.lines[-1].startswith("Applying would be refused: it initiates 11 syncs.")


def test_a_renamed_list_stays_the_list_of_its_sync(tui: Program, tmp_path: Path) -> None:
    tui.apply()
    path = tmp_path / "same.toml"
    path.write_text(NEWSLETTER)
    desk = tui.open(tui.folder, "test")
    hub = desk.workspace.leads.hub()
    assert hub is not None
    [key] = hub.lists
    desk.workspace.leads.write_hub(hub.__class__({key: "Renamed"}, hub.fields))
    desk.workspace.close()
    assert tui("plan", str(path)).lines == ['= sync "Newsletter"']


def test_the_export_of_an_empty_workspace_applies_and_says_that_it_does_nothing(tui: Program) -> None:
    path = tui.folder.with_suffix(".toml")
    path.write_text(tui("export").out, encoding="utf-8")
    for command in ("plan", "apply"):
        ended = tui(command, str(path))
        assert (ended.status, ended.out) == (0, "")
        assert "The file holds no sync: there is nothing to do." in ended.err
    assert tui("apply", str(path), "--json").json("changes") == []


def test_a_file_that_is_not_there_is_told_to_be_missing_with_what_to_give(tui: Program, tmp_path: Path) -> None:
    for command in ("plan", "apply"):
        ended = tui(command, str(tmp_path / "none.toml"))
        assert ended.status == 2
        assert "There is no file" in ended.err
        assert "tui-sync export prints" in ended.err
